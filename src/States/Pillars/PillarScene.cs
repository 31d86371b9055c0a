using SaltActors.Core.Functions;
using SaltActors.Core.Targets;
using SaltActors.Core.Values;
using SaltActors.States.Files;

namespace SaltActors.States.Pillars;

/// <summary>All that one pillar is compiled from.</summary>
public sealed record PillarScene
{
    /// <summary>The functions that templates call, the options of the one who compiles with the minion's <c>id</c>, the minion's grains, and the pillar that is known before.</summary>
    public required CallContext Call { get; init; }
    /// <summary>The pillar roots.</summary>
    public required IFileTree Roots { get; init; }
    public required MinionFacts Minion { get; init; }
    public string? SaltEnv { get; init; }
    public string? PillarEnv { get; init; }
    public MapValue Override { get; init; } = MapValue.Empty;
    /// <summary>What lies under the result (<c>ssh_merge_pillar</c>): the pillar before, where there is no master.</summary>
    public MapValue Underneath { get; init; } = MapValue.Empty;
    /// <summary>Called with the name of each execution function that a template calls.</summary>
    public Action<string>? Calling { get; init; }

    public MapValue Options => Call.Options;
    public string Renderer => Options.TextOf("renderer") ?? "jinja|yaml";
    public IMessageLog? Log => Call.Services.Log;

    internal MapValue Merge(MapValue lower, MapValue upper) => PillarMerge.Over(
        lower, upper, Options.TextOf("pillar_source_merging_strategy") ?? "smart", Renderer.EndsWith("yamlex", StringComparison.Ordinal), Options.Get("pillar_merge_lists") is { IsTruthy: true });
}
