using System.Net;
using System.Net.Sockets;
using SaltActors.Core.Functions;
using SaltActors.Core.Values;
using SaltActors.Modules.Network;
using SaltActors.Modules.Tests.Grains;

namespace SaltActors.Modules.Tests.Network;

public sealed class NetworkSpecs
{
    private const string Links = """
        1: lo: <LOOPBACK,UP,LOWER_UP> mtu 65536 qdisc noqueue state UNKNOWN mode DEFAULT group default qlen 1000\    link/loopback 00:00:00:00:00:00 brd 00:00:00:00:00:00
        2: ifb0: <BROADCAST,NOARP> mtu 1500 qdisc noop state DOWN mode DEFAULT group default qlen 32\    link/ether 72:79:f4:0d:63:c4 brd ff:ff:ff:ff:ff:ff
        4: eth0@if9: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1500 qdisc fq state UP mode DEFAULT group default qlen 1000\    link/ether 02:fc:00:00:00:01 brd ff:ff:ff:ff:ff:ff
        5: tun0: <POINTOPOINT,UP> mtu 1500 qdisc noop state UNKNOWN\    link/none
        """;
    private const string Addresses = """
        1: lo    inet 127.0.0.1/8 scope host lo\       valid_lft forever preferred_lft forever
        1: lo    inet6 ::1/128 scope host \       valid_lft forever preferred_lft forever
        4: eth0    inet 192.0.2.2/24 brd 192.0.2.255 scope global eth0\       valid_lft forever preferred_lft forever
        4: eth0    inet 192.0.2.9/24 brd 192.0.2.255 scope global secondary eth0:1\       valid_lft forever preferred_lft forever
        4: eth0    inet6 fe80::fc:ff:fe00:1/64 scope link \       valid_lft forever preferred_lft forever
        4: eth0    inet6 fd00::2/64 scope global \       valid_lft forever preferred_lft forever
        5: tun0    inet 10.8.0.6 peer 10.8.0.5/32 scope global tun0\       valid_lft forever preferred_lft forever
        """;

    private static readonly IReadOnlyList<NetworkCard> Cards = NetworkCards.FromIp(Links, Addresses);
    private readonly Calls _calls = new();

    private static MapValue Inet(string address, string netmask, string? broadcast, string label) =>
        MapValue.Of(("address", address), ("netmask", netmask), ("broadcast", broadcast), ("label", label));

    [Fact]
    public void Shows_cards_as_salt_does()
    {
        Assert.Equal(["lo", "ifb0", "eth0", "tun0"], Cards.Select(c => c.Name));
        Assert.Equal(MapValue.Of(("up", true), ("hwaddr", "00:00:00:00:00:00"), ("inet", ListValue.From([Inet("127.0.0.1", "255.0.0.0", null, "lo")])),
            ("inet6", ListValue.From([MapValue.Of(("address", "::1"), ("prefixlen", "128"), ("scope", "host"))]))), Cards[0].ToValue());
        Assert.Equal(MapValue.Of(("up", false), ("hwaddr", "72:79:f4:0d:63:c4")), Cards[1].ToValue());
        var eth = Cards[2].ToValue();
        Assert.Equal(["up", "parent", "hwaddr", "inet", "inet6", "secondary"], eth.Keys.Select(k => k.ToString()));
        Assert.Equal(ListValue.From([Inet("192.0.2.2", "255.255.255.0", "192.0.2.255", "eth0")]), eth.Get("inet"));
        Assert.Equal(ListValue.From([MapValue.Of(("type", "inet")).Over(Inet("192.0.2.9", "255.255.255.0", "192.0.2.255", "eth0:1"))]), eth.Get("secondary"));
        Assert.Equal(MapValue.Of(("up", true), ("inet", ListValue.From([Inet("10.8.0.6", "255.255.255.255", null, "tun0")]))), Cards[3].ToValue());
    }

    [Fact]
    public async Task Reads_cards_without_any_program()
    {
        var machine = new RecordedMachine
        {
            Files =
            {
                ["/sys/class/net/eth0/ifindex"] = "4\n", ["/sys/class/net/eth0/address"] = "02:fc:00:00:00:01\n", ["/sys/class/net/eth0/type"] = "1\n", ["/sys/class/net/eth0/flags"] = "0x1003\n",
                ["/proc/net/if_inet6"] = "fd000000000000000000000000000002 04 40 00 82 eth0\n",
            },
            Addresses = { new("eth0", IPAddress.Parse("192.0.2.2"), 24) },
        };
        var card = Assert.Single(await NetworkCards.ReadAsync(machine, CancellationToken.None));
        Assert.Equal(MapValue.Of(("up", true), ("hwaddr", "02:fc:00:00:00:01"), ("inet", ListValue.From([Inet("192.0.2.2", "255.255.255.0", "192.0.2.255", "eth0")])),
            ("inet6", ListValue.From([MapValue.Of(("address", "fd00::2"), ("prefixlen", "64"), ("scope", "global"))]))), card.ToValue());
    }

    [Fact]
    public void Picks_addresses_in_the_order_of_their_numbers()
    {
        Assert.Equal("['10.8.0.6', '192.0.2.2', '192.0.2.9']", NetworkAddresses.Answer(Cards, false, null, false, null, null).ToString());
        Assert.Equal("['127.0.0.1']", NetworkAddresses.Answer(Cards, false, null, true, "127.0.0.0/8", null).ToString());
        Assert.Equal("['192.0.2.2', '192.0.2.9']", NetworkAddresses.Answer(Cards, false, "eth0", false, null, "private").ToString());
        Assert.Equal("[]", NetworkAddresses.Answer(Cards, false, null, false, null, "public").ToString());
        Assert.Equal("['::1', 'fd00::2', 'fe80::fc:ff:fe00:1']", NetworkAddresses.Answer(Cards, true, null, true, null, null).ToString());
        Assert.Equal("['10.8.0.6/32', '192.0.2.0/24']", NetworkAddresses.NetworksAnswer(Cards, false, null, false, false).ToString());
        Assert.Equal("{'192.0.2.0/24': {'address': '192.0.2.0', 'netmask': '255.255.255.0', 'num_addresses': 256, 'prefixlen': 24}}", NetworkAddresses.NetworksAnswer(Cards, false, "eth0", false, true).ToString());
    }

    [Theory]
    [InlineData("network.calc_net", "10.1.2.3/20", "10.1.0.0/20")]
    [InlineData("network.calc_net", "2001:db8::5/33", "2001:db8::/33")]
    [InlineData("network.convert_cidr", "172.31.0.0/16", "{'network': '172.31.0.0', 'netmask': '255.255.0.0', 'broadcast': '172.31.255.255'}")]
    [InlineData("network.convert_cidr", "2001:db8::/33", "{'network': '2001:db8::', 'netmask': 'ffff:ffff:8000::', 'broadcast': '2001:db8:7fff:ffff:ffff:ffff:ffff:ffff'}")]
    [InlineData("network.is_private", "10.1.2.3", "True")]
    [InlineData("network.is_private", "8.8.8.8", "False")]
    [InlineData("network.is_private", "fd00::2", "True")]
    [InlineData("network.is_loopback", "127.0.0.1", "True")]
    [InlineData("network.is_loopback", "::2", "False")]
    [InlineData("network.reverse_ip", "127.0.0.1", "1.0.0.127.in-addr.arpa")]
    [InlineData("network.reverse_ip", "::1", "1.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.ip6.arpa")]
    [InlineData("network.iphexval", "10.1.2.3", "0A010203")]
    [InlineData("network.in_subnet", "nope", "False")]
    [InlineData("network.in_subnet", "127.0.0.0/8", "False")]
    public async Task Computes_with_addresses(string function, string argument, string expected) =>
        Assert.Equal(expected, (await _calls.Answer(function, argument)).ToString());

    [Fact]
    public async Task Computes_with_two_arguments()
    {
        Assert.Equal("10.1.2.0/24", (await _calls.Answer("network.calc_net", "10.1.2.3", "255.255.255.0")).ToString());
        Assert.Equal((Value)true, await _calls.Answer("network.ip_in_subnet", "172.17.0.4", "172.16.0.0/12"));
        Assert.Contains("ValueError: 'nope' does not appear to be an IPv4 or IPv6 network", (await _calls.Failure("network.calc_net", MapValue.Empty, "nope")).Text, StringComparison.Ordinal);
        Assert.Contains("ValueError: '10.1' does not appear to be an IPv4 or IPv6 address", (await _calls.Failure("network.is_private", MapValue.Empty, "10.1")).Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Reads_routes_as_netstat_prints_them()
    {
        var machine = new RecordedMachine
        {
            Files =
            {
                ["/proc/net/route"] = "Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT\neth0\t00000000\t010200C0\t0003\t0\t0\t0\t00000000\t0\t0\t0\neth0\t000200C0\t00000000\t0001\t0\t0\t0\t00FFFFFF\t0\t0\t0\n",
                ["/proc/net/ipv6_route"] = "fd000000000000000000000000000000 40 00000000000000000000000000000000 00 00000000000000000000000000000000 00000100 00000001 00000000 00000001     eth0\n"
                    + "00000000000000000000000000000000 00 00000000000000000000000000000000 00 fd000000000000000000000000000001 00000400 00000003 00000000 00000003     eth0\n"
                    + "00000000000000000000000000000001 80 00000000000000000000000000000000 00 00000000000000000000000000000000 00000000 00000002 00000000 80200001       lo\n"
                    + "00000000000000000000000000000000 00 00000000000000000000000000000000 00 00000000000000000000000000000000 ffffffff 00000001 00000000 00200200       lo\n",
            },
        };
        Assert.Equal(
        [
            "inet 0.0.0.0 192.0.2.1 0.0.0.0 UG eth0", "inet 192.0.2.0 0.0.0.0 255.255.255.0 U eth0",
            "inet6 fd00::/64 ::  U eth0", "inet6 ::/0 fd00::1  UG eth0", "inet6 ::1/128 ::  Un lo", "inet6 ::/0 ::  !n lo",
        ], RouteTable.Read(machine, null).Select(r => string.Join(' ', r.Values)));
        Assert.Equal(3, RouteTable.Read(machine, null).Count(RouteTable.IsDefault));
        Assert.Single(RouteTable.Read(machine, "inet"), RouteTable.IsDefault);
        Assert.Equal("Invalid address family bad", Assert.Throws<CommandFailed>(() => RouteTable.Read(machine, "bad")).Message);
    }

    [Fact]
    public void Reads_where_a_route_leads()
    {
        Assert.Equal("{'destination': '127.0.0.1', 'gateway': None, 'interface': 'lo', 'source': '127.0.0.1'}", ReachModule.RouteTo("local 127.0.0.1 dev lo src 127.0.0.1 uid 0 \n    cache <local> \n").ToString());
        Assert.Equal("{'destination': '8.8.8.8', 'gateway': '192.0.2.1', 'interface': 'eth0', 'source': '192.0.2.2'}", ReachModule.RouteTo("8.8.8.8 via 192.0.2.1 dev eth0 src 192.0.2.2 uid 0\n").ToString());
    }

    [Fact]
    public void Lists_connections_and_neighbours()
    {
        var machine = new RecordedMachine
        {
            Files =
            {
                ["/proc/net/tcp"] = "  sl  local_address rem_address   st tx_queue\n   0: 0100007F:1F90 00000000:0000 0A 0\n   1: 0100007F:AF2E 0100007F:88FD 01 0\n",
                ["/proc/net/tcp6"] = "  sl  local_address rem_address   st\n   0: 00000000000000000000000001000000:0016 00000000000000000000000001000000:C001 01 0\n",
                ["/proc/net/arp"] = "IP address       HW type     Flags       HW address            Mask     Device\n192.0.2.1        0x1         0x2         02:fc:00:00:00:05     *        eth0\n192.0.2.7        0x1         0x0         00:00:00:00:00:00     *        eth0\n",
            },
        };
        Assert.Equal("{0: {'local_addr': '127.0.0.1', 'local_port': 44846, 'remote_addr': '127.0.0.1', 'remote_port': 35069}, 1: {'local_addr': '::1', 'local_port': 22, 'remote_addr': '::1', 'remote_port': 49153}}", Connections.ActiveTcp(machine).ToString());
        Assert.Equal("{'02:fc:00:00:00:05': '192.0.2.1'}", Connections.Neighbours(machine).ToString());
    }

    [Fact]
    public void Reads_sockets_of_both_programs()
    {
        const string Netstat = "Active Internet connections (servers and established)\nProto Recv-Q Send-Q Local Address           Foreign Address         State       User       Inode      PID/Program name    \n"
            + "tcp        0      0 0.0.0.0:2024            0.0.0.0:*               LISTEN      0          1665       -                   \nudp        0      0 0.0.0.0:68              0.0.0.0:*                           0          123        7/dhclient\n";
        Assert.Equal("[{'proto': 'tcp', 'recv-q': '0', 'send-q': '0', 'local-address': '0.0.0.0:2024', 'remote-address': '0.0.0.0:*', 'state': 'LISTEN', 'user': '0', 'inode': '1665', 'program': '-'}, "
            + "{'proto': 'udp', 'recv-q': '0', 'send-q': '0', 'local-address': '0.0.0.0:68', 'remote-address': '0.0.0.0:*', 'user': '0', 'inode': '123', 'program': '7/dhclient'}]", Connections.FromNetstat(Netstat).ToString());
        const string Ss = "Netid State  Recv-Q Send-Q Local Address:Port Peer Address:Port Process\ntcp LISTEN 0 128 0.0.0.0:22 0.0.0.0:* users:((\"sshd\",pid=612,fd=3)) uid:5 ino:77 sk:1 <->\n";
        Assert.Equal("[{'proto': 'tcp', 'recv-q': '0', 'send-q': '128', 'local-address': '0.0.0.0:22', 'remote-address': '0.0.0.0:*', 'state': 'LISTEN', 'user': '5', 'inode': '77', 'program': '612/sshd'}]", Connections.FromSs(Ss).ToString());
    }

    [Fact]
    public async Task Tries_to_connect()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;
        Assert.Equal($"{{'result': True, 'comment': 'Successfully connected to 127.0.0.1 (127.0.0.1) on tcp port {port}'}}", (await _calls.Answer("network.connect", "127.0.0.1", port)).ToString());
        listener.Stop();
        Assert.Equal($"Unable to connect to 127.0.0.1 (127.0.0.1) on tcp port {port}", ((MapValue)(await _calls.Run("network.connect", "127.0.0.1", port)).Return).TextOf("comment"));
        Assert.Equal("Required argument, host, is missing.", ((MapValue)(await _calls.Run("network.connect", "")).Return).TextOf("comment"));
        Assert.Equal("Required argument, port, is missing.", ((MapValue)(await _calls.Run("network.connect", "127.0.0.1")).Return).TextOf("comment"));
    }

    [Fact]
    public void Makes_the_packet_that_wakes()
    {
        var packet = Probes.WakePacket("08-00-27-13-69-77");
        Assert.Equal(102, packet.Length);
        Assert.Equal("FFFFFFFFFFFF080027136977080027136977", Convert.ToHexString(packet.AsSpan(0, 18)));
        Assert.Throws<NamedError>(() => Probes.WakePacket("nope"));
    }

    [Fact]
    public void Takes_no_host_for_an_option()
    {
        Assert.Equal("oProxyCommandx", Probes.Host("-o Proxy;Command=$x"));
        Assert.Throws<CommandFailed>(() => Probes.Host("--"));
    }

    [Fact]
    public void Reads_hops_of_traceroute() => Assert.Equal(
        "[{'count': '1', 'hostname': 'gw', 'ip': '192.0.2.1', 'ms1': '0.3', 'ms2': '0.2', 'ms3': '0.1'}, {'count': '2', 'hostname': '*'}]",
        Probes.Hops("traceroute to x (8.8.8.8), 30 hops max\n 1  gw (192.0.2.1)  0.3 ms  0.2 ms  0.1 ms\n 2  * * *\n").ToString());

    [Fact]
    public void Reads_ring_buffers() => Assert.Equal("{'rx-max': 4096, 'tx-max': 4096, 'rx': 512, 'tx': 256}",
        RingBuffers.Parse("Ring parameters for eth0:\nPre-set maximums:\nRX:\t\t4096\nTX:\t\t4096\nCurrent hardware settings:\nRX:\t\t512\nTX:\t\t256\n").ToString());
}
