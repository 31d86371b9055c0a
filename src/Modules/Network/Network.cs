using System.Buffers.Binary;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Numerics;
using SaltActors.Core.Functions;

namespace SaltActors.Modules.Network;

/// <summary>An IP network of either family.</summary>
/// <param name="Base">Its first address; bits behind the prefix are zero.</param>
/// <param name="Prefix">Its length in bits: 0 to 32, or to 128.</param>
internal sealed record Network(IPAddress Base, int Prefix) : IComparable<Network>
{
    private static readonly Network[] Private =
    [
        .. ((string[])["0.0.0.0/8", "10.0.0.0/8", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/29", "192.0.0.170/31", "192.0.2.0/24", "192.168.0.0/16",
            "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "240.0.0.0/4", "255.255.255.255/32",
            "::1/128", "::/128", "::ffff:0:0/96", "100::/64", "2001::/23", "2001:db8::/32", "fc00::/7", "fe80::/10"]).Select(t => Parse(t)),
    ];

    private int Width => Base.AddressFamily == AddressFamily.InterNetwork ? 32 : 128;
    private BigInteger Hosts => (BigInteger.One << (Width - Prefix)) - 1;

    public BigInteger Size => BigInteger.One << (Width - Prefix);
    public IPAddress Netmask => AddressOf((BigInteger.One << Width) - 1 - Hosts, Width);
    public IPAddress Broadcast => AddressOf(NumberOf(Base) | Hosts, Width);

    /// <summary>The network that an address is in.</summary>
    public static Network Of(IPAddress address, int prefix)
    {
        var width = address.AddressFamily == AddressFamily.InterNetwork ? 32 : 128;
        return new(AddressOf(NumberOf(address) >> (width - prefix) << (width - prefix), width), prefix);
    }

    /// <summary>Reads <c>10.1.2.3/20</c>, <c>10.1.2.3/255.255.240.0</c>, or an address alone; bits behind the prefix are dropped.</summary>
    /// <exception cref="NamedError">It is no network; Python's <c>ValueError</c>.</exception>
    public static Network Parse(string text) => TryParse(text) ?? throw new NamedError("ValueError", $"'{text}' does not appear to be an IPv4 or IPv6 network");

    public static Network? TryParse(string text)
    {
        var slash = text.IndexOf('/');
        if (TryAddress(slash < 0 ? text : text[..slash]) is not { } address) return null;
        var width = address.AddressFamily == AddressFamily.InterNetwork ? 32 : 128;
        if (slash < 0) return Of(address, width);
        return PrefixOf(text[(slash + 1)..], width) is { } prefix ? Of(address, prefix) : null;
    }

    /// <summary>An address as Python's <c>ipaddress</c> accepts it: four decimal parts, or IPv6.</summary>
    public static IPAddress? TryAddress(string text)
    {
        if (!IPAddress.TryParse(text, out var address)) return null;
        if (address.AddressFamily == AddressFamily.InterNetworkV6) return text.StartsWith('[') ? null : address;
        var parts = text.Split('.');
        return parts.Length == 4 && parts.All(p => p.Length is > 0 and <= 3 && p.All(char.IsAsciiDigit) && (p.Length == 1 || p[0] != '0')) ? address : null;
    }

    /// <exception cref="NamedError">It is no address; Python's <c>ValueError</c>.</exception>
    public static IPAddress Address(string text) => TryAddress(text) ?? throw new NamedError("ValueError", $"'{text}' does not appear to be an IPv4 or IPv6 address");

    public bool Contains(IPAddress address) => address.AddressFamily == Base.AddressFamily && Of(address, Prefix).Base.Equals(Base);

    /// <summary>Not for the public Internet: IANA's special registries, as Python's <c>is_private</c> of 3.11 knows them.</summary>
    public static bool IsPrivate(IPAddress address) => Private.Any(n => n.Contains(address));

    public static bool IsLoopback(IPAddress address) => IPAddress.IsLoopback(address);

    /// <summary>The prefix's length as a mask says it, or null where the mask has holes.</summary>
    private static int? PrefixOf(string text, int width)
    {
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var length)) return length <= width ? length : null;
        if (width != 32 || TryAddress(text) is not { } mask) return null;
        var bits = BinaryPrimitives.ReadUInt32BigEndian(mask.GetAddressBytes());
        // A host mask (0.0.0.255) means the same as its inverse.
        if (bits != 0 && (bits & 0x8000_0000) == 0) bits = ~bits;
        var ones = BitOperations.PopCount(bits);
        return bits == (ones == 0 ? 0 : uint.MaxValue << (32 - ones)) ? ones : null;
    }

    internal static BigInteger NumberOf(IPAddress address) => new(address.GetAddressBytes(), isUnsigned: true, isBigEndian: true);

    private static IPAddress AddressOf(BigInteger number, int width)
    {
        var bytes = new byte[width / 8];
        var given = number.ToByteArray(isUnsigned: true, isBigEndian: true);
        given.CopyTo(bytes, bytes.Length - given.Length);
        return new(bytes);
    }

    public int CompareTo(Network? other) => other is null ? 1
        : NumberOf(Base).CompareTo(NumberOf(other.Base)) is not 0 and var order ? order : Prefix.CompareTo(other.Prefix);

    public override string ToString() => $"{Base}/{Prefix.ToString(CultureInfo.InvariantCulture)}";
}
