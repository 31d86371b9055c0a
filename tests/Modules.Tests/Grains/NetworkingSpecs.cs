using System.Net;
using SaltActors.Core.Values;
using SaltActors.Modules.Grains;

namespace SaltActors.Modules.Tests.Grains;

public sealed class NetworkingSpecs
{
    private static readonly RecordedMachine Web = new RecordedMachine
    {
        Files =
        {
            ["/proc/sys/kernel/hostname"] = "web1\n",
            ["/sys/class/net/lo/ifindex"] = "1\n", ["/sys/class/net/lo/address"] = "00:00:00:00:00:00\n", ["/sys/class/net/lo/type"] = "772\n",
            ["/sys/class/net/eth0/ifindex"] = "4\n", ["/sys/class/net/eth0/address"] = "02:fc:00:00:00:01\n", ["/sys/class/net/eth0/type"] = "1\n",
            ["/sys/class/net/dum/ifindex"] = "2\n", ["/sys/class/net/dum/address"] = "\n", ["/sys/class/net/dum/type"] = "65534\n",
            ["/proc/net/if_inet6"] = "fe8000000000000000fc00fffe000001 04 40 20 80 eth0\nfd000000000000000000000000000002 04 40 00 82 eth0\n00000000000000000000000000000001 01 80 10 80 lo\n",
            ["/proc/net/route"] = "Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT\neth0\t00000000\t010200C0\t0003\t0\t0\t0\t00000000\t0\t0\t0\neth0\t000200C0\t00000000\t0001\t0\t0\t0\t00FFFFFF\t0\t0\t0\n",
            ["/proc/net/ipv6_route"] = "00000000000000000000000000000000 00 00000000000000000000000000000000 00 00000000000000000000000000000000 ffffffff 00000001 00000000 00200200       lo\n",
            ["/etc/resolv.conf"] = "# made by hand\nnameserver 192.0.2.53\nnameserver 2001:db8::53 ; second\nnameserver nonsense\nsearch example.com example.net # two\noptions timeout:1 rotate\nsortlist 192.0.2.0/255.255.255.0 10.0.0.0\n",
        },
        Addresses = { new("lo", IPAddress.Loopback, 8), new("eth0", IPAddress.Parse("192.0.2.2"), 24), new("eth0", IPAddress.Parse("192.0.2.3"), 24), new("eth0", IPAddress.Parse("10.9.9.9"), 8) },
        CanonicalNames = { ["web1"] = "web1.example.com", ["192.0.2.2"] = "front.example.com" },
        Names = { ["web1.example.com"] = ["192.0.2.2", "2001:db8::2"] },
    }.With("ip");

    private static Task<MapValue> Collect(RecordedMachine machine, MapValue? options = null) => CoreGrains.CollectAsync(new(machine), options ?? MapValue.Empty, CancellationToken.None);
    private static ListValue Texts(params string[] texts) => ListValue.OfTexts(texts);

    [Fact]
    public async Task Lists_addresses_by_interface_with_secondary_ones_last()
    {
        var grains = await Collect(Web);
        Assert.Equal(MapValue.Of(("lo", Texts("127.0.0.1", "::1")), ("dum", Texts()), ("eth0", Texts("192.0.2.2", "10.9.9.9", "fd00::2", "fe80::fc:ff:fe00:1", "192.0.2.3"))), grains.Get("ip_interfaces"));
        Assert.Equal(["lo", "dum", "eth0"], grains.MapOf("ip_interfaces").Keys.Select(k => k.ToString()));
        Assert.Equal(Texts("192.0.2.2", "10.9.9.9", "192.0.2.3"), grains.MapOf("ip4_interfaces").Get("eth0"));
        Assert.Equal(Texts("fd00::2", "fe80::fc:ff:fe00:1"), grains.MapOf("ip6_interfaces").Get("eth0"));
        Assert.Equal(MapValue.Of(("lo", "00:00:00:00:00:00"), ("eth0", "02:fc:00:00:00:01")), grains.Get("hwaddr_interfaces"));
        Assert.Equal(Texts("10.9.9.9", "127.0.0.1", "192.0.2.2", "192.0.2.3"), grains.Get("ipv4"));
        Assert.Equal(Texts("::1", "fd00::2", "fe80::fc:ff:fe00:1"), grains.Get("ipv6"));
    }

    [Fact]
    public async Task Names_the_default_gateway_of_each_family()
    {
        var grains = await Collect(Web);
        Assert.Equal(("192.0.2.1", false, true), (grains.TextOf("ip4_gw"), grains.Get("ip6_gw") == true, grains.Get("ip_gw") == true));
        Assert.False((await Collect(new())).Has("ip_gw"));
    }

    [Fact]
    public async Task Reads_the_resolver_s_file()
    {
        var dns = (await Collect(Web)).MapOf("dns");
        Assert.Equal(Texts("192.0.2.53", "2001:db8::53"), dns.Get("nameservers"));
        Assert.Equal(Texts("2001:db8::53"), dns.Get("ip6_nameservers"));
        Assert.Equal(Texts("example.com", "example.net"), dns.Get("search"));
        Assert.Equal(Texts("timeout:1", "rotate"), dns.Get("options"));
        Assert.Equal(Texts("192.0.2.0/24", "10.0.0.0/8"), dns.Get("sortlist"));
        Assert.Equal("", dns.TextOf("domain"));
    }

    [Fact]
    public async Task Asks_the_resolver_for_the_full_name()
    {
        var grains = await Collect(Web);
        Assert.Equal(("web1", "web1.example.com", "web1", "example.com"), (grains.TextOf("localhost"), grains.TextOf("fqdn"), grains.TextOf("host"), grains.TextOf("domain")));
        Assert.Equal(Texts("192.0.2.2"), grains.Get("fqdn_ip4"));
        Assert.Equal(Texts("2001:db8::2"), grains.Get("fqdn_ip6"));
        Assert.Equal(ListValue.Empty, grains.Get("fqdns"));
    }

    [Fact]
    public async Task Looks_addresses_up_backwards_only_where_the_option_says_so() =>
        Assert.Equal(Texts("front.example.com"), (await Collect(Web, MapValue.Of(("enable_fqdns_grains", true)))).Get("fqdns"));

    [Fact]
    public async Task Takes_the_name_from_the_hosts_file_before_any_server()
    {
        var machine = new RecordedMachine
        {
            Files = { ["/proc/sys/kernel/hostname"] = "vm\n", ["/etc/hosts"] = "127.0.0.1 localhost\n127.0.1.1 vm.local.lan vm # own\n", ["/sys/class/net/lo/ifindex"] = "1" },
            Addresses = { new("lo", IPAddress.Loopback, 8) },
            CanonicalNames = { ["vm"] = "wrong" },
        };
        var grains = await Collect(machine);
        Assert.Equal(("vm.local.lan", "local.lan"), (grains.TextOf("fqdn"), grains.TextOf("domain")));
        Assert.Equal(Texts("127.0.1.1"), grains.Get("fqdn_ip4"));
        Assert.Equal(ListValue.Empty, grains.Get("fqdn_ip6"));
    }

    [Fact]
    public async Task Never_has_an_empty_full_name() => Assert.Equal("localhost.localdomain", (await Collect(new())).TextOf("fqdn"));
}
