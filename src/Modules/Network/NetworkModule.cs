using SaltActors.Core.Functions;
using SaltActors.Core.Values;
using SaltActors.Modules.Grains.Machines;

namespace SaltActors.Modules.Network;

/// <summary>The functions of <c>network</c> about this machine's cards and addresses.</summary>
/// <remarks>Follows Salt 3006, salt/modules/network.py.</remarks>
public static class NetworkModule
{
    private static readonly LocalMachine Machine = new();

    private static Task<IReadOnlyList<NetworkCard>> Cards(CallContext context) => NetworkCards.ReadAsync(Machine, context.Stopped);

    /// <summary>All network interfaces with their addresses.</summary>
    /// <returns>Name to <c>up, hwaddr, inet, inet6, secondary</c>; what a card has not is left out.</returns>
    /// <example><code>salt '*' network.interfaces</code></example>
    [SaltFunction("network.interfaces")]
    public static async Task<MapValue> Interfaces(CallContext context) =>
        MapValue.From((await Cards(context).ConfigureAwait(false)).Select(c => KeyValuePair.Create(c.Name, (Value)c.ToValue())));

    /// <summary>IPv4 addresses, sorted.</summary>
    /// <param name="interface">Only those of this interface.</param>
    /// <param name="includeLoopback">Those of 127.0.0.0/8 too.</param>
    /// <param name="cidr">Only those in this network.</param>
    /// <param name="type"><c>public</c> or <c>private</c>: only those.</param>
    /// <example><code>salt '*' network.ip_addrs cidr=10.0.0.0/8</code></example>
    [SaltFunction("network.ip_addrs")]
    [SaltFunction("network.ipaddrs")]
    public static async Task<ListValue> IpAddrs(CallContext context, string? @interface = null, bool includeLoopback = false, string? cidr = null, string? type = null) =>
        NetworkAddresses.Answer(await Cards(context).ConfigureAwait(false), isIpv6: false, @interface, includeLoopback, cidr, type);

    /// <summary>IPv6 addresses, sorted.</summary>
    /// <param name="interface">Only those of this interface.</param>
    /// <param name="includeLoopback"><c>::1</c> too.</param>
    /// <param name="cidr">Only those in this network.</param>
    /// <example><code>salt '*' network.ip_addrs6</code></example>
    [SaltFunction("network.ip_addrs6")]
    [SaltFunction("network.ipaddrs6")]
    public static async Task<ListValue> IpAddrs6(CallContext context, string? @interface = null, bool includeLoopback = false, string? cidr = null) =>
        NetworkAddresses.Answer(await Cards(context).ConfigureAwait(false), isIpv6: true, @interface, includeLoopback, cidr, kind: null);

    /// <summary>IPv4 networks that this machine is in.</summary>
    /// <param name="interface">Only those of this interface.</param>
    /// <param name="includeLoopback">127.0.0.0/8 too.</param>
    /// <param name="verbose">A map with details of each instead of a list.</param>
    /// <example><code>salt '*' network.ip_networks verbose=True</code></example>
    [SaltFunction("network.ip_networks")]
    public static async Task<Value> IpNetworks(CallContext context, string? @interface = null, bool includeLoopback = false, bool verbose = false) =>
        NetworkAddresses.NetworksAnswer(await Cards(context).ConfigureAwait(false), isIpv6: false, @interface, includeLoopback, verbose);

    /// <summary>IPv6 networks that this machine is in.</summary>
    /// <param name="interface">Only those of this interface.</param>
    /// <param name="includeLoopback"><c>::1/128</c> too.</param>
    /// <param name="verbose">A map with details of each instead of a list.</param>
    /// <example><code>salt '*' network.ip_networks6</code></example>
    [SaltFunction("network.ip_networks6")]
    public static async Task<Value> IpNetworks6(CallContext context, string? @interface = null, bool includeLoopback = false, bool verbose = false) =>
        NetworkAddresses.NetworksAnswer(await Cards(context).ConfigureAwait(false), isIpv6: true, @interface, includeLoopback, verbose);

    /// <summary>IPv4 networks that this machine is in, without the loopback's.</summary>
    /// <param name="interfaces">Only those of these interfaces: a list, or one name.</param>
    /// <example><code>salt '*' network.subnets interfaces=eth1</code></example>
    [SaltFunction("network.subnets")]
    public static async Task<ListValue> Subnets(CallContext context, Value? interfaces = null)
    {
        string[]? names = interfaces switch { null => null, ListValue list => [.. list.Select(n => n.ToString())], var one => [one.ToString()] };
        var cards = (await Cards(context).ConfigureAwait(false)).Where(c => names is null || names.Contains(c.Name));
        return ListValue.OfTexts(NetworkAddresses.Networks(cards, isIpv6: false, null, withLoopback: false).Select(n => n.ToString()));
    }

    /// <summary>IPv6 networks that this machine is in, without the loopback's.</summary>
    /// <example><code>salt '*' network.subnets6</code></example>
    [SaltFunction("network.subnets6")]
    public static async Task<ListValue> Subnets6(CallContext context) =>
        ListValue.OfTexts(NetworkAddresses.Networks(await Cards(context).ConfigureAwait(false), isIpv6: true, null, withLoopback: false).Select(n => n.ToString()));

    /// <summary>The IPv4 addresses of one interface.</summary>
    /// <param name="iface">Its name.</param>
    /// <returns>Maps with <c>address, netmask, broadcast, label</c>; a text where there is no such interface; null where it has none.</returns>
    /// <example><code>salt '*' network.interface eth0</code></example>
    [SaltFunction("network.interface")]
    public static async Task<Value> Interface(CallContext context, string iface)
    {
        var cards = await Cards(context).ConfigureAwait(false);
        return cards.FirstOrDefault(c => c.Name == iface) is { } card ? card.ToValue().Get("inet") ?? Value.Null : NetworkAddresses.NotThere(iface, cards);
    }

    /// <summary>The first IPv4 address of one interface; empty text where it has none.</summary>
    /// <param name="iface">Its name.</param>
    /// <example><code>salt '*' network.interface_ip eth0</code></example>
    [SaltFunction("network.interface_ip")]
    public static async Task<string> InterfaceIp(CallContext context, string iface)
    {
        var cards = await Cards(context).ConfigureAwait(false);
        return cards.FirstOrDefault(c => c.Name == iface) is { } card ? card.Addresses.FirstOrDefault(a => !a.IsIpv6)?.Address.ToString() ?? "" : NetworkAddresses.NotThere(iface, cards);
    }

    /// <summary>The link-layer address of one interface; empty text where it has none.</summary>
    /// <param name="iface">Its name.</param>
    /// <example><code>salt '*' network.hw_addr eth0</code></example>
    [SaltFunction("network.hw_addr")]
    [SaltFunction("network.hwaddr")]
    public static async Task<string> HwAddr(CallContext context, string iface)
    {
        var cards = await Cards(context).ConfigureAwait(false);
        return cards.FirstOrDefault(c => c.Name == iface) is { } card ? card.Hardware ?? "" : NetworkAddresses.NotThere(iface, cards);
    }

    /// <summary>Interfaces with an IPv4 address that begins like this.</summary>
    /// <param name="cidr">The beginning of an address, as <c>10.0</c>.</param>
    /// <example><code>salt '*' network.ifacestartswith 10.0</code></example>
    [SaltFunction("network.ifacestartswith")]
    public static async Task<ListValue> Ifacestartswith(CallContext context, string cidr) =>
        ListValue.OfTexts((await Cards(context).ConfigureAwait(false)).SelectMany(c => c.Addresses.Where(a => !a.IsIpv6 && !a.IsSecondary && a.Address.ToString().StartsWith(cidr, StringComparison.Ordinal)).Select(_ => c.Name)));

    /// <summary>Whether this machine has an address in a network; loopback addresses do not count.</summary>
    /// <param name="cidr">The network.</param>
    /// <returns><c>False</c> also where it is no network.</returns>
    /// <example><code>salt '*' network.in_subnet 10.0.0.0/16</code></example>
    [SaltFunction("network.in_subnet")]
    public static async Task<bool> InSubnet(CallContext context, string cidr)
    {
        if (Network.TryParse(cidr) is not { } network) return false;
        var cards = await Cards(context).ConfigureAwait(false);
        return cards.SelectMany(c => c.Addresses).Any(a => !Network.IsLoopback(a.Address) && network.Contains(a.Address));
    }

    /// <summary>All names that the addresses of this machine have, sorted.</summary>
    /// <returns>A map: <c>fqdns</c>.</returns>
    /// <example><code>salt '*' network.fqdns</code></example>
    [SaltFunction("network.fqdns")]
    public static async Task<MapValue> Fqdns(CallContext context)
    {
        var cards = await Cards(context).ConfigureAwait(false);
        var addresses = cards.SelectMany(c => c.Addresses).Where(a => !Network.IsLoopback(a.Address) && a.Scope != "link").Select(a => a.Address).Distinct();
        var names = await Task.WhenAll(addresses.Select(async a => (Text: a.ToString(), Name: await Machine.NameOfAsync(a, context.Stopped).ConfigureAwait(false)))).ConfigureAwait(false);
        // Where an address has no name, the resolver gives the address back.
        var known = names.Where(n => n.Name is not null && n.Name != n.Text && Network.TryAddress(n.Name) is null).Select(n => n.Name!).Distinct();
        return MapValue.Of(("fqdns", ListValue.OfTexts(known.Order(StringComparer.Ordinal))));
    }

    /// <summary>Sizes of a card's ring buffers.</summary>
    /// <param name="iface">Its name.</param>
    /// <returns>What <c>ethtool -g</c> says, as <c>rx</c> and <c>tx</c> with their maxima; empty where the card has none.</returns>
    /// <example><code>salt '*' network.get_bufsize eth0</code></example>
    [SaltFunction("network.get_bufsize")]
    public static async Task<MapValue> GetBufsize(CallContext context, string iface) =>
        Machine.Which("ethtool") is null ? MapValue.Empty : RingBuffers.Parse((await Machine.NeedAsync("ethtool", ["-g", iface], context.Stopped).ConfigureAwait(false)).Output);

    /// <summary>Sets the sizes of a card's ring buffers.</summary>
    /// <param name="iface">Its name.</param>
    /// <param name="args">Words that <c>ethtool -G</c> takes.</param>
    /// <param name="kwargs"><c>rx, tx, rx-mini, rx-jumbo</c> with their sizes.</param>
    /// <returns>The sizes that hold now; <c>False</c> where nothing is to be set, or the card does not take it.</returns>
    /// <example><code>salt '*' network.mod_bufsize eth0 rx=2048 tx=1024</code></example>
    [SaltFunction("network.mod_bufsize")]
    public static async Task<Value> ModBufsize(CallContext context, string iface, [Rest] ListValue args, [Keywords] MapValue kwargs)
    {
        string[] words = ["-G", iface, .. args.Select(a => a.ToString()), .. kwargs.Where(k => k.Key.AsText() is "rx" or "tx" or "rx-mini" or "rx-jumbo").SelectMany(k => (string[])[k.Key.ToString(), k.Value.ToString()])];
        if (words.Length == 2) return false;
        return (await Machine.NeedAsync("ethtool", words, context.Stopped).ConfigureAwait(false)).Code == 0 ? await GetBufsize(context, iface).ConfigureAwait(false) : false;
    }
}
