using System.Buffers;
using SaltActors.Core.Values;

namespace SaltActors.Rendering.Output;

/// <summary>Takes from a value what would drive a terminal instead of being shown.</summary>
public static class TerminalSafety
{
    /// <summary>The value with escape (U+001B) and the eight-bit openers of control strings (DCS, SOS, CSI, OSC, PM, APC) as <c>?</c>, in keys too.</summary>
    public static Value Neutralise(Value value) => value switch
    {
        TextValue text => text.Text.AsSpan().IndexOfAny(Openers) < 0 ? text : Neutralise(text.Text),
        ListValue list => new ListValue([.. list.Items.Select(Neutralise)], list.IsTuple),
        MapValue map => Map(map),
        _ => value,
    };

    public static string Neutralise(string text) =>
        string.Create(text.Length, text, static (to, from) =>
        {
            for (var i = 0; i < from.Length; i++) to[i] = Openers.Contains(from[i]) ? '?' : from[i];
        });

    private static readonly SearchValues<char> Openers = SearchValues.Create("\u001B\u0090\u0098\u009B\u009D\u009E\u009F");

    private static MapValue Map(MapValue map)
    {
        var safe = new MapValue.Builder(map.Count) { IsOrdered = map.IsOrdered };
        foreach (var (key, value) in map) safe[Neutralise(key)] = Neutralise(value);
        return safe.Build();
    }
}
