using SaltActors.Core.Functions;
using SaltActors.Core.Values;

namespace SaltActors.Modules.Accounts;

/// <summary>The states <c>group.present</c> and <c>group.absent</c>.</summary>
/// <remarks>Follows Salt 3006, salt/states/group.py. The differences are found first; test mode tells them, else they are applied.</remarks>
public static class GroupState
{
    /// <summary>Keeps a group.</summary>
    /// <param name="name">The group.</param>
    /// <param name="gid">Its id.</param>
    /// <param name="system">A group of the system, with a low id.</param>
    /// <param name="addusers">Users that are to be in it.</param>
    /// <param name="delusers">Users that are not to be in it.</param>
    /// <param name="members">All its users.</param>
    /// <param name="nonUnique">An id that another group has will do.</param>
    /// <param name="local">Taken for compatibility.</param>
    [SaltState("group.present")]
    public static async Task<MapValue> Present(
        CallContext context, string name, long? gid = null, bool system = false, ListValue? addusers = null, ListValue? delusers = null, ListValue? members = null, bool nonUnique = false, bool local = false)
    {
        _ = local;
        if (members is not null && (addusers is not null || delusers is not null))
            return StateResult.Failed(name, "Error: Conflicting options \"members\" with \"addusers\" and/or \"delusers\" can not be used together. ");
        if (addusers is not null && delusers is not null && addusers.Intersect(delusers).FirstOrDefault() is { } both)
            return StateResult.Failed(name, $"Error. Same user(s) can not be added and deleted simultaneously: {both}");
        var info = (MapValue)await context.Call("group.info", name).ConfigureAwait(false);
        if (info.Count == 0)
        {
            if (context.IsTest) return StateResult.Of(name, null, $"Group {name} set to be added");
            if (gid is { } taken && !nonUnique && ((ListValue)await context.Call("group.getent").ConfigureAwait(false)).OfType<MapValue>().FirstOrDefault(g => g.Get("gid")?.AsInteger() == taken) is { } other)
                return StateResult.Failed(name, $"Group {name} is not present but gid {taken} is already taken by group {other.TextOf("name")}");
            var options = MapValue.Of(("system", system), ("non_unique", nonUnique));
            if (gid is { } number) options = options.With("gid", number);
            if (!(await context.Call("group.add", new CallArguments([name], options)).ConfigureAwait(false)).IsTruthy) return StateResult.Failed(name, $"Failed to create new group {name}");
            var isFilled = await FillAsync(context, name, addusers, null, members).ConfigureAwait(false);
            var made = (MapValue)await context.Call("group.info", name).ConfigureAwait(false);
            return isFilled ? StateResult.Of(name, true, $"New group {name} created", made) : StateResult.Of(name, false, $"Group {name} has been created but, some changes could not be applied", made);
        }
        var wanted = Differences(info, gid, addusers, delusers, members);
        if (wanted.Count == 0) return StateResult.Of(name, true, $"Group {name} is present and up to date");
        var told = "The following group attributes are set to be changed:\n" + string.Concat(wanted.Select(w => $"{w.Key}: {PythonText.Str(w.Value)}\n"));
        if (context.IsTest) return StateResult.Of(name, null, told);
        if (wanted.Has("gid")) await context.Call("group.chgid", name, gid!.Value).ConfigureAwait(false);
        await FillAsync(context, name, wanted.Get("addusers") as ListValue, wanted.Get("delusers") as ListValue, wanted.Get("members") as ListValue).ConfigureAwait(false);
        var left = Differences((MapValue)await context.Call("group.info", name).ConfigureAwait(false), gid, addusers, delusers, members);
        return left.Count == 0 ? StateResult.Of(name, true, told, MapValue.Of(("Final", "All changes applied successfully")))
            : StateResult.Of(name, false, told + "Some changes could not be applied", MapValue.Of(("Failed", left)));
    }

    /// <summary>Keeps a group away.</summary>
    /// <param name="name">The group.</param>
    /// <param name="local">Taken for compatibility.</param>
    [SaltState("group.absent")]
    public static async Task<MapValue> Absent(CallContext context, string name, bool local = false)
    {
        _ = local;
        if (((MapValue)await context.Call("group.info", name).ConfigureAwait(false)).Count == 0) return StateResult.Of(name, true, "Group not present");
        if (context.IsTest) return StateResult.Of(name, null, $"Group {name} is set for removal");
        return (await context.Call("group.delete", name).ConfigureAwait(false)).IsTruthy ? StateResult.Of(name, true, $"Removed group {name}", MapValue.Of((name, "")))
            : StateResult.Failed(name, $"Failed to remove group {name}");
    }

    private static MapValue Differences(MapValue info, long? gid, ListValue? add, ListValue? remove, ListValue? members)
    {
        var there = (info.Get("members") as ListValue ?? ListValue.Empty).ToHashSet();
        var differences = new MapValue.Builder();
        if (gid is { } number && info.Get("gid")?.AsInteger() != number) differences["gid"] = number;
        if (members is not null && !there.SetEquals(members)) differences["members"] = members;
        if (add?.Where(u => !there.Contains(u)).ToList() is { Count: > 0 } missing) differences["addusers"] = ListValue.From(missing);
        if (remove?.Where(there.Contains).ToList() is { Count: > 0 } superfluous) differences["delusers"] = ListValue.From(superfluous);
        return differences.Build();
    }

    private static async Task<bool> FillAsync(CallContext context, string name, ListValue? add, ListValue? remove, ListValue? members)
    {
        var isGood = true;
        if (members is not null) isGood &= (await context.Call("group.members", name, string.Join(',', members.Select(m => m.ToString()))).ConfigureAwait(false)).IsTruthy;
        foreach (var user in add ?? ListValue.Empty) isGood &= (await context.Call("group.adduser", name, user).ConfigureAwait(false)).IsTruthy;
        foreach (var user in remove ?? ListValue.Empty) isGood &= (await context.Call("group.deluser", name, user).ConfigureAwait(false)).IsTruthy;
        return isGood;
    }
}
