using System.Globalization;
using System.Net;
using SaltActors.Core.Functions;
using SaltActors.Core.Values;
using SaltActors.Modules.Grains.Machines;

namespace SaltActors.Modules.Network;

/// <summary>The kernel's routes in the form of <c>netstat -rn</c>, which is Salt's.</summary>
internal static class RouteTable
{
    // Bits of a route's flags in <linux/route.h> and <linux/ipv6_route.h>, with netstat's letters in its order.
    private const uint Up = 0x1, Reject = 0x200, Cached = 0x0100_0000;
    private static readonly (uint Bit, char Letter)[] Letters =
        [(0x2, 'G'), (0x4, 'H'), (0x8, 'R'), (0x10, 'D'), (0x20, 'M'), (0x0004_0000, 'A'), (0x0020_0000, 'n')];

    /// <summary>Maps with <c>addr_family, destination, gateway, netmask, flags, interface</c>.</summary>
    /// <param name="family"><c>inet</c>, <c>inet6</c>, or null for both.</param>
    /// <exception cref="CommandFailed">There is no such family.</exception>
    public static IReadOnlyList<MapValue> Read(IMachine machine, string? family)
    {
        if (family is not (null or "" or "inet" or "inet6")) throw new CommandFailed($"Invalid address family {family}");
        var routes = new List<MapValue>();
        if (family is not "inet6") routes.AddRange(machine.ReadLines("/proc/net/route").Skip(1).Select(NetworkCards.Words).Where(w => w.Length >= 8).Select(Ipv4));
        if (family is not "inet") routes.AddRange(machine.ReadLines("/proc/net/ipv6_route").Select(NetworkCards.Words).Where(w => w.Length == 10 && (Hex(w[8]) & Cached) == 0).Select(Ipv6));
        return routes;
    }

    public static bool IsDefault(MapValue route) => route.TextOf("destination") is "::/0" || (route.TextOf("destination") is "0.0.0.0" && route.TextOf("netmask") is "0.0.0.0");

    // Iface Destination Gateway Flags RefCnt Use Metric Mask: addresses as hexadecimal numbers in the machine's byte order.
    private static MapValue Ipv4(string[] w) => Route("inet", Little(w[1]), Little(w[2]), Little(w[7]), Hex(w[3]), w[0]);

    // destination length source length next-hop metric references use flags device
    private static MapValue Ipv6(string[] w) => Route("inet6",
        $"{Long(w[0])}/{int.Parse(w[1], NumberStyles.HexNumber, CultureInfo.InvariantCulture)}", Long(w[4]), "", Hex(w[8]), w[9]);

    private static MapValue Route(string family, string destination, string gateway, string netmask, uint flags, string card) => MapValue.Of(
        ("addr_family", family), ("destination", destination), ("gateway", gateway), ("netmask", netmask), ("flags", Text(flags)), ("interface", card));

    private static string Text(uint flags) =>
        ((flags & Reject) != 0 ? "!" : (flags & Up) != 0 ? "U" : "") + string.Concat(Letters.Where(l => (flags & l.Bit) != 0).Select(l => l.Letter));

    private static uint Hex(string text) => uint.Parse(text, NumberStyles.HexNumber, CultureInfo.InvariantCulture);
    private static string Little(string hex) => new IPAddress(Hex(hex)).ToString();
    private static string Long(string hex) => new IPAddress(Convert.FromHexString(hex)).ToString();
}
