using SaltActors.Core.Functions;
using SaltActors.Core.Values;
using SaltActors.Rendering.Json;

namespace SaltActors.Modules.DataStore;

/// <summary>The module <c>data</c>: values that a minion keeps for itself.</summary>
/// <remarks>Follows Salt 3006, salt/modules/data.py. The file is JSON (<c>datastore.json</c> in the cache folder), not Salt's msgpack.</remarks>
public static class DataModule
{
    private const string FileName = "datastore.json";

    /// <summary>The store of the minion that a call runs on.</summary>
    internal static StoreFile Store(CallContext context) => StoreFile.Of(context, FileName);

    /// <summary>Forgets everything.</summary>
    /// <example><code>salt '*' data.clear</code></example>
    [SaltFunction("data.clear")]
    public static bool Clear(CallContext context) => Store(context).Change(_ => (MapValue.Empty, true));

    /// <summary>All that is kept.</summary>
    /// <example><code>salt '*' data.load</code></example>
    [SaltFunction("data.load")]
    public static MapValue Load(CallContext context) => Store(context).Read();

    /// <summary>Puts a map in the place of all that is kept.</summary>
    /// <param name="newData">The map, also as JSON text.</param>
    /// <returns>Whether it was a map.</returns>
    /// <example><code>salt '*' data.dump '{"eggs": "spam"}'</code></example>
    [SaltFunction("data.dump")]
    public static bool Dump(CallContext context, Value newData)
    {
        if (newData is TextValue { Text: var text })
            try
            {
                newData = JsonText.Read(text);
            }
            catch (JsonRefused)
            {
                return false;
            }
        return newData is MapValue map && Store(context).Change(_ => (map, true));
    }

    /// <summary>Keeps a value.</summary>
    /// <param name="key">Its key.</param>
    /// <param name="value">The value.</param>
    /// <exception cref="NamedError">A list or a map cannot be a key.</exception>
    /// <example><code>salt '*' data.update eggs spam</code></example>
    [SaltFunction("data.update")]
    public static bool Update(CallContext context, Value key, Value value) => key is ListValue or MapValue
        ? throw new NamedError("TypeError", $"unhashable type: '{key.KindName}'")
        : Store(context).Change(all => (all.With(key, value), true));

    /// <summary>Keeps a value where another is kept now.</summary>
    /// <param name="key">Its key.</param>
    /// <param name="value">The value.</param>
    /// <param name="oldValue">What must be kept now.</param>
    /// <returns>Whether it was, and so the value was set.</returns>
    /// <example><code>salt '*' data.cas eggs spam ham</code></example>
    [SaltFunction("data.cas")]
    public static bool Cas(CallContext context, Value key, Value value, Value oldValue) =>
        Store(context).Change(all => all.TryGet(key, out var kept) && kept == oldValue ? (all.With(key, value), true) : ((MapValue?)null, false));

    /// <summary>Forgets a value and answers with it.</summary>
    /// <param name="key">Its key.</param>
    /// <param name="default">The answer where there is none.</param>
    /// <example><code>salt '*' data.pop eggs</code></example>
    [SaltFunction("data.pop")]
    public static Value Pop(CallContext context, Value key, Value? @default = null) => Store(context).Change(all =>
        all.TryGet(key, out var kept) ? (MapValue.From(all.Where(e => e.Key != key)), kept) : ((MapValue?)null, @default ?? Value.Null));

    /// <summary>One value, or several.</summary>
    /// <param name="key">Its key, or a list of keys.</param>
    /// <param name="default">The answer where there is none.</param>
    /// <returns>The value; for a list of keys a list.</returns>
    /// <example><code>salt '*' data.get '[eggs, ham]'</code></example>
    [SaltFunction("data.get")]
    public static Value Get(CallContext context, Value key, Value? @default = null)
    {
        var (all, otherwise) = (Store(context).Read(), @default ?? Value.Null);
        return key is ListValue keys ? ListValue.From(keys.Select(k => all.Get(k) ?? otherwise)) : all.Get(key) ?? otherwise;
    }

    /// <summary>All keys.</summary>
    /// <example><code>salt '*' data.keys</code></example>
    [SaltFunction("data.keys")]
    public static ListValue Keys(CallContext context) => ListValue.From(Store(context).Read().Keys);

    /// <summary>All values.</summary>
    /// <example><code>salt '*' data.values</code></example>
    [SaltFunction("data.values")]
    public static ListValue Values(CallContext context) => ListValue.From(Store(context).Read().Values);

    /// <summary>All keys with their values.</summary>
    /// <example><code>salt '*' data.items</code></example>
    [SaltFunction("data.items")]
    public static MapValue Items(CallContext context) => Store(context).Read();

    /// <summary>Whether a value is kept.</summary>
    /// <param name="key">Its key.</param>
    /// <example><code>salt '*' data.has_key eggs</code></example>
    [SaltFunction("data.has_key")]
    public static bool HasKey(CallContext context, Value key) => Store(context).Read().Has(key);
}
