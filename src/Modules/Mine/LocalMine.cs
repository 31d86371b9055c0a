using SaltActors.Core.Functions;
using SaltActors.Core.Values;
using SaltActors.Modules.Matching;

namespace SaltActors.Modules.Mine;

/// <summary>The mine of a minion without a master: it keeps its own values in its data store, and reads nobody else's.</summary>
/// <remarks>Follows Salt 3006, salt/modules/mine.py, where <c>file_client</c> is local.</remarks>
internal static class LocalMine
{
    private const string Key = "mine_cache";

    /// <summary>What the master would answer to a command of the mine.</summary>
    internal static async Task<Value?> AnswerAsync(CallContext context, MapValue load)
    {
        var all = await context.Call("data.get", Key).ConfigureAwait(false) as MapValue ?? MapValue.Empty;
        switch (load.TextOf("cmd"))
        {
            case "_mine_get": return Read(context, load, all);
            case "_mine": return await KeepAsync(context, load.Get("clear") is { IsTruthy: true } ? load.MapOf("data") : all.Over(load.MapOf("data"))).ConfigureAwait(false);
            case "_mine_delete": return await KeepAsync(context, all.Without(load.Get("fun")!.ToString())).ConfigureAwait(false);
            default: return await KeepAsync(context, MapValue.Empty).ConfigureAwait(false);
        }
    }

    private static MapValue Read(CallContext context, MapValue load, MapValue all)
    {
        if (!MatchModule.Matches(context, load.Get("tgt")!, load.TextOf("tgt_type") ?? "glob")) return MapValue.Empty;
        var names = load.Get("fun") is ListValue list ? [.. list.Select(n => n.ToString())] : load.Get("fun")!.ToString().Split(',');
        var found = MapValue.From(names.Where(all.Has).Select(n => KeyValuePair.Create(n, (Value)MapValue.Of((context.MinionId, Bare(all.Get(n)!))))));
        return names.Length == 1 ? found.MapOf(names[0]) : found;
    }

    private static Value Bare(Value value) => value is MapValue map && map.Has("__saltmine_acl__") ? map.Get("__data__") ?? Value.Null : value;

    private static async Task<Value> KeepAsync(CallContext context, MapValue values) => await context.Call("data.update", Key, values).ConfigureAwait(false);
}
