using System.Globalization;
using SaltActors.Core.Functions;
using SaltActors.Core.Values;
using SaltActors.Modules.Network;

namespace SaltActors.Modules.Disk;

/// <summary>Reads what <c>df</c>, <c>blkid</c>, <c>blockdev</c> and <c>smartctl</c> say.</summary>
/// <remarks>Shapes follow Salt 3006, salt/modules/disk.py.</remarks>
internal static class DiskReports
{
    // The flags of df that Salt lets through; a word with any other letter is refused.
    private const string Flags = "aBhHiklmntvxPT";
    private static readonly string[] DumpKeys = ["getro", "getsz", "getss", "getpbsz", "getiomin", "getioopt", "getalignoff", "getmaxsect", "getsize", "getsize64", "getra", "getfra"];

    /// <exception cref="CommandFailed">There are flags that <c>df</c> is not to be given.</exception>
    public static string CleanFlags(string? args)
    {
        if (string.IsNullOrEmpty(args)) return "";
        var clean = args.Replace("-", "", StringComparison.Ordinal);
        return clean.All(c => Flags.Contains(c, StringComparison.Ordinal)) ? clean : throw new CommandFailed("Invalid flag passed to disk.usage");
    }

    /// <summary>Mount point to <c>filesystem, 1K-blocks, used, available, capacity</c>.</summary>
    public static MapValue Usage(string df) => Rows(df, w => MapValue.Of(("filesystem", w[0]), ("1K-blocks", w[1]), ("used", w[2]), ("available", w[3]), ("capacity", w[4])));

    /// <summary>Mount point to <c>inodes, used, free, use, filesystem</c>.</summary>
    public static MapValue Inodes(string df) => Rows(df, w => MapValue.Of(("inodes", w[1]), ("used", w[2]), ("free", w[3]), ("use", w[4]), ("filesystem", w[0])));

    /// <summary>Mount point to the part in use, as <c>20%</c>.</summary>
    public static MapValue Percent(string df) => MapValue.From(Rows(df, w => MapValue.Of(("p", w[4]))).Select(e => KeyValuePair.Create(e.Key, ((MapValue)e.Value).Get("p")!)));

    /// <summary>Device to its attributes, as <c>UUID</c> and <c>TYPE</c>.</summary>
    public static MapValue BlockIds(string blkid)
    {
        var devices = new MapValue.Builder();
        foreach (var line in blkid.Split('\n'))
        {
            // /dev/sda1: LABEL="my disk" UUID="1234-ABCD" TYPE="vfat"
            var colon = line.IndexOf(": ", StringComparison.Ordinal);
            if (colon <= 0) continue;
            var attributes = new MapValue.Builder();
            var rest = line[(colon + 2)..];
            while (rest.IndexOf("=\"", StringComparison.Ordinal) is > 0 and var equals && rest.IndexOf('"', equals + 2) is > 0 and var end)
            {
                attributes[rest[..equals].Trim()] = rest[(equals + 2)..end];
                rest = rest[(end + 1)..];
            }
            devices[line[..colon]] = attributes.Build();
        }
        return devices.Build();
    }

    /// <summary>What <c>blockdev</c> answers a line each, under the names of the questions.</summary>
    public static MapValue Dump(string blockdev, ListValue? only)
    {
        var all = MapValue.From(DumpKeys.Zip(blockdev.Split('\n'), (k, v) => KeyValuePair.Create(k, (Value)v.Trim())));
        return only is null ? all : MapValue.From(all.Where(e => only.Contains(e.Key)));
    }

    public static IReadOnlyList<string> DumpArguments(string device) => [.. DumpKeys.Select(k => "--" + k), device];

    /// <summary>Attribute number (as text) to its columns, read from <c>smartctl --attributes</c>.</summary>
    public static MapValue SmartAttributes(string smartctl)
    {
        string[] columns = ["id", "attribute_name", "flag", "value", "worst", "thresh", "type", "updated", "when_failed", "raw_value"];
        var found = new MapValue.Builder();
        foreach (var w in smartctl.Split('\n').Select(NetworkCards.Words).Where(w => w.Length >= 10 && int.TryParse(w[0], NumberStyles.None, CultureInfo.InvariantCulture, out _)))
            found[w[0]] = MapValue.From(columns.Skip(1).Zip(w.Skip(1), (c, v) => KeyValuePair.Create(c, (Value)v)));
        return found.Build();
    }

    /// <summary>Averages of <c>iostat -x</c>: the processor's under <c>sys</c>, and each device's.</summary>
    public static MapValue IoStatistics(string iostat)
    {
        var sums = new Dictionary<string, Dictionary<string, List<double>>>();
        string[] header = [];
        foreach (var w in iostat.Split('\n').Select(NetworkCards.Words))
        {
            if (w.Length == 0) header = [];
            else if (w[0] is "avg-cpu:") header = w;
            else if (w[0].TrimEnd(':') is "Device") header = w;
            else if (header.Length > 0)
            {
                var isProcessor = header[0] == "avg-cpu:";
                var values = isProcessor ? w : w[1..];
                var row = sums.TryGetValue(isProcessor ? "sys" : w[0], out var there) ? there : sums[isProcessor ? "sys" : w[0]] = [];
                foreach (var (name, value) in header.Skip(1).Zip(values))
                    if (double.TryParse(value, CultureInfo.InvariantCulture, out var number))
                        (row.TryGetValue(name, out var list) ? list : row[name] = []).Add(number);
            }
        }
        return MapValue.From(sums.Select(d => KeyValuePair.Create(d.Key, (Value)MapValue.From(d.Value.Select(c => KeyValuePair.Create(c.Key, (Value)Math.Round(c.Value.Average(), 2)))))));
    }

    // The first line names the columns; a mount point may have blanks.
    private static MapValue Rows(string df, Func<string[], MapValue> row) => MapValue.From(
        from line in df.Split('\n').Skip(1)
        let w = NetworkCards.Words(line)
        where w.Length >= 6
        select KeyValuePair.Create(string.Join(' ', w.Skip(5)), (Value)row(w)));
}
