namespace SaltActors.Transport.Keys;

/// <summary>What the master thinks of a minion's key. Each state is a folder of the pki directory.</summary>
public enum KeyState { Accepted, Denied, Pending, Rejected }

public static class KeyStates
{
    public static readonly KeyState[] All = [KeyState.Accepted, KeyState.Denied, KeyState.Pending, KeyState.Rejected];

    /// <summary>The folder's name, which is also the state's name in <c>salt-key --out=json</c>.</summary>
    public static string Folder(this KeyState state) => state switch
    {
        KeyState.Accepted => "minions",
        KeyState.Denied => "minions_denied",
        KeyState.Pending => "minions_pre",
        _ => "minions_rejected",
    };
}
