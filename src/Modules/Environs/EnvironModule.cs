using System.Collections;
using System.ComponentModel;
using SaltActors.Core.Functions;
using SaltActors.Core.Values;

namespace SaltActors.Modules.Environs;

/// <summary>The module <c>environ</c>: the variables of the minion's environment, which every command of it inherits.</summary>
/// <remarks>Follows Salt 3006, salt/modules/environ.py: what is not text is answered with <c>False</c>.</remarks>
public static class EnvironModule
{
    /// <summary>Sets a variable.</summary>
    /// <param name="key">Its name.</param>
    /// <param name="val">Its text; <c>False</c> empties it.</param>
    /// <param name="falseUnsets"><c>False</c> removes the variable instead.</param>
    /// <param name="permanent">Taken for compatibility: it has a meaning on Windows only.</param>
    /// <returns>The text; null where the variable was removed; <c>False</c> where nothing was done.</returns>
    /// <example><code>salt '*' environ.setval foo bar</code></example>
    [SaltFunction("environ.setval")]
    public static Value Setval(Value key, Value val, bool falseUnsets = false, bool permanent = false)
    {
        if (key.AsText() is not { } name || !IsName(name)) return false;
        switch (val)
        {
            case BoolValue { IsTrue: false } when falseUnsets:
                System.Environment.SetEnvironmentVariable(name, null);
                return Value.Null;
            case BoolValue { IsTrue: false }:
                System.Environment.SetEnvironmentVariable(name, "");
                return "";
            case TextValue text when !text.Text.Contains('\0', StringComparison.Ordinal):
                System.Environment.SetEnvironmentVariable(name, text.Text);
                return text;
            default: return false;
        }
    }

    /// <summary>Sets several variables.</summary>
    /// <param name="environ">Names to texts, or to <c>False</c>.</param>
    /// <param name="falseUnsets"><c>False</c> removes a variable; else it empties it.</param>
    /// <param name="clearAll">Do the same as <c>False</c> to all variables that are not given.</param>
    /// <param name="updateMinion">Taken for compatibility: it is always the minion's own environment.</param>
    /// <param name="permanent">Taken for compatibility: it has a meaning on Windows only.</param>
    /// <returns>Names to what <c>environ.setval</c> answers; <c>False</c> where it was given no map.</returns>
    /// <example><code>salt '*' environ.setenv '{"foo": "bar", "baz": "quux"}'</code></example>
    [SaltFunction("environ.setenv")]
    public static Value Setenv(Value environ, bool falseUnsets = false, bool clearAll = false, bool updateMinion = false, bool permanent = false)
    {
        if (environ is not MapValue wanted) return false;
        var done = new MapValue.Builder();
        if (clearAll)
            foreach (var name in All().Keys.Where(k => !wanted.Has(k))) done[name] = Setval(name, false, falseUnsets, permanent);
        foreach (var (name, value) in wanted) done[name] = name is TextValue ? Setval(name, value, falseUnsets, permanent) : false;
        return done.Build();
    }

    /// <summary>A variable's text.</summary>
    /// <param name="key">Its name.</param>
    /// <param name="default">The answer where it is not set.</param>
    /// <example><code>salt '*' environ.get foo default=empty</code></example>
    [SaltFunction("environ.get")]
    public static Value Get(Value key, [DefaultValue("")] Value @default) =>
        key.AsText() is { } name && @default is TextValue ? Variable(name) ?? @default : false;

    /// <summary>Whether a variable is set.</summary>
    /// <param name="key">Its name.</param>
    /// <param name="value">Whether it has this text; null for any.</param>
    /// <example><code>salt '*' environ.has_value foo</code></example>
    [SaltFunction("environ.has_value")]
    public static bool HasValue(Value key, Value? value = null) => key.AsText() is { } name && Variable(name) is { } found && (value is null || value.AsText() == found);

    /// <summary>Some variables.</summary>
    /// <param name="keys">A name, or a list of names.</param>
    /// <param name="default">The text of those that are not set.</param>
    /// <example><code>salt '*' environ.item '[foo, baz]' default=None</code></example>
    [SaltFunction("environ.item")]
    public static MapValue Item(Value keys, [DefaultValue("")] Value @default) => MapValue.From(
        (keys switch { TextValue one => [one], ListValue list => list.OfType<TextValue>(), _ => [] })
            .Select(k => KeyValuePair.Create(k.Text, Variable(k.Text) ?? @default)));

    /// <summary>All variables.</summary>
    /// <example><code>salt '*' environ.items</code></example>
    [SaltFunction("environ.items")]
    public static MapValue Items() => All();

    internal static MapValue All() => MapValue.From(System.Environment.GetEnvironmentVariables().Cast<DictionaryEntry>()
        .Select(v => KeyValuePair.Create((string)v.Key, (Value)(string?)v.Value)).OrderBy(v => v.Key, StringComparer.Ordinal));

    private static Value? Variable(string name) => IsName(name) && System.Environment.GetEnvironmentVariable(name) is { } text ? TextValue.Of(text) : null;

    private static bool IsName(string name) => name.Length > 0 && !name.Contains('=', StringComparison.Ordinal) && !name.Contains('\0', StringComparison.Ordinal);
}
