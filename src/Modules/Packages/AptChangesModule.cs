using System.Collections.Immutable;
using SaltActors.Core.Functions;
using SaltActors.Core.Values;
using SaltActors.Modules.Commands;

namespace SaltActors.Modules.Packages;

/// <summary>The functions of <c>pkg</c> that install and remove on Debian and its kin.</summary>
/// <remarks>Follows Salt 3006, salt/modules/aptpkg.py.</remarks>
public static class AptChangesModule
{
    private static readonly MapValue Unattended = MapValue.Of(("env", MapValue.Of(
        ("APT_LISTBUGS_FRONTEND", "none"), ("APT_LISTCHANGES_FRONTEND", "none"), ("DEBIAN_FRONTEND", "noninteractive"), ("UCF_FORCE_CONFFOLD", "1"))));

    /// <summary>Installs packages.</summary>
    /// <param name="name">The package; several with commas between them.</param>
    /// <param name="refresh">Read the lists of packages anew first.</param>
    /// <param name="fromrepo">The release to install from.</param>
    /// <param name="skipVerify">Install packages that nobody signed.</param>
    /// <param name="pkgs">The packages as a list; an entry may be a map of name to version.</param>
    /// <param name="reinstall">Install again what is installed already.</param>
    /// <param name="downloadonly">Fetch only.</param>
    /// <param name="kwargs"><c>version</c> for a single package; <c>install_recommends</c>, <c>only_upgrade</c>, <c>force_conf_new</c>.</param>
    /// <returns>Package to its <c>old</c> and <c>new</c> version; empty where nothing changed.</returns>
    /// <example><code>salt '*' pkg.install pkgs='["foo", {"bar": "1.2.3-0ubuntu0"}]'</code></example>
    [SaltFunction("pkg.install")]
    public static async Task<MapValue> Install(
        CallContext context, string? name = null, bool refresh = false, string? fromrepo = null, bool skipVerify = false, Value? pkgs = null,
        bool reinstall = false, bool downloadonly = false, [Keywords] MapValue? kwargs = null)
    {
        kwargs ??= MapValue.Empty;
        var wanted = Wanted(name, pkgs, kwargs.Get("version")?.ToString());
        if (wanted.IsEmpty) return MapValue.Empty;
        if (refresh) await AptModule.RefreshDb(context).ConfigureAwait(false);
        var before = await AptModule.ListPkgs(context).ConfigureAwait(false);
        List<string> words = ["apt-get", "-q", "-y"];
        words.AddRange(kwargs.Get("force_conf_new") is { IsTruthy: true }
            ? ["-o", "DPkg::Options::=--force-confnew"]
            : ["-o", "DPkg::Options::=--force-confold", "-o", "DPkg::Options::=--force-confdef"]);
        if (kwargs.Get("install_recommends") is { IsTruthy: false }) words.Add("--no-install-recommends");
        if (kwargs.Get("only_upgrade") is { IsTruthy: true }) words.Add("--only-upgrade");
        if (skipVerify) words.Add("--allow-unauthenticated");
        if (fromrepo is not null) words.AddRange(["-t", fromrepo]);
        if (downloadonly) words.Add("--download-only");
        if (reinstall) words.Add("--reinstall");
        words.Add("install");
        words.AddRange(wanted.Select(w => w.Version is { Length: > 0 } version ? $"{w.Name}={version}" : w.Name));
        return await ChangedAsync(context, words, before, "installing").ConfigureAwait(false);
    }

    /// <summary>Removes packages; their configuration stays.</summary>
    /// <param name="name">The package; several with commas between them.</param>
    /// <param name="pkgs">The packages as a list.</param>
    /// <param name="kwargs">Taken for compatibility.</param>
    /// <returns>Package to its <c>old</c> and <c>new</c> version; empty where nothing changed.</returns>
    /// <example><code>salt '*' pkg.remove pkgs='["foo", "bar"]'</code></example>
    [SaltFunction("pkg.remove")]
    public static Task<MapValue> Remove(CallContext context, string? name = null, Value? pkgs = null, [Keywords] MapValue? kwargs = null)
    {
        _ = kwargs;
        return RemovedAsync(context, "remove", name, pkgs);
    }

    /// <summary>Removes packages and their configuration.</summary>
    /// <param name="name">The package; several with commas between them.</param>
    /// <param name="pkgs">The packages as a list.</param>
    /// <param name="kwargs">Taken for compatibility.</param>
    /// <returns>Package to its <c>old</c> and <c>new</c> version; empty where nothing changed.</returns>
    /// <example><code>salt '*' pkg.purge pkgs='["foo", "bar"]'</code></example>
    [SaltFunction("pkg.purge")]
    public static Task<MapValue> Purge(CallContext context, string? name = null, Value? pkgs = null, [Keywords] MapValue? kwargs = null)
    {
        _ = kwargs;
        return RemovedAsync(context, "purge", name, pkgs);
    }

    /// <summary>Keeps packages at the version that they have.</summary>
    /// <param name="name">The package.</param>
    /// <param name="pkgs">Several, as a list.</param>
    /// <param name="kwargs">Taken for compatibility.</param>
    /// <returns>Package to <c>name</c>, <c>changes</c>, <c>result</c> and <c>comment</c>.</returns>
    /// <example><code>salt '*' pkg.hold foo</code></example>
    [SaltFunction("pkg.hold")]
    public static Task<MapValue> Hold(CallContext context, string? name = null, Value? pkgs = null, [Keywords] MapValue? kwargs = null)
    {
        _ = kwargs;
        return SelectAsync(context, name, pkgs, "hold");
    }

    /// <summary>Lets packages be upgraded again.</summary>
    /// <param name="name">The package.</param>
    /// <param name="pkgs">Several, as a list.</param>
    /// <param name="kwargs">Taken for compatibility.</param>
    /// <returns>Package to <c>name</c>, <c>changes</c>, <c>result</c> and <c>comment</c>.</returns>
    /// <example><code>salt '*' pkg.unhold foo</code></example>
    [SaltFunction("pkg.unhold")]
    public static Task<MapValue> Unhold(CallContext context, string? name = null, Value? pkgs = null, [Keywords] MapValue? kwargs = null)
    {
        _ = kwargs;
        return SelectAsync(context, name, pkgs, "install");
    }

    private static async Task<MapValue> SelectAsync(CallContext context, string? name, Value? pkgs, string selection)
    {
        var (results, isHold) = (new MapValue.Builder(), selection == "hold");
        var selections = await AptModule.GetSelections(context).ConfigureAwait(false);
        foreach (var (package, _) in Wanted(name, pkgs, null))
        {
            var now = selections.FirstOrDefault(s => s.Value is ListValue names && names.Contains(TextValue.Of(package))).Key?.ToString();
            var (changes, result, comment) = (MapValue.Empty, true, $"Package {package} {(isHold ? "is already set to be held" : "is already set not to be held")}.");
            if (now is null) (result, comment) = (false, $"Package {package} not currently held.");
            else if (now != selection)
            {
                var answer = await ProgramCalls.RunAsync(context, ["apt-mark", isHold ? "hold" : "unhold", package]).ConfigureAwait(false);
                if (!answer.IsSuccess) throw new CommandFailed($"apt-mark {package}: {answer.Complaint}");
                (changes, comment) = (MapValue.Of(("old", now), ("new", selection)), isHold ? $"Package {package} is now being held." : $"Package {package} is no longer being held.");
            }
            results[package] = MapValue.Of(("name", package), ("changes", changes), ("result", result), ("comment", comment));
        }
        return results.Build();
    }

    private static async Task<MapValue> RemovedAsync(CallContext context, string action, string? name, Value? pkgs)
    {
        var before = await AptModule.ListPkgs(context).ConfigureAwait(false);
        var there = Wanted(name, pkgs, null).Where(w => before.Has(w.Name)).Select(w => w.Name).ToList();
        return there.Count == 0 ? MapValue.Empty : await ChangedAsync(context, ["apt-get", "-q", "-y", action, .. there], before, "removing").ConfigureAwait(false);
    }

    private static async Task<MapValue> ChangedAsync(CallContext context, List<string> words, MapValue before, string doing)
    {
        var answer = await ProgramCalls.RunAsync(context, [.. words], Unattended).ConfigureAwait(false);
        var after = await AptModule.ListPkgs(context).ConfigureAwait(false);
        if (!answer.IsSuccess) throw new CommandFailed($"Problem encountered {doing} package(s): {answer.Complaint}");
        var changes = new MapValue.Builder();
        foreach (var key in before.Keys.Concat(after.Keys))
            if ((before.Get(key) ?? "") is var old && (after.Get(key) ?? "") is var @new && old != @new) changes[key] = MapValue.Of(("old", old), ("new", @new));
        return changes.Build();
    }

    private static ImmutableArray<(string Name, string? Version)> Wanted(string? name, Value? pkgs, string? version)
    {
        var all = pkgs switch
        {
            null => (ImmutableArray<(string, string?)>)[.. (name ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Select(n => (n, (string?)null))],
            ListValue list => [.. list.Items.SelectMany(Entry)],
            _ => Entry(pkgs).ToImmutableArray(),
        };
        if (version is not null && all is [var single]) all = [(single.Item1, version)];
        // A word that begins with a dash would be an option of apt-get.
        foreach (var (package, _) in all)
            if (package.StartsWith('-')) throw new CommandFailed($"'{package}' is no name of a package");
        return [.. all.Select(p => (p.Item1, p.Item2))];
    }

    private static IEnumerable<(string Name, string? Version)> Entry(Value entry) => entry is MapValue map
        ? map.Select(e => (e.Key.ToString(), e.Value.IsNull ? null : e.Value.ToString()))
        : [(entry.ToString(), null)];
}
