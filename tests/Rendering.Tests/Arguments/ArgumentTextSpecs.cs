using System.Text.Json;
using SaltActors.Core.Functions;
using SaltActors.Core.Values;
using SaltActors.Golden;
using SaltActors.Rendering.Arguments;

namespace SaltActors.Rendering.Tests.Arguments;

public sealed class ArgumentTextSpecs
{
    [Fact]
    public void Reads_every_recorded_scalar_as_salt_does() => AllMatch("yamlify_arg", row =>
    {
        var found = ArgumentText.Parse(row.GetProperty("in").GetString()!);
        return (Expected(row.GetProperty("out")), found, row.GetProperty("type").GetString() == found.KindName);
    });

    [Fact]
    public void Splits_every_recorded_keyword_as_salt_does() => AllMatch("parse_kwarg", row =>
    {
        var text = row.GetProperty("in").GetString()!;
        var (name, value) = ArgumentText.SplitKeyword(text);
        var parsed = ArgumentText.ParseAll([text]).ToLoad();
        var isSplit = name == row.GetProperty("name").GetString() && (name is null || value == row.GetProperty("value").GetString());
        return (Expected(row.GetProperty("parsed")), parsed, isSplit);
    });

    [Fact]
    public void Reads_every_recorded_list_as_salt_does() => AllMatch("parse_input", row =>
        (Expected(row.GetProperty("out")), ArgumentText.ParseAll(((ListValue)Expected(row.GetProperty("in"))).Items).ToLoad(), true));

    [Fact]
    public void Leaves_the_values_of_no_parse_names_alone() => AllMatch("parse_input_no_parse", row =>
    {
        var noParse = row.GetProperty("no_parse").EnumerateArray().Select(n => n.GetString()!).ToHashSet();
        return (Expected(row.GetProperty("out")), ArgumentText.ParseAll(((ListValue)Expected(row.GetProperty("in"))).Items, noParse).ToLoad(), true);
    });

    [Fact]
    public void Reads_only_keywords_on_the_minion()
    {
        var received = ArgumentText.ParseReceived(["1", "a=2", 3, MapValue.Of((CallArguments.KeywordMarker, true), ("b", "x"))]);
        Assert.Equal(["1", 3], received.Positional.AsEnumerable());
        Assert.Equal(MapValue.Of(("a", 2), ("b", "x")), received.Keywords);
    }

    private static void AllMatch(string group, Func<JsonElement, (Value Expected, Value Found, bool Also)> read)
    {
        using var golden = GoldenData.Read("cli/cliargs.json");
        var wrong = golden.RootElement.GetProperty(group).EnumerateArray()
            .Select(row => (Row: row.GetProperty("in").ToString(), Result: read(row)))
            .Where(r => !r.Result.Also || !Same(r.Result.Expected, r.Result.Found))
            .Select(r => $"{r.Row} → {PythonText.Repr(r.Result.Found)}, expected {PythonText.Repr(r.Result.Expected)}");
        Assert.True(!wrong.Any(), string.Join("\n", wrong));
    }

    private static bool Same(Value a, Value b) => PythonText.Repr(a) == PythonText.Repr(b);

    private static Value Expected(JsonElement json) => json.ValueKind switch
    {
        JsonValueKind.Null => Value.Null,
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        JsonValueKind.String => json.GetString(),
        JsonValueKind.Number => json.TryGetInt64(out var n) && !json.GetRawText().Contains('.') && !json.GetRawText().Contains('e') ? n
            : json.GetRawText().All(c => char.IsAsciiDigit(c) || c == '-') ? System.Numerics.BigInteger.Parse(json.GetRawText(), System.Globalization.CultureInfo.InvariantCulture) : json.GetDouble(),
        JsonValueKind.Array => ListValue.From(json.EnumerateArray().Select(Expected)),
        _ when json.TryGetProperty("__float__", out var special) => special.GetString() switch { "nan" => double.NaN, "inf" => double.PositiveInfinity, _ => double.NegativeInfinity },
        _ when json.TryGetProperty("__dict__", out var pairs) => MapValue.From(pairs.EnumerateArray().Select(p => KeyValuePair.Create(Expected(p[0]), Expected(p[1])))),
        _ => MapValue.From(json.EnumerateObject().Select(p => KeyValuePair.Create(p.Name, Expected(p.Value)))),
    };
}
