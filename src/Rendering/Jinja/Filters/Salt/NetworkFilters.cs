using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Numerics;
using SaltActors.Core.Values;
using SaltActors.Rendering.Jinja.Errors;
using SaltActors.Rendering.Jinja.Evaluation;
using SaltActors.Rendering.Jinja.Objects;

namespace SaltActors.Rendering.Jinja.Filters.Salt;

/// <summary>Salt's filters of addresses. Salt: salt/utils/network.py.</summary>
internal static class NetworkFilters
{
    internal static readonly Native[] All =
    [
        new("is_ip", "options?", static (_, s, a) => Shown(s, null, Options(a)) is not null),
        new("is_ipv4", "options?", static (_, s, a) => Shown(s, 4, Options(a)) is not null),
        new("is_ipv6", "options?", static (_, s, a) => Shown(s, 6, Options(a)) is not null),
        new("ipaddr", "options?", static (_, s, a) => Filter(s, null, Options(a))),
        new("ipv4", "options?", static (_, s, a) => Filter(s, 4, Options(a))),
        new("ipv6", "options?", static (_, s, a) => Filter(s, 6, Options(a))),
        new("ip_host", "options? version?", static (_, s, a) => Each(s, o => Address.Parse(Name(o)) is { } address && Shown(o, a.MaybeInt(1), Options(a)) is not null ? address.Host : null)),
        new("network_hosts", "options? version?", static (run, s, _) => Hosts(run, s)),
        new("network_size", "options? version?", static (_, s, _) => Each(s, o => Address.Parse(Name(o)) is { } address ? new Scalar(BigInteger.One << (address.Bits - address.Prefix)) : null)),
        new("filter_by_networks", "networks", static (_, s, a) => ByNetworks(s, a[0]!)),
        new("ipwrap", "", static (_, s, _) => Each(s, o => Address.Parse(Name(o)) is { Version: 6 } ? TextObj.Of($"[{Name(o)}]") : o) ?? s),
        new("gen_mac", "", static (run, s, _) => TextObj.Of($"{s}:{run.Random.Next(256):X2}:{run.Random.Next(256):X2}:{run.Random.Next(256):X2}")),
        new("mac_str_to_bytes", "", static (_, s, _) => new Scalar(new BytesValue(Mac(PatternFilters.Subject(s))))),
    ];

    private static string Name(Obj o) => o.ToString();
    private static string[] Options(Bound a) => a.MaybeText(0)?.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries) ?? [];

    /// <summary>An address with the size of its network.</summary>
    private sealed record Address(IPAddress Ip, int Prefix, bool HasPrefix)
    {
        public int Version => Ip.AddressFamily == AddressFamily.InterNetwork ? 4 : 6;
        public int Bits => Version == 4 ? 32 : 128;
        public BigInteger Number => new(Ip.GetAddressBytes(), isUnsigned: true, isBigEndian: true);
        public BigInteger First => Number >> (Bits - Prefix) << (Bits - Prefix);
        public string Text => Ip.ToString() + (HasPrefix ? string.Create(CultureInfo.InvariantCulture, $"/{Prefix}") : "");
        public Obj Host => string.Create(CultureInfo.InvariantCulture, $"{Ip}/{Prefix}");

        public static Address? Parse(string text)
        {
            var parts = text.Split('/');
            if (parts.Length > 2 || !IPAddress.TryParse(parts[0], out var ip) || parts[0].Contains('[')) return null;
            if (ip.AddressFamily == AddressFamily.InterNetwork && (parts[0].Split('.').Length != 4 || parts[0].Split('.').Any(p => !p.All(char.IsAsciiDigit) || p.Length > 1 && p[0] == '0'))) return null;
            var bits = ip.AddressFamily == AddressFamily.InterNetwork ? 32 : 128;
            if (parts.Length == 1) return new(ip, bits, HasPrefix: false);
            if (int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var prefix)) return prefix <= bits ? new(ip, prefix, HasPrefix: true) : null;
            if (bits != 32 || !IPAddress.TryParse(parts[1], out var mask)) return null;
            var ones = new BigInteger(mask.GetAddressBytes(), isUnsigned: true, isBigEndian: true);
            for (var p = 0; p <= 32; p++)
                if ((BigInteger.One << 32) - (BigInteger.One << (32 - p)) == ones) return new(ip, p, HasPrefix: true);
            return null;
        }

        public static IPAddress Of(BigInteger number, int bits)
        {
            var bytes = new byte[bits / 8];
            var given = number.ToByteArray(isUnsigned: true, isBigEndian: true);
            given.CopyTo(bytes, bytes.Length - given.Length);
            return new IPAddress(bytes);
        }

        public bool IsIn(string network) => Parse(network) is { } n && n.Version == Version && Number >> (Bits - n.Prefix) == n.Number >> (Bits - n.Prefix);

        public bool Is(string option) => option switch
        {
            "loopback" => Version == 4 ? IsIn("127.0.0.0/8") : Ip.Equals(IPAddress.IPv6Loopback),
            "multicast" => Version == 4 ? IsIn("224.0.0.0/4") : IsIn("ff00::/8"),
            "link-local" => Version == 4 ? IsIn("169.254.0.0/16") : IsIn("fe80::/10"),
            "private" => IsPrivate,
            "public" or "global" => !IsPrivate && !(Version == 4 && IsIn("100.64.0.0/10")),
            "reserved" => Version == 4 ? IsIn("240.0.0.0/4") : new[] { "::/8", "100::/8", "200::/7", "400::/6", "800::/5", "1000::/4", "4000::/3", "6000::/3", "8000::/3", "a000::/3", "c000::/3", "e000::/4", "f000::/5", "f800::/6", "fe00::/9" }.Any(IsIn),
            "site-local" => Version == 6 && IsIn("fec0::/10"),
            "unspecified" => Number.IsZero,
            _ => false,
        };

        private bool IsPrivate => Version == 4
            ? new[] { "0.0.0.0/8", "10.0.0.0/8", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/29", "192.0.0.170/31", "192.0.2.0/24", "192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "240.0.0.0/4", "255.255.255.255/32" }.Any(IsIn)
            : new[] { "::1/128", "::/128", "::ffff:0:0/96", "100::/64", "2001::/23", "2001:2::/48", "2001:db8::/32", "2001:10::/28", "fc00::/7", "fe80::/10" }.Any(IsIn);
    }

    // The address as Python prints it, or null where it is none or lacks what is asked.
    private static string? Shown(Obj self, int? version, string[] options)
    {
        UndefinedObj.Refuse(self);
        return Address.Parse(Name(self)) is { } address && (version is null || address.Version == version) && (options.Length == 0 || options.Any(address.Is)) ? address.Text : null;
    }

    private static Obj Filter(Obj self, int? version, string[] options)
    {
        UndefinedObj.Refuse(self);
        if (self is not TextObj && self.Iterate() is { } items) return ListObj.Of(items.Select(o => Shown(o, version, options)).Where(t => t is not null).Select(t => (Obj)t!));
        return Shown(self, version, options) is { } shown ? shown : Obj.None;
    }

    private static Obj Each(Obj self, Func<Obj, Obj?> part)
    {
        UndefinedObj.Refuse(self);
        return self is not TextObj && self.Iterate() is { } items ? ListObj.Of(items.Select(part).OfType<Obj>()) : part(self) ?? Obj.None;
    }

    private static Obj Hosts(RenderRun run, Obj self)
    {
        return Each(self, o =>
        {
            if (Address.Parse(Name(o)) is not { } address) return null;
            var size = BigInteger.One << (address.Bits - address.Prefix);
            // Small networks give all their addresses; else the first, and in IPv4 the last, belong to the network.
            var (from, to) = size <= 2 ? (0, size) : (BigInteger.One, address.Version == 4 ? size - 1 : size);
            run.CheckItems(to > long.MaxValue ? long.MaxValue : (long)to);
            var hosts = new List<Obj>();
            for (var i = from; i < to; i++) hosts.Add(Address.Of(address.First + i, address.Bits).ToString());
            return new ListObj(hosts);
        });
    }

    private static Obj ByNetworks(Obj self, Obj networks)
    {
        if (networks.Iterate() is not { } several || networks is TextObj) throw JinjaFault.Other("Do not compare against a single network");
        var list = several.Select(Name).ToArray();
        bool Fits(Obj o) => Address.Parse(Name(o)) is { } address && Array.Exists(list, address.IsIn);
        return self is not TextObj && self.Iterate() is { } items ? ListObj.Of(items.Where(Fits)) : Fits(self) ? self : Obj.None;
    }

    private static byte[] Mac(string text)
    {
        var digits = text.Length == 17 ? text.Replace(text[2].ToString(), "") : text;
        return digits.Length == 12 && digits.All(char.IsAsciiHexDigit) ? Convert.FromHexString(digits) : throw JinjaFault.Other("Invalid MAC address");
    }
}
