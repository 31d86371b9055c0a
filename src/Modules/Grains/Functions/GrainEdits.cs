using SaltActors.Core.Values;

namespace SaltActors.Modules.Grains.Functions;

/// <summary>What becomes of a grain that is to be changed: the top-level key with its new value, or the reason why not.</summary>
/// <param name="Refusal">Text for the user; null where the change may be made.</param>
internal readonly record struct GrainEdit(string Key, Value Value, string? Refusal = null);

/// <summary>The rules by which grains are set, appended to and removed from, on values alone.</summary>
/// <remarks>Follows Salt 3006, salt/modules/grains.py: set(), append(), remove().</remarks>
internal static class GrainEdits
{
    internal const string AlreadySet = "Grain is already set";

    internal static GrainEdit Set(MapValue grains, string key, Value value, bool force, bool destructive, string delimiter)
    {
        var existing = KeyPath.Find(grains, key, delimiter);
        if (existing is not null && existing == value && (!value.IsNull || !destructive)) return new(key, value, AlreadySet);
        if (existing is { IsNull: false } && !force)
        {
            if (IsComplex(existing)) return new(key, value, $"The key '{key}' exists but is a dict or a list. Use 'force=True' to overwrite.");
            if (IsComplex(value)) return new(key, value, $"The key '{key}' exists and the given value is a dict or a list. Use 'force=True' to overwrite.");
        }
        while (LastStep(key, delimiter) is { } step)
        {
            (key, var rest) = step;
            var holder = KeyPath.Find(grains, key, delimiter) ?? MapValue.Empty;
            switch (holder)
            {
                case MapValue map: value = value.IsNull && destructive ? map.Without(rest) : map.With(rest, value); break;
                case ListValue list: value = InList(list, rest, value); break;
                case var _ when force || holder == rest: value = MapValue.Of((rest, value)); break;
                default:
                    return new(key, value, $"The key '{key}' value is '{holder}', which is different from the provided key '{rest}'. Use 'force=True' to overwrite.");
            }
        }
        return new(key, value);
    }

    internal static GrainEdit Append(MapValue grains, string key, Value value, bool convert, string delimiter)
    {
        var existing = KeyPath.Find(grains, key, delimiter) ?? ListValue.Empty;
        if (existing is not ListValue && convert) existing = existing.IsNull ? ListValue.Empty : ListValue.Create([existing]);
        if (existing is not ListValue list) return new(key, value, $"The key {key} is not a valid list");
        if (list.Contains(value)) return new(key, value, $"The val {value} was already in the list {key}");
        return Nested(grains, key, value is ListValue more ? new([.. list, .. more]) : list.Add(value), delimiter);
    }

    internal static GrainEdit Remove(MapValue grains, string key, Value value, string delimiter)
    {
        if ((KeyPath.Find(grains, key, delimiter) ?? ListValue.Empty) is not ListValue list) return new(key, value, $"The key {key} is not a valid list");
        var place = list.Items.IndexOf(value);
        if (place < 0) return new(key, value, $"The val {value} was not in the list {key}");
        return Nested(grains, key, new ListValue(list.Items.RemoveAt(place)), delimiter);
    }

    // Puts a value back into the maps that its path goes through.
    private static GrainEdit Nested(MapValue grains, string key, Value value, string delimiter)
    {
        while (LastStep(key, delimiter) is { } step)
        {
            (key, var rest) = step;
            if ((KeyPath.Find(grains, key, delimiter) ?? MapValue.Empty) is MapValue map) value = map.With(rest, value);
        }
        return new(key, value);
    }

    private static ListValue InList(ListValue list, string rest, Value value)
    {
        var isFound = false;
        var items = list.Select(item =>
        {
            if (item == rest) return Found(MapValue.Of((rest, value)));
            return item is MapValue map && map.Has(rest) ? Found(map.With(rest, value)) : item;
        }).ToList();
        if (!isFound) items.Add(MapValue.Of((rest, value)));
        return ListValue.From(items);

        Value Found(Value changed)
        {
            isFound = true;
            return changed;
        }
    }

    private static (string Key, string Last)? LastStep(string key, string delimiter) =>
        delimiter.Length > 0 && key.LastIndexOf(delimiter, StringComparison.Ordinal) is >= 0 and var place
            ? (key[..place], key[(place + delimiter.Length)..])
            : null;

    private static bool IsComplex(Value value) => value is MapValue or ListValue;
}
