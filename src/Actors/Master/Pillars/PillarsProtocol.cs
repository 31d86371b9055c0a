using SaltActors.Core.Functions;
using SaltActors.Core.Values;

namespace SaltActors.Actors.Master.Pillars;

/// <summary>What the compiler of pillars takes.</summary>
public static class PillarsProtocol
{
    public interface IPillarsMessage;

    /// <summary>Compile this pillar. Answered by <see cref="PillarCompiled"/>, or by <see cref="PillarRefused"/>.</summary>
    public sealed record CompilePillar(PillarQuestion Question) : IPillarsMessage;

    public sealed record PillarCompiled(MapValue Pillar);

    /// <summary>There is no pillar, and why: for the log, not for the minion.</summary>
    public sealed record PillarRefused(string Reason);
}
