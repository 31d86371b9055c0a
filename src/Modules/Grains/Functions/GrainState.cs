using SaltActors.Core.Functions;
using SaltActors.Core.Values;

namespace SaltActors.Modules.Grains.Functions;

/// <summary>The states of <c>grains</c>: what the minion says of itself, in its own grains file.</summary>
/// <remarks>Follows Salt 3006, salt/states/grains.py.</remarks>
public static class GrainState
{
    /// <summary>Checks that a grain is there. Nothing is changed.</summary>
    /// <param name="name">The grain's path.</param>
    /// <param name="delimiter">What parts the steps of paths.</param>
    [SaltState("grains.exists")]
    public static MapValue Exists(CallContext context, string name, string delimiter = ":") =>
        Find(context, name, delimiter) is null ? StateResult.Failed(name, "Grain does not exist") : StateResult.Of(name, true, "Grain exists");

    /// <summary>Keeps a grain at a value.</summary>
    /// <param name="name">The grain's path.</param>
    /// <param name="value">The value.</param>
    /// <param name="delimiter">What parts the steps of paths.</param>
    /// <param name="force">Replace what is of another kind: a list, a map.</param>
    [SaltState("grains.present")]
    public static async Task<MapValue> Present(CallContext context, string name, Value value, string delimiter = ":", bool force = false)
    {
        var there = Find(context, name, delimiter);
        if (there is not null && there.Equals(value)) return StateResult.Of(name, true, "Grain is already set");
        if (context.IsTest) return there is null ? StateResult.Of(name, null, $"Grain {name} is set to be added", MapValue.Of(("new", name))) : StateResult.Of(name, null, $"Grain {name} is set to be changed", MapValue.Of(("changed", name)));
        var done = await SetAsync(context, name, value, force, false, delimiter).ConfigureAwait(false);
        return done.Get("result") is { IsTruthy: true }
            ? StateResult.Of(name, true, $"Set grain {name} to {PythonText.Str(value)}", done.Get("changes") as MapValue ?? MapValue.Of((name, value))) : StateResult.Failed(name, done.TextOf("comment") ?? $"Failed to set grain {name}");
    }

    /// <summary>Keeps values in a grain that is a list.</summary>
    /// <param name="name">The grain's path.</param>
    /// <param name="value">A value, or a list of them.</param>
    /// <param name="delimiter">What parts the steps of paths.</param>
    [SaltState("grains.list_present")]
    public static async Task<MapValue> ListPresent(CallContext context, string name, Value value, string delimiter = ":")
    {
        var there = Find(context, name, delimiter);
        if (there is not (null or ListValue)) return StateResult.Failed(name, $"Grain {name} is not a valid list");
        var (list, wanted) = (there as ListValue ?? ListValue.Empty, value as ListValue ?? ListValue.Create([value]));
        var missing = wanted.Where(w => !list.Contains(w)).ToList();
        if (missing.Count == 0) return StateResult.Of(name, true, $"Value {PythonText.Str(value)} is already in grain {name}");
        if (context.IsTest)
            return there is null ? StateResult.Of(name, null, $"Grain {name} is set to be added", MapValue.Of(("new", ListValue.From(missing))))
                : StateResult.Of(name, null, $"Value{(missing.Count > 1 ? "s" : "")} {PythonText.Str(missing.Count > 1 ? ListValue.From(missing) : missing[0])} {(missing.Count > 1 ? "are" : "is")} set to be appended to grain {name}", MapValue.Of(("new", ListValue.From(missing))));
        var done = await SetAsync(context, name, ListValue.From(list.Concat(missing)), true, false, delimiter).ConfigureAwait(false);
        return done.Get("result") is { IsTruthy: true } ? StateResult.Of(name, true, $"Append value {PythonText.Str(value)} to grain {name}", MapValue.Of(("new", MapValue.Of((name, ListValue.From(list.Concat(missing)))))))
            : StateResult.Failed(name, done.TextOf("comment") ?? $"Failed append value {PythonText.Str(value)} to grain {name}");
    }

    /// <summary>Keeps values out of a grain that is a list.</summary>
    /// <param name="name">The grain's path.</param>
    /// <param name="value">A value, or a list of them.</param>
    /// <param name="delimiter">What parts the steps of paths.</param>
    [SaltState("grains.list_absent")]
    public static async Task<MapValue> ListAbsent(CallContext context, string name, Value value, string delimiter = ":")
    {
        var there = Find(context, name, delimiter);
        if (there is null) return StateResult.Of(name, true, $"Grain {name} does not exist");
        if (there is not ListValue list) return StateResult.Failed(name, $"Grain {name} is not a valid list");
        var unwanted = (value as ListValue ?? ListValue.Create([value])).Where(list.Contains).ToList();
        if (unwanted.Count == 0) return StateResult.Of(name, true, $"Value {PythonText.Str(value)} is absent from grain {name}");
        var changes = MapValue.Of(("deleted", ListValue.From(unwanted)));
        if (context.IsTest) return StateResult.Of(name, null, $"Value {PythonText.Str(value)} set to be deleted from grain {name}", changes);
        var done = await SetAsync(context, name, ListValue.From(list.Where(i => !unwanted.Contains(i))), true, false, delimiter).ConfigureAwait(false);
        return done.Get("result") is { IsTruthy: true } ? StateResult.Of(name, true, $"Value {PythonText.Str(value)} was deleted from grain {name}", changes) : StateResult.Failed(name, done.TextOf("comment") ?? $"Failed to delete from grain {name}");
    }

    /// <summary>Appends a value to a grain that is a list and there.</summary>
    /// <param name="name">The grain's path.</param>
    /// <param name="value">The value.</param>
    /// <param name="convert">Make a list of a grain that is none.</param>
    /// <param name="delimiter">What parts the steps of paths.</param>
    [SaltState("grains.append")]
    public static async Task<MapValue> Append(CallContext context, string name, Value value, bool convert = false, string delimiter = ":")
    {
        var there = Find(context, name, delimiter);
        if (there is null) return StateResult.Failed(name, $"Grain {name} does not exist");
        if (there is not ListValue && !convert) return StateResult.Failed(name, $"Grain {name} exists, but is not a list");
        var list = there as ListValue ?? ListValue.Create([there]);
        if (list.Contains(value)) return StateResult.Of(name, true, $"Value {PythonText.Str(value)} is already in the list for grain {name}");
        if (context.IsTest) return StateResult.Of(name, null, $"Value {PythonText.Str(value)} in grain {name} is set to be added", MapValue.Of(("added", value)));
        var done = await SetAsync(context, name, list.Add(value), true, false, delimiter).ConfigureAwait(false);
        return done.Get("result") is { IsTruthy: true } ? StateResult.Of(name, true, $"Value {PythonText.Str(value)} was added to grain {name}", MapValue.Of(("added", value))) : StateResult.Failed(name, done.TextOf("comment") ?? $"Failed to append to grain {name}");
    }

    /// <summary>Keeps a grain without a value.</summary>
    /// <param name="name">The grain's path.</param>
    /// <param name="destructive">Remove the grain itself too.</param>
    /// <param name="delimiter">What parts the steps of paths.</param>
    /// <param name="force">Even where it is a list or a map.</param>
    [SaltState("grains.absent")]
    public static async Task<MapValue> Absent(CallContext context, string name, bool destructive = false, string delimiter = ":", bool force = false)
    {
        var there = Find(context, name, delimiter);
        if (there is null) return StateResult.Of(name, true, $"Grain {name} does not exist");
        if (there is NullValue && !destructive) return StateResult.Of(name, true, $"Grain {name} has no value");
        var changes = MapValue.Of(("deleted", name));
        if (context.IsTest) return StateResult.Of(name, null, destructive ? $"Grain {name} is set to be deleted" : $"Value for grain {name} is set to be deleted (None)", changes);
        var done = await SetAsync(context, name, Value.Null, force, destructive, delimiter).ConfigureAwait(false);
        return done.Get("result") is { IsTruthy: true } ? StateResult.Of(name, true, destructive ? $"Grain {name} was deleted" : $"Value for grain {name} was set to None", changes) : StateResult.Failed(name, done.TextOf("comment") ?? $"Failed to delete grain {name}");
    }

    // The grains file is ahead of the grains of this run.
    private static Value? Find(CallContext context, string name, string delimiter) =>
        (context.Services.GrainsFile is { } file ? KeyPath.Find(file.Read(), name, delimiter) : null) ?? KeyPath.Find(context.Grains, name, delimiter);

    private static Task<MapValue> SetAsync(CallContext context, string name, Value value, bool force, bool destructive, string delimiter) => GrainsModule.Set(context, name, value, force, destructive, delimiter);
}
