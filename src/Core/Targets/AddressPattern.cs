using System.Globalization;
using System.Net;
using System.Net.Sockets;
using SaltActors.Core.Values;

namespace SaltActors.Core.Targets;

/// <summary>An IPv4 or IPv6 address, or a network, as Python's <c>ipaddress</c> reads it: strictly.</summary>
/// <remarks>
/// An address is compared as text with the grain, in its shortest lower-case form. A network takes a length of prefix, for IPv4 also a netmask or a hostmask, and
/// must have no host bits. What is neither matches nobody. Follows Salt 3006, salt/matchers/ipcidr_match.py.
/// </remarks>
/// <param name="Text">As it was given.</param>
public sealed record AddressPattern(string Text)
{
    private string? Address { get; init; }
    private UInt128 Network { get; init; }
    private UInt128 Mask { get; init; }

    /// <summary>4 or 6; zero where the text is neither an address nor a network.</summary>
    public int Version { get; private init; }

    public static AddressPattern Parse(string text)
    {
        if (TryParse(text, out var address)) return new AddressPattern(text) { Version = address.Version, Address = address.ToString() };
        var slash = text.IndexOf('/', StringComparison.Ordinal);
        if (slash < 0 || !TryParse(text[..slash], out var network) || MaskOf(text[(slash + 1)..], network.Version) is not { } mask || (network.Number & ~mask) != 0)
            return new AddressPattern(text);
        return new AddressPattern(text) { Version = network.Version, Network = network.Number, Mask = mask };
    }

    /// <param name="grains">A minion's; <c>ipv4</c> and <c>ipv6</c> are lists of text, or one text.</param>
    internal bool Matches(MapValue grains) => Version != 0 && (Version == 4 ? grains.Get("ipv4") : grains.Get("ipv6")) switch
    {
        ListValue list => Address is null ? list.Items.Any(Holds) : list.Items.Any(item => item.AsText() == Address),
        TextValue text => Address is null ? Holds(text) : text.Text.Contains(Address, StringComparison.Ordinal),
        _ => false,
    };

    private bool Holds(Value item) => item is TextValue text && TryParse(text.Text, out var own) && own.Version == Version && (own.Number & Mask) == Network;

    private static UInt128? MaskOf(string text, int version)
    {
        var bits = version == 4 ? 32 : 128;
        var all = version == 4 ? uint.MaxValue : UInt128.MaxValue;
        if (text.Length > 0 && text.All(char.IsAsciiDigit))
            return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var length) && length <= bits ? Prefix(length) : null;
        if (version != 4 || !TryParse(text, out var mask) || mask.Version != 4) return null;
        for (var length = 0; length <= bits; length++)
            if (Prefix(length) == mask.Number) return mask.Number;
        for (var length = 0; length <= bits; length++)
            if ((all & ~Prefix(length)) == mask.Number) return Prefix(length);
        return null;

        // Shifting by all bits would shift by none.
        UInt128 Prefix(int length) => length == 0 ? 0 : all & (all << (bits - length));
    }

    private static bool TryParse(string text, out Parsed parsed)
    {
        parsed = default;
        if (!text.Contains(':', StringComparison.Ordinal))
        {
            if (Octets(text) is not { } number) return false;
            parsed = new(4, number, "");
            return true;
        }
        var percent = text.IndexOf('%', StringComparison.Ordinal);
        var (host, scope) = percent < 0 ? (text, "") : (text[..percent], text[percent..]);
        // .NET also takes brackets, ports and lengths here, and octets of one part; Python does not.
        if (scope.Length == 1 || scope.AsSpan(Math.Min(1, scope.Length)).ContainsAny('%', '/') || !host.All(c => char.IsAsciiHexDigit(c) || c is ':' or '.')) return false;
        var lastColon = host.LastIndexOf(':');
        if (host.Contains('.', StringComparison.Ordinal) && Octets(host[(lastColon + 1)..]) is null) return false;
        if (!IPAddress.TryParse(host, out var address) || address.AddressFamily != AddressFamily.InterNetworkV6) return false;
        Span<byte> bytes = stackalloc byte[16];
        if (!address.TryWriteBytes(bytes, out _)) return false;
        UInt128 value = 0;
        foreach (var b in bytes) value = (value << 8) | b;
        parsed = new(6, value, scope);
        return true;
    }

    // Four decimal numbers up to 255, without leading zeros.
    private static uint? Octets(string text)
    {
        var parts = text.Split('.');
        if (parts.Length != 4) return null;
        var number = 0u;
        foreach (var part in parts)
        {
            if (part.Length is 0 or > 3 || part.Length > 1 && part[0] == '0' || !part.All(char.IsAsciiDigit)) return null;
            if (uint.Parse(part, NumberStyles.None, CultureInfo.InvariantCulture) is var octet && octet > 255) return null;
            number = number << 8 | octet;
        }
        return number;
    }

    private readonly record struct Parsed(int Version, UInt128 Number, string Scope)
    {
        /// <summary>The shortest form: lower case, the first longest run of two or more zero groups left out. IPv4 inside IPv6 is written as groups, too.</summary>
        public override string ToString()
        {
            if (Version == 4) return string.Create(CultureInfo.InvariantCulture, $"{(byte)(Number >> 24)}.{(byte)(Number >> 16)}.{(byte)(Number >> 8)}.{(byte)Number}");
            var groups = new ushort[8];
            for (var i = 0; i < 8; i++) groups[i] = (ushort)(Number >> (16 * (7 - i)));
            var (start, length) = (0, 1);
            for (var i = 0; i < 8; i++)
            {
                var run = 0;
                while (i + run < 8 && groups[i + run] == 0) run++;
                if (run > length) (start, length) = (i, run);
            }
            var number = length < 2 ? Hex(groups) : $"{Hex(groups.AsSpan(0, start))}::{Hex(groups.AsSpan(start + length))}";
            return number + Scope;
        }

        private static string Hex(ReadOnlySpan<ushort> groups)
        {
            var texts = new string[groups.Length];
            for (var i = 0; i < texts.Length; i++) texts[i] = groups[i].ToString("x", CultureInfo.InvariantCulture);
            return string.Join(':', texts);
        }
    }
}
