using SaltActors.Core.Functions;
using SaltActors.Core.Values;
using SaltActors.Modules.Files;

namespace SaltActors.Modules.Git;

/// <summary>The states of <c>git</c>: latest, cloned, detached, present, config_set, config_unset, by the program <c>git</c>.</summary>
/// <remarks>Follows Salt 3006, salt/states/git.py.</remarks>
public static class GitState
{
    /// <summary>Keeps a clone at the newest revision of a branch, or at a tag or commit.</summary>
    /// <param name="name">The address of the repository.</param>
    /// <param name="target">The folder of the clone.</param>
    /// <param name="rev">Branch, tag or commit; the remote's HEAD as standard.</param>
    /// <param name="branch">The local branch; named as the remote one as standard.</param>
    /// <param name="user">Who runs git.</param>
    /// <param name="updateHead">False: fetch only.</param>
    /// <param name="forceCheckout">Throw changes away to check out another branch.</param>
    /// <param name="forceClone">Clone into a folder that is not empty: it is removed first.</param>
    /// <param name="forceFetch">Fetch over branches that were rewritten.</param>
    /// <param name="forceReset">Throw away what the remote does not have: commits and changes.</param>
    /// <param name="submodules">Update submodules too.</param>
    /// <param name="bare">A clone without working files.</param>
    /// <param name="mirror">A mirror.</param>
    /// <param name="remote">The remote's name.</param>
    /// <param name="depth">How many commits are cloned.</param>
    /// <param name="identity">The key for ssh.</param>
    /// <param name="kwargs">Taken for compatibility.</param>
    [SaltState("git.latest")]
    public static async Task<MapValue> Latest(
        CallContext context, string name, string? target = null, string? rev = null, string? branch = null, string? user = null, bool updateHead = true, bool forceCheckout = false, bool forceClone = false,
        bool forceFetch = false, [System.ComponentModel.DefaultValue(false)] Value? forceReset = null, bool submodules = false, bool bare = false, bool mirror = false, string remote = "origin", int? depth = null,
        Value? identity = null, [Keywords] MapValue? kwargs = null)
    {
        _ = kwargs;
        if (target is not { Length: > 0 }) return StateResult.Failed(name, "'target' option is required");
        if (!Path.IsPathRooted(target)) return StateResult.Failed(name, $"target '{target}' is not an absolute path");
        var git = new GitProgram(context, target, user, identity);
        try
        {
            var refs = await git.RemoteRefsAsync(name).ConfigureAwait(false);
            var (wanted, isBranch) = Resolve(refs, rev);
            if (wanted is null) return StateResult.Failed(name, rev is null ? $"Remote '{name}' has no HEAD: it is empty" : $"No revision matching '{rev}' exists in the remote repository");
            if (!git.IsRepository)
            {
                if (Directory.Exists(target) && Directory.EnumerateFileSystemEntries(target).Any() && !forceClone)
                    return StateResult.Failed(name, $"Target '{target}' exists, is non-empty and is not a git repository. Set the 'force_clone' option to True to remove this directory's contents and proceed with cloning the remote repository");
                if (context.IsTest) return StateResult.Of(name, null, $"Repository {name} would be cloned to {target}", MapValue.Of(("new", $"{name} => {target}")));
                if (forceClone && Directory.Exists(target)) Directory.Delete(target, recursive: true);
                await git.CloneAsync(name, bare, mirror, remote, depth, isBranch ? rev : null).ConfigureAwait(false);
                if (!bare && !mirror)
                {
                    if (rev is not null && !isBranch) await git.RunAsync("checkout", "-q", wanted).ConfigureAwait(false);
                    if (branch is not null && branch != await git.BranchAsync().ConfigureAwait(false)) await git.RunAsync("checkout", "-q", "-B", branch, wanted).ConfigureAwait(false);
                    if (submodules) await git.RunAsync("submodule", "update", "--init", "--recursive").ConfigureAwait(false);
                }
                var changes = MapValue.Of(("new", $"{name} => {target}"));
                if (!bare && !mirror) changes = changes.With("revision", MapValue.Of(("old", Value.Null), ("new", await git.HeadAsync().ConfigureAwait(false) ?? "")));
                return StateResult.Of(name, true, $"{name} cloned to {target}{(rev is null ? "" : $" with {(isBranch ? "branch" : "rev")} '{rev}'")}", changes);
            }
            if (bare || mirror)
            {
                if (context.IsTest) return StateResult.Of(name, null, $"Bare repository at {target} would be fetched");
                var before = await git.RunAsync("show-ref").ConfigureAwait(false);
                await git.RunAsync("fetch", "-q", "--prune", remote, mirror ? "+refs/*:refs/*" : "+refs/heads/*:refs/heads/*").ConfigureAwait(false);
                return before == await git.RunAsync("show-ref").ConfigureAwait(false) ? StateResult.Of(name, true, $"Repository {target} is up-to-date") : StateResult.Of(name, true, $"Repository {target} was updated", MapValue.Of(("fetched", true)));
            }
            return await UpdateAsync(context, name, git, new Update(target, rev, branch, remote, wanted, isBranch, updateHead, forceCheckout, forceFetch, forceReset?.IsTruthy ?? false, submodules)).ConfigureAwait(false);
        }
        catch (CommandFailed failed)
        {
            return StateResult.Failed(name, failed.Message);
        }
    }

    private sealed record Update(string Target, string? Rev, string? Branch, string Remote, string Wanted, bool IsBranch, bool UpdatesHead, bool ForcesCheckout, bool ForcesFetch, bool ForcesReset, bool HasSubmodules);

    private static async Task<MapValue> UpdateAsync(CallContext context, string name, GitProgram git, Update update)
    {
        var (head, target) = (await git.HeadAsync().ConfigureAwait(false), update.Target);
        var url = (await git.TryAsync("config", "--get", $"remote.{update.Remote}.url").ConfigureAwait(false))?.Trim();
        var changes = MapValue.Empty;
        if (url != name)
        {
            changes = changes.With("remotes/" + update.Remote, MapValue.Of(("old", url is null ? Value.Null : url), ("new", name)));
            if (!context.IsTest) await git.RunAsync("remote", url is null ? "add" : "set-url", update.Remote, name).ConfigureAwait(false);
        }
        if (head == update.Wanted && changes.Count == 0) return StateResult.Of(name, true, $"Repository {target} is up-to-date");
        if (head == update.Wanted)
            return context.IsTest ? StateResult.Of(name, null, $"Remote '{update.Remote}' would be set to {name}", changes) : StateResult.Of(name, true, $"Remote '{update.Remote}' was set to {name}", changes);
        if (!context.IsTest) await git.RunAsync(["fetch", "-q", "--tags", .. update.ForcesFetch ? ["--force"] : Array.Empty<string>(), update.Remote]).ConfigureAwait(false);
        var isKnown = await git.TryAsync("cat-file", "-e", update.Wanted + "^{commit}").ConfigureAwait(false) is not null;
        // Of a revision that was not fetched nobody can say how it lies to what is here.
        var isForward = !isKnown || (head is null || await git.TryAsync("merge-base", "--is-ancestor", head, update.Wanted).ConfigureAwait(false) is not null);
        var isDirty = (await git.RunAsync("status", "--porcelain", "--untracked-files=no").ConfigureAwait(false)).Trim().Length > 0;
        if (!isForward && !update.ForcesReset)
        {
            var own = await git.BranchAsync().ConfigureAwait(false);
            return StateResult.Failed(name, $"Repository would be updated to {update.Wanted[..7]}, but this is not a fast-forward merge. Set 'force_reset' to True to force this update."
                + (update.Rev is not null && own is not null && own != update.Rev ? $" The desired rev ({update.Rev}) differs from the name of the local branch ({own}), if the desired rev is a branch name then a forced update could possibly be avoided by setting the 'branch' argument to '{update.Rev}' instead." : ""));
        }
        if (isDirty && !update.ForcesReset && !update.ForcesCheckout) return StateResult.Failed(name, $"Repository {target} has uncommitted changes. Set 'force_reset' to True to force them to be thrown away.");
        changes = changes.With("revision", MapValue.Of(("old", head is null ? Value.Null : head), ("new", update.Wanted)));
        if (!update.UpdatesHead) return StateResult.Of(name, true, $"Repository {target} was fetched; update_head is False, so that {head} stays checked out");
        if (context.IsTest) return StateResult.Of(name, null, $"Repository {target} would be {(isForward ? "fast-forwarded" : "hard-reset")} to {update.Wanted[..7]}", changes);
        var current = await git.BranchAsync().ConfigureAwait(false);
        var local = update.Branch ?? (update.IsBranch ? update.Rev ?? current : current);
        if (local is not null && local != current) await git.RunAsync(["checkout", "-q", .. update.ForcesCheckout ? ["-f"] : Array.Empty<string>(), "-B", local, update.Wanted]).ConfigureAwait(false);
        else if (isForward && !isDirty) await git.RunAsync("merge", "-q", "--ff-only", update.Wanted).ConfigureAwait(false);
        else await git.RunAsync("reset", "-q", "--hard", update.Wanted).ConfigureAwait(false);
        if (update.HasSubmodules) await git.RunAsync("submodule", "update", "--init", "--recursive").ConfigureAwait(false);
        return StateResult.Of(name, true, $"Repository {target} was {(isForward ? "fast-forwarded" : "hard-reset")} to {update.Wanted[..7]}", changes);
    }

    /// <summary>Keeps a clone, whatever is checked out in it.</summary>
    /// <param name="name">The address of the repository.</param>
    /// <param name="target">The folder of the clone.</param>
    /// <param name="branch">The branch that is checked out.</param>
    /// <param name="user">Who runs git.</param>
    /// <param name="identity">The key for ssh.</param>
    /// <param name="kwargs">Taken for compatibility.</param>
    [SaltState("git.cloned")]
    public static async Task<MapValue> Cloned(CallContext context, string name, string? target = null, string? branch = null, string? user = null, Value? identity = null, [Keywords] MapValue? kwargs = null)
    {
        _ = kwargs;
        if (target is not { Length: > 0 }) return StateResult.Failed(name, "'target' argument is required");
        var git = new GitProgram(context, target, user, identity);
        try
        {
            if (!git.IsRepository)
            {
                if (context.IsTest) return StateResult.Of(name, null, $"{name} would be cloned to {target}", MapValue.Of(("new", $"{name} => {target}")));
                await git.CloneAsync(name, false, false, "origin", null, branch).ConfigureAwait(false);
                return StateResult.Of(name, true, $"{name} cloned to {target}", MapValue.Of(("new", $"{name} => {target}")));
            }
            var now = await git.BranchAsync().ConfigureAwait(false);
            if (branch is null || branch == now) return StateResult.Of(name, true, $"Repository already exists at {target}{(branch is null ? "" : $" and is checked out to branch '{branch}'")}");
            var changes = MapValue.Of(("branch", MapValue.Of(("old", now is null ? Value.Null : now), ("new", branch))));
            if (context.IsTest) return StateResult.Of(name, null, $"Branch would be changed to '{branch}'", changes);
            await git.RunAsync("fetch", "-q", "origin").ConfigureAwait(false);
            await git.RunAsync("checkout", "-q", branch).ConfigureAwait(false);
            return StateResult.Of(name, true, $"Branch changed to '{branch}'", changes);
        }
        catch (CommandFailed failed)
        {
            return StateResult.Failed(name, failed.Message);
        }
    }

    /// <summary>Keeps a clone at a revision that no branch stands for.</summary>
    /// <param name="name">The address of the repository.</param>
    /// <param name="rev">Branch, tag or commit.</param>
    /// <param name="target">The folder of the clone.</param>
    /// <param name="remote">The remote's name.</param>
    /// <param name="user">Who runs git.</param>
    /// <param name="forceClone">Clone into a folder that is not empty: it is removed first.</param>
    /// <param name="forceCheckout">Throw changes away.</param>
    /// <param name="identity">The key for ssh.</param>
    /// <param name="kwargs">Taken for compatibility.</param>
    [SaltState("git.detached")]
    public static async Task<MapValue> Detached(
        CallContext context, string name, string rev, string? target = null, string remote = "origin", string? user = null, bool forceClone = false, bool forceCheckout = false, Value? identity = null, [Keywords] MapValue? kwargs = null)
    {
        _ = kwargs;
        if (target is not { Length: > 0 }) return StateResult.Failed(name, "target is required for git.detached");
        var git = new GitProgram(context, target, user, identity);
        try
        {
            var isThere = git.IsRepository;
            if (!isThere && Directory.Exists(target) && Directory.EnumerateFileSystemEntries(target).Any() && !forceClone) return StateResult.Failed(name, $"Target '{target}' exists, is non-empty and is not a git repository. Set the 'force_clone' option to True to remove it first");
            if (!isThere && context.IsTest) return StateResult.Of(name, null, $"Repository {name} would be cloned to {target}");
            if (!isThere)
            {
                if (Directory.Exists(target)) Directory.Delete(target, recursive: true);
                await git.CloneAsync(name, false, false, remote, null, null).ConfigureAwait(false);
            }
            var old = isThere ? await git.HeadAsync().ConfigureAwait(false) : null;
            var (wanted, _) = Resolve(await git.RemoteRefsAsync(name).ConfigureAwait(false), rev);
            if (wanted is null) return StateResult.Failed(name, $"No revision matching '{rev}' exists in the remote repository");
            if (isThere && old == wanted) return StateResult.Of(name, true, "Already checked out at correct revision");
            if (context.IsTest) return StateResult.Of(name, null, $"Hash {wanted} would be checked out at {target}", MapValue.Of(("HEAD", MapValue.Of(("old", old is null ? Value.Null : old), ("new", wanted)))));
            if (isThere) await git.RunAsync("fetch", "-q", "--tags", remote).ConfigureAwait(false);
            await git.RunAsync(["checkout", "-q", .. forceCheckout ? ["-f"] : Array.Empty<string>(), "--detach", wanted]).ConfigureAwait(false);
            return StateResult.Of(name, true, $"{(isThere ? "" : $"{name} cloned to {target}. ")}Commit ID {wanted} was checked out at {target}.", MapValue.Of(("HEAD", MapValue.Of(("old", old is null ? Value.Null : old), ("new", wanted)))));
        }
        catch (CommandFailed failed)
        {
            return StateResult.Failed(name, failed.Message);
        }
    }

    /// <summary>Keeps a repository of this machine.</summary>
    /// <param name="name">Its folder.</param>
    /// <param name="force">Remove what stands in its place and is none.</param>
    /// <param name="bare">Without working files.</param>
    /// <param name="user">Who runs git.</param>
    [SaltState("git.present")]
    public static async Task<MapValue> Present(CallContext context, string name, bool force = false, bool bare = true, string? user = null)
    {
        var git = new GitProgram(context, name, user, null);
        if (git.IsRepository) return StateResult.Of(name, true, $"Repository {name} is present");
        if (Directory.Exists(name) && Directory.EnumerateFileSystemEntries(name).Any() && !force) return StateResult.Failed(name, $"Target '{name}' exists, is non-empty, and is not a git repository. Set the 'force' option to True to remove it first");
        var kind = bare ? "bare repository" : "repository";
        if (context.IsTest) return StateResult.Of(name, null, $"New {kind} would be created", MapValue.Of(("new", name)));
        try
        {
            if (force && Directory.Exists(name)) Directory.Delete(name, recursive: true);
            FileTreeModule.MakedirsPerms(name, user is null ? null : TextValue.Of(user));
            await git.RunAsync(bare ? ["init", "-q", "--bare"] : ["init", "-q"]).ConfigureAwait(false);
            return StateResult.Of(name, true, $"Initialized {kind} in {name}", MapValue.Of(("new", name)));
        }
        catch (CommandFailed failed)
        {
            return StateResult.Failed(name, failed.Message);
        }
    }

    /// <summary>Keeps a setting of git.</summary>
    /// <param name="name">The setting, as <c>user.name</c>.</param>
    /// <param name="value">Its value.</param>
    /// <param name="repo">The folder of a repository.</param>
    /// <param name="user">Whose settings, or who runs git.</param>
    /// <param name="global">The user's own settings, not a repository's.</param>
    [SaltState("git.config_set")]
    public static async Task<MapValue> ConfigSet(CallContext context, string name, Value value, string? repo = null, string? user = null, bool global = false)
    {
        if (repo is null && !global) return StateResult.Failed(name, "Non-global config options require the 'repo' argument to be set");
        var (git, place, text) = (new GitProgram(context, repo ?? "/", user, null), global ? "--global" : "--local", value is BoolValue flag ? (flag.IsTrue ? "true" : "false") : value.ToString());
        try
        {
            var now = (await git.TryAsync("config", place, "--get-all", name).ConfigureAwait(false))?.TrimEnd('\n').Split('\n');
            if (now is [var only] && only == text) return StateResult.Of(name, true, $"'{name}' is already set to '{text}'");
            var change = MapValue.Of(("old", now is null ? Value.Null : ListValue.OfTexts(now)), ("new", ListValue.OfTexts([text])));
            var verb = now is null ? "added as" : "set to";
            if (context.IsTest) return StateResult.Of(name, null, $"'{name}' would be {verb} '{text}'", MapValue.Of((name, change)));
            await git.RunAsync("config", place, "--replace-all", name, text).ConfigureAwait(false);
            return StateResult.Of(name, true, $"'{name}' was {verb} '{text}'", MapValue.Of((name, change)));
        }
        catch (CommandFailed failed)
        {
            return StateResult.Failed(name, failed.Message);
        }
    }

    /// <summary>Keeps a setting of git away.</summary>
    /// <param name="name">The setting.</param>
    /// <param name="repo">The folder of a repository.</param>
    /// <param name="user">Whose settings, or who runs git.</param>
    /// <param name="global">The user's own settings, not a repository's.</param>
    [SaltState("git.config_unset")]
    public static async Task<MapValue> ConfigUnset(CallContext context, string name, string? repo = null, string? user = null, bool global = false)
    {
        if (repo is null && !global) return StateResult.Failed(name, "Non-global config options require the 'repo' argument to be set");
        var (git, place) = (new GitProgram(context, repo ?? "/", user, null), global ? "--global" : "--local");
        try
        {
            var now = (await git.TryAsync("config", place, "--get-all", name).ConfigureAwait(false))?.TrimEnd('\n').Split('\n');
            if (now is null) return StateResult.Of(name, true, "No matching keys are set");
            var changes = MapValue.Of((name, ListValue.OfTexts(now)));
            if (context.IsTest) return StateResult.Of(name, null, "1 key(s) would have value(s) unset", changes);
            await git.RunAsync("config", place, "--unset-all", name).ConfigureAwait(false);
            return StateResult.Of(name, true, "1 key(s) had value(s) unset", changes);
        }
        catch (CommandFailed failed)
        {
            return StateResult.Failed(name, failed.Message);
        }
    }

    // Branch before tag before commit; a tag that has an object of its own stands for its commit.
    private static (string? Commit, bool IsBranch) Resolve(IReadOnlyDictionary<string, string> refs, string? rev)
    {
        if (rev is null or "HEAD") return (refs.GetValueOrDefault("HEAD"), true);
        if (refs.TryGetValue($"refs/heads/{rev}", out var branch)) return (branch, true);
        if (refs.TryGetValue($"refs/tags/{rev}^{{}}", out var peeled)) return (peeled, false);
        if (refs.TryGetValue($"refs/tags/{rev}", out var tag)) return (tag, false);
        return rev.Length is >= 7 and <= 40 && rev.All(char.IsAsciiHexDigit) ? (refs.Values.FirstOrDefault(c => c.StartsWith(rev, StringComparison.OrdinalIgnoreCase)) ?? (rev.Length == 40 ? rev : null), false) : (null, false);
    }
}
