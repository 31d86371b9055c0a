using System.Buffers.Binary;
using System.Text;
using SaltActors.Modules.Grains.Machines;

namespace SaltActors.Modules.Grains.Os;

/// <summary>The short name of the local time zone right now, as <c>UTC</c> or <c>CEST</c>, read from the zone's own file (RFC 8536).</summary>
internal static class TimeZoneName
{
    internal static string Of(IMachine machine, DateTimeOffset now)
    {
        var zone = machine.Variable("TZ")?.TrimStart(':') ?? "";
        var path = zone.Length == 0 ? "/etc/localtime" : zone[0] == '/' ? zone : "/usr/share/zoneinfo/" + zone;
        return machine.ReadBytes(path) is { } file ? Name(file, now) ?? "UTC" : zone.Length > 0 ? Names(zone).Standard : "UTC";
    }

    private static string? Name(ReadOnlySpan<byte> file, DateTimeOffset now)
    {
        if (file.Length < 44 || !file.StartsWith("TZif"u8)) return null;
        var width = 4;
        if (file[4] >= (byte)'2')
        {
            // The first block has 32-bit times and is skipped; the second has the same shape with 64 bits.
            file = file[Block(file, 4)..];
            width = 8;
        }
        int leaps = Count(file, 28), times = Count(file, 32), types = Count(file, 36), characters = Count(file, 40);
        var at = file[44..];
        var indexes = at[(times * width)..];
        var kinds = indexes[times..];
        var names = kinds[(types * 6)..];
        var seconds = now.ToUnixTimeSeconds();
        var last = -1;
        while (last + 1 < times && Time(at, last + 1, width) <= seconds) last++;
        if (last + 1 == times && width == 8)
        {
            // Past the last change the rule in the footer holds, which names both halves of the year.
            var rest = names[(characters + leaps * 12 + Count(file, 24) + Count(file, 20))..];
            var footer = Encoding.ASCII.GetString(rest).Trim('\n');
            if (footer.Length > 0) return PosixRule.NameAt(footer, now);
        }
        var kind = last < 0 ? 0 : indexes[last];
        var name = names[kinds[kind * 6 + 5]..];
        return Encoding.ASCII.GetString(name[..name.IndexOf((byte)0)]);
    }

    private static (string Standard, string Summer) Names(string rule) => PosixRule.Names(rule);
    private static int Count(ReadOnlySpan<byte> file, int place) => BinaryPrimitives.ReadInt32BigEndian(file[place..]);
    private static int Block(ReadOnlySpan<byte> file, int width) =>
        44 + Count(file, 32) * (width + 1) + Count(file, 36) * 6 + Count(file, 40) + Count(file, 28) * (width + 4) + Count(file, 24) + Count(file, 20);
    private static long Time(ReadOnlySpan<byte> times, int index, int width) =>
        width == 8 ? BinaryPrimitives.ReadInt64BigEndian(times[(index * 8)..]) : BinaryPrimitives.ReadInt32BigEndian(times[(index * 4)..]);
}
