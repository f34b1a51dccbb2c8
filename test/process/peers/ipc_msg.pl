# A System V peer in Perl: ipc_msg.pl send KEY TYPE HEX… | receive KEY COUNT. Says "open", then what it received, "TYPE HEX".
use strict;
use warnings;
use IPC::Msg;

$| = 1;
my ($action, $key, @rest) = @ARGV;
my $queue = IPC::Msg->new($key, 0) or die "msgget: $!";
print "open\n";
if ($action eq 'send') {
    while (my ($type, $hex) = splice(@rest, 0, 2)) {
        $queue->snd($type, pack('H*', $hex)) or die "msgsnd: $!";
    }
} else {
    for (1 .. $rest[0]) {
        my $type = $queue->rcv(my $body, 1024) or die "msgrcv: $!";
        print "$type ", unpack('H*', $body), "\n";
    }
}
