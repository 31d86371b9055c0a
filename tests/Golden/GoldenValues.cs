using System.Globalization;
using System.Numerics;
using System.Text.Json;
using SaltActors.Core.Values;

namespace SaltActors.Golden;

/// <summary>Recorded JSON as values; what JSON cannot say stands in maps with one marked key.</summary>
internal static class GoldenValues
{
    public static Value Read(JsonElement json) => json.ValueKind switch
    {
        JsonValueKind.Null or JsonValueKind.Undefined => Value.Null,
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        JsonValueKind.String => json.GetString(),
        JsonValueKind.Number => Number(json),
        JsonValueKind.Array => ListValue.From(json.EnumerateArray().Select(Read)),
        _ => Marked(json) ?? MapValue.From(json.EnumerateObject().Select(p => KeyValuePair.Create(p.Name, Read(p.Value)))),
    };

    private static Value Number(JsonElement json)
    {
        var text = json.GetRawText();
        return text.All(c => char.IsAsciiDigit(c) || c == '-') ? BigInteger.Parse(text, CultureInfo.InvariantCulture) : json.GetDouble();
    }

    private static Value? Marked(JsonElement json)
    {
        if (json.TryGetProperty("$bin", out var bytes)) return new BytesValue(bytes.GetBytesFromBase64());
        if (json.TryGetProperty("$datetime", out var time)) return new TimeValue(DateTime.Parse(time.GetString()!, CultureInfo.InvariantCulture, DateTimeStyles.AdjustToUniversal));
        if (json.TryGetProperty("__float__", out var special)) return special.GetString() switch { "nan" => double.NaN, "inf" => double.PositiveInfinity, _ => double.NegativeInfinity };
        if (json.TryGetProperty("__bytes__", out var coded)) return new BytesValue(coded.GetBytesFromBase64());
        if (json.TryGetProperty("__tuple__", out var tuple)) return new ListValue([.. tuple.EnumerateArray().Select(Read)], isTuple: true);
        if (json.TryGetProperty("__set__", out var set)) return ListValue.From(set.EnumerateArray().Select(Read));
        if (json.TryGetProperty("__dict__", out var pairs) || json.TryGetProperty("__map__", out pairs)) return MapValue.From(pairs.EnumerateArray().Select(p => KeyValuePair.Create(Read(p[0]), Read(p[1]))));
        return null;
    }
}
