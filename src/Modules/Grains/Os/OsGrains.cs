using System.Text.RegularExpressions;
using SaltActors.Core.Values;
using SaltActors.Modules.Grains.Machines;

namespace SaltActors.Modules.Grains.Os;

/// <summary>
/// The distribution: <c>os, os_family, osfullname, osrelease, osrelease_info, osmajorrelease, osfinger, oscodename, osarch, lsb_distrib_*</c>.
/// </summary>
/// <remarks>
/// Some distributions are taken from os-release alone; for the rest <c>osrelease</c> and <c>oscodename</c> follow Salt's older rules,
/// where the codename of a distribution without one is its <c>PRETTY_NAME</c>.
/// </remarks>
internal static partial class OsGrains
{
    private static readonly string[] FromOsReleaseAlone = ["almalinux", "astra", "debian", "linuxmint", "mendel", "pop", "rocky", "ubuntu"];
    private static readonly string[] NamedByOs = ["Debian", "Raspbian"];

    internal static void Add(MapValue.Builder grains, GrainInput input)
    {
        var machine = input.Machine;
        var lsb = OsReleaseFile.ReadLsb(machine);
        foreach (var (key, value) in lsb) grains["lsb_" + key.ToLowerInvariant()] = value;
        var file = OsReleaseFile.Read(machine);
        if (file is not null && FromOsReleaseAlone.Contains(file["ID"])) AddFromOsRelease(grains, file);
        else AddByOlderRules(grains, machine, file);

        string os = Text(grains, "os"), fullName = Text(grains, "osfullname"), release = Text(grains, "osrelease");
        if (release.Length > 0) AddRelease(grains, os, fullName, release);
        grains["osarch"] = PackageArchitecture(machine, Text(grains, "os_family"), Text(grains, "cpuarch"));
    }

    private static void AddFromOsRelease(MapValue.Builder grains, IReadOnlyDictionary<string, string> file)
    {
        grains["os"] = OsNames.Os(file["NAME"], file["ID"]);
        grains["os_family"] = OsNames.Family(file["ID"], file.GetValueOrDefault("ID_LIKE"));
        grains["osfullname"] = file["NAME"].Trim();
        var codename = file.GetValueOrDefault("VERSION_CODENAME");
        if (string.IsNullOrEmpty(codename))
            codename = file["ID"] switch
            {
                "astra" => file.GetValueOrDefault("VARIANT_ID"),
                "almalinux" or "rocky" => InBrackets(file.GetValueOrDefault("VERSION")),
                _ => null,
            };
        if (!string.IsNullOrEmpty(codename)) grains["oscodename"] = codename;
        var release = file.GetValueOrDefault("VERSION_ID");
        // Mendel names its number in PRETTY_NAME alone: "Mendel GNU/Linux 5 (Eagle)".
        if (string.IsNullOrEmpty(release) && file["ID"] == "mendel" && file["PRETTY_NAME"].Split(' ') is [_, _, var number, ..]) release = number;
        if (!string.IsNullOrEmpty(release)) grains["osrelease"] = release;
    }

    private static void AddByOlderRules(MapValue.Builder grains, IMachine machine, IReadOnlyDictionary<string, string>? file)
    {
        if (file is not null)
        {
            AddFromOsRelease(grains, file);
            grains.Remove("osrelease");
        }
        if (Text(grains, "lsb_distrib_description").StartsWith("antergos", StringComparison.OrdinalIgnoreCase)) grains["osfullname"] = "Antergos Linux";
        else if (!grains.Has("lsb_distrib_id")) AddLsb(grains, machine, file);

        var (fileName, fileRelease, fileCodename) = ReleaseFile(machine);
        if (!grains.Has("osfullname"))
        {
            var id = Text(grains, "lsb_distrib_id");
            grains["osfullname"] = id.StartsWith("nilrt", StringComparison.OrdinalIgnoreCase) ? "nilrt" : id.Length > 0 ? id.Trim() : fileName;
        }
        if (!grains.Has("osrelease"))
        {
            // os-release of CentOS 7 and 8 lacks the minor number; their release file has it.
            var codename = Text(grains, "lsb_distrib_codename");
            if (codename.Contains("CentOS Linux 7", StringComparison.Ordinal) || codename.Contains("CentOS Linux 8", StringComparison.Ordinal)) grains.Remove("lsb_distrib_release");
            var release = Text(grains, "lsb_distrib_release").Trim();
            grains["osrelease"] = grains.Has("lsb_distrib_release") ? release : MorePrecise(file?.GetValueOrDefault("VERSION_ID") ?? "", fileRelease);
        }
        var known = Text(grains, "lsb_distrib_codename").Trim();
        grains["oscodename"] = known.Length > 0 && !known.Contains("Red Hat", StringComparison.Ordinal) ? known : file?.GetValueOrDefault("VERSION_CODENAME") ?? fileCodename;
        if (!grains.Has("os")) grains["os"] = OsNames.Os(Text(grains, "osfullname"));
        grains["os_family"] = OsNames.Family(Text(grains, "os"));
    }

    // Stands in for /etc/lsb-release where that is missing or says nothing.
    private static void AddLsb(MapValue.Builder grains, IMachine machine, IReadOnlyDictionary<string, string>? file)
    {
        if (file is null)
        {
            if (machine.ReadText("/etc/centos-release") is not { } centos) return;
            grains["lsb_distrib_id"] = "CentOS";
            if (TwoNumbers().Match(centos) is { Success: true } numbers) grains["lsb_distrib_release"] = numbers.Value;
            if (InBrackets(centos) is { } name) grains["lsb_distrib_codename"] = name;
            return;
        }
        grains["lsb_distrib_id"] = file["NAME"].Trim();
        if (file.TryGetValue("VERSION_ID", out var release)) grains["lsb_distrib_release"] = release;
        grains["lsb_distrib_codename"] = file.GetValueOrDefault("VERSION_CODENAME") ?? file["PRETTY_NAME"];
        var cpe = PlatformName(file.GetValueOrDefault("CPE_NAME"));
        if (cpe.Vendor.ToLowerInvariant() is not ("suse" or "opensuse")) return;
        grains["os"] = "SUSE";
        if (file["NAME"] == "openSUSE Leap") grains["osfullname"] = "Leap";
        else if (file.GetValueOrDefault("VERSION") == "Tumbleweed") grains["osfullname"] = "Tumbleweed";
        if (cpe is { Vendor: "opensuse", Version.Length: > 0 }) grains["lsb_distrib_release"] = cpe.Version;
    }

    private static void AddRelease(MapValue.Builder grains, string os, string fullName, string release)
    {
        var parts = release.Split('.').Select(Value (p) => p.Length > 0 && p.All(char.IsAsciiDigit) && long.TryParse(p, out var n) ? n : p).ToArray();
        grains["osrelease_info"] = new ListValue([.. parts], isTuple: true);
        if (parts[0] is IntegerValue) grains["osmajorrelease"] = parts[0];
        grains["osfinger"] = $"{(NamedByOs.Contains(os) ? os : fullName)}-{(os is "Ubuntu" or "Pop" ? release : parts[0])}";
    }

    private static string PackageArchitecture(IMachine machine, string family, string cpu) => family switch
    {
        "Debian" => DpkgArchitecture(machine) ?? cpu switch
        {
            "x86_64" => "amd64",
            "aarch64" => "arm64",
            "armv7l" => "armhf",
            "ppc64le" => "ppc64el",
            "i386" or "i486" or "i586" or "i686" => "i386",
            _ => cpu,
        },
        // rpm's %{_host_cpu} calls every 32-bit x86 i686 and leaves the rest alone.
        "RedHat" or "Suse" when cpu is "i386" or "i486" or "i586" => "i686",
        _ => cpu,
    };

    // dpkg is a package of its own native architecture, and its record is quicker to read than dpkg is to start.
    private static string? DpkgArchitecture(IMachine machine)
    {
        var status = machine.ReadText("/var/lib/dpkg/status").AsSpan();
        const string Head = "Package: dpkg\n", Field = "\nArchitecture: ";
        var place = status.StartsWith(Head) ? 0 : status.IndexOf("\n" + Head, StringComparison.Ordinal);
        if (place < 0) return null;
        var record = status[(place + 1)..];
        if (record.IndexOf("\n\n", StringComparison.Ordinal) is >= 0 and var end) record = record[..end];
        var field = record.IndexOf(Field, StringComparison.Ordinal);
        if (field < 0) return null;
        record = record[(field + Field.Length)..];
        return (record.IndexOf('\n') is >= 0 and var stop ? record[..stop] : record).Trim().ToString();
    }

    // "CentOS Linux release 7.9.2009 (Core)": name, release, codename.
    private static (string Name, string Release, string Codename) ReleaseFile(IMachine machine)
    {
        var path = machine.List("/etc").Where(n => n.EndsWith("-release", StringComparison.Ordinal) && n is not ("os-release" or "lsb-release")).Select(n => "/etc/" + n).FirstOrDefault();
        var line = path is null ? "" : machine.ReadText(path)?.Split('\n')[0] ?? "";
        var match = ReleaseLine().Match(line);
        return match.Success ? (match.Groups["name"].Value.Trim(), match.Groups["release"].Value, InBrackets(line) ?? "") : ("", "", "");
    }

    private static string MorePrecise(string left, string right) => right.Count('.') > left.Count('.') || left.Length == 0 ? right : left;

    // cpe:/o:opensuse:leap:15.5 or cpe:2.3:o:amazon:amazon_linux:2
    private static (string Vendor, string Version) PlatformName(string? cpe) => (cpe ?? "").Split(':') switch
    {
        ["cpe", ['/', ..], var vendor, _, var version, ..] => (vendor, version),
        ["cpe", "2.3", _, var vendor, _, var version, ..] => (vendor, version == "*" ? "" : version),
        _ => ("", ""),
    };

    private static string? InBrackets(string? text) => text is not null && Brackets().Match(text) is { Success: true } match ? match.Groups[1].Value : null;

    private static string Text(MapValue.Builder grains, string key) => grains.Get(key)?.AsText() ?? "";

    [GeneratedRegex(@"\((.*?)\)")]
    private static partial Regex Brackets();

    [GeneratedRegex(@"\d+\.\d+")]
    private static partial Regex TwoNumbers();

    [GeneratedRegex(@"^(?<name>.*?)\s+(?:release\s+)?(?<release>\d[\d.]*)")]
    private static partial Regex ReleaseLine();
}
