using System.Net;
using System.Net.Sockets;
using SaltActors.Core.Values;

namespace SaltActors.Modules.Grains.Networking;

/// <summary>
/// <c>ip_interfaces, ip4_interfaces, ip6_interfaces</c> (interface to addresses, an empty list where it has none), <c>hwaddr_interfaces</c>,
/// and all addresses as <c>ipv4</c> and <c>ipv6</c>, loopback included, in the order of their numbers.
/// </summary>
internal static class InterfaceGrains
{
    internal static void Add(MapValue.Builder grains, GrainInput input)
    {
        var table = InterfaceTable.Read(input.Machine);
        grains["ip_interfaces"] = ByName(table, i => i.Addresses);
        grains["ip4_interfaces"] = ByName(table, i => i.Ipv4.Concat(i.Secondary));
        grains["ip6_interfaces"] = ByName(table, i => i.Ipv6);
        grains["hwaddr_interfaces"] = MapValue.From(table.Interfaces.Where(i => i.Hardware is not null).Select(i => KeyValuePair.Create(i.Name, (Value)i.Hardware)));
        grains["ipv4"] = Sorted(table, AddressFamily.InterNetwork);
        grains["ipv6"] = Sorted(table, AddressFamily.InterNetworkV6);
    }

    /// <summary>Addresses as texts, without scope.</summary>
    internal static ListValue Texts(IEnumerable<IPAddress> addresses) =>
        ListValue.OfTexts(addresses.Select(a => a.AddressFamily == AddressFamily.InterNetworkV6 ? new IPAddress(a.GetAddressBytes()).ToString() : a.ToString()));

    private static MapValue ByName(InterfaceTable table, Func<Interface, IEnumerable<IPAddress>> addresses) =>
        MapValue.From(table.Interfaces.Select(i => KeyValuePair.Create(i.Name, (Value)Texts(addresses(i)))));

    private static ListValue Sorted(InterfaceTable table, AddressFamily family) => Texts(
        table.Addresses.Where(a => a.AddressFamily == family).Distinct()
            .Order(Comparer<IPAddress>.Create((a, b) => a.GetAddressBytes().AsSpan().SequenceCompareTo(b.GetAddressBytes()))));
}
