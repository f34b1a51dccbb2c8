<?php
// A POSIX peer in PHP, over libc: send NAME PRIORITY HEX… | receive NAME COUNT. Says "open", then what it received,
// "PRIORITY HEX". Needs -d ffi.enable=1.
$libc = FFI::cdef('
    int mq_open(const char *name, int flags);
    int mq_send(int queue, const char *body, size_t length, unsigned priority);
    long mq_receive(int queue, char *buffer, size_t room, unsigned *priority);
', file_exists('/lib/ld-musl-' . php_uname('m') . '.so.1') ? null : 'librt.so.1');
[, $action, $name] = $argv;
$rest = array_slice($argv, 3);
$readWrite = 2;
$queue = $libc->mq_open($name, $readWrite);
if ($queue < 0) exit("mq_open failed\n");
echo "open\n";
if ($action === 'send') {
    foreach (array_chunk($rest, 2) as [$priority, $hex]) {
        $body = hex2bin($hex);
        if ($libc->mq_send($queue, $body, strlen($body), (int) $priority) !== 0) exit("mq_send failed\n");
    }
} else {
    $buffer = FFI::new('char[1024]');
    $priority = FFI::new('unsigned');
    for ($left = (int) $rest[0]; $left > 0; $left--) {
        $length = $libc->mq_receive($queue, $buffer, 1024, FFI::addr($priority));
        if ($length < 0) exit("mq_receive failed\n");
        echo $priority->cdata, ' ', bin2hex(FFI::string($buffer, $length)), "\n";
    }
}
