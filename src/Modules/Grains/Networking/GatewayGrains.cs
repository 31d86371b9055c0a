using System.Globalization;
using System.Net;
using SaltActors.Core.Values;
using SaltActors.Modules.Grains.Machines;

namespace SaltActors.Modules.Grains.Networking;

/// <summary>
/// <c>ip4_gw</c> and <c>ip6_gw</c>: the address of the default gateway, true for a default route without one, else false;
/// <c>ip_gw</c>: whether there is either. Missing where the <c>ip</c> program is, as under Salt.
/// </summary>
internal static class GatewayGrains
{
    private const int Reject = 0x200;

    internal static void Add(MapValue.Builder grains, GrainInput input)
    {
        if (input.Machine.Which("ip") is null) return;
        Value four = Ipv4(input.Machine), six = Ipv6(input.Machine);
        grains["ip_gw"] = four.IsTruthy || six.IsTruthy;
        grains["ip4_gw"] = four;
        grains["ip6_gw"] = six;
    }

    // Iface Destination Gateway Flags RefCnt Use Metric Mask …, addresses in hexadecimal of the machine's byte order.
    private static Value Ipv4(IMachine machine)
    {
        foreach (var line in machine.ReadLines("/proc/net/route").Skip(1))
            if (line.Split('\t', StringSplitOptions.TrimEntries) is [_, "00000000", var gateway, var flags, _, _, _, "00000000", ..] && !IsRejected(flags))
                return gateway == "00000000" ? true : new IPAddress(Convert.FromHexString(gateway).Reverse().ToArray()).ToString();
        return false;
    }

    // destination prefix source prefix nexthop metric references use flags device
    private static Value Ipv6(IMachine machine)
    {
        foreach (var line in machine.ReadLines("/proc/net/ipv6_route"))
            if (line.Split(' ', StringSplitOptions.RemoveEmptyEntries) is [var to, "00", _, _, { Length: 32 } gateway, _, _, _, var flags, not "lo"]
                && to.All(c => c == '0') && !IsRejected(flags))
                return gateway.All(c => c == '0') ? true : new IPAddress(Convert.FromHexString(gateway)).ToString();
        return false;
    }

    private static bool IsRejected(string flags) => (int.Parse(flags, NumberStyles.HexNumber, CultureInfo.InvariantCulture) & Reject) != 0;
}
