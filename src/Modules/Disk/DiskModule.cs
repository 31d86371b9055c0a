using SaltActors.Core.Functions;
using SaltActors.Core.Values;
using SaltActors.Modules.Grains.Machines;

namespace SaltActors.Modules.Disk;

/// <summary>The module <c>disk</c>: how full disks are, and what is on them.</summary>
/// <remarks>Follows Salt 3006, salt/modules/disk.py.</remarks>
public static class DiskModule
{
    private static readonly LocalMachine Machine = new();

    /// <summary>How full the file systems are.</summary>
    /// <param name="args">Flags for <c>df</c>, without or with a dash.</param>
    /// <returns>Mount point to <c>filesystem, 1K-blocks, used, available, capacity</c>.</returns>
    /// <example><code>salt '*' disk.usage</code></example>
    [SaltFunction("disk.usage")]
    public static async Task<MapValue> Usage(CallContext context, string? args = null) => DiskReports.Usage(await Df(context, "-P", args).ConfigureAwait(false));

    /// <summary>How many inodes the file systems have.</summary>
    /// <param name="args">Flags for <c>df</c>, without or with a dash.</param>
    /// <returns>Mount point to <c>inodes, used, free, use, filesystem</c>.</returns>
    /// <example><code>salt '*' disk.inodeusage</code></example>
    [SaltFunction("disk.inodeusage")]
    public static async Task<MapValue> Inodeusage(CallContext context, string? args = null) => DiskReports.Inodes(await Df(context, "-iP", args).ConfigureAwait(false));

    /// <summary>Which part of the file systems is in use.</summary>
    /// <param name="args">A mount point; all where none is given.</param>
    /// <returns>Mount point to a text as <c>20%</c>; for one point the text alone, and an empty map where nothing is mounted there.</returns>
    /// <example><code>salt '*' disk.percent /var</code></example>
    [SaltFunction("disk.percent")]
    public static async Task<Value> Percent(CallContext context, string? args = null)
    {
        var all = DiskReports.Percent(await Df(context, "-P", null).ConfigureAwait(false));
        return string.IsNullOrEmpty(args) ? all : all.Get(args) ?? MapValue.Empty;
    }

    /// <summary>Attributes of block devices.</summary>
    /// <param name="device">Only this one.</param>
    /// <param name="token">Only those with this attribute, as <c>TYPE=ext4</c>.</param>
    /// <returns>Device to its attributes; empty where there is none.</returns>
    /// <example><code>salt '*' disk.blkid /dev/sda</code></example>
    [SaltFunction("disk.blkid")]
    public static async Task<MapValue> Blkid(CallContext context, string? device = null, string? token = null)
    {
        string[] words = [.. (string[])(string.IsNullOrEmpty(token) ? [] : ["-t", token]), .. (string[])(string.IsNullOrEmpty(device) ? [] : [Device(device)])];
        var answer = await Machine.NeedAsync("blkid", words, context.Stopped).ConfigureAwait(false);
        return answer.Code == 0 ? DiskReports.BlockIds(answer.Output) : MapValue.Empty;
    }

    /// <summary>The kind of file system on a device, or that holds a path; empty text where it is not known.</summary>
    /// <param name="device">A device, or a path.</param>
    /// <example><code>salt '*' disk.fstype /dev/sdX1</code></example>
    [SaltFunction("disk.fstype")]
    public static async Task<string> Fstype(CallContext context, string device)
    {
        if (Machine.Which("lsblk") is not null
            && await Machine.NeedAsync("lsblk", ["-o", "fstype", Device(device)], context.Stopped).ConfigureAwait(false) is { Code: 0 } blocks
            && blocks.Output.Split('\n', StringSplitOptions.TrimEntries) is [_, { Length: > 0 } type, ..]) return type;
        var answer = await Machine.NeedAsync("df", ["-T", "-P", Device(device)], context.Stopped).ConfigureAwait(false);
        return answer.Code == 0 ? Network.NetworkCards.Words(answer.Output.Split('\n').ElementAtOrDefault(1) ?? "").ElementAtOrDefault(1) ?? "" : "";
    }

    /// <summary>The kind of file system that holds a path.</summary>
    /// <param name="path">The path.</param>
    /// <example><code>salt '*' disk.get_fstype_from_path /root</code></example>
    [SaltFunction("disk.get_fstype_from_path")]
    public static Task<string> GetFstypeFromPath(CallContext context, string path) => Fstype(context, path);

    /// <summary>What the kernel says about a block device.</summary>
    /// <param name="device">The device.</param>
    /// <param name="args">Only these keys, as <c>getsize64</c>.</param>
    /// <returns>Names of questions to answers; <c>False</c> where it is no block device.</returns>
    /// <example><code>salt '*' disk.dump /dev/sda1</code></example>
    [SaltFunction("disk.dump")]
    public static async Task<Value> Dump(CallContext context, string device, ListValue? args = null)
    {
        var answer = await Machine.NeedAsync("blockdev", DiskReports.DumpArguments(Device(device)), context.Stopped).ConfigureAwait(false);
        return answer.Code == 0 ? DiskReports.Dump(answer.Output, args) : false;
    }

    /// <summary>Sets what <c>blockdev</c> can set, then answers as <c>disk.dump</c>.</summary>
    /// <param name="device">The device.</param>
    /// <param name="kwargs"><c>read-ahead</c>, <c>filesystem-read-ahead</c> (sectors), <c>read-only</c>, <c>read-write</c>.</param>
    /// <example><code>salt '*' disk.tune /dev/sda1 read-ahead=1024 read-write=True</code></example>
    [SaltFunction("disk.tune")]
    public static async Task<Value> Tune(CallContext context, string device, [Keywords] MapValue kwargs)
    {
        var words = new List<string>();
        foreach (var (key, value) in kwargs)
            switch (key.AsText())
            {
                case "read-ahead": words.AddRange(["--setra", value.ToString()]); break;
                case "filesystem-read-ahead": words.AddRange(["--setfra", value.ToString()]); break;
                case "read-only": words.Add(value.IsTruthy ? "--setro" : "--setrw"); break;
                case "read-write": words.Add(value.IsTruthy ? "--setrw" : "--setro"); break;
            }
        if (words.Count > 0 && (await Machine.NeedAsync("blockdev", [.. words, Device(device)], context.Stopped).ConfigureAwait(false)).Code != 0) return false;
        return await Dump(context, device).ConfigureAwait(false);
    }

    /// <summary>Takes the signatures of file systems and partitions off a device.</summary>
    /// <param name="device">The device.</param>
    /// <returns>Whether it was done.</returns>
    /// <example><code>salt '*' disk.wipe /dev/sda1</code></example>
    [SaltFunction("disk.wipe")]
    public static async Task<bool> Wipe(CallContext context, string device) =>
        (await Machine.NeedAsync("wipefs", ["-a", Device(device)], context.Stopped).ConfigureAwait(false)).Code == 0;

    /// <summary>Makes an ext file system as large as its device.</summary>
    /// <param name="device">The device.</param>
    /// <returns><c>True</c>; null where it could not be done.</returns>
    /// <example><code>salt '*' disk.resize2fs /dev/sda1</code></example>
    [SaltFunction("disk.resize2fs")]
    public static async Task<bool?> Resize2fs(CallContext context, string device) =>
        (await Machine.NeedAsync("resize2fs", [Device(device)], context.Stopped).ConfigureAwait(false)).Code == 0 ? true : null;

    /// <summary>Makes a file system.</summary>
    /// <param name="device">The device.</param>
    /// <param name="fsType">Its kind, as <c>ext4</c>, <c>xfs</c> or <c>vfat</c>.</param>
    /// <param name="inodeSize">Bytes an inode takes; for ext and xfs.</param>
    /// <param name="lazyItableInit">Leave the tables of inodes for later; for ext.</param>
    /// <param name="fat">12, 16 or 32; for FAT.</param>
    /// <param name="force">Also where there is a file system already.</param>
    /// <returns>Whether it was made.</returns>
    /// <example><code>salt '*' disk.format /dev/sdX1 fs_type=xfs</code></example>
    [SaltFunction("disk.format")]
    public static async Task<bool> Format(
        CallContext context, string device, string fsType = "ext4", int? inodeSize = null, bool? lazyItableInit = null, int? fat = null, bool force = false)
    {
        var words = new List<string> { "-t", fsType };
        var isExt = fsType.StartsWith("ext", StringComparison.Ordinal);
        if (inodeSize is { } size) words.AddRange(isExt ? ["-I", $"{size}"] : fsType == "xfs" ? ["-i", $"size={size}"] : []);
        if (lazyItableInit is { } lazy && isExt) words.AddRange(["-E", $"lazy_itable_init={(lazy ? 1 : 0)}"]);
        if (fat is { } bits && fsType.Contains("fat", StringComparison.Ordinal))
            words.AddRange(bits is 12 or 16 or 32 ? ["-F", $"{bits}"] : throw new CommandFailed($"fat must be 12, 16 or 32, found {bits}"));
        if (force) words.AddRange(isExt ? ["-F"] : fsType == "xfs" ? ["-f"] : []);
        if ((await Machine.NeedAsync("mkfs", [.. words, Device(device)], context.Stopped).ConfigureAwait(false)).Code != 0) return false;
        return (await Machine.NeedAsync("sync", [], context.Stopped).ConfigureAwait(false)).Code == 0;
    }

    /// <summary>What a disk says of its own health.</summary>
    /// <param name="dev">The device, with or without <c>/dev/</c>.</param>
    /// <param name="attributes">Only these numbers.</param>
    /// <param name="values">Only these columns, as <c>raw_value</c>.</param>
    /// <returns>Attribute number to its columns.</returns>
    /// <example><code>salt '*' disk.smart_attributes /dev/sda</code></example>
    [SaltFunction("disk.smart_attributes")]
    public static async Task<MapValue> SmartAttributes(CallContext context, string dev, ListValue? attributes = null, ListValue? values = null)
    {
        var path = dev.StartsWith("/dev/", StringComparison.Ordinal) ? dev : "/dev/" + dev;
        var all = DiskReports.SmartAttributes((await Machine.NeedAsync("smartctl", ["--attributes", path], context.Stopped).ConfigureAwait(false)).Output);
        return MapValue.From(all.Where(a => attributes is null || attributes.Any(n => n.ToString() == a.Key.ToString()))
            .Select(a => KeyValuePair.Create(a.Key, values is null ? a.Value : MapValue.From(((MapValue)a.Value).Where(c => values.Contains(c.Key))))));
    }

    /// <summary>How busy disks are, as <c>iostat</c> measures it.</summary>
    /// <param name="interval">Seconds between two measurements.</param>
    /// <param name="count">How many measurements.</param>
    /// <param name="disks">Only these: a list, or one name.</param>
    /// <returns><c>sys</c> and each device to averages by column.</returns>
    /// <example><code>salt '*' disk.iostat 1 5 disks=sda</code></example>
    [SaltFunction("disk.iostat")]
    public static async Task<MapValue> Iostat(CallContext context, int interval = 1, int count = 5, Value? disks = null)
    {
        IEnumerable<string> names = disks switch { null => [], ListValue list => list.Select(d => Device(d.ToString())), var one => [Device(one.ToString())] };
        return DiskReports.IoStatistics((await Machine.NeedAsync("iostat", ["-x", .. names, $"{interval}", $"{count}"], context.Stopped).ConfigureAwait(false)).Output);
    }

    /// <summary>What <c>hdparm</c> says about disks.</summary>
    /// <param name="disks">A list, or one name.</param>
    /// <param name="args">Flags for <c>hdparm</c> without their dashes.</param>
    /// <returns>Device to names and texts.</returns>
    /// <example><code>salt '*' disk.hdparms sda</code></example>
    [SaltFunction("disk.hdparms")]
    public static async Task<MapValue> Hdparms(CallContext context, Value disks, string args = "aAbBcCdgHiJkMmNnQrRuW")
    {
        var answers = new MapValue.Builder();
        foreach (var disk in disks is ListValue list ? list.Select(d => d.ToString()) : [disks.ToString()])
        {
            var path = disk.StartsWith('/') ? disk : "/dev/" + disk;
            var answer = await Machine.NeedAsync("hdparm", ["-" + args.TrimStart('-'), path], context.Stopped).ConfigureAwait(false);
            answers[path] = MapValue.From(answer.Output.Split('\n').Select(l => l.Split('=', 2)).Where(p => p.Length == 2).Select(p => KeyValuePair.Create(p[0].Trim(), (Value)p[1].Trim())));
        }
        return answers.Build();
    }

    private static async Task<string> Df(CallContext context, string flags, string? args)
    {
        var more = DiskReports.CleanFlags(args);
        return (await Machine.NeedAsync("df", more.Length > 0 ? [flags, "-" + more] : [flags], context.Stopped).ConfigureAwait(false)).Output;
    }

    // A name that begins with a dash would be an option.
    private static string Device(string device) => device.StartsWith('-') ? throw new CommandFailed($"'{device}' is no device") : device;
}
