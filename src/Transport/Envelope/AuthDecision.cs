namespace SaltActors.Transport.Envelope;

/// <summary>What the master's key folders hold under the id that signs in.</summary>
public enum StoredKey { None, Pending, Accepted, Rejected }

/// <summary>What a minion that shows its key is told.</summary>
public enum AuthVerdict
{
    /// <summary>The keys, where its own can be read.</summary>
    Accept,
    /// <summary><c>ret: true</c>: an operator has to decide.</summary>
    Wait,
    /// <summary><c>ret: false</c>.</summary>
    Refuse,
    /// <summary><c>ret: "full"</c>.</summary>
    Full,
}

/// <summary>What becomes of the key folders. The offered key is written; one that moves keeps its content.</summary>
public enum KeyChange { None, WriteAccepted, WriteAcceptedRemovePending, WritePending, WriteRejected, WriteDenied, PendingToRejected }

/// <summary>Everything that a decision about a shown key depends on.</summary>
public sealed record AuthFacts
{
    public StoredKey Stored { get; init; }
    /// <summary>True where the stored key is the offered one: <see cref="Crypto.RsaPublicKey.Normalise"/> of both is the same.</summary>
    public bool IsSameKey { get; init; }
    /// <summary>More minions are connected than <c>max_minions</c> allows, and this one is not among them.</summary>
    public bool IsFull { get; init; }
    /// <summary><c>open_mode</c>: everybody is believed.</summary>
    public bool IsOpen { get; init; }
    /// <summary><c>autoreject_file</c> names the id.</summary>
    public bool IsAutoRejected { get; init; }
    /// <summary><c>auto_accept</c>, <c>autosign_file</c>, a stub or a grain names the id.</summary>
    public bool IsAutoSigned { get; init; }
}

/// <summary>Salt's table of states: what is stored × what is shown.</summary>
/// <param name="Act">The field <c>act</c> of the event <c>salt/auth</c>.</param>
/// <remarks>
/// Two rows differ from 3006.0, as they do in later releases: a rejected key is told with the act <c>reject</c>, and keys are compared
/// without regard to line ends and white space around them in every state.
/// </remarks>
public sealed record AuthDecision(AuthVerdict Verdict, KeyChange Change, string Act)
{
    /// <summary>The field <c>result</c> of the event.</summary>
    public bool Result => Verdict is AuthVerdict.Accept or AuthVerdict.Wait;

    private static readonly AuthDecision
        Full = new(AuthVerdict.Full, KeyChange.None, "full"),
        Rejected = new(AuthVerdict.Refuse, KeyChange.None, "reject"),
        NewlyRejected = new(AuthVerdict.Refuse, KeyChange.WriteRejected, "reject"),
        PendingRejected = new(AuthVerdict.Refuse, KeyChange.PendingToRejected, "reject"),
        Denied = new(AuthVerdict.Refuse, KeyChange.WriteDenied, "denied"),
        Known = new(AuthVerdict.Accept, KeyChange.None, "accept"),
        NewlyAccepted = new(AuthVerdict.Accept, KeyChange.WriteAccepted, "accept"),
        PendingAccepted = new(AuthVerdict.Accept, KeyChange.WriteAcceptedRemovePending, "accept"),
        NewlyPending = new(AuthVerdict.Wait, KeyChange.WritePending, "pend"),
        StillPending = new(AuthVerdict.Wait, KeyChange.None, "pend");

    public static AuthDecision Of(AuthFacts facts) => facts switch
    {
        { IsFull: true } => Full,
        { IsOpen: true, Stored: StoredKey.Accepted, IsSameKey: true } => Known,
        { IsOpen: true, Stored: StoredKey.Pending } => PendingAccepted,
        { IsOpen: true } => NewlyAccepted,
        { Stored: StoredKey.Rejected } => Rejected,
        { Stored: StoredKey.Accepted } => facts.IsSameKey ? Known : Denied,
        { Stored: StoredKey.Pending, IsAutoRejected: true } => PendingRejected,
        { Stored: StoredKey.Pending, IsSameKey: false } => Denied,
        { Stored: StoredKey.Pending } => facts.IsAutoSigned ? PendingAccepted : StillPending,
        { IsAutoRejected: true } => NewlyRejected,
        _ => facts.IsAutoSigned ? NewlyAccepted : NewlyPending,
    };
}
