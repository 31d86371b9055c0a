using SaltActors.Core.Functions;
using SaltActors.Core.Values;

namespace SaltActors.Modules.Accounts;

/// <summary>The states <c>user.present</c> and <c>user.absent</c>.</summary>
/// <remarks>Follows Salt 3006, salt/states/user.py. The differences are found first; test mode tells them, else they are applied.</remarks>
public static class UserState
{
    private const string Redacted = "XXX-REDACTED-XXX";

    // Argument of the state → field of shadow.info, and what sets it.
    private static readonly (string Wish, string Field, string Setter)[] Ages =
        [("date", "lstchg", "shadow.set_date"), ("mindays", "min", "shadow.set_mindays"), ("maxdays", "max", "shadow.set_maxdays"), ("inactdays", "inact", "shadow.set_inactdays"), ("warndays", "warn", "shadow.set_warndays"), ("expire", "expire", "shadow.set_expire")];
    private static readonly (string Wish, string Setter)[] Texts =
        [("shell", "user.chshell"), ("fullname", "user.chfullname"), ("roomnumber", "user.chroomnumber"), ("workphone", "user.chworkphone"), ("homephone", "user.chhomephone"), ("other", "user.chother")];

    /// <summary>Keeps a user.</summary>
    /// <param name="name">The user.</param>
    /// <param name="uid">The id.</param>
    /// <param name="gid">The main group, by id or name.</param>
    /// <param name="usergroup">Make a group of the user's name.</param>
    /// <param name="groups">All further groups; they must be there.</param>
    /// <param name="optionalGroups">Further groups, as far as they are there.</param>
    /// <param name="removeGroups">Take the user out of all others.</param>
    /// <param name="home">The home.</param>
    /// <param name="createhome">Make the home.</param>
    /// <param name="password">The hash of the password.</param>
    /// <param name="hashPassword">The password is given as it is, and hashed here.</param>
    /// <param name="enforcePassword">False: a password that is set stays.</param>
    /// <param name="emptyPassword">No password at all.</param>
    /// <param name="shell">The login shell.</param>
    /// <param name="unique">Refuse an id that is taken.</param>
    /// <param name="system">A user of the system, with a low id.</param>
    /// <param name="fullname">The full name.</param>
    /// <param name="roomnumber">The room.</param>
    /// <param name="workphone">The phone at work.</param>
    /// <param name="homephone">The phone at home.</param>
    /// <param name="other">Other contact data.</param>
    /// <param name="loginclass">Linux has none.</param>
    /// <param name="date">The day of the last change of the password, in days since 1970.</param>
    /// <param name="mindays">Days before the password may be changed.</param>
    /// <param name="maxdays">Days after which it must be changed.</param>
    /// <param name="inactdays">Days after that until the account is closed.</param>
    /// <param name="warndays">Days before that with a warning.</param>
    /// <param name="expire">The day on which the account ends, in days since 1970.</param>
    /// <param name="nologinit">Leave out of the records of logins.</param>
    /// <param name="allowUidChange">The id of a user that is there may change.</param>
    /// <param name="allowGidChange">The main group too.</param>
    /// <param name="passwordLock">Lock (true) or unlock (false) the password.</param>
    /// <param name="local">Taken for compatibility.</param>
    [SaltState("user.present")]
    public static async Task<MapValue> Present(
        CallContext context, string name, long? uid = null, Value? gid = null, bool? usergroup = null, ListValue? groups = null, ListValue? optionalGroups = null, bool removeGroups = true,
        string? home = null, bool createhome = true, string? password = null, bool hashPassword = false, bool enforcePassword = true, bool emptyPassword = false, string? shell = null,
        bool unique = true, bool system = false, string? fullname = null, Value? roomnumber = null, Value? workphone = null, Value? homephone = null, string? other = null, string? loginclass = null,
        long? date = null, long? mindays = null, long? maxdays = null, long? inactdays = null, long? warndays = null, long? expire = null, bool nologinit = false, bool allowUidChange = false,
        bool allowGidChange = false, bool? passwordLock = null, bool local = false)
    {
        _ = local;
        if (loginclass is not null) return StateResult.Failed(name, "loginclass: Linux has no login classes");
        if (hashPassword) return StateResult.Failed(name, "hash_password: hashing is not there in this version; give the hash, as `openssl passwd -6` prints it");
        if (groups is not null && await MissingAsync(context, groups).ConfigureAwait(false) is { Count: > 0 } missing)
            return StateResult.Failed(name, $"The following group(s) are not present: {string.Join(',', missing)}");
        if (optionalGroups is not null)
        {
            var absent = (await MissingAsync(context, optionalGroups).ConfigureAwait(false)).ToHashSet();
            groups = ListValue.From((groups ?? ListValue.Empty).Concat(optionalGroups.Where(g => !absent.Contains(g.ToString()))).Distinct());
        }
        var wish = new Wish(context, name)
        {
            Uid = uid,
            Gid = gid is { IsNull: false } ? gid : null,
            Groups = groups,
            KeepsGroups = !removeGroups,
            Home = home,
            MakesHome = createhome,
            Password = emptyPassword ? "" : password,
            EnforcesPassword = enforcePassword,
            Lock = passwordLock,
            Texts = Given(("shell", shell is null ? null : TextValue.Of(shell)), ("fullname", fullname is null ? null : TextValue.Of(fullname)), ("roomnumber", roomnumber), ("workphone", workphone), ("homephone", homephone), ("other", other is null ? null : TextValue.Of(other))),
            Ages = Given(("date", Number(date)), ("mindays", Number(mindays)), ("maxdays", Number(maxdays)), ("inactdays", Number(inactdays)), ("warndays", Number(warndays)), ("expire", Number(expire))),
        };
        var info = (MapValue)await context.Call("user.info", name).ConfigureAwait(false);
        if (info.Count == 0) return context.IsTest ? StateResult.Of(name, null, $"User {name} set to be added") : await AddAsync(context, name, wish, unique, system, nologinit, usergroup).ConfigureAwait(false);

        var wanted = await wish.DifferencesAsync(info).ConfigureAwait(false);
        if (wanted.Count == 0) return StateResult.Of(name, true, $"User {name} is present and up to date");
        var refused = new List<string>();
        if (wanted.Has("uid") && !allowUidChange) refused.Add($"Changing uid ({info.Get("uid")} -> {uid}) not permitted, set allow_uid_change to True to force this change. Note that this will not change file ownership.");
        if (wanted.Has("gid") && !allowGidChange) refused.Add($"Changing gid ({info.Get("gid")} -> {gid}) not permitted, set allow_gid_change to True to force this change. Note that this will not change file ownership.");
        if (refused.Count > 0) return StateResult.Failed(name, "Encountered error checking for needed changes. Additional info follows:\n\n" + string.Join('\n', refused.Select(r => $"- {r}")));
        if (context.IsTest)
            return StateResult.Of(name, null, "The following user attributes are set to be changed:\n" + string.Concat(wanted.Select(w => $"{w.Key}: {(w.Key.ToString() == "passwd" ? Redacted : PythonText.Str(w.Value))}\n")));
        var before = await wish.SnapshotAsync().ConfigureAwait(false);
        await wish.ApplyAsync(wanted).ConfigureAwait(false);
        var after = await wish.SnapshotAsync().ConfigureAwait(false);
        var changes = MapValue.From(after.Where(e => !(before.Get(e.Key)?.Equals(e.Value) ?? false)).Select(e => KeyValuePair.Create(e.Key, e.Key.ToString() == "passwd" ? Redacted : e.Value)));
        var left = await wish.DifferencesAsync((MapValue)await context.Call("user.info", name).ConfigureAwait(false)).ConfigureAwait(false);
        return left.Count == 0 ? StateResult.Of(name, true, $"Updated user {name}", changes)
            : StateResult.Of(name, false, $"These values could not be changed: {PythonText.Str(left.Has("passwd") ? left.With("passwd", Redacted) : left)}", changes);
    }

    /// <summary>Keeps a user away.</summary>
    /// <param name="name">The user.</param>
    /// <param name="purge">Remove the user's files too.</param>
    /// <param name="force">Even while the user is logged in.</param>
    /// <param name="local">Taken for compatibility.</param>
    [SaltState("user.absent")]
    public static async Task<MapValue> Absent(CallContext context, string name, bool purge = false, bool force = false, bool local = false)
    {
        _ = local;
        if (((MapValue)await context.Call("user.info", name).ConfigureAwait(false)).Count == 0) return StateResult.Of(name, true, $"User {name} is not present");
        if (context.IsTest) return StateResult.Of(name, null, $"User {name} set for removal");
        async Task<bool> HasGroup() => ((MapValue)await context.Call("group.info", name).ConfigureAwait(false)).Count > 0;
        var hadGroup = await HasGroup().ConfigureAwait(false);
        if (!(await context.Call("user.delete", name, purge, force).ConfigureAwait(false)).IsTruthy) return StateResult.Failed(name, $"Failed to remove user {name}");
        var changes = MapValue.Of((name, "removed"));
        if (hadGroup && !await HasGroup().ConfigureAwait(false)) changes = changes.With($"{name} group", "removed");
        return StateResult.Of(name, true, $"Removed user {name}", changes);
    }

    private static async Task<MapValue> AddAsync(CallContext context, string name, Wish wish, bool unique, bool system, bool nologinit, bool? usergroup)
    {
        var options = MapValue.Of(("unique", unique), ("system", system), ("createhome", wish.MakesHome), ("nologinit", nologinit)).Over(wish.Texts);
        if (wish.Uid is { } uid) options = options.With("uid", uid);
        if (wish.Gid is { } gid) options = options.With("gid", gid);
        if (wish.Groups is { } groups) options = options.With("groups", groups);
        if (wish.Home is { } home) options = options.With("home", home);
        if (usergroup is { } own) options = options.With("usergroup", own);
        if (!(await context.Call("user.add", new CallArguments([name], options)).ConfigureAwait(false)).IsTruthy) return StateResult.Failed(name, $"Failed to create new user {name}");
        var changes = (MapValue)await context.Call("user.info", name).ConfigureAwait(false);
        var wanted = await wish.DifferencesAsync(changes).ConfigureAwait(false);
        await wish.ApplyAsync(wanted).ConfigureAwait(false);
        if (wanted.Has("passwd")) changes = changes.With("password", Redacted);
        foreach (var (age, _, _) in Ages) if (wanted.Get(age) is { } set) changes = changes.With(age, set);
        var left = await wish.DifferencesAsync((MapValue)await context.Call("user.info", name).ConfigureAwait(false)).ConfigureAwait(false);
        return left.Count == 0 ? StateResult.Of(name, true, $"New user {name} created", changes)
            : StateResult.Of(name, false, $"User {name} created but failed to set {string.Join(", ", left.Select(l => l.Key.ToString()))}", changes);
    }

    private static async Task<List<string>> MissingAsync(CallContext context, ListValue groups)
    {
        var missing = new List<string>();
        foreach (var group in groups) if (((MapValue)await context.Call("group.info", group).ConfigureAwait(false)).Count == 0) missing.Add(group.ToString());
        return missing;
    }

    private static MapValue Given(params (string Name, Value? Value)[] given) => MapValue.From(given.Where(g => g.Value is { IsNull: false }).Select(g => KeyValuePair.Create(g.Name, g.Value!)));
    private static Value? Number(long? number) => number is { } known ? known : null;

    // What is wanted of a user that is there.
    private sealed record Wish(CallContext Context, string Name)
    {
        public long? Uid { get; init; }
        public Value? Gid { get; init; }
        public ListValue? Groups { get; init; }
        public bool KeepsGroups { get; init; }
        public string? Home { get; init; }
        public bool MakesHome { get; init; }
        public string? Password { get; init; }
        public bool EnforcesPassword { get; init; }
        public bool? Lock { get; init; }
        public required MapValue Texts { get; init; }
        public required MapValue Ages { get; init; }

        /// <summary>Attribute → what it is to be, in the order in which they are told.</summary>
        public async Task<MapValue> DifferencesAsync(MapValue info)
        {
            var differences = new MapValue.Builder();
            if (Uid is { } uid && info.Get("uid")?.AsInteger() != uid) differences["uid"] = uid;
            if (Gid is not null && await Context.Call("file.group_to_gid", Gid).ConfigureAwait(false) is var number && !(info.Get("gid")?.Equals(number) ?? false)) differences["gid"] = Gid;
            if (Groups is not null)
            {
                // The main group is none of the further ones, unless it is named.
                var main = (await Context.Call("file.gid_to_group", info.Get("gid") ?? 0).ConfigureAwait(false)).ToString();
                var there = (info.Get("groups") as ListValue ?? ListValue.Empty).Select(g => g.ToString()).Where(g => g != main || Groups.Any(w => w.ToString() == g)).ToHashSet();
                var wanted = Groups.Select(g => g.ToString()).ToHashSet();
                if (KeepsGroups) wanted.UnionWith(there);
                if (!there.SetEquals(wanted)) differences["groups"] = ListValue.OfTexts(wanted.Order(StringComparer.Ordinal));
            }
            if (Home is not null && info.TextOf("home") != Home) differences["home"] = Home;
            else if (Home is not null && MakesHome && !Directory.Exists(Home)) differences["homeDoesNotExist"] = Home;
            foreach (var (field, value) in Texts) if (info.Get(field)?.ToString() != value.ToString()) differences[field] = value;
            if (Password is not null || Ages.Count > 0 || Lock is not null)
            {
                var shadow = (MapValue)await Context.Call("shadow.info", Name).ConfigureAwait(false);
                var hash = shadow.TextOf("passwd") ?? "";
                if (Password is not null && hash.TrimStart('!') != Password && (EnforcesPassword || hash is "" or "!" or "*" or "!!")) differences["passwd"] = Password;
                foreach (var (age, field, _) in UserState.Ages) if (Ages.Get(age) is { } value && !(shadow.Get(field)?.Equals(value) ?? false)) differences[age] = value;
                if (Lock is { } isLocked && hash.StartsWith('!') != isLocked) differences["password_lock"] = isLocked;
            }
            return differences.Build();
        }

        public async Task ApplyAsync(MapValue wanted)
        {
            foreach (var (key, value) in wanted)
                switch (key.ToString())
                {
                    case "uid": await Context.Call("user.chuid", Name, value).ConfigureAwait(false); break;
                    case "gid": await Context.Call("user.chgid", Name, value).ConfigureAwait(false); break;
                    case "groups": await Context.Call("user.chgroups", Name, value, false).ConfigureAwait(false); break;
                    case "home" or "homeDoesNotExist": await Context.Call("user.chhome", Name, value, MakesHome).ConfigureAwait(false); break;
                    case "passwd": await Context.Call(value.IsTruthy ? "shadow.set_password" : "shadow.del_password", value.IsTruthy ? [Name, value] : [Name]).ConfigureAwait(false); break;
                    case "password_lock": await Context.Call(value.IsTruthy ? "shadow.lock_password" : "shadow.unlock_password", Name).ConfigureAwait(false); break;
                    case var age when UserState.Ages.FirstOrDefault(a => a.Wish == age) is { Setter: { } setter }: await Context.Call(setter, Name, value).ConfigureAwait(false); break;
                    case var text: await Context.Call(UserState.Texts.First(t => t.Wish == text).Setter, Name, value).ConfigureAwait(false); break;
                }
        }

        /// <summary>The account as both databases have it, to tell what changed.</summary>
        public async Task<MapValue> SnapshotAsync()
        {
            var info = (MapValue)await Context.Call("user.info", Name).ConfigureAwait(false);
            return info.Over(((MapValue)await Context.Call("shadow.info", Name).ConfigureAwait(false)).Without("name"));
        }
    }
}
