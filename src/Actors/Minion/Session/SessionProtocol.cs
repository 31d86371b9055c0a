namespace SaltActors.Actors.Minion.Session;

/// <summary>What the minion's session with its master takes, and what it says to the rest of the minion.</summary>
public static class SessionProtocol
{
    /// <summary>To the tree: the master has taken us in, and publishes are heard.</summary>
    public sealed record Connected;

    /// <summary>To the tree: there is no use in going on; the program should end with this code.</summary>
    public sealed record GiveUp(int ExitCode, string Reason);

    /// <summary>To the session: ask for the pillar anew, which may depend on grains.</summary>
    /// <param name="WithGrains">Collect the grains anew before.</param>
    public sealed record Refresh(bool WithGrains);
}
