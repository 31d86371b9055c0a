using System.Globalization;
using SaltActors.Core.Values;

namespace SaltActors.Core.Configuration;

/// <summary>Options by name and kind. A value of another kind is an error that names the option, because it would be one everywhere.</summary>
/// <param name="Options">A complete configuration.</param>
public readonly record struct TypedOptions(MapValue Options)
{
    /// <summary>Text; numbers as Python prints them. Empty where the option is missing or empty.</summary>
    public string Text(string name) => Options.Get(name) switch
    {
        null or NullValue => "",
        ListValue or MapValue => throw Wrong(name, "text"),
        var value => value.ToString(),
    };

    public bool Flag(string name) => Options.Get(name) switch
    {
        null or NullValue => false,
        BoolValue flag => flag.IsTrue,
        var value => value.IsTruthy,
    };

    /// <summary>A whole number; text that is one counts. Zero where the option is missing or empty.</summary>
    public long Integer(string name) => Options.Get(name) switch
    {
        null or NullValue => 0,
        TextValue { Text: var text } => long.TryParse(text, NumberStyles.Integer, CultureInfo.InvariantCulture, out var number) ? number : throw Wrong(name, "a whole number"),
        FloatValue { Number: var real } => (long)real,
        var value => value.AsInteger() ?? throw Wrong(name, "a whole number"),
    };

    public double Number(string name) => Options.Get(name) switch
    {
        null or NullValue => 0,
        TextValue { Text: var text } => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number : throw Wrong(name, "a number"),
        var value => value.AsNumber() ?? throw Wrong(name, "a number"),
    };

    public TimeSpan Seconds(string name) => TimeSpan.FromSeconds(Number(name));
    public TimeSpan Minutes(string name) => TimeSpan.FromMinutes(Number(name));
    public TimeSpan Milliseconds(string name) => TimeSpan.FromMilliseconds(Number(name));

    /// <summary>A list; one text is a list of itself, where users write it so.</summary>
    public ListValue List(string name) => Options.Get(name) switch
    {
        null or NullValue => ListValue.Empty,
        ListValue list => list,
        TextValue text => [text],
        _ => throw Wrong(name, "a list"),
    };

    public MapValue Map(string name) => Options.Get(name) switch
    {
        null or NullValue => MapValue.Empty,
        MapValue map => map,
        _ => throw Wrong(name, "a map"),
    };

    private InvalidOption Wrong(string name, string expected)
    {
        var found = Options.Get(name)!;
        return new($"the option '{name}' must be {expected}, found {found.KindName} {PythonText.Repr(found)}");
    }
}

/// <summary>An option has a value that cannot be used.</summary>
public sealed class InvalidOption(string message) : Exception(message);
