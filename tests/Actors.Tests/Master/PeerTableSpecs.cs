using System.Net;
using SaltActors.Actors.Master.Presence;

namespace SaltActors.Actors.Tests.Master;

public sealed class PeerTableSpecs
{
    [Fact]
    public void Reads_the_remote_address_of_an_established_connection_to_the_port() =>
        Assert.Equal(IPAddress.Parse("10.0.0.11"), PeerTable.Parse("   1: 0A00000A:1199 0B00000A:D431 01 00000000:00000000 00:00000000 00000000     0        0 1 1 0 20 4 30 10 -1", 0x1199));

    [Fact]
    public void Passes_over_listening_sockets_and_other_ports()
    {
        Assert.Null(PeerTable.Parse("   0: 00000000:1199 00000000:0000 0A 00000000:00000000 00:00000000 00000000", 0x1199));
        Assert.Null(PeerTable.Parse("   1: 0A00000A:1198 0B00000A:D431 01 00000000:00000000", 0x1199));
        Assert.Null(PeerTable.Parse("  sl  local_address rem_address   st tx_queue", 0x1199));
    }

    [Fact]
    public void Reads_an_ipv4_address_inside_the_ipv6_table() =>
        Assert.Equal(IPAddress.Parse("127.0.0.1"), PeerTable.Parse(" 2: 0000000000000000FFFF00000100007F:1199 0000000000000000FFFF00000100007F:D431 01 0:0", 0x1199));
}
