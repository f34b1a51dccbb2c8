<?php
// A System V peer in PHP: send KEY TYPE HEX… | receive KEY COUNT. Says "open", then what it received, "TYPE HEX".
// Without serialize=false PHP would send its own serialised form.
[, $action, $key] = $argv;
$rest = array_slice($argv, 3);
$queue = msg_get_queue((int) $key) ?: exit(1);
echo "open\n";
if ($action === 'send') {
    foreach (array_chunk($rest, 2) as [$type, $hex]) {
        if (!msg_send($queue, (int) $type, hex2bin($hex), false, true, $error)) exit("msgsnd $error\n");
    }
} else {
    for ($left = (int) $rest[0]; $left > 0; $left--) {
        if (!msg_receive($queue, 0, $type, 1024, $body, false, 0, $error)) exit("msgrcv $error\n");
        echo $type, ' ', bin2hex($body), "\n";
    }
}
