using System.Globalization;
using SaltActors.Core.Functions;
using SaltActors.Core.Values;
using SaltActors.Modules.Commands;

namespace SaltActors.Modules.Accounts;

/// <summary>The module <c>shadow</c>: passwords and their ages.</summary>
/// <remarks>Follows Salt 3006, salt/modules/linux_shadow.py.</remarks>
public static class ShadowModule
{
    private static readonly string[] Ages = ["lstchg", "min", "max", "warn", "inact", "expire"];

    /// <summary>The password of a user who has none.</summary>
    /// <example><code>salt '*' shadow.default_hash</code></example>
    [SaltFunction("shadow.default_hash")]
    public static string DefaultHash() => "!";

    /// <summary>The names in the shadow file, sorted.</summary>
    /// <param name="root">The folder to read <c>etc/shadow</c> below.</param>
    /// <example><code>salt '*' shadow.list_users</code></example>
    [SaltFunction("shadow.list_users")]
    public static ListValue ListUsers(string? root = null) =>
        ListValue.OfTexts(AccountDatabase.Fields(root ?? "/", "shadow").Select(f => f[0]).Order(PythonOrder.ByCodePoint));

    /// <summary>A user's password hash and its ages, in days.</summary>
    /// <param name="name">The user.</param>
    /// <param name="root">The folder to read <c>etc/shadow</c> below.</param>
    /// <returns>A map: <c>name</c>, <c>passwd</c>, <c>lstchg</c>, <c>min</c>, <c>max</c>, <c>warn</c>, <c>inact</c>, <c>expire</c>; all empty where there is no such user.</returns>
    /// <example><code>salt '*' shadow.info root</code></example>
    [SaltFunction("shadow.info")]
    public static MapValue Info(string name, string? root = null)
    {
        var fields = AccountDatabase.Fields(root ?? "/", "shadow").FirstOrDefault(f => f[0] == name && f.Length >= 8);
        var all = MapValue.Of(("name", fields?[0] ?? ""), ("passwd", fields?[1] ?? "")).ToBuilder();
        for (var i = 0; i < Ages.Length; i++)
            // A field that is empty is -1.
            all[Ages[i]] = fields is null ? "" : int.TryParse(fields[i + 2], CultureInfo.InvariantCulture, out var days) ? days : -1;
        return all.Build();
    }

    /// <summary>Sets the days between a password's end and the account's.</summary>
    /// <param name="name">The user.</param>
    /// <param name="inactdays">Days.</param>
    /// <param name="root">The folder to work below.</param>
    /// <example><code>salt '*' shadow.set_inactdays username 7</code></example>
    [SaltFunction("shadow.set_inactdays")]
    public static Task<bool> SetInactdays(CallContext context, string name, int inactdays, string? root = null) => SetAgeAsync(context, name, "inact", inactdays, "-I", root);

    /// <summary>Sets the days that a password lasts at most.</summary>
    /// <param name="name">The user.</param>
    /// <param name="maxdays">Days.</param>
    /// <param name="root">The folder to work below.</param>
    /// <example><code>salt '*' shadow.set_maxdays username 90</code></example>
    [SaltFunction("shadow.set_maxdays")]
    public static Task<bool> SetMaxdays(CallContext context, string name, int maxdays, string? root = null) => SetAgeAsync(context, name, "max", maxdays, "-M", root);

    /// <summary>Sets the days that a password lasts at least.</summary>
    /// <param name="name">The user.</param>
    /// <param name="mindays">Days.</param>
    /// <param name="root">The folder to work below.</param>
    /// <example><code>salt '*' shadow.set_mindays username 7</code></example>
    [SaltFunction("shadow.set_mindays")]
    public static Task<bool> SetMindays(CallContext context, string name, int mindays, string? root = null) => SetAgeAsync(context, name, "min", mindays, "-m", root);

    /// <summary>Sets the days of warning before a password ends.</summary>
    /// <param name="name">The user.</param>
    /// <param name="warndays">Days.</param>
    /// <param name="root">The folder to work below.</param>
    /// <example><code>salt '*' shadow.set_warndays username 7</code></example>
    [SaltFunction("shadow.set_warndays")]
    public static Task<bool> SetWarndays(CallContext context, string name, int warndays, string? root = null) => SetAgeAsync(context, name, "warn", warndays, "-W", root);

    /// <summary>Sets a user's password, given as a hash.</summary>
    /// <param name="name">The user.</param>
    /// <param name="password">The hash, as <c>crypt</c> makes it.</param>
    /// <param name="useUsermod">Taken for compatibility: the hash never stands in a command line.</param>
    /// <param name="root">The folder to work below.</param>
    /// <example><code>salt '*' shadow.set_password root '$1$UYCIxa628.9qXjpQCjM4a..'</code></example>
    [SaltFunction("shadow.set_password")]
    public static async Task<bool> SetPassword(CallContext context, string name, string password, bool useUsermod = false, string? root = null)
    {
        _ = useUsermod;
        if (Info(name, root).TextOf("name") is not { Length: > 0 }) return false;
        // By the input, not by the command line, which every user of the machine can read.
        if (name.AsSpan().ContainsAny(':', '\n') || password.AsSpan().ContainsAny(':', '\n')) throw new CommandFailed("A name or hash holds ':' or a line break");
        var options = MapValue.Of(("stdin", $"{name}:{password}\n"));
        return (await ProgramCalls.RunAsync(context, ["chpasswd", "-e", .. InRoot(root)], options).ConfigureAwait(false)).IsSuccess;
    }

    /// <summary>Locks a user's password.</summary>
    /// <param name="name">The user.</param>
    /// <param name="root">The folder to work below.</param>
    /// <example><code>salt '*' shadow.lock_password username</code></example>
    [SaltFunction("shadow.lock_password")]
    public static Task<bool> LockPassword(CallContext context, string name, string? root = null) => PasswordAsync(context, "-l", name, root);

    /// <summary>Unlocks a user's password.</summary>
    /// <param name="name">The user.</param>
    /// <param name="root">The folder to work below.</param>
    /// <example><code>salt '*' shadow.unlock_password username</code></example>
    [SaltFunction("shadow.unlock_password")]
    public static Task<bool> UnlockPassword(CallContext context, string name, string? root = null) => PasswordAsync(context, "-u", name, root);

    /// <summary>Removes a user's password.</summary>
    /// <param name="name">The user.</param>
    /// <param name="root">The folder to work below.</param>
    /// <example><code>salt '*' shadow.del_password username</code></example>
    [SaltFunction("shadow.del_password")]
    public static Task<bool> DelPassword(CallContext context, string name, string? root = null) => PasswordAsync(context, "-d", name, root);

    /// <summary>Sets the day of the last change of the password.</summary>
    /// <param name="name">The user.</param>
    /// <param name="date">Days since 1970, or <c>YYYY-MM-DD</c>; -1 for none.</param>
    /// <param name="root">The folder to work below.</param>
    /// <example><code>salt '*' shadow.set_date username 0</code></example>
    [SaltFunction("shadow.set_date")]
    public static async Task<bool> SetDate(CallContext context, string name, Value date, string? root = null) =>
        (await ProgramCalls.RunAsync(context, ["chage", "-d", date.ToString(), .. InRoot(root), name]).ConfigureAwait(false)).IsSuccess;

    /// <summary>Sets the day on which the account ends.</summary>
    /// <param name="name">The user.</param>
    /// <param name="expire">Days since 1970, or <c>YYYY-MM-DD</c>; -1 for none.</param>
    /// <param name="root">The folder to work below.</param>
    /// <example><code>salt '*' shadow.set_expire username -1</code></example>
    [SaltFunction("shadow.set_expire")]
    public static async Task<bool> SetExpire(CallContext context, string name, Value expire, string? root = null) =>
        (await ProgramCalls.RunAsync(context, ["chage", "-E", expire.ToString(), .. InRoot(root), name]).ConfigureAwait(false)).IsSuccess;

    private static string[] InRoot(string? root) => root is null ? [] : ["-R", root];

    private static async Task<bool> PasswordAsync(CallContext context, string option, string name, string? root)
    {
        if (Info(name, root).TextOf("name") is not { Length: > 0 }) return false;
        return (await ProgramCalls.RunAsync(context, ["passwd", option, .. InRoot(root), name]).ConfigureAwait(false)).IsSuccess;
    }

    private static async Task<bool> SetAgeAsync(CallContext context, string name, string field, int days, string option, string? root)
    {
        if (Info(name, root).Get(field) is not IntegerValue current) return false;
        if (current.Long == days) return true;
        return (await ProgramCalls.RunAsync(context, ["chage", option, $"{days}", .. InRoot(root), name]).ConfigureAwait(false)).IsSuccess;
    }
}
