using System.Collections.Frozen;
using System.Text.RegularExpressions;

namespace SaltActors.Modules.Grains.Os;

/// <summary>The names that Salt's users know distributions and their families by.</summary>
internal static partial class OsNames
{
    // The key is the start of the full name without "Linux" and spaces: lower case, ten characters at most.
    private static readonly FrozenDictionary<string, string> ByShortName = new (string Start, string Os)[]
    {
        ("alibabaclo", "Alinux"), ("almalinux", "AlmaLinux"), ("alt", "ALT"), ("amazonami", "Amazon"), ("antergos", "Antergos"),
        ("arch", "Arch"), ("archarm", "Arch ARM"), ("chapeau", "Chapeau"), ("cloudlinux", "CloudLinux"), ("cloudserve", "CloudLinux"),
        ("debian", "Debian"), ("enterprise", "OEL"), ("fedoraremi", "Fedora"), ("gentoobase", "Gentoo"), ("korora", "Korora"),
        ("linuxmint", "Mint"), ("manjaro", "Manjaro"), ("manjarolin", "Manjaro"), ("mendel", "Mendel"), ("neon", "KDE neon"),
        ("nilrt", "NILinuxRT"), ("oracleserv", "OEL"), ("pidora", "Fedora"), ("poky", "Poky"), ("pop", "Pop"), ("raspbian", "Raspbian"),
        ("redhatente", "RedHat"), ("rocky", "Rocky"), ("scientific", "ScientificLinux"), ("sles", "SUSE"), ("slesexpand", "RES"),
        ("synology", "Synology"), ("univention", "Univention"), ("void", "Void"),
    }.ToFrozenDictionary(n => n.Start, n => n.Os);

    private static readonly FrozenDictionary<string, string> FamilyByOs = new (string Family, string[] Names)[]
    {
        ("Arch", ["Antergos", "Arch ARM", "EndeavourOS", "Manjaro", "Manjaro ARM"]),
        ("Bluewhite", ["Bluewhite64"]),
        ("Debian",
        [
            "AstraLinuxCE", "AstraLinuxSE", "Cumulus", "Deepin", "Devuan", "GCEL", "IDMS", "KDE neon", "Kali", "Linaro", "Mendel", "Mint", "OSMC",
            "Parrot OS", "Pop", "Raspbian", "Trisquel", "TurnKey", "Ubuntu", "Univention", "antiX", "elementary", "elementary OS", "neon",
        ]),
        ("Gentoo", ["Funtoo"]),
        ("Mandriva", ["Mandrake"]),
        ("RedHat",
        [
            "ALT", "Alinux", "AlmaLinux", "Amazon", "CentOS", "CentOS Stream", "Chapeau", "CloudLinux", "FedBerry", "Fedora", "GoOSe", "Korora",
            "OEL", "OVS", "RES", "Rocky", "Sangoma", "Scientific", "ScientificLinux", "VMware Photon OS", "XCP", "XCP-ng", "XenServer",
        ]),
        ("Slackware", ["Slamd64"]),
        ("Suse", ["SLED", "SLES", "SLES_SAP", "SUSE", "SUSE  Enterprise Server", "SUSE Enterprise Server", "openSUSE", "openSUSE Leap", "openSUSE Tumbleweed"]),
        ("VMware", ["VMwareESX"]),
    }.SelectMany(f => f.Names.Select(n => KeyValuePair.Create(n, f.Family))).ToFrozenDictionary();

    /// <summary>The grain <c>os</c> for a distribution's full name; the name itself, without "Linux", where no table knows it.</summary>
    internal static string Os(string fullName, string? id = null)
    {
        switch (id, fullName)
        {
            case ("astra", "Astra Linux (Orel)"): return "AstraLinuxCE";
            case ("astra", "Astra Linux (Smolensk)"): return "AstraLinuxSE";
            case ("pop", "Pop!_OS"): return "Pop";
        }
        var name = LinuxWord().Replace(fullName, "").Trim();
        var shortName = name.Replace(" ", "", StringComparison.Ordinal).ToLowerInvariant();
        return ByShortName.GetValueOrDefault(shortName.Length > 10 ? shortName[..10] : shortName, name);
    }

    /// <summary>The grain <c>os_family</c> for an <c>os</c>; one that stands alone is its own family.</summary>
    internal static string Family(string os) => FamilyByOs.GetValueOrDefault(os, os);

    /// <summary>The family by os-release's <c>ID</c> and <c>ID_LIKE</c>: the oldest ancestor.</summary>
    internal static string Family(string id, string? like)
    {
        var ancestors = (like ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (id is "debian" or "ubuntu" || ancestors.Contains("debian") || ancestors.Contains("ubuntu")) id = "debian";
        else if (ancestors.Length > 0) id = ancestors[^1];
        return id == "fedora" ? "RedHat" : id.Length == 0 ? id : char.ToUpperInvariant(id[0]) + id[1..].ToLowerInvariant();
    }

    [GeneratedRegex(@"\W(?:gnu/)?linux", RegexOptions.IgnoreCase)]
    private static partial Regex LinuxWord();
}
