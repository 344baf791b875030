# The client of the serving bench without TLS: keeps a few connections busy with ranges of one MiB and counts what comes.
# In Perl, because it can let the kernel drop what has come (MSG_TRUNC) and Node cannot: a client on another machine would
# take no processor from the server, and where both share two cores one that copies what it gets takes a third of them.
# Arguments: port, path, cookie, size of the file in MiB, seconds. Prints bytes and milliseconds as JSON.
use strict;
use warnings;
use IO::Select;
use IO::Socket::INET;
use Socket qw(MSG_TRUNC);
use Time::HiRes qw(time);

use constant { CONNECTIONS => 3, MIB => 1 << 20, HEAD_BYTES => 4096 };

my ( $port, $path, $cookie, $size_mib, $seconds ) = @ARGV;
my $random   = 7;
my $received = 0;
my ( %left, %head );

sub ask {
    my ($socket) = @_;
    $random = ( $random * 1_664_525 + 1_013_904_223 ) & 0xffff_ffff;
    my $from  = ( $random % $size_mib ) * MIB;
    my @lines = (
        "GET $path HTTP/1.1",
        "Host: localhost:$port",
        "Cookie: $cookie",
        'Range: bytes=' . $from . '-' . ( $from + MIB - 1 ),
    );
    $socket->syswrite( join( "\r\n", @lines ) . "\r\n\r\n" );
    ( $left{$socket}, $head{$socket} ) = ( 0, '' );
    return;
}

# Bytes of footage that came in one go; the head is read, the rest is dropped.
sub take {
    my ($socket) = @_;
    if ( $left{$socket} > 0 ) {
        defined recv( $socket, my $dropped, $left{$socket}, MSG_TRUNC ) or die "recv: $!";
        my $bytes = length $dropped or die 'the server closed';
        $left{$socket} -= $bytes;
        return $bytes;
    }
    $socket->sysread( my $part, HEAD_BYTES ) or die 'the server closed';
    $head{$socket} .= $part;
    my $end = index $head{$socket}, "\r\n\r\n";
    return 0 if $end < 0;
    $head{$socket} =~ m{\AHTTP/1[.]1 206 } or die $head{$socket};
    my ($length) = $head{$socket} =~ /^content-length: (\d+)\r$/im;
    my $bytes = length( $head{$socket} ) - $end - 4;
    $left{$socket} = $length - $bytes;
    return $bytes;
}

my $began  = time;
my $select = IO::Select->new;
for ( 1 .. CONNECTIONS ) {
    my $socket = IO::Socket::INET->new( PeerAddr => '127.0.0.1', PeerPort => $port ) or die "connect: $!";
    $select->add($socket);
    ask($socket);
}
while ( $select->count ) {
    for my $socket ( $select->can_read ) {
        my $bytes = take($socket);
        $received += $bytes;
        next if $bytes == 0 || $left{$socket} > 0;
        if ( time < $began + $seconds ) { ask($socket) }
        else                            { $select->remove($socket); close $socket }
    }
}
printf '{"bytes":%d,"tookMs":%f}', $received, ( time - $began ) * 1000;
