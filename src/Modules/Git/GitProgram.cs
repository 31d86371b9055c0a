using SaltActors.Core.Functions;
using SaltActors.Core.Values;
using SaltActors.Modules.Commands;

namespace SaltActors.Modules.Git;

/// <summary>The program <c>git</c> in one folder.</summary>
internal sealed class GitProgram(CallContext context, string folder, string? user, Value? identity)
{
    public bool IsRepository => Directory.Exists(Path.Combine(folder, ".git")) || File.Exists(Path.Combine(folder, ".git")) || (File.Exists(Path.Combine(folder, "HEAD")) && Directory.Exists(Path.Combine(folder, "refs")));

    /// <exception cref="CommandFailed">It failed, with what it said.</exception>
    public async Task<string> RunAsync(params string[] words)
    {
        var answer = await CallAsync(words).ConfigureAwait(false);
        return answer.IsSuccess ? answer.Stdout : throw new CommandFailed($"git {words[0]}: {answer.Complaint.Trim()}");
    }

    /// <summary>Null where it failed.</summary>
    public async Task<string?> TryAsync(params string[] words) => await CallAsync(words).ConfigureAwait(false) is { IsSuccess: true } answer ? answer.Stdout : null;

    public async Task<string?> HeadAsync() => (await TryAsync("rev-parse", "-q", "--verify", "HEAD").ConfigureAwait(false))?.Trim();

    /// <summary>Null where no branch is checked out.</summary>
    public async Task<string?> BranchAsync() => (await TryAsync("symbolic-ref", "-q", "--short", "HEAD").ConfigureAwait(false))?.Trim();

    /// <summary>Reference → commit, as the remote has them.</summary>
    public async Task<IReadOnlyDictionary<string, string>> RemoteRefsAsync(string url)
    {
        var answer = await ProgramCalls.RunAsync(context, ["git", "ls-remote", "--", url], Options(null)).ConfigureAwait(false);
        if (!answer.IsSuccess) throw new CommandFailed($"Failed to check remote refs: {answer.Complaint.Trim()}");
        return answer.Stdout.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => l.Split('\t')).Where(f => f.Length == 2).ToDictionary(f => f[1].Trim(), f => f[0], StringComparer.Ordinal);
    }

    public async Task CloneAsync(string url, bool bare, bool mirror, string remote, int? depth, string? branch)
    {
        List<string> words = ["git", "clone", "-q"];
        if (mirror) words.Add("--mirror");
        else if (bare) words.Add("--bare");
        if (remote != "origin") words.AddRange(["--origin", remote]);
        if (depth is { } commits) words.AddRange(["--depth", $"{commits}"]);
        if (branch is not null) words.AddRange(["--branch", branch]);
        words.AddRange(["--", url, folder]);
        var answer = await ProgramCalls.RunAsync(context, [.. words], Options(null)).ConfigureAwait(false);
        if (!answer.IsSuccess) throw new CommandFailed($"Clone failed: {answer.Complaint.Trim()}");
    }

    private Task<ProgramAnswer> CallAsync(string[] words) => ProgramCalls.RunAsync(context, ["git", .. words], Options(folder));

    private MapValue Options(string? cwd)
    {
        var options = MapValue.Empty;
        if (cwd is not null) options = options.With("cwd", cwd);
        if (user is not null) options = options.With("runas", user);
        // Nobody is there to answer a question.
        var variables = MapValue.Of(("GIT_TERMINAL_PROMPT", "0"));
        if (identity is { IsTruthy: true }) variables = variables.With("GIT_SSH_COMMAND", $"ssh -i {(identity is ListValue keys ? keys[0] : identity)} -o IdentitiesOnly=yes -o StrictHostKeyChecking=accept-new");
        return options.With("env", variables);
    }
}
