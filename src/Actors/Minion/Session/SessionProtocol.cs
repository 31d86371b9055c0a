using SaltActors.Core.Values;

namespace SaltActors.Actors.Minion.Session;

/// <summary>What the minion's session with its master says to the rest of the minion.</summary>
public static class SessionProtocol
{
    /// <summary>To the tree: the master has taken us in, and publishes are heard.</summary>
    public sealed record Connected(MapValue Grains, MapValue Pillar);

    /// <summary>To the tree: there is no use in going on; the program should end with this code.</summary>
    public sealed record GiveUp(int ExitCode, string Reason);

    /// <summary>To the session: collect the grains anew and tell the master.</summary>
    public sealed record RefreshGrains;
}
