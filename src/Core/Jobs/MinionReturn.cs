using SaltActors.Core.Identity;
using SaltActors.Core.Values;

namespace SaltActors.Core.Jobs;

/// <summary>What one minion answered to one job.</summary>
/// <param name="Load">The whole load as it came, fields unknown to us included; events and returners pass it on unchanged.</param>
public sealed record MinionReturn(Jid Jid, MinionId Id, MapValue Load)
{
    public Value Function => Load.Get("fun") ?? Value.Null;
    public ListValue Arguments => Load.ListOf("fun_args");
    public Value Return => Load.Get("return") ?? Value.Null;
    /// <summary>0 where all went well. A compound call has a map or list of codes; then this is the highest.</summary>
    public long Retcode => Highest(Load.Get("retcode"));
    public bool Success => Load.Get("success") switch
    {
        MapValue several => several.Values.All(v => v.IsTruthy),
        ListValue several => several.Items.All(v => v.IsTruthy),
        { } one => one.IsTruthy,
        null => Retcode == 0,
    };
    /// <summary>The outputter that the function asks for, or null.</summary>
    public string? Outputter => Load.TextOf("out");

    private static long Highest(Value? retcode) => retcode switch
    {
        MapValue several => several.Values.Select(Highest).DefaultIfEmpty(0).Max(),
        ListValue several => several.Items.Select(Highest).DefaultIfEmpty(0).Max(),
        { } one => one.AsInteger() ?? (one.IsTruthy ? 1 : 0),
        null => 0,
    };
}
