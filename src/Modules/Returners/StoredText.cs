using System.Globalization;
using SaltActors.Core.Events;
using SaltActors.Core.Returners;
using SaltActors.Core.Values;
using SaltActors.Rendering.Json;

namespace SaltActors.Modules.Returners;

/// <summary>Returns, loads and events as they stand in columns and files: JSON, as Python's <c>json.dumps</c> writes it.</summary>
internal static class StoredText
{
    private static readonly JsonLayout Layout = new() { EnsureAscii = true, ReprForUnknown = true };
    private static readonly TextValue Unreadable = TextValue.Of("\uFFFD");

    internal static string Of(Value value)
    {
        try
        {
            return JsonText.Write(value, Layout);
        }
        catch (NotJson)
        {
            // A map whose keys are no words: Salt would fail here; what Python prints of the value is better than nothing.
            return JsonText.Write(PythonText.Repr(value), Layout);
        }
    }

    /// <summary>
    /// As <see cref="Of(Value)"/>, within what PostgreSQL's <c>jsonb</c> takes: characters that it cannot hold (zero, half a surrogate pair) become U+FFFD, numbers
    /// that are none become null. Salt's returner loses such returns.
    /// </summary>
    internal static string OfStrict(Value value) => Of(Strict(value));

    /// <summary>What was stored, or the text itself where it is no JSON: another program may have written it.</summary>
    internal static Value Read(string? stored)
    {
        if (stored is null) return Value.Null;
        try
        {
            return JsonText.Read(stored);
        }
        catch (JsonRefused)
        {
            return stored;
        }
    }

    /// <summary>An event as returners write it: <c>tag</c> and <c>data</c>.</summary>
    internal static MapValue Of(SaltEvent @event) => MapValue.Of(("tag", @event.Tag), ("data", @event.Data));

    /// <summary>The function of a return; the functions of a compound call with commas between.</summary>
    internal static string Function(MapValue @return) => @return.Get("fun") switch
    {
        ListValue several => string.Join(",", several.Items.Select(f => f.ToString())),
        { } one => one.ToString(),
        null => "",
    };

    /// <summary>Whether all of a return went well.</summary>
    internal static bool Success(MapValue @return) => @return.Get("success") switch
    {
        MapValue several => several.Values.All(v => v.IsTruthy),
        ListValue several => several.Items.All(v => v.IsTruthy),
        { } one => one.IsTruthy,
        null => false,
    };

    internal static string Text(MapValue @return, string field) => @return.Get(field)?.ToString() ?? "";

    /// <summary>The moment in seconds since 1970, as text.</summary>
    internal static string Seconds(DateTimeOffset moment) =>
        (moment.ToUnixTimeMilliseconds() / 1000.0).ToString("0.000", CultureInfo.InvariantCulture);

    /// <summary>A local time as Python prints a <c>datetime</c>.</summary>
    internal static string LocalTime(ReturnerContext context) => PythonText.IsoTime(context.Clock.GetLocalNow().DateTime, ' ');

    private static Value Strict(Value value)
    {
        switch (value)
        {
            case FloatValue { Number: var number } when !double.IsFinite(number): return Value.Null;
            case TextValue text: return IsWhole(text.Text) ? text : Whole(text.Text);
            case ListValue list: return new ListValue([.. list.Items.Select(Strict)], list.IsTuple);
            case MapValue map: return MapValue.From(map.Select(e => KeyValuePair.Create(Strict(e.Key), Strict(e.Value))));
            default: return value;
        }
    }

    private static bool IsWhole(string text)
    {
        foreach (var c in text)
            if (c == '\0' || char.IsSurrogate(c)) return false;
        return true;
    }

    private static Value Whole(string text)
    {
        var whole = new System.Text.StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes()) whole.Append(rune.Value == 0 ? Unreadable.Text : rune.ToString());
        return whole.ToString();
    }
}
