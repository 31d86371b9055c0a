using SaltActors.Core.Functions;
using SaltActors.Core.Values;
using SaltActors.Modules.Commands;

namespace SaltActors.Modules.Accounts;

/// <summary>The module <c>user</c>: the users of this machine.</summary>
/// <remarks>Follows Salt 3006, salt/modules/useradd.py.</remarks>
public static class UserModule
{
    /// <summary>The names of all users, sorted.</summary>
    /// <param name="root">The folder to read <c>etc/passwd</c> below, instead of asking the system.</param>
    /// <example><code>salt '*' user.list_users</code></example>
    [SaltFunction("user.list_users")]
    public static ListValue ListUsers(string? root = null) =>
        ListValue.OfTexts(Entries(root).Select(u => u.Name).Order(PythonOrder.ByCodePoint));

    /// <summary>All users, each as <c>user.info</c> tells.</summary>
    /// <param name="refresh">Taken for compatibility: the answer is always fresh.</param>
    /// <param name="root">The folder to read <c>etc/passwd</c> below, instead of asking the system.</param>
    /// <example><code>salt '*' user.getent</code></example>
    [SaltFunction("user.getent")]
    public static ListValue Getent(bool refresh = false, string? root = null)
    {
        _ = refresh;
        var groups = Groups(root);
        return ListValue.From(Entries(root).Select(Value (u) => Described(u, groups)));
    }

    /// <summary>What is known about a user.</summary>
    /// <param name="name">The user.</param>
    /// <param name="root">The folder to read <c>etc/passwd</c> below, instead of asking the system.</param>
    /// <returns>Empty where there is no such user.</returns>
    /// <example><code>salt '*' user.info root</code></example>
    [SaltFunction("user.info")]
    public static MapValue Info(string name, string? root = null) => Find(name, root) is { } user ? Described(user, Groups(root)) : MapValue.Empty;

    /// <summary>The groups that a user is in, sorted.</summary>
    /// <param name="name">The user.</param>
    /// <example><code>salt '*' user.list_groups foo</code></example>
    [SaltFunction("user.list_groups")]
    public static ListValue ListGroups(string name) => GroupsOf(name, Find(name, null)?.Gid, Groups(null));

    /// <summary>A user's main group; empty text where there is no such user.</summary>
    /// <param name="name">The user.</param>
    /// <example><code>salt '*' user.primary_group saltadmin</code></example>
    [SaltFunction("user.primary_group")]
    public static string PrimaryGroup(string name) => Find(name, null) is { } user ? AccountDatabase.Group(user.Gid)?.Name ?? "" : "";

    /// <summary>Adds a user.</summary>
    /// <param name="name">The user.</param>
    /// <param name="uid">The id; the next free one where none is given.</param>
    /// <param name="gid">The main group, by id or name.</param>
    /// <param name="groups">Further groups.</param>
    /// <param name="home">The home.</param>
    /// <param name="shell">The login shell.</param>
    /// <param name="unique">Refuse an id that is taken.</param>
    /// <param name="system">A user of the system, with a low id.</param>
    /// <param name="fullname">The full name.</param>
    /// <param name="roomnumber">The room.</param>
    /// <param name="workphone">The phone at work.</param>
    /// <param name="homephone">The phone at home.</param>
    /// <param name="other">Other contact data.</param>
    /// <param name="createhome">Make the home.</param>
    /// <param name="loginclass">Taken for compatibility; Linux has no login classes.</param>
    /// <param name="nologinit">Leave out of the records of logins.</param>
    /// <param name="root">The folder to work below.</param>
    /// <param name="usergroup">Make a group of the user's name.</param>
    /// <example><code>salt '*' user.add name 1000 /home/foo</code></example>
    [SaltFunction("user.add")]
    public static async Task<bool> Add(
        CallContext context, string name, Value? uid = null, Value? gid = null, Value? groups = null, string? home = null, string? shell = null, bool unique = true,
        bool system = false, string fullname = "", string roomnumber = "", string workphone = "", string homephone = "", string other = "",
        bool createhome = true, string? loginclass = null, bool nologinit = false, string? root = null, bool? usergroup = null)
    {
        _ = loginclass;
        List<string> words = ["useradd"];
        if (shell is { Length: > 0 }) words.AddRange(["-s", shell]);
        if (uid is { } id && id.ToString().Length > 0) words.AddRange(["-u", id.ToString()]);
        if (gid is { } main && main.ToString().Length > 0) words.AddRange(["-g", main.ToString()]);
        else if (usergroup is { } own) words.Add(own ? "-U" : "-N");
        if (groups is { IsTruthy: true }) words.AddRange(["-G", Commas(groups)]);
        words.AddRange(createhome ? ["-m"] : ["-M"]);
        if (nologinit) words.Add("-l");
        if (home is { Length: > 0 }) words.AddRange(["-d", home]);
        if (!unique) words.Add("-o");
        if (system) words.Add("-r");
        var gecos = Gecos.Text([fullname, roomnumber, workphone, homephone, other]);
        if (gecos.Length > 0) words.AddRange(["-c", gecos]);
        if (root is not null) words.AddRange(["-R", root]);
        words.Add(name);
        return (await ProgramCalls.RunAsync(context, [.. words]).ConfigureAwait(false)).IsSuccess;
    }

    /// <summary>Removes a user.</summary>
    /// <param name="name">The user.</param>
    /// <param name="remove">Remove the home and the mail as well.</param>
    /// <param name="force">Also where the user is logged in.</param>
    /// <param name="root">The folder to work below.</param>
    /// <example><code>salt '*' user.delete name remove=True force=True</code></example>
    [SaltFunction("user.delete")]
    public static async Task<bool> Delete(CallContext context, string name, bool remove = false, bool force = false, string? root = null)
    {
        List<string> words = ["userdel"];
        if (remove) words.Add("-r");
        if (force) words.Add("-f");
        if (root is not null) words.AddRange(["-R", root]);
        words.Add(name);
        var answer = await ProgramCalls.RunAsync(context, [.. words]).ConfigureAwait(false);
        // 12: the account is gone, but not the home, which another user owns or which is not there.
        return answer.IsSuccess || (answer.Retcode == 12 && Find(name, root) is null);
    }

    /// <summary>Gives a user another id.</summary>
    /// <param name="name">The user.</param>
    /// <param name="uid">The id.</param>
    /// <param name="root">The folder to work below.</param>
    /// <example><code>salt '*' user.chuid foo 4376</code></example>
    [SaltFunction("user.chuid")]
    public static Task<bool> Chuid(CallContext context, string name, long uid, string? root = null) =>
        ChangeAsync(context, name, root, u => u.Uid == uid, "-u", $"{uid}");

    /// <summary>Gives a user another main group.</summary>
    /// <param name="name">The user.</param>
    /// <param name="gid">The group, by id or name.</param>
    /// <param name="root">The folder to work below.</param>
    /// <example><code>salt '*' user.chgid foo 4376</code></example>
    [SaltFunction("user.chgid")]
    public static Task<bool> Chgid(CallContext context, string name, Value gid, string? root = null)
    {
        var wanted = gid.AsInteger() ?? AccountDatabase.Group(gid.ToString())?.Gid;
        return ChangeAsync(context, name, root, u => u.Gid == wanted, "-g", gid.ToString());
    }

    /// <summary>Gives a user another login shell.</summary>
    /// <param name="name">The user.</param>
    /// <param name="shell">The shell.</param>
    /// <param name="root">The folder to work below.</param>
    /// <example><code>salt '*' user.chshell foo /bin/zsh</code></example>
    [SaltFunction("user.chshell")]
    public static Task<bool> Chshell(CallContext context, string name, string shell, string? root = null) =>
        ChangeAsync(context, name, root, u => u.Shell == shell, "-s", shell);

    /// <summary>Gives a user another home.</summary>
    /// <param name="name">The user.</param>
    /// <param name="home">The home.</param>
    /// <param name="persist">Move what is in the old one.</param>
    /// <param name="root">The folder to work below.</param>
    /// <example><code>salt '*' user.chhome foo /home/users/foo True</code></example>
    [SaltFunction("user.chhome")]
    public static Task<bool> Chhome(CallContext context, string name, string home, bool persist = false, string? root = null) =>
        ChangeAsync(context, name, root, u => u.Home == home, persist ? ["-m", "-d", home] : ["-d", home]);

    /// <summary>Puts a user into groups.</summary>
    /// <param name="name">The user.</param>
    /// <param name="groups">The groups: a list, or text with commas.</param>
    /// <param name="append">Keep the groups that the user is in (true), or leave them (false).</param>
    /// <param name="root">The folder to work below.</param>
    /// <example><code>salt '*' user.chgroups foo wheel,root append=True</code></example>
    [SaltFunction("user.chgroups")]
    public static async Task<bool> Chgroups(CallContext context, string name, Value groups, bool append = false, string? root = null)
    {
        var wanted = Commas(groups).Split(',', StringSplitOptions.RemoveEmptyEntries).ToHashSet(StringComparer.Ordinal);
        var current = ListGroups(name).Select(g => g.ToString()).ToHashSet(StringComparer.Ordinal);
        if (append ? wanted.IsSubsetOf(current) : wanted.SetEquals(current)) return true;
        List<string> words = ["usermod"];
        if (append) words.Add("-a");
        words.AddRange(["-G", Commas(groups)]);
        if (root is not null) words.AddRange(["-R", root]);
        words.Add(name);
        return (await ProgramCalls.RunAsync(context, [.. words]).ConfigureAwait(false)).IsSuccess;
    }

    /// <summary>Gives a user another full name.</summary>
    /// <param name="name">The user.</param>
    /// <param name="fullname">The full name.</param>
    /// <param name="root">The folder to work below.</param>
    /// <example><code>salt '*' user.chfullname foo "Foo Bar"</code></example>
    [SaltFunction("user.chfullname")]
    public static Task<bool> Chfullname(CallContext context, string name, string fullname, string? root = null) => GecosAsync(context, name, 0, fullname, root);

    /// <summary>Gives a user another room.</summary>
    /// <param name="name">The user.</param>
    /// <param name="roomnumber">The room.</param>
    /// <param name="root">The folder to work below.</param>
    /// <example><code>salt '*' user.chroomnumber foo 123</code></example>
    [SaltFunction("user.chroomnumber")]
    public static Task<bool> Chroomnumber(CallContext context, string name, string roomnumber, string? root = null) => GecosAsync(context, name, 1, roomnumber, root);

    /// <summary>Gives a user another phone at work.</summary>
    /// <param name="name">The user.</param>
    /// <param name="workphone">The number.</param>
    /// <param name="root">The folder to work below.</param>
    /// <example><code>salt '*' user.chworkphone foo 7735550123</code></example>
    [SaltFunction("user.chworkphone")]
    public static Task<bool> Chworkphone(CallContext context, string name, string workphone, string? root = null) => GecosAsync(context, name, 2, workphone, root);

    /// <summary>Gives a user another phone at home.</summary>
    /// <param name="name">The user.</param>
    /// <param name="homephone">The number.</param>
    /// <param name="root">The folder to work below.</param>
    /// <example><code>salt '*' user.chhomephone foo 7735551234</code></example>
    [SaltFunction("user.chhomephone")]
    public static Task<bool> Chhomephone(CallContext context, string name, string homephone, string? root = null) => GecosAsync(context, name, 3, homephone, root);

    /// <summary>Gives a user other contact data.</summary>
    /// <param name="name">The user.</param>
    /// <param name="other">The data.</param>
    /// <param name="root">The folder to work below.</param>
    /// <example><code>salt '*' user.chother foobar</code></example>
    [SaltFunction("user.chother")]
    public static Task<bool> Chother(CallContext context, string name, string other, string? root = null) => GecosAsync(context, name, 4, other, root);

    private static IReadOnlyList<UserEntry> Entries(string? root) => root is null ? AccountDatabase.Users() : AccountDatabase.UsersBelow(root);
    private static IReadOnlyList<GroupEntry> Groups(string? root) => root is null ? AccountDatabase.Groups() : AccountDatabase.GroupsBelow(root);
    private static UserEntry? Find(string name, string? root) =>
        root is null ? AccountDatabase.User(name) : Entries(root).FirstOrDefault(u => u.Name == name);

    private static MapValue Described(UserEntry user, IReadOnlyList<GroupEntry> groups)
    {
        var gecos = Gecos.Fields(user.Gecos);
        return MapValue.Of(
            ("gid", user.Gid), ("groups", GroupsOf(user.Name, user.Gid, groups)), ("home", user.Home), ("name", user.Name), ("passwd", user.Password),
            ("shell", user.Shell), ("uid", user.Uid), ("fullname", gecos[0]), ("roomnumber", gecos[1]), ("workphone", gecos[2]), ("homephone", gecos[3]),
            ("other", gecos[4]));
    }

    private static ListValue GroupsOf(string name, uint? gid, IReadOnlyList<GroupEntry> groups) => ListValue.OfTexts(
        groups.Where(g => g.Gid == gid || g.Members.Contains(name, StringComparer.Ordinal)).Select(g => g.Name).Distinct().Order(PythonOrder.ByCodePoint));

    private static string Commas(Value groups) => groups is ListValue list ? string.Join(',', list.Items) : groups.ToString();

    private static async Task<bool> ChangeAsync(CallContext context, string name, string? root, Func<UserEntry, bool> isDone, params string[] options)
    {
        var user = Find(name, root) ?? throw new CommandFailed($"User '{name}' does not exist");
        if (isDone(user)) return true;
        var answer = await ProgramCalls.RunAsync(context, ["usermod", .. options, .. root is null ? Array.Empty<string>() : ["-R", root], name]).ConfigureAwait(false);
        return answer.IsSuccess;
    }

    private static Task<bool> GecosAsync(CallContext context, string name, int field, string text, string? root)
    {
        var user = Find(name, root);
        if (user is null) return Task.FromResult(false);
        var fields = Gecos.Fields(user.Gecos);
        fields[field] = text;
        return ChangeAsync(context, name, root, u => Gecos.Fields(u.Gecos)[field] == text, "-c", Gecos.Text(fields));
    }
}
