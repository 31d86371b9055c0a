using Akka.Actor;
using SaltActors.Actors.Master.Access;
using SaltActors.Actors.Master.Fleet;
using SaltActors.Actors.Master.Publisher;
using SaltActors.Core.Targets;
using SaltActors.Core.Values;
using SaltActors.Transport.Envelope;

namespace SaltActors.Actors.Master.Requests.Commands;

/// <summary><c>_mine</c>: a minion publishes values of itself for others to read.</summary>
public sealed class MineCommand(IActorRef fleet, bool isKept, TimeSpan patience) : ISealedCommand
{
    public string Name => "_mine";
    public bool NeedsIdentity => true;

    public async Task<byte[]> AnswerAsync(SealedRequest request)
    {
        if (request.Load.Get("data") is not MapValue values) return request.SealReply(BoolValue.False);
        if (!isKept) return request.SealReply(BoolValue.True);   // minion_data_cache: False keeps nothing of minions
        var answer = await fleet.Ask<FleetProtocol.MineChanged>(new FleetProtocol.PublishMine(request.Identity!.Value, values, request.Load.Get("clear") is { IsTruthy: true }), patience).ConfigureAwait(false);
        return request.SealReply(answer.Failure is null ? BoolValue.True : BoolValue.False);
    }
}

/// <summary><c>_mine_delete</c> and <c>_mine_flush</c>: a minion takes back one value, or all.</summary>
public sealed class MineWithdrawCommand(string name, IActorRef fleet, TimeSpan patience) : ISealedCommand
{
    public string Name => name;
    public bool NeedsIdentity => true;

    public async Task<byte[]> AnswerAsync(SealedRequest request)
    {
        var function = name == "_mine_flush" ? null : request.Load.TextOf("fun") ?? "";
        var answer = await fleet.Ask<FleetProtocol.MineChanged>(new FleetProtocol.WithdrawMine(request.Identity!.Value, function), patience).ConfigureAwait(false);
        return request.SealReply(answer.Failure is null ? BoolValue.True : BoolValue.False);
    }
}

/// <summary><c>_mine_get</c>: a minion reads what others published.</summary>
/// <param name="rules">The option <c>mine_get</c>: minion id → functions, both expressions. Without it everybody may read what its owner allows.</param>
public sealed class MineGetCommand(IActorRef publisher, MineFiles mine, MapValue rules, TimeSpan patience) : ISealedCommand
{
    // How a value is wrapped that not everybody may see.
    private const string Guarded = "__saltmine_acl__", Data = "__data__", AllowTarget = "allow_tgt", AllowTargetType = "allow_tgt_type";

    public string Name => "_mine_get";
    public bool NeedsIdentity => true;

    public async Task<byte[]> AnswerAsync(SealedRequest request)
    {
        var load = request.Load;
        var reader = request.Identity!.Value.Text;
        if (load.Get("tgt") is not { } target || FunctionsOf(load.Get("fun")) is not { Length: > 0 } functions) return request.SealReply(Refusals.Nothing);
        if (rules.Count > 0 && !functions.All(f => MayRead(reader, f))) return request.SealReply(Refusals.Nothing);

        var type = load.TextOf("tgt_type") ?? load.TextOf("expr_form") ?? "glob";
        var found = functions.ToDictionary(f => f, _ => new MapValue.Builder());
        foreach (var id in (await MatchAsync(target, type).ConfigureAwait(false)).Minions)
        {
            var values = mine.Find(id);
            foreach (var function in functions)
                if (values.Get(function) is { } value && await MaySeeAsync(reader, value).ConfigureAwait(false)) found[function][id.Text] = Bare(value);
        }
        return request.SealReply(load.Get("fun") is TextValue { Text: var one } && !one.Contains(',')
            ? found[functions[0]].Build()
            : MapValue.From(functions.Where(f => found[f].Count > 0).Select(f => KeyValuePair.Create(f, (Value)found[f].Build()))));
    }

    private static string[] FunctionsOf(Value? function) => function switch
    {
        ListValue list => [.. list.Select(f => f.ToString()).Distinct()],
        TextValue text => [.. text.Text.Split(',').Select(f => f.Trim()).Where(f => f.Length > 0).Distinct()],
        _ => [],
    };

    private bool MayRead(string reader, string function) =>
        rules.Any(entry => Begins(entry.Key.ToString(), reader) && AccessRules.Of(entry.Value).MayPublish([new CalledFunction(function, [], MapValue.Empty)], [], _ => new HashSet<string>(), false));

    private async Task<bool> MaySeeAsync(string reader, Value value)
    {
        if (value is not MapValue map || map.Get(Guarded) is not { IsTruthy: true } || map.Get(AllowTarget) is not { IsTruthy: true } allowed) return true;
        var matched = await MatchAsync(allowed, map.TextOf(AllowTargetType) ?? "glob").ConfigureAwait(false);
        return matched.Minions.Any(m => m.Text == reader);
    }

    private static Value Bare(Value value) => value is MapValue map && map.Get(Guarded) is { IsTruthy: true } ? map.Get(Data) ?? Value.Null : value;

    private Task<PublisherProtocol.TargetMatched> MatchAsync(Value target, string type) =>
        publisher.Ask<PublisherProtocol.TargetMatched>(new PublisherProtocol.Match(target, type, ":", Greedy: false), patience);

    private static bool Begins(string expression, string text) => PythonRegex.Matches(PythonRegex.Compile(expression), text);
}
