using SaltActors.Core.Functions;
using SaltActors.Core.Values;
using SaltActors.Modules.Commands;

namespace SaltActors.Modules.Packages;

/// <summary>The module <c>pkg</c> of Debian and its kin: what is installed, and what could be.</summary>
/// <remarks>Follows Salt 3006, salt/modules/aptpkg.py.</remarks>
public static class AptModule
{
    /// <summary>The installed packages.</summary>
    /// <param name="versionsAsList">Give versions as a list.</param>
    /// <param name="removed">The packages that are removed but have left configuration behind.</param>
    /// <param name="purgeDesired">The packages that are installed and to be purged.</param>
    /// <param name="kwargs">Taken for compatibility.</param>
    /// <returns>Name to version.</returns>
    /// <example><code>salt '*' pkg.list_pkgs</code></example>
    [SaltFunction("pkg.list_pkgs")]
    public static async Task<MapValue> ListPkgs(
        CallContext context, bool versionsAsList = false, bool removed = false, bool purgeDesired = false, [Keywords] MapValue? kwargs = null)
    {
        _ = kwargs;
        var all = new MapValue.Builder();
        foreach (var package in await AptPrograms.PackagesAsync(context).ConfigureAwait(false))
        {
            var isMeant = removed ? package.State == "config-files" || package.Wanted == "deinstall"
                : purgeDesired ? package.Wanted == "purge" && package.State == "installed"
                : package is { State: "installed", Wanted: "install" or "hold" };
            if (isMeant) all[package.Name] = versionsAsList ? ListValue.OfTexts([package.Version]) : package.Version;
        }
        return all.Build();
    }

    /// <summary>The installed version of packages; empty text where one is not installed.</summary>
    /// <param name="names">The packages.</param>
    /// <param name="kwargs">Taken for compatibility.</param>
    /// <returns>Text for one package, else name to version.</returns>
    /// <example><code>salt '*' pkg.version bash apache2</code></example>
    [SaltFunction("pkg.version")]
    public static async Task<Value> Version(CallContext context, [Rest] ListValue names, [Keywords] MapValue kwargs)
    {
        _ = kwargs;
        var all = await ListPkgs(context).ConfigureAwait(false);
        return OneOrMany(names, name => all.TextOf(name) ?? "");
    }

    /// <summary>The version that could be installed; empty text where it is installed already.</summary>
    /// <param name="names">The packages.</param>
    /// <param name="kwargs"><c>refresh</c>: read the lists of packages anew first (true).</param>
    /// <returns>Text for one package, else name to version.</returns>
    /// <example><code>salt '*' pkg.latest_version bash</code></example>
    [SaltFunction("pkg.latest_version")]
    [SaltFunction("pkg.available_version")]
    public static async Task<Value> LatestVersion(CallContext context, [Rest] ListValue names, [Keywords] MapValue kwargs)
    {
        if (kwargs.Get("refresh") is not { IsTruthy: false }) await RefreshDb(context).ConfigureAwait(false);
        var latest = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var name in names.Select(n => n.ToString()))
        {
            var policy = await ProgramCalls.RunAsync(context, "apt-cache", "-q", "policy", name).ConfigureAwait(false);
            var (installed, candidate) = (AptPrograms.Field(policy.Stdout, "Installed"), AptPrograms.Field(policy.Stdout, "Candidate"));
            var isNewer = candidate is not (null or "(none)") && (installed is null or "(none)" || DebianVersion.Compare(candidate, installed) > 0);
            latest[name] = isNewer ? candidate! : "";
        }
        return OneOrMany(names, name => latest[name]);
    }

    /// <summary>Whether there is a newer version of a package.</summary>
    /// <param name="name">The package.</param>
    /// <param name="kwargs"><c>refresh</c>: read the lists of packages anew first (true).</param>
    /// <example><code>salt '*' pkg.upgrade_available bash</code></example>
    [SaltFunction("pkg.upgrade_available")]
    public static async Task<bool> UpgradeAvailable(CallContext context, string name, [Keywords] MapValue kwargs) =>
        (await LatestVersion(context, [name], kwargs).ConfigureAwait(false)).IsTruthy;

    /// <summary>The packages that an upgrade would change, with their new versions.</summary>
    /// <param name="refresh">Read the lists of packages anew first.</param>
    /// <param name="distUpgrade">As <c>dist-upgrade</c> does: install and remove others where it must be.</param>
    /// <param name="kwargs">Taken for compatibility.</param>
    /// <example><code>salt '*' pkg.list_upgrades</code></example>
    [SaltFunction("pkg.list_upgrades")]
    public static async Task<MapValue> ListUpgrades(CallContext context, bool refresh = true, bool distUpgrade = true, [Keywords] MapValue? kwargs = null)
    {
        _ = kwargs;
        if (refresh) await RefreshDb(context).ConfigureAwait(false);
        var answer = await ProgramCalls.RunAsync(context, "apt-get", "--just-print", distUpgrade ? "dist-upgrade" : "upgrade").ConfigureAwait(false);
        if (!answer.IsSuccess) throw new CommandFailed($"Problem encountered listing upgrades: {answer.Complaint}");
        return AptPrograms.Upgrades(answer.Stdout);
    }

    /// <summary>Compares two versions as dpkg does.</summary>
    /// <param name="pkg1">One version.</param>
    /// <param name="pkg2">The other.</param>
    /// <param name="ignoreEpoch">Compare what stands behind the colon only.</param>
    /// <param name="kwargs">Taken for compatibility.</param>
    /// <returns>-1, 0 or 1.</returns>
    /// <example><code>salt '*' pkg.version_cmp '0.2.4-0ubuntu1' '0.2.4.1-0ubuntu1'</code></example>
    [SaltFunction("pkg.version_cmp")]
    public static int VersionCmp(string pkg1, string pkg2, bool ignoreEpoch = false, [Keywords] MapValue? kwargs = null)
    {
        _ = kwargs;
        return DebianVersion.Compare(pkg1, pkg2, ignoreEpoch);
    }

    /// <summary>The packages that files belong to; empty text where a file belongs to none.</summary>
    /// <param name="paths">The files.</param>
    /// <param name="kwargs">Taken for compatibility.</param>
    /// <returns>Text for one file, else path to package.</returns>
    /// <example><code>salt '*' pkg.owner /usr/bin/apachectl /usr/bin/basename</code></example>
    [SaltFunction("pkg.owner")]
    public static async Task<Value> Owner(CallContext context, [Rest] ListValue paths, [Keywords] MapValue kwargs)
    {
        _ = kwargs;
        var owners = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var path in paths.Select(p => p.ToString()))
        {
            var answer = await ProgramCalls.RunAsync(context, "dpkg", "-S", path).ConfigureAwait(false);
            owners[path] = answer.Stdout.IndexOf(": ", StringComparison.Ordinal) is > 0 and var at && answer.IsSuccess ? AptPrograms.WithoutArch(answer.Stdout[..at]) : "";
        }
        return OneOrMany(paths, path => owners[path]);
    }

    /// <summary>The files of packages, in one list.</summary>
    /// <param name="packages">The packages.</param>
    /// <param name="kwargs">Taken for compatibility.</param>
    /// <returns>A map: <c>errors</c>, <c>files</c>.</returns>
    /// <example><code>salt '*' pkg.file_list hostname</code></example>
    [SaltFunction("pkg.file_list")]
    public static async Task<MapValue> FileList(CallContext context, [Rest] ListValue packages, [Keywords] MapValue kwargs)
    {
        var dict = await FileDict(context, packages, kwargs).ConfigureAwait(false);
        var files = dict.MapOf("packages").Values.OfType<ListValue>().SelectMany(f => f.Items).Select(f => f.ToString());
        return MapValue.Of(("errors", dict.ListOf("errors")), ("files", ListValue.OfTexts(files.Distinct().Order(PythonOrder.ByCodePoint))));
    }

    /// <summary>The files of packages, by package.</summary>
    /// <param name="packages">The packages.</param>
    /// <param name="kwargs">Taken for compatibility.</param>
    /// <returns>A map: <c>errors</c>, <c>packages</c>.</returns>
    /// <example><code>salt '*' pkg.file_dict hostname</code></example>
    [SaltFunction("pkg.file_dict")]
    public static async Task<MapValue> FileDict(CallContext context, [Rest] ListValue packages, [Keywords] MapValue kwargs)
    {
        _ = kwargs;
        var (errors, found) = (new List<string>(), new MapValue.Builder());
        foreach (var name in packages.Select(p => p.ToString()))
        {
            var answer = await ProgramCalls.RunAsync(context, "dpkg", "-L", name).ConfigureAwait(false);
            if (answer.IsSuccess) found[name] = ListValue.OfTexts(answer.Stdout.Split('\n').Where(l => l.StartsWith('/')));
            else errors.Add(answer.Complaint);
        }
        return MapValue.Of(("errors", ListValue.OfTexts(errors)), ("packages", found.Build()));
    }

    /// <summary>What dpkg is told to do with packages, by state: <c>install</c>, <c>hold</c>, <c>deinstall</c> …</summary>
    /// <param name="pattern">Only packages that this shell pattern fits.</param>
    /// <param name="state">Only this state.</param>
    /// <example><code>salt '*' pkg.get_selections state=hold</code></example>
    [SaltFunction("pkg.get_selections")]
    public static async Task<MapValue> GetSelections(CallContext context, string? pattern = null, string? state = null)
    {
        var answer = await ProgramCalls.RunAsync(context, ["dpkg", "--get-selections", .. pattern is null ? Array.Empty<string>() : [pattern]]).ConfigureAwait(false);
        return MapValue.From(answer.Stdout.Split('\n').Select(l => l.Split((char[])[' ', '\t'], StringSplitOptions.RemoveEmptyEntries)).Where(f => f.Length == 2)
            .GroupBy(f => f[1]).Where(g => state is null || g.Key == state)
            .Select(g => KeyValuePair.Create(g.Key, (Value)ListValue.OfTexts(g.Select(f => f[0])))));
    }

    /// <summary>Reads the lists of packages anew.</summary>
    /// <param name="cacheValidTime">Taken for compatibility: the lists are always read.</param>
    /// <param name="failhard">Fail where a source cannot be read.</param>
    /// <param name="kwargs">Taken for compatibility.</param>
    /// <returns>Source to true (new), false (failed) or null (unchanged).</returns>
    /// <example><code>salt '*' pkg.refresh_db</code></example>
    [SaltFunction("pkg.refresh_db")]
    public static async Task<MapValue> RefreshDb(CallContext context, int cacheValidTime = 0, bool failhard = false, [Keywords] MapValue? kwargs = null)
    {
        _ = (cacheValidTime, kwargs);
        var answer = await ProgramCalls.RunAsync(context, "apt-get", "-q", "update").ConfigureAwait(false);
        if (!answer.IsSuccess) throw new CommandFailed(answer.Stderr);
        var sources = AptPrograms.Sources(answer.Stdout);
        if (failhard && sources.Where(s => s.Value is BoolValue { IsTrue: false }).Select(s => s.Key.ToString()).ToList() is { Count: > 0 } failed)
            throw new CommandFailed($"Error getting repos: {string.Join(", ", failed)}");
        return sources;
    }

    /// <summary>A package's name without the machine it is for.</summary>
    /// <param name="name">The name, as <c>zsh:amd64</c>.</param>
    /// <example><code>salt '*' pkg.normalize_name zsh:amd64</code></example>
    [SaltFunction("pkg.normalize_name")]
    public static string NormalizeName(CallContext context, string name) =>
        name.IndexOf(':') is > 0 and var at && name[(at + 1)..] is var arch && (arch is "all" or "any" || arch == (context.Grains.TextOf("osarch") ?? "amd64")) ? name[..at] : name;

    private static Value OneOrMany(ListValue names, Func<string, string> find) => names.Count switch
    {
        0 => "",
        1 => find(names[0].ToString()),
        _ => MapValue.From(names.Select(n => KeyValuePair.Create(n, (Value)find(n.ToString())))),
    };
}
