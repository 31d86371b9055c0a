using SaltActors.Core.Events;
using SaltActors.Core.Values;

namespace SaltActors.Actors.Minion.Session;

/// <summary>What local programs and functions ask of the minion by an event on its bus.</summary>
/// <remarks>Wire protocol, control tags of the minion's bus: <c>pillar_refresh</c>, <c>grains_refresh</c>, <c>module_refresh</c>, <c>fire_master</c>.</remarks>
public abstract record BusRequest
{
    public sealed record Refresh(bool WithGrains) : BusRequest;
    public sealed record FireMaster(string Tag, Value Data) : BusRequest;
}

public static class BusRequests
{
    private const string PillarRefresh = "pillar_refresh", GrainsRefresh = "grains_refresh", Fire = "fire_master";

    /// <summary>The tags to listen for.</summary>
    public static readonly string[] Tags = [PillarRefresh, GrainsRefresh, Fire];

    /// <summary>Fired on the bus when a pillar has been fetched anew, for those that wait for it.</summary>
    public const string PillarRefreshed = "salt/minion/minion_pillar_refresh_complete";

    /// <summary>Null where the event asks nothing of us.</summary>
    public static BusRequest? Read(SaltEvent heard) => heard.Tag switch
    {
        PillarRefresh => new BusRequest.Refresh(WithGrains: false),
        GrainsRefresh => new BusRequest.Refresh(WithGrains: true),
        Fire when heard.Data.TextOf("tag") is { Length: > 0 } tag => new BusRequest.FireMaster(tag, heard.Data.Get("data") ?? Value.Null),
        _ => null,
    };
}
