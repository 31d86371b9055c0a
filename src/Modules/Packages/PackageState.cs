using SaltActors.Core.Functions;
using SaltActors.Core.Values;

namespace SaltActors.Modules.Packages;

/// <summary>The states of <c>pkg</c>: installed, latest, removed, purged, held.</summary>
/// <remarks>Follows Salt 3006, salt/states/pkg.py. What differs is found first; test mode tells it, else the package program is asked once for all of it.</remarks>
public static class PackageState
{
    /// <summary>Keeps packages installed.</summary>
    /// <param name="name">The package, where <c>pkgs</c> names none.</param>
    /// <param name="version">The version: as it is, with <c>&gt;=</c>, <c>&lt;</c> … before it, with <c>*</c> in it, or <c>latest</c>.</param>
    /// <param name="refresh">Read the lists of packages anew first; as standard once a run, before the first installation.</param>
    /// <param name="fromrepo">The release to install from.</param>
    /// <param name="skipVerify">Install packages that nobody signed.</param>
    /// <param name="skipSuggestions">Taken for compatibility.</param>
    /// <param name="pkgs">Packages: names, or maps of a name to a version.</param>
    /// <param name="sources">Files of packages: not there in this version.</param>
    /// <param name="allowUpdates">A newer version than the one that is asked for will do.</param>
    /// <param name="pkgVerify">Verify installed files: not there in this version.</param>
    /// <param name="normalize">Taken for compatibility.</param>
    /// <param name="ignoreEpoch">Versions are compared without their epoch.</param>
    /// <param name="reinstall">Install again what is installed already.</param>
    /// <param name="updateHolds">Taken for compatibility.</param>
    /// <param name="hold">Hold the packages (true), or do not (false).</param>
    /// <param name="kwargs">What <c>pkg.install</c> takes.</param>
    [SaltState("pkg.installed")]
    public static async Task<MapValue> Installed(
        CallContext context, string name, Value? version = null, bool? refresh = null, string? fromrepo = null, bool skipVerify = false, bool skipSuggestions = false, Value? pkgs = null, Value? sources = null,
        bool allowUpdates = false, bool pkgVerify = false, bool normalize = true, bool ignoreEpoch = false, bool reinstall = false, bool updateHolds = false, bool? hold = null, [Keywords] MapValue? kwargs = null)
    {
        _ = (skipSuggestions, normalize, updateHolds);
        if (sources is { IsTruthy: true }) return StateResult.Failed(name, "sources: packages from files cannot be installed in this version");
        if (pkgVerify) return StateResult.Failed(name, "pkg_verify: installed files cannot be verified in this version");
        if (pkgs is ListValue { Count: 0 }) return StateResult.Of(name, true, "No packages to install provided");
        var wanted = PackageWish.Of(name, version, pkgs);
        if (wanted is null) return StateResult.Failed(name, "Invalidly formatted 'pkgs' parameter. See minion log.");
        var there = await InstalledAsync(context).ConfigureAwait(false);
        var missing = new List<PackageWish>();
        foreach (var wish in wanted)
            if (reinstall || !await IsMetAsync(context, wish, there, allowUpdates, ignoreEpoch).ConfigureAwait(false)) missing.Add(wish);
        var hasVersions = wanted.Exists(w => w.Version is not null);
        if (missing.Count == 0)
        {
            var done = "All specified packages are already installed" + (hasVersions ? " and are at the desired version" : "");
            return hold is null ? StateResult.Of(name, true, done) : await HeldAsync(context, name, wanted, hold.Value, done + ".", MapValue.Empty).ConfigureAwait(false);
        }
        if (context.IsTest)
            return StateResult.Of(name, null, $"The following packages would be installed/updated: {Names(missing)}",
                MapValue.From(missing.Select(m => KeyValuePair.Create(m.Name, (Value)MapValue.Of(("new", "installed"), ("old", ""))))));
        MapValue changes;
        try
        {
            var options = (kwargs ?? MapValue.Empty).Where(k => !k.Key.ToString().StartsWith("__", StringComparison.Ordinal) && k.Key.AsText() is not ("saltenv" or "sfun"));
            var arguments = MapValue.From(options).With("refresh", IsFirst(context, refresh)).With("skip_verify", skipVerify).With("reinstall", reinstall)
                .With("pkgs", ListValue.From(missing.Select(Value (m) => m.IsExact ? MapValue.Of((m.Name, m.Version!)) : m.Name)));
            if (fromrepo is not null) arguments = arguments.With("fromrepo", fromrepo);
            changes = (MapValue)await context.Call("pkg.install", new CallArguments([], arguments)).ConfigureAwait(false);
        }
        catch (CommandFailed failed)
        {
            return StateResult.Failed(name, $"Problem encountered installing package(s). Additional info follows:\n\nerrors:\n    - {Indented(failed.Message)}");
        }
        there = await InstalledAsync(context).ConfigureAwait(false);
        var failures = new List<PackageWish>();
        foreach (var wish in missing) if (!await IsMetAsync(context, wish, there, allowUpdates, ignoreEpoch).ConfigureAwait(false)) failures.Add(wish);
        var comments = new List<string>();
        if (missing.Except(failures).ToList() is { Count: > 0 } good) comments.Add($"The following packages were installed/updated: {string.Join(", ", good.Select(g => g.ToString()))}");
        if (wanted.Except(missing).ToList() is { Count: > 0 } before) comments.Add($"The following packages were already installed: {string.Join(", ", before.Select(g => g.ToString()))}");
        if (failures.Count > 0) comments.Add($"The following packages failed to install/update: {string.Join(", ", failures.Select(g => g.ToString()))}");
        var comment = string.Join('\n', comments);
        if (failures.Count > 0) return StateResult.Of(name, false, comment, changes);
        return hold is null ? StateResult.Of(name, true, comment, changes) : await HeldAsync(context, name, wanted, hold.Value, comment, changes).ConfigureAwait(false);
    }

    /// <summary>Keeps packages at the newest version that there is.</summary>
    /// <param name="name">The package, where <c>pkgs</c> names none.</param>
    /// <param name="refresh">Read the lists of packages anew first.</param>
    /// <param name="fromrepo">The release to install from.</param>
    /// <param name="skipVerify">Install packages that nobody signed.</param>
    /// <param name="pkgs">Packages.</param>
    /// <param name="watchFlags">Taken for compatibility.</param>
    /// <param name="kwargs">What <c>pkg.install</c> takes.</param>
    [SaltState("pkg.latest")]
    public static async Task<MapValue> Latest(
        CallContext context, string name, bool? refresh = null, string? fromrepo = null, bool skipVerify = false, Value? pkgs = null, bool watchFlags = true, [Keywords] MapValue? kwargs = null)
    {
        _ = watchFlags;
        var wanted = PackageWish.Of(name, null, pkgs);
        if (wanted is null) return StateResult.Failed(name, "Invalidly formatted \"pkgs\" parameter. See minion log.");
        if (IsFirst(context, refresh) && !context.IsTest) await context.Call("pkg.refresh_db").ConfigureAwait(false);
        var there = await InstalledAsync(context).ConfigureAwait(false);
        var behind = new List<PackageWish>();
        var unknown = new List<string>();
        foreach (var wish in wanted)
        {
            var latest = (await context.Call("pkg.latest_version", wish.Name).ConfigureAwait(false)).AsText() ?? "";
            if (latest.Length > 0) behind.Add(wish);
            else if (!there.Has(wish.Name)) unknown.Add(wish.Name);
        }
        if (unknown.Count > 0) return StateResult.Failed(name, string.Join('\n', unknown.Select(u => $"No information found for '{u}'.")));
        var ready = wanted.Except(behind).ToList();
        if (behind.Count == 0)
            return StateResult.Of(name, true, wanted.Count == 1 ? $"Package {wanted[0].Name} is already up-to-date" : $"All packages are up-to-date ({string.Join(", ", wanted.Select(w => w.Name).Order(StringComparer.Ordinal))}).");
        if (context.IsTest)
            return StateResult.Of(name, null, $"The following packages would be installed/upgraded: {Names(behind)}" + (ready.Count == 0 ? ""
                : $"\nThe following packages are already up-to-date: {string.Join(", ", ready.Select(r => $"{r.Name} ({there.Get(r.Name)})"))}"));
        try
        {
            var arguments = MapValue.Of(("pkgs", ListValue.OfTexts(behind.Select(b => b.Name))), ("skip_verify", skipVerify));
            if (fromrepo is not null) arguments = arguments.With("fromrepo", fromrepo);
            foreach (var (key, value) in kwargs ?? MapValue.Empty) if (!key.ToString().StartsWith("__", StringComparison.Ordinal) && key.AsText() is { } text and not ("saltenv" or "sfun")) arguments = arguments.With(text, value);
            var changes = (MapValue)await context.Call("pkg.install", new CallArguments([], arguments)).ConfigureAwait(false);
            var failed = behind.Where(b => !changes.Has(b.Name)).ToList();
            if (failed.Count > 0) return StateResult.Of(name, false, $"The following packages failed to update: {Names(failed)}", changes);
            return StateResult.Of(name, true, $"The following packages were successfully installed/upgraded: {Names(behind)}" + (ready.Count == 0 ? "" : $" The following packages were already up-to-date: {Names(ready)}"), changes);
        }
        catch (CommandFailed failed)
        {
            return StateResult.Failed(name, $"An error was encountered while installing package(s): {failed.Message}");
        }
    }

    /// <summary>Keeps packages away; their configuration stays.</summary>
    /// <param name="name">The package, where <c>pkgs</c> names none.</param>
    /// <param name="version">Only this version.</param>
    /// <param name="pkgs">Packages.</param>
    /// <param name="normalize">Taken for compatibility.</param>
    /// <param name="ignoreEpoch">Versions are compared without their epoch.</param>
    /// <param name="kwargs">Taken for compatibility.</param>
    [SaltState("pkg.removed")]
    public static Task<MapValue> Removed(CallContext context, string name, Value? version = null, Value? pkgs = null, bool normalize = true, bool ignoreEpoch = false, [Keywords] MapValue? kwargs = null)
    {
        _ = (normalize, kwargs);
        return GoneAsync(context, name, version, pkgs, ignoreEpoch, "remove", "removed", "All specified packages are already absent");
    }

    /// <summary>Keeps packages and their configuration away.</summary>
    /// <param name="name">The package, where <c>pkgs</c> names none.</param>
    /// <param name="version">Only this version.</param>
    /// <param name="pkgs">Packages.</param>
    /// <param name="normalize">Taken for compatibility.</param>
    /// <param name="ignoreEpoch">Versions are compared without their epoch.</param>
    /// <param name="kwargs">Taken for compatibility.</param>
    [SaltState("pkg.purged")]
    public static Task<MapValue> Purged(CallContext context, string name, Value? version = null, Value? pkgs = null, bool normalize = true, bool ignoreEpoch = false, [Keywords] MapValue? kwargs = null)
    {
        _ = (normalize, kwargs);
        return GoneAsync(context, name, version, pkgs, ignoreEpoch, "purge", "purged", "None of the targeted packages are installed or partially installed");
    }

    private static async Task<MapValue> GoneAsync(CallContext context, string name, Value? version, Value? pkgs, bool ignoreEpoch, string action, string done, string nothing)
    {
        var wanted = PackageWish.Of(name, version, pkgs);
        if (wanted is null) return StateResult.Failed(name, "Invalidly formatted 'pkgs' parameter. See minion log.");
        var there = await InstalledAsync(context).ConfigureAwait(false);
        var leftovers = action == "purge" ? (MapValue)await context.Call("pkg.list_pkgs", new CallArguments([], MapValue.Of(("removed", true)))).ConfigureAwait(false) : MapValue.Empty;
        var targets = new List<PackageWish>();
        foreach (var wish in wanted)
            if ((there.Has(wish.Name) && (wish.Version is null || await IsMetAsync(context, wish, there, false, ignoreEpoch).ConfigureAwait(false))) || leftovers.Has(wish.Name)) targets.Add(wish);
        if (targets.Count == 0) return StateResult.Of(name, true, wanted.Exists(w => w.Version is not null) ? "All specified packages (matching specified versions) are already absent" : nothing);
        if (context.IsTest)
            return StateResult.Of(name, null, $"The following packages will be {done}: {Names(targets)}.", MapValue.From(targets.Select(t => KeyValuePair.Create(t.Name, (Value)MapValue.Of(("new", done), ("old", ""))))));
        MapValue changes;
        try
        {
            changes = (MapValue)await context.Call($"pkg.{action}", new CallArguments([], MapValue.Of(("pkgs", ListValue.OfTexts(targets.Select(t => t.Name)))))).ConfigureAwait(false);
        }
        catch (CommandFailed failed)
        {
            return StateResult.Failed(name, failed.Message);
        }
        there = await InstalledAsync(context).ConfigureAwait(false);
        var left = targets.Where(t => there.Has(t.Name)).ToList();
        if (action == "purge") changes = MapValue.Of(("installed", changes), ("removed", MapValue.Empty));
        if (left.Count > 0) return StateResult.Of(name, false, $"The following packages failed to {action}: {Names(left)}.", changes);
        var absent = wanted.Except(targets).ToList();
        return StateResult.Of(name, true, absent.Count == 0 ? $"All targeted packages were {done}." : $"The following packages were not installed: {Names(absent)} The following packages were {done}: {Names(targets)}.", changes);
    }

    private static async Task<MapValue> HeldAsync(CallContext context, string name, IReadOnlyList<PackageWish> packages, bool hold, string comment, MapValue changes)
    {
        var held = ((MapValue)await context.Call("pkg.get_selections", new CallArguments([], MapValue.Of(("state", "hold")))).ConfigureAwait(false)).Get("hold") as ListValue ?? ListValue.Empty;
        var (lines, result) = (new List<string> { comment }, (bool?)true);
        foreach (var package in packages)
        {
            if (held.Contains(TextValue.Of(package.Name)) == hold)
            {
                lines.Add($"Package {package.Name} is already set {(hold ? "" : "not ")}to be held.");
                continue;
            }
            if (context.IsTest)
            {
                result = null;
                lines.Add($"Package {package.Name} is set {(hold ? "" : "not ")}to be held.");
                continue;
            }
            await context.Call(hold ? "pkg.hold" : "pkg.unhold", package.Name).ConfigureAwait(false);
            changes = changes.With(package.Name, MapValue.Of(("old", hold ? "install" : "hold"), ("new", hold ? "hold" : "install")));
            lines.Add(hold ? $"Package {package.Name} is now being held." : $"Package {package.Name} is no longer being held.");
        }
        return StateResult.Of(name, result, string.Join('\n', lines), changes);
    }

    private static async Task<MapValue> InstalledAsync(CallContext context) => (MapValue)await context.Call("pkg.list_pkgs").ConfigureAwait(false);

    private static async Task<bool> IsMetAsync(CallContext context, PackageWish wish, MapValue there, bool allowUpdates, bool ignoreEpoch)
    {
        // A package that another one stands for has no version of its own.
        if (there.TextOf(wish.Name) is not { } versions) return false;
        if (wish.Version is null) return true;
        if (wish.Version == "latest") return ((await context.Call("pkg.latest_version", wish.Name).ConfigureAwait(false)).AsText() ?? "").Length == 0;
        foreach (var version in versions.Split(','))
            if (await wish.FitsAsync(version, async (a, b) => (int)((await context.Call("pkg.version_cmp", a, b, ignoreEpoch).ConfigureAwait(false)).AsInteger() ?? 0), allowUpdates).ConfigureAwait(false)) return true;
        return false;
    }

    // The lists are read anew once a run, by the first that needs them.
    private static bool IsFirst(CallContext context, bool? refresh) => refresh ?? context.Memory.TryAdd("pkg.refreshed", true);

    private static string Names(IEnumerable<PackageWish> packages) => string.Join(", ", packages.Select(p => p.Name).Order(StringComparer.Ordinal));
    private static string Indented(string text) => text.TrimEnd().Replace("\n", "\n      ", StringComparison.Ordinal);
}
