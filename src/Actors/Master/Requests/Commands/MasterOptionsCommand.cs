using SaltActors.Core.Values;
using SaltActors.Transport.Envelope;

namespace SaltActors.Actors.Master.Requests.Commands;

/// <summary><c>_master_opts</c>: the options of the master that minions follow when they run states. Nothing else of its configuration leaves it.</summary>
public sealed class MasterOptionsCommand(MapValue options) : ISealedCommand
{
    private static readonly (string Name, Value Standard)[] Always = [("top_file_merging_strategy", "merge"), ("env_order", ListValue.Empty), ("default_top", "base")];
    private static readonly (string Name, Value Standard)[] More =
    [
        ("renderer", "jinja|yaml"), ("failhard", false), ("state_top", "top.sls"), ("state_top_saltenv", Value.Null), ("nodegroups", MapValue.Empty),
        ("state_auto_order", true), ("state_events", false), ("state_aggregate", false), ("jinja_env", MapValue.Empty), ("jinja_sls_env", MapValue.Empty),
        ("jinja_lstrip_blocks", false), ("jinja_trim_blocks", false),
    ];

    public string Name => "_master_opts";
    public bool NeedsIdentity => false;

    public Task<byte[]> AnswerAsync(SealedRequest request)
    {
        var answer = new MapValue.Builder { ["file_roots"] = MapValue.From(options.MapOf("file_roots").Select(e => KeyValuePair.Create(e.Key, (Value)ListValue.Empty))) };
        foreach (var (name, standard) in Always) answer[name] = options.Get(name) ?? standard;
        if (request.Load.Get("env_only") is not { IsTruthy: true })
            foreach (var (name, standard) in More) answer[name] = options.Get(name) ?? standard;
        return Task.FromResult(request.SealReply(answer.Build()));
    }
}

/// <summary><c>_master_tops</c>, in older minions <c>_ext_nodes</c>: states that programs beside the top file choose. There are none here; the master warns where some are configured.</summary>
public sealed class MasterTopsCommand(string name) : ISealedCommand
{
    public string Name => name;
    public bool NeedsIdentity => true;

    public Task<byte[]> AnswerAsync(SealedRequest request) => Task.FromResult(request.SealReply(MapValue.Empty));
}
