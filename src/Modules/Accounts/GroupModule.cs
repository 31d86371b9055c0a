using SaltActors.Core.Functions;
using SaltActors.Core.Values;
using SaltActors.Modules.Commands;

namespace SaltActors.Modules.Accounts;

/// <summary>The module <c>group</c>: the groups of this machine.</summary>
/// <remarks>Follows Salt 3006, salt/modules/groupadd.py.</remarks>
public static class GroupModule
{
    /// <summary>What is known about a group.</summary>
    /// <param name="name">The group.</param>
    /// <param name="root">The folder to read <c>etc/group</c> below, instead of asking the system.</param>
    /// <returns>A map: <c>name</c>, <c>passwd</c>, <c>gid</c>, <c>members</c>; empty where there is no such group.</returns>
    /// <example><code>salt '*' group.info foo</code></example>
    [SaltFunction("group.info")]
    public static MapValue Info(string name, string? root = null) => Find(name, root) is { } group ? Described(group) : MapValue.Empty;

    /// <summary>All groups, each as <c>group.info</c> tells.</summary>
    /// <param name="refresh">Taken for compatibility: the answer is always fresh.</param>
    /// <param name="root">The folder to read <c>etc/group</c> below, instead of asking the system.</param>
    /// <example><code>salt '*' group.getent</code></example>
    [SaltFunction("group.getent")]
    public static ListValue Getent(bool refresh = false, string? root = null)
    {
        _ = refresh;
        return ListValue.From((root is null ? AccountDatabase.Groups() : AccountDatabase.GroupsBelow(root)).Select(Value (g) => Described(g)));
    }

    /// <summary>Adds a group.</summary>
    /// <param name="name">The group.</param>
    /// <param name="gid">The id; the next free one where none is given.</param>
    /// <param name="system">A group of the system, with a low id.</param>
    /// <param name="root">The folder to work below.</param>
    /// <param name="nonUnique">Allow an id that is taken.</param>
    /// <example><code>salt '*' group.add foo 3456</code></example>
    [SaltFunction("group.add")]
    public static Task<bool> Add(CallContext context, string name, Value? gid = null, bool system = false, string? root = null, bool nonUnique = false)
    {
        List<string> words = ["groupadd"];
        if (gid is { IsTruthy: true })
        {
            words.AddRange(["-g", gid.ToString()]);
            if (nonUnique) words.Add("-o");
        }
        if (system) words.Add("-r");
        if (root is not null) words.AddRange(["-R", root]);
        words.Add(name);
        return SucceedsAsync(context, words);
    }

    /// <summary>Removes a group.</summary>
    /// <param name="name">The group.</param>
    /// <param name="root">The folder to work below.</param>
    /// <example><code>salt '*' group.delete foo</code></example>
    [SaltFunction("group.delete")]
    public static Task<bool> Delete(CallContext context, string name, string? root = null) =>
        SucceedsAsync(context, ["groupdel", .. root is null ? Array.Empty<string>() : ["-R", root], name]);

    /// <summary>Gives a group another id.</summary>
    /// <param name="name">The group.</param>
    /// <param name="gid">The id.</param>
    /// <param name="root">The folder to work below.</param>
    /// <param name="nonUnique">Allow an id that is taken.</param>
    /// <example><code>salt '*' group.chgid foo 4376</code></example>
    [SaltFunction("group.chgid")]
    public static async Task<bool> Chgid(CallContext context, string name, long gid, string? root = null, bool nonUnique = false)
    {
        var group = Find(name, root) ?? throw new CommandFailed($"Group '{name}' does not exist");
        if (group.Gid == gid) return true;
        List<string> words = ["groupmod", "-g", $"{gid}"];
        if (nonUnique) words.Add("-o");
        if (root is not null) words.AddRange(["-R", root]);
        words.Add(name);
        return await SucceedsAsync(context, words).ConfigureAwait(false);
    }

    /// <summary>Puts a user into a group.</summary>
    /// <param name="name">The group.</param>
    /// <param name="username">The user.</param>
    /// <param name="root">The folder to work below.</param>
    /// <example><code>salt '*' group.adduser foo bar</code></example>
    [SaltFunction("group.adduser")]
    public static Task<bool> Adduser(CallContext context, string name, string username, string? root = null) =>
        SucceedsAsync(context, ["gpasswd", .. root is null ? Array.Empty<string>() : ["-Q", root], "--add", username, name]);

    /// <summary>Takes a user out of a group.</summary>
    /// <param name="name">The group.</param>
    /// <param name="username">The user.</param>
    /// <param name="root">The folder to work below.</param>
    /// <returns>True as well where the user was not in it.</returns>
    /// <example><code>salt '*' group.deluser foo bar</code></example>
    [SaltFunction("group.deluser")]
    public static Task<bool> Deluser(CallContext context, string name, string username, string? root = null) =>
        Find(name, root)?.Members.Contains(username, StringComparer.Ordinal) == true
            ? SucceedsAsync(context, ["gpasswd", .. root is null ? Array.Empty<string>() : ["-Q", root], "--del", username, name])
            : Task.FromResult(true);

    /// <summary>Gives a group these members and no others.</summary>
    /// <param name="name">The group.</param>
    /// <param name="membersList">The users, with commas between them.</param>
    /// <param name="root">The folder to work below.</param>
    /// <example><code>salt '*' group.members foo 'user1,user2,user3'</code></example>
    [SaltFunction("group.members")]
    public static Task<bool> Members(CallContext context, string name, string membersList, string? root = null) =>
        SucceedsAsync(context, ["gpasswd", .. root is null ? Array.Empty<string>() : ["-Q", root], "--members", membersList, name]);

    private static async Task<bool> SucceedsAsync(CallContext context, List<string> words) =>
        (await ProgramCalls.RunAsync(context, [.. words]).ConfigureAwait(false)).IsSuccess;

    private static GroupEntry? Find(string name, string? root) =>
        root is null ? AccountDatabase.Group(name) : AccountDatabase.GroupsBelow(root).FirstOrDefault(g => g.Name == name);

    private static MapValue Described(GroupEntry group) =>
        MapValue.Of(("name", group.Name), ("passwd", group.Password), ("gid", group.Gid), ("members", ListValue.OfTexts(group.Members)));
}
