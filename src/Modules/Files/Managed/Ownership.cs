using SaltActors.Core.Values;
using SaltActors.Modules.Accounts;

namespace SaltActors.Modules.Files.Managed;

/// <summary>Owner, group and permissions that a file is to have; null keeps what is there.</summary>
internal sealed record Ownership(string? User, string? Group, uint? Mode)
{
    public static readonly Ownership Any = new(null, null, null);

    /// <summary>From the arguments of a state; a mode is octal digits, as text or as the number that YAML makes of them.</summary>
    /// <exception cref="Core.Functions.CommandFailed">The mode is none.</exception>
    public static Ownership Of(Value? user, Value? group, Value? mode)
    {
        uint? bits = null;
        if (mode is { IsNull: false } given && given.AsText() != "keep")
            bits = FilePaths.Mode(given.ToString()) ?? throw new Core.Functions.CommandFailed($"the mode '{given}' is not octal digits as 0644");
        return new(Text(user), Text(group), bits);
    }

    public string? ModeText => Mode is { } bits ? Convert.ToString(bits, 8).PadLeft(4, '0') : null;

    /// <summary>The permissions of a folder that is made for such a file: who may read the file may enter its folder.</summary>
    public string? FolderModeText
    {
        get
        {
            if (Mode is not { } bits) return null;
            const uint Readers = 0x124;   // 0444
            return Convert.ToString(bits | (bits & Readers) >> 2, 8).PadLeft(4, '0');
        }
    }

    /// <summary>What is missing of the users and groups; null where all are there.</summary>
    public string? Unknown() => (User is not null && Uid is null, Group is not null && Gid is null) switch
    {
        (true, true) => $"User {User} is not available Group {Group} is not available",
        (true, false) => $"User {User} is not available ",
        (false, true) => $"Group {Group} is not available",
        _ => null,
    };

    /// <summary>What differs at a path that is there: <c>user</c>, <c>group</c>, <c>mode</c> and what they are to be.</summary>
    public MapValue Differences(string path, bool follow = true)
    {
        if (UnixFile.Find(path, follow) is not { } status) return MapValue.Empty;
        var differences = new MapValue.Builder();
        if (User is not null && Uid != status.Uid) differences["user"] = User;
        if (Group is not null && Gid != status.Gid) differences["group"] = Group;
        if (Mode is { } bits && bits != status.Mode && status.Kind != 'l') differences["mode"] = ModeText!;
        return differences.Build();
    }

    /// <summary>Brings a path to it. The owner comes first: giving a file away takes bits off it.</summary>
    public void Apply(string path, bool follow = true)
    {
        if (Uid is not null || Gid is not null) UnixFile.ChangeOwner(path, Uid, Gid, follow);
        if (Mode is { } bits && UnixFile.Find(path, follow) is { Kind: not 'l' } status && status.Mode != bits) UnixFile.ChangeMode(path, bits);
    }

    private uint? Uid => User is null ? null : uint.TryParse(User, out var id) ? id : AccountDatabase.User(User)?.Uid;
    private uint? Gid => Group is null ? null : uint.TryParse(Group, out var id) ? id : AccountDatabase.Group(Group)?.Gid;
    private static string? Text(Value? value) => value is { IsNull: false } given && given.ToString() is { Length: > 0 } text ? text : null;
}
