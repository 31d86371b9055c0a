using System.Collections.Immutable;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using SaltActors.Core.Values;

namespace SaltActors.Modules.Grains.Networking;

/// <summary><c>dns</c>: {nameservers, ip4_nameservers, ip6_nameservers, sortlist, domain, search, options} of the resolver's file; missing where the file is.</summary>
internal static class DnsGrains
{
    // systemd-resolved puts itself into /etc/resolv.conf and keeps the real servers here.
    private static readonly string[] Places = ["/run/systemd/resolve/resolv.conf", "/etc/resolv.conf"];

    internal static void Add(MapValue.Builder grains, GrainInput input)
    {
        if (Places.Select(input.Machine.ReadText).FirstOrDefault(t => t is not null) is { } text) grains["dns"] = Parse(text);
    }

    /// <summary>Reads resolv.conf(5). Lines with an address that is none are passed over.</summary>
    internal static MapValue Parse(string text)
    {
        var servers = ImmutableArray.CreateBuilder<IPAddress>();
        ImmutableArray<string> search = [];
        var (domain, options, sorted) = ("", new List<string>(), new List<string>());
        foreach (var line in text.Split('\n'))
        {
            var words = line.Split([' ', '\t', '\r'], StringSplitOptions.RemoveEmptyEntries);
            ImmutableArray<string> arguments = [.. words.Skip(1).TakeWhile(w => w[0] is not ('#' or ';'))];
            if (arguments.IsEmpty) continue;
            switch (words[0].ToLowerInvariant())
            {
                case "nameserver" when IPAddress.TryParse(arguments[0], out var server):
                    if (!servers.Contains(server)) servers.Add(server);
                    break;
                case "domain": domain = arguments[0]; break;
                case "search": search = arguments; break;
                case "options":
                    foreach (var option in arguments)
                        if (!options.Contains(option)) options.Add(option);
                    break;
                case "sortlist": sorted.AddRange(arguments.Select(Network).OfType<string>().Except(sorted)); break;
            }
        }
        return MapValue.Of(
            ("nameservers", InterfaceGrains.Texts(servers)),
            ("ip4_nameservers", InterfaceGrains.Texts(servers.Where(s => s.AddressFamily == AddressFamily.InterNetwork))),
            ("ip6_nameservers", InterfaceGrains.Texts(servers.Where(s => s.AddressFamily == AddressFamily.InterNetworkV6))),
            ("sortlist", ListValue.OfTexts(sorted)),
            ("domain", domain),
            ("search", ListValue.OfTexts(search)),
            ("options", ListValue.OfTexts(options)));
    }

    // 130.155.160.0/255.255.240.0 becomes 130.155.160.0/20; without a mask, that of the address's old class.
    private static string? Network(string pair)
    {
        var parts = pair.Split('/');
        if (!IPAddress.TryParse(parts[0], out var address) || address.AddressFamily != AddressFamily.InterNetwork) return null;
        if (parts.Length > 1 && int.TryParse(parts[1], CultureInfo.InvariantCulture, out var given)) return $"{address}/{given}";
        if (parts.Length > 1)
            return IPAddress.TryParse(parts[1], out var mask) ? $"{address}/{mask.GetAddressBytes().Sum(b => System.Numerics.BitOperations.PopCount(b))}" : null;
        return $"{address}/{address.GetAddressBytes()[0] switch { < 128 => 8, < 192 => 16, _ => 24 }}";
    }
}
