using System.Globalization;
using System.Net;
using SaltActors.Core.Values;
using SaltActors.Modules.Grains.Machines;
using SaltActors.Modules.Grains.Networking;

namespace SaltActors.Modules.Network;

/// <summary>An address of a card.</summary>
/// <param name="Broadcast">Null where the card has none, as the loopback's.</param>
/// <param name="Scope"><c>global</c>, <c>link</c>, <c>host</c> …; shown for IPv6.</param>
/// <param name="IsSecondary">An IPv4 address in a network that the card was already in.</param>
internal sealed record CardAddress(IPAddress Address, int Prefix, IPAddress? Broadcast, string Label, string Scope, bool IsSecondary)
{
    public bool IsIpv6 => Address.AddressFamily == System.Net.Sockets.AddressFamily.InterNetworkV6;
    public Network Network => Network.Of(Address, Prefix);
}

/// <summary>A network interface.</summary>
/// <param name="Hardware">The link-layer address; null for a card without one.</param>
/// <param name="Parent">What it hangs on, as <c>eth0</c> or <c>if5</c>; null for most.</param>
internal sealed record NetworkCard(string Name, bool IsUp, string? Parent, string? Hardware, IReadOnlyList<CardAddress> Addresses)
{
    /// <summary>As <c>network.interfaces</c> shows it; Salt 3006, salt/utils/network.py, _interfaces_ip().</summary>
    public MapValue ToValue()
    {
        var map = new MapValue.Builder { ["up"] = IsUp };
        if (Parent is not null) map["parent"] = Parent;
        if (Hardware is not null) map["hwaddr"] = Hardware;
        Add("inet", Addresses.Where(a => !a.IsIpv6 && !a.IsSecondary).Select(Ipv4));
        Add("inet6", Addresses.Where(a => a.IsIpv6).Select(a => MapValue.Of(("address", a.Address.ToString()), ("prefixlen", a.Prefix.ToString(CultureInfo.InvariantCulture)), ("scope", a.Scope))));
        Add("secondary", Addresses.Where(a => !a.IsIpv6 && a.IsSecondary).Select(a => MapValue.Of(("type", "inet")).Over(Ipv4(a))));
        return map.Build();

        void Add(string key, IEnumerable<MapValue> addresses)
        {
            if (ListValue.From(addresses) is { Count: > 0 } list) map[key] = list;
        }
    }

    private static MapValue Ipv4(CardAddress a) =>
        MapValue.Of(("address", a.Address.ToString()), ("netmask", a.Network.Netmask.ToString()), ("broadcast", a.Broadcast?.ToString()), ("label", a.Label));
}

/// <summary>Reads all cards of a machine in the kernel's order: from <c>ip</c> where it is installed, else from the kernel's files, where a broadcast address is computed.</summary>
internal static class NetworkCards
{
    private const string Folder = "/sys/class/net";

    public static async Task<IReadOnlyList<NetworkCard>> ReadAsync(IMachine machine, CancellationToken stop)
    {
        var ip = machine.Which("ip");
        if (ip is not null && await machine.RunAsync(ip, ["-o", "link", "show"], stop).ConfigureAwait(false) is { Code: 0 } links
            && await machine.RunAsync(ip, ["-o", "addr", "show"], stop).ConfigureAwait(false) is { Code: 0 } addresses)
            return FromIp(links.Output, addresses.Output);
        return FromKernel(machine);
    }

    /// <param name="links">What <c>ip -o link show</c> says: a line a card.</param>
    /// <param name="addresses">What <c>ip -o addr show</c> says: a line an address.</param>
    internal static IReadOnlyList<NetworkCard> FromIp(string links, string addresses)
    {
        var byCard = addresses.Split('\n').Select(Words).Where(w => w.Length > 3 && w[2] is "inet" or "inet6").Select(AddressOf).OfType<(string Card, CardAddress Address)>().ToLookup(a => a.Card, a => a.Address);
        return
        [
            .. from line in links.Split('\n')
               let words = Words(line)
               where words.Length > 2
               let name = words[1].TrimEnd(':').Split('@')
               let hardware = Array.FindIndex(words, w => w.StartsWith("link/", StringComparison.Ordinal))
               let flags = words[2].Trim('<', '>').Split(',')
               select new NetworkCard(name[0], flags.Contains("UP"), name.Length > 1 && name[1] != "NONE" ? name[1] : null,
                   hardware >= 0 && hardware + 1 < words.Length && words[hardware] != "link/none" ? words[hardware + 1] : null, [.. byCard[name[0]]]),
        ];
    }

    // 4: eth0    inet 192.0.2.2/24 brd 192.0.2.255 scope global eth0\       valid_lft forever preferred_lft forever
    // 9: tun0    inet 10.8.0.6 peer 10.8.0.5/32 scope global tun0
    private static (string, CardAddress)? AddressOf(string[] words)
    {
        var (address, prefix) = words[3].Split('/') is [var a, var p] ? (a, p) : (words[3], After(words, "peer")?.Split('/').ElementAtOrDefault(1) ?? (words[2] == "inet" ? "32" : "128"));
        if (!IPAddress.TryParse(address, out var ip) || !int.TryParse(prefix, CultureInfo.InvariantCulture, out var length)) return null;
        var broadcast = After(words, "brd") is { } brd && IPAddress.TryParse(brd, out var parsed) ? parsed : null;
        var end = Array.FindIndex(words, w => w is "\\" or "valid_lft");
        var label = (end > 0 ? words[end - 1] : words[^1]).TrimEnd('\\');
        return (words[1], new(ip, length, broadcast, label, After(words, "scope") ?? "", words[2] == "inet" && words.Contains("secondary")));
    }

    private static IReadOnlyList<NetworkCard> FromKernel(IMachine machine)
    {
        var four = machine.Ipv4Addresses().ToLookup(a => a.Interface);
        var scopes = machine.ReadLines("/proc/net/if_inet6").Select(Words).Where(w => w.Length == 6 && w[0].Length == 32).ToLookup(w => w[5]);
        return
        [
            .. InterfaceTable.Read(machine).Interfaces.Select(i =>
            {
                var flags = machine.ReadTrimmed($"{Folder}/{i.Name}/flags") is { Length: > 2 } hex && int.TryParse(hex.AsSpan(2), NumberStyles.HexNumber, CultureInfo.InvariantCulture, out var f) ? f : 0;
                var ipv4 = four[i.Name].Select(a => new CardAddress(a.Address, a.Prefix,
                    IPAddress.IsLoopback(a.Address) || a.Prefix > 30 ? null : Network.Of(a.Address, a.Prefix).Broadcast, i.Name, "global", i.Secondary.Contains(a.Address)));
                var ipv6 = scopes[i.Name].Select(w => new CardAddress(new IPAddress(Convert.FromHexString(w[0])), int.Parse(w[2], NumberStyles.HexNumber, CultureInfo.InvariantCulture),
                    null, i.Name, ScopeOf(w[3]), false));
                return new NetworkCard(i.Name, (flags & 1) != 0, null, i.Hardware, [.. ipv4, .. ipv6]);
            }),
        ];
    }

    private static string ScopeOf(string number) => number switch { "00" => "global", "10" => "host", "20" => "link", "40" => "site", _ => number };

    private static string? After(string[] words, string word) => Array.IndexOf(words, word) is >= 0 and var at && at + 1 < words.Length ? words[at + 1] : null;

    internal static string[] Words(string line) => line.Split((char[])[' ', '\t', '\r'], StringSplitOptions.RemoveEmptyEntries);
}
