using System.Globalization;
using SaltActors.Core.Functions;
using SaltActors.Core.Values;
using SaltActors.Modules.Accounts;

namespace SaltActors.Modules.Files;

/// <summary>The functions of <c>file</c> about owners, permissions and what the system says of a file.</summary>
/// <remarks>Follows Salt 3006, salt/modules/file.py.</remarks>
public static class FileAttributesModule
{
    /// <summary>The name of a user id; the id itself where no user has it.</summary>
    /// <param name="uid">The id.</param>
    /// <example><code>salt '*' file.uid_to_user 0</code></example>
    [SaltFunction("file.uid_to_user")]
    public static Value UidToUser(Value uid) => IdOf(uid) is { } id ? AccountDatabase.User(id)?.Name is { } name ? name : uid : "";

    /// <summary>The id of a user; empty text where there is none.</summary>
    /// <param name="user">The name; an id stays as it is.</param>
    /// <example><code>salt '*' file.user_to_uid root</code></example>
    [SaltFunction("file.user_to_uid")]
    public static Value UserToUid(Value? user) => user switch
    {
        null => UserToUid(Environment.UserName),
        IntegerValue => user,
        _ => AccountDatabase.User(user.ToString()) is { } found ? found.Uid : "",
    };

    /// <summary>The name of a group id; the id itself where no group has it.</summary>
    /// <param name="gid">The id.</param>
    /// <example><code>salt '*' file.gid_to_group 0</code></example>
    [SaltFunction("file.gid_to_group")]
    public static Value GidToGroup(Value gid) => IdOf(gid) is { } id
        ? AccountDatabase.Group(id)?.Name is { } name ? name : gid
        : AccountDatabase.Group(gid.ToString()) is { } group ? group.Name : "";

    /// <summary>The id of a group; empty text where there is none.</summary>
    /// <param name="group">The name; an id stays as it is.</param>
    /// <example><code>salt '*' file.group_to_gid root</code></example>
    [SaltFunction("file.group_to_gid")]
    public static Value GroupToGid(Value? group) => group switch
    {
        null => "",
        IntegerValue => group,
        _ => AccountDatabase.Group(group.ToString()) is { } found ? found.Gid : "",
    };

    /// <summary>The id of a file's owner.</summary>
    /// <param name="path">The file.</param>
    /// <param name="followSymlinks">Ask for what a link leads to.</param>
    /// <example><code>salt '*' file.get_uid /etc/passwd</code></example>
    [SaltFunction("file.get_uid")]
    public static Value GetUid(string path, bool followSymlinks = true) => Stats(path, null, followSymlinks).Get("uid") ?? -1;

    /// <summary>The id of a file's group.</summary>
    /// <param name="path">The file.</param>
    /// <param name="followSymlinks">Ask for what a link leads to.</param>
    /// <example><code>salt '*' file.get_gid /etc/passwd</code></example>
    [SaltFunction("file.get_gid")]
    public static Value GetGid(string path, bool followSymlinks = true) => Stats(path, null, followSymlinks).Get("gid") ?? -1;

    /// <summary>The name of a file's owner.</summary>
    /// <param name="path">The file.</param>
    /// <param name="followSymlinks">Ask for what a link leads to.</param>
    /// <example><code>salt '*' file.get_user /etc/passwd</code></example>
    [SaltFunction("file.get_user")]
    public static Value GetUser(string path, bool followSymlinks = true) => Stats(path, null, followSymlinks).Get("user") ?? false;

    /// <summary>The name of a file's group.</summary>
    /// <param name="path">The file.</param>
    /// <param name="followSymlinks">Ask for what a link leads to.</param>
    /// <example><code>salt '*' file.get_group /etc/passwd</code></example>
    [SaltFunction("file.get_group")]
    public static Value GetGroup(string path, bool followSymlinks = true) => Stats(path, null, followSymlinks).Get("group") ?? false;

    /// <summary>A file's permissions in octal, as <c>0644</c>.</summary>
    /// <param name="path">The file.</param>
    /// <param name="followSymlinks">Ask for what a link leads to.</param>
    /// <example><code>salt '*' file.get_mode /etc/passwd</code></example>
    [SaltFunction("file.get_mode")]
    public static Value GetMode(string path, bool followSymlinks = true) => Stats(path, null, followSymlinks).Get("mode") ?? "";

    /// <summary>Sets a file's permissions.</summary>
    /// <param name="path">The file.</param>
    /// <param name="mode">Permissions in octal.</param>
    /// <returns>The permissions that the file has now.</returns>
    /// <example><code>salt '*' file.set_mode /etc/passwd 0644</code></example>
    [SaltFunction("file.set_mode")]
    public static Value SetMode(string path, string mode)
    {
        path = FilePaths.Expand(path);
        if (mode.Length == 0) mode = "0";
        if (!UnixFile.Exists(path)) throw new CommandFailed($"{path}: File not found");
        if (FilePaths.Mode(mode) is not { } bits) return $"Invalid Mode {mode}";
        try
        {
            UnixFile.ChangeMode(path, bits);
        }
        catch (UnixFailure)
        {
            return $"Invalid Mode {mode}";
        }
        return GetMode(path);
    }

    /// <summary>Gives a file to a user and a group.</summary>
    /// <param name="path">The file; a link is followed.</param>
    /// <param name="user">The user; empty text keeps the owner.</param>
    /// <param name="group">The group; empty text keeps the group.</param>
    /// <returns>Nothing, or what is wrong.</returns>
    /// <example><code>salt '*' file.chown /etc/passwd root root</code></example>
    [SaltFunction("file.chown")]
    public static string? Chown(string path, Value user, Value group) => Owned(path, user, group, follow: true);

    /// <summary>Gives a symbolic link itself to a user and a group.</summary>
    /// <param name="path">The link.</param>
    /// <param name="user">The user; empty text keeps the owner.</param>
    /// <param name="group">The group; empty text keeps the group.</param>
    /// <returns>Nothing, or what is wrong.</returns>
    /// <example><code>salt '*' file.lchown /etc/passwd root root</code></example>
    [SaltFunction("file.lchown")]
    public static string? Lchown(string path, Value user, Value group) => Owned(path, user, group, follow: false);

    /// <summary>Gives a file to a group.</summary>
    /// <param name="path">The file.</param>
    /// <param name="group">The group.</param>
    /// <returns>Nothing, or what is wrong.</returns>
    /// <example><code>salt '*' file.chgrp /etc/passwd root</code></example>
    [SaltFunction("file.chgrp")]
    public static string? Chgrp(string path, Value group) => Owned(path, "", group, follow: true);

    /// <summary>What the system knows about a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="hashType">Add <c>sum</c>: this digest of the content.</param>
    /// <param name="followSymlinks">Describe what a link leads to.</param>
    /// <returns>A map: <c>inode</c>, <c>uid</c>, <c>gid</c>, <c>group</c>, <c>user</c>, <c>atime</c>, <c>mtime</c>, <c>ctime</c>, <c>size</c>, <c>mode</c>, <c>type</c>, <c>target</c>.</returns>
    /// <example><code>salt '*' file.stats /etc/passwd</code></example>
    [SaltFunction("file.stats")]
    public static MapValue Stats(string path, string? hashType = null, bool followSymlinks = true)
    {
        path = FilePaths.Expand(path);
        // A link that leads nowhere is described itself.
        var status = UnixFile.Find(path, followSymlinks) ?? UnixFile.Find(path, follow: false) ?? throw new CommandFailed($"Path not found: {path}");
        var all = MapValue.Of(
            ("inode", status.Inode), ("uid", status.Uid), ("gid", status.Gid), ("group", GidToGroup(status.Gid)), ("user", UidToUser(status.Uid)),
            ("atime", status.Atime), ("mtime", status.Mtime), ("ctime", status.Ctime), ("size", status.Size), ("mode", status.ModeText));
        if (hashType is not null) all = all.With("sum", FileContentModule.GetHash(path, hashType));
        return all.With("type", status.Kind switch
        {
            'd' => "dir",
            'c' => "char",
            'b' => "block",
            'f' => "file",
            'l' => "link",
            'p' => "pipe",
            's' => "socket",
            _ => "",
        }).With("target", FilePaths.Real(path));
    }

    /// <summary>The fields of the system's <c>stat</c> for a file, or for a link itself.</summary>
    /// <param name="path">The file.</param>
    /// <returns>Fields as <c>st_mode</c>; empty where there is no such file.</returns>
    /// <example><code>salt '*' file.lstat /path/to/file</code></example>
    [SaltFunction("file.lstat")]
    public static MapValue Lstat(string path)
    {
        path = FilePaths.Absolute(path, "Path to file must be absolute.");
        return UnixFile.Find(path, follow: false) is { } s
            ? MapValue.Of(
                ("st_atime", s.Atime), ("st_ctime", s.Ctime), ("st_gid", s.Gid), ("st_mode", s.FullMode), ("st_mtime", s.Mtime),
                ("st_nlink", s.Links), ("st_size", s.Size), ("st_uid", s.Uid))
            : MapValue.Empty;
    }

    /// <summary>The state of the file system that holds a file.</summary>
    /// <param name="path">The file.</param>
    /// <returns>Fields as <c>f_bavail</c>.</returns>
    /// <example><code>salt '*' file.statvfs /path/to/file</code></example>
    [SaltFunction("file.statvfs")]
    public static MapValue Statvfs(string path)
    {
        path = FilePaths.Absolute(path);
        try
        {
            var v = UnixFile.VolumeStatus(path);
            return MapValue.Of(
                ("f_bavail", (long)v[4]), ("f_bfree", (long)v[3]), ("f_blocks", (long)v[2]), ("f_bsize", (long)v[0]), ("f_favail", (long)v[7]),
                ("f_ffree", (long)v[6]), ("f_files", (long)v[5]), ("f_flag", (long)v[9]), ("f_frsize", (long)v[1]), ("f_namemax", (long)v[10]));
        }
        catch (UnixFailure)
        {
            throw new CommandFailed($"Could not statvfs '{path}'");
        }
    }

    /// <summary>Whether the minion may reach a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="mode"><c>f</c> it exists, <c>r</c> read, <c>w</c> write, <c>x</c> execute; or the system's numbers 0 to 7.</param>
    /// <example><code>salt '*' file.access /path/to/file r</code></example>
    [SaltFunction("file.access")]
    public static bool Access(string path, Value mode)
    {
        path = FilePaths.Absolute(path, "Path to link must be absolute.");
        var wanted = mode switch
        {
            TextValue { Text: "f" } => 0,
            TextValue { Text: "r" } => 4,
            TextValue { Text: "w" } => 2,
            TextValue { Text: "x" } => 1,
            IntegerValue { Long: >= 0 and <= 7 } number => (int)number.Long,
            _ => throw new NamedError("SaltInvocationError", "Invalid mode specified."),
        };
        return UnixFile.MayAccess(path, wanted);
    }

    /// <summary>Gives a file away; text says what is wrong.</summary>
    internal static string? Owned(string path, Value user, Value group, bool follow)
    {
        path = FilePaths.Expand(path);
        var (uid, gid, errors) = (UserToUid(user), GroupToGid(group), "");
        if (uid is TextValue && user.IsTruthy) errors += "User does not exist\n";
        if (gid is TextValue && group.IsTruthy) errors += "Group does not exist\n";
        var isThere = UnixFile.Exists(path, follow);
        // A link that leads nowhere is given away itself.
        if (!isThere && follow && UnixFile.IsLink(path)) (isThere, follow) = (true, false);
        if (!isThere) errors += "File not found";
        if (errors.Length > 0) return errors;
        UnixFile.ChangeOwner(path, (uint?)uid.AsInteger(), (uint?)gid.AsInteger(), follow);
        return null;
    }

    private static uint? IdOf(Value id) => id.AsInteger() is >= 0 and <= uint.MaxValue and var n ? (uint)n
        : uint.TryParse(id.AsText(), NumberStyles.None, CultureInfo.InvariantCulture, out var read) ? read : null;
}
