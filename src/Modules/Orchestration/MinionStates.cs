using SaltActors.Core.Functions;
using SaltActors.Core.Jobs;
using SaltActors.Core.Values;

namespace SaltActors.Modules.Orchestration;

/// <summary>The states <c>salt.state</c> and <c>salt.function</c>: what minions are told to do, on the master.</summary>
/// <remarks>Follows Salt 3006, salt/states/saltmod.py.</remarks>
public static class MinionStates
{
    private const string NoMaster = "this state tells minions what to do, and works on a running master: salt-run state.orchestrate";

    /// <summary>Runs states on minions.</summary>
    /// <param name="name">A name.</param>
    /// <param name="tgt">The target.</param>
    /// <param name="ssh">Over ssh: not there in this version.</param>
    /// <param name="tgtType">Its kind.</param>
    /// <param name="ret">Returners.</param>
    /// <param name="highstate">The highstate.</param>
    /// <param name="sls">SLS files: a text or a list.</param>
    /// <param name="top">Another top file.</param>
    /// <param name="saltenv">The environment.</param>
    /// <param name="test">Test mode on the minions.</param>
    /// <param name="pillar">A map that is laid over their pillar.</param>
    /// <param name="pillarenv">The environment of the pillar.</param>
    /// <param name="expectMinions">Minions that do not answer are failures.</param>
    /// <param name="exclude">What to leave out.</param>
    /// <param name="failMinions">Only failures of these count.</param>
    /// <param name="allowFail">How many failures are none.</param>
    /// <param name="concurrent">Beside other runs of states.</param>
    /// <param name="timeout">Seconds.</param>
    /// <param name="batch">In batches: not there in this version.</param>
    /// <param name="queue">After other runs of states.</param>
    /// <param name="subset">Only so many of them: not there in this version.</param>
    /// <param name="kwarg">More arguments.</param>
    /// <param name="kwargs">What the run itself hands in.</param>
    [SaltState("salt.state")]
    public static async Task<MapValue> State(
        CallContext context, string name, Value tgt, bool ssh = false, string tgtType = "glob", string ret = "", bool highstate = false, Value? sls = null, string? top = null, string? saltenv = null, bool? test = null,
        MapValue? pillar = null, string? pillarenv = null, bool expectMinions = true, Value? exclude = null, Value? failMinions = null, int allowFail = 0, bool concurrent = false, double? timeout = null, Value? batch = null,
        Value? queue = null, Value? subset = null, MapValue? kwarg = null, [Keywords] MapValue? kwargs = null)
    {
        _ = kwargs;
        if (ssh) return StateResult.Failed(name, "ssh: minions are not reached over ssh in this version");
        if (batch is { IsTruthy: true } || subset is { IsTruthy: true }) return StateResult.Failed(name, "batch and subset are not there for orchestration in this version");
        var isTest = test ?? context.IsTest;
        var arguments = kwarg ?? MapValue.Empty;
        string function;
        List<Value> places = [];
        if (highstate) function = "state.highstate";
        else if (top is not null) (function, places) = ("state.top", [top]);
        else if (sls is { IsTruthy: true }) (function, places) = ("state.sls", [sls is ListValue list ? string.Join(',', list.Select(s => s.ToString())) : sls]);
        else return StateResult.Failed(name, "No highstate or sls specified, no execution made");
        if (isTest || test is not null) arguments = arguments.With("test", isTest);
        if (pillar is not null) arguments = arguments.With("pillar", pillar);
        if (pillarenv is not null) arguments = arguments.With("pillarenv", pillarenv);
        if (saltenv is not null) arguments = arguments.With("saltenv", saltenv);
        if (exclude is { IsTruthy: true }) arguments = arguments.With("exclude", exclude);
        if (concurrent) arguments = arguments.With("concurrent", true);
        if (queue is { IsTruthy: true }) arguments = arguments.With("queue", queue);
        var answers = await CallAsync(context, tgt, tgtType, function, new CallArguments([.. places], arguments), timeout, ret).ConfigureAwait(false);
        var (changed, failed, unchanged) = (new MapValue.Builder(), new List<string>(), new List<string>());
        var counting = failMinions switch { ListValue some => [.. some.Select(m => m.ToString())], { IsTruthy: true } text => text.ToString().Split(','), _ => (string[]?)null };
        foreach (var answer in answers.Returns.OrderBy(r => r.Id.Text, StringComparer.Ordinal))
        {
            var (id, results) = (answer.Id.Text, answer.Return as MapValue);
            var isGood = results is not null && answer.Retcode == 0 && results.Values.All(r => r is MapValue one && one.Get("result") is not BoolValue { IsTrue: false });
            if (!isGood)
            {
                if (counting is null || counting.Contains(id)) failed.Add(id);
                changed[id] = answer.Return;
            }
            else if (results!.Values.OfType<MapValue>().Any(r => r.MapOf("changes").Count > 0)) changed[id] = results;
            else unchanged.Add(id);
        }
        foreach (var (id, _) in answers.Silent.OrderBy(s => s.Key.Text, StringComparer.Ordinal))
        {
            if (!expectMinions) continue;
            if (counting is null || counting.Contains(id.Text)) failed.Add(id.Text);
            changed[id.Text] = false;
        }
        if (answers.Returns.IsEmpty && answers.Silent.IsEmpty) return StateResult.Failed(name, $"No minions matched the target '{tgt}' ({tgtType})");
        var made = changed.Build();
        var changes = made.Count == 0 ? MapValue.Empty : MapValue.Of(("out", "highstate"), ("ret", made));
        if (failed.Count > allowFail) return StateResult.Of(name, false, $"Run failed on minions: {string.Join(", ", failed)}", changes);
        var comment = "States ran successfully." + (made.Count > 0 ? $" Updating {string.Join(", ", made.Keys.Select(k => k.ToString()))}." : "") + (unchanged.Count > 0 ? $" No changes made to {string.Join(", ", unchanged)}." : "");
        return StateResult.Of(name, isTest && made.Count > 0 ? null : true, comment, changes);
    }

    /// <summary>Runs an execution function on minions.</summary>
    /// <param name="name">The function.</param>
    /// <param name="tgt">The target.</param>
    /// <param name="ssh">Over ssh: not there in this version.</param>
    /// <param name="tgtType">Its kind.</param>
    /// <param name="ret">Returners.</param>
    /// <param name="expectMinions">Minions that do not answer are failures.</param>
    /// <param name="failMinions">Only failures of these count.</param>
    /// <param name="failFunction">A function that says whether an answer is a success: not there in this version.</param>
    /// <param name="arg">Arguments in places.</param>
    /// <param name="kwarg">Arguments by name.</param>
    /// <param name="timeout">Seconds.</param>
    /// <param name="batch">In batches: not there in this version.</param>
    /// <param name="subset">Only so many of them: not there in this version.</param>
    /// <param name="kwargs">What the run itself hands in.</param>
    [SaltState("salt.function")]
    public static async Task<MapValue> Function(
        CallContext context, string name, Value tgt, bool ssh = false, string tgtType = "glob", string ret = "", bool expectMinions = false, Value? failMinions = null, string? failFunction = null, Value? arg = null,
        MapValue? kwarg = null, double? timeout = null, Value? batch = null, Value? subset = null, [Keywords] MapValue? kwargs = null)
    {
        _ = kwargs;
        if (ssh) return StateResult.Failed(name, "ssh: minions are not reached over ssh in this version");
        if (failFunction is not null) return StateResult.Failed(name, "fail_function is not there in this version");
        if (batch is { IsTruthy: true } || subset is { IsTruthy: true }) return StateResult.Failed(name, "batch and subset are not there for orchestration in this version");
        if (context.IsTest) return StateResult.Of(name, null, $"Function {name} would be executed on target {tgt}");
        var places = arg switch { null or NullValue => [], ListValue list => list.Items, var one => [one] };
        var answers = await CallAsync(context, tgt, tgtType, name, new CallArguments(places, kwarg ?? MapValue.Empty), timeout, ret).ConfigureAwait(false);
        var counting = failMinions switch { ListValue some => [.. some.Select(m => m.ToString())], { IsTruthy: true } text => text.ToString().Split(','), _ => (string[]?)null };
        var (answered, failed) = (new MapValue.Builder(), new List<string>());
        foreach (var answer in answers.Returns.OrderBy(r => r.Id.Text, StringComparer.Ordinal))
        {
            answered[answer.Id.Text] = answer.Return;
            if ((answer.Retcode != 0 || !answer.Success) && (counting is null || counting.Contains(answer.Id.Text))) failed.Add(answer.Id.Text);
        }
        foreach (var (id, _) in answers.Silent.OrderBy(s => s.Key.Text, StringComparer.Ordinal))
            if (expectMinions && (counting is null || counting.Contains(id.Text))) failed.Add(id.Text);
        var made = answered.Build();
        if (made.Count == 0 && (expectMinions || answers.Silent.IsEmpty || failed.Count > 0)) return StateResult.Failed(name, "No minions responded");
        var changes = made.Count == 0 ? MapValue.Empty : MapValue.Of(("ret", made));
        var minions = string.Join(", ", made.Keys.Select(k => k.ToString()));
        return failed.Count > 0 ? StateResult.Of(name, false, $"Running function {name} failed on minions: {string.Join(", ", failed)}{(made.Count > 0 ? $" Function {name} ran on {minions}." : "")}", changes)
            : StateResult.Of(name, true, $"Function ran successfully.{(made.Count > 0 ? $" Function {name} ran on {minions}." : "")}", changes);
    }

    private static Task<MinionAnswers> CallAsync(CallContext context, Value target, string targetType, string function, CallArguments arguments, double? timeout, string ret)
    {
        var minions = CallServices.Need(context.Services.Minions, NoMaster);
        var standard = Manage.ManageRunner.Patience(context.Options);
        var request = new JobRequest { Function = function, Target = target, TargetType = targetType, Arguments = arguments.ToLoad(), Returners = ret, User = context.Publish.TextOf("user") ?? "root" };
        return minions.CallAsync(request, timeout is { } seconds ? TimeSpan.FromSeconds(seconds) : standard.Timeout, standard.Gather, context.Stopped);
    }
}
