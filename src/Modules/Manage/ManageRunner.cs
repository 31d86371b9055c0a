using SaltActors.Core.Functions;
using SaltActors.Core.Identity;
using SaltActors.Core.Jobs;
using SaltActors.Core.Values;

namespace SaltActors.Modules.Manage;

/// <summary>The runner <c>manage</c>: which minions are there.</summary>
public static class ManageRunner
{
    /// <summary>Asks every minion whether it is there.</summary>
    /// <param name="output">Accepted for compatibility.</param>
    /// <param name="tgt">Whom to ask.</param>
    /// <param name="tgtType">The kind of the target.</param>
    /// <param name="timeout">Seconds of silence to allow; the master's <c>timeout</c> where it is not given.</param>
    /// <param name="gatherJobTimeout">Seconds for the question after a silence; the master's <c>gather_job_timeout</c> where it is not given.</param>
    /// <returns><c>up</c> and <c>down</c>: sorted ids.</returns>
    /// <example><code>salt-run manage.status</code></example>
    [SaltRunner("manage.status")]
    public static async Task<MapValue> Status(CallContext context, bool output = true, string tgt = "*", string tgtType = "glob", double? timeout = null, double? gatherJobTimeout = null)
    {
        var answers = await Ask(context, "test.ping", tgt, tgtType, timeout, gatherJobTimeout).ConfigureAwait(false);
        return MapValue.Of(("up", Sorted(answers.Returns.Select(r => r.Id.Text))), ("down", Sorted(answers.Silent.Keys.Select(i => i.Text))));
    }

    /// <summary>The minions that answer.</summary>
    /// <param name="tgt">Whom to ask.</param>
    /// <param name="tgtType">The kind of the target.</param>
    /// <param name="timeout">Seconds of silence to allow.</param>
    /// <param name="gatherJobTimeout">Seconds for the question after a silence.</param>
    /// <returns>Sorted ids.</returns>
    /// <example><code>salt-run manage.up</code></example>
    [SaltRunner("manage.up")]
    public static async Task<ListValue> Up(CallContext context, string tgt = "*", string tgtType = "glob", double? timeout = null, double? gatherJobTimeout = null) =>
        (await Status(context, false, tgt, tgtType, timeout, gatherJobTimeout).ConfigureAwait(false)).ListOf("up");

    /// <summary>The accepted minions that do not answer.</summary>
    /// <param name="removekeys">Delete their keys.</param>
    /// <param name="tgt">Whom to ask.</param>
    /// <param name="tgtType">The kind of the target.</param>
    /// <param name="timeout">Seconds of silence to allow.</param>
    /// <param name="gatherJobTimeout">Seconds for the question after a silence.</param>
    /// <returns>Sorted ids.</returns>
    /// <example><code>salt-run manage.down</code></example>
    [SaltRunner("manage.down")]
    public static async Task<ListValue> Down(CallContext context, bool removekeys = false, string tgt = "*", string tgtType = "glob", double? timeout = null, double? gatherJobTimeout = null)
    {
        var down = (await Status(context, false, tgt, tgtType, timeout, gatherJobTimeout).ConfigureAwait(false)).ListOf("down");
        if (removekeys && down.Count > 0)
            await Keys.KeyWheel.Keys(context).ChangeAsync(KeyChange.Delete, new KeyChoice(null, MapValue.Of(("minions", down))), MoreKeys.None, context.Stopped).ConfigureAwait(false);
        return down;
    }

    /// <summary>Which version each minion runs, compared with the master's.</summary>
    /// <returns><c>Minion offline</c>, <c>Minion requires update</c>, <c>Up to date</c>, <c>Minion newer than master</c>: id to version; <c>Master</c>: its version.</returns>
    /// <example><code>salt-run manage.versions</code></example>
    [SaltRunner("manage.versions")]
    public static async Task<MapValue> Versions(CallContext context)
    {
        var answers = await Ask(context, "test.version", "*", "glob", null, null).ConfigureAwait(false);
        var master = SaltVersion.Text;
        var groups = new SortedDictionary<int, MapValue.Builder>();
        foreach (var answer in answers.Returns.OrderBy(r => r.Id.Text, StringComparer.Ordinal))
        {
            var group = answer.Retcode != 0 || !answer.Return.IsTruthy ? -2 : Math.Sign(SaltVersion.Compare(answer.Return.ToString(), master));
            if (!groups.TryGetValue(group, out var members)) groups[group] = members = new MapValue.Builder();
            members[answer.Id.Text] = group == -2 ? false : answer.Return;
        }
        var versions = new MapValue.Builder();
        foreach (var (group, members) in groups)
            versions[group switch { -2 => "Minion offline", -1 => "Minion requires update", 0 => "Up to date", _ => "Minion newer than master" }] = members.Build();
        versions["Master"] = master;
        return versions.Build();
    }

    /// <summary>How long the master's configuration lets a runner wait: silence, and the question after it.</summary>
    internal static (TimeSpan Timeout, TimeSpan Gather) Patience(MapValue options) =>
        (TimeSpan.FromSeconds(options.Get("timeout")?.AsNumber() ?? 5), TimeSpan.FromSeconds(options.Get("gather_job_timeout")?.AsNumber() ?? 10));

    private static Task<MinionAnswers> Ask(CallContext context, string function, string tgt, string tgtType, double? timeout, double? gather)
    {
        var standard = Patience(context.Options);
        var request = new JobRequest { Function = function, Target = tgt, TargetType = tgtType, User = context.Publish.TextOf("user") ?? "root" };
        return Minions(context).CallAsync(request,
            timeout is { } t ? TimeSpan.FromSeconds(t) : standard.Timeout, gather is { } g ? TimeSpan.FromSeconds(g) : standard.Gather, context.Stopped);
    }

    private static IMinionCalls Minions(CallContext context) =>
        CallServices.Need(context.Services.Minions, "the manage runner asks the minions, and works on a running master");

    private static ListValue Sorted(IEnumerable<string> ids) => ListValue.OfTexts(ids.Order(StringComparer.Ordinal));
}
