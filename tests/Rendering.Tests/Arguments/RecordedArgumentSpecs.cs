using System.Text.Json;
using SaltActors.Core.Values;
using SaltActors.Golden;
using SaltActors.Rendering.Arguments;

namespace SaltActors.Rendering.Tests.Arguments;

public sealed class RecordedArgumentSpecs
{
    private static readonly JsonElement Cases = GoldenData.Read("cli/arguments.json").RootElement.GetProperty("cases");

    [Fact]
    public void Reads_odd_texts_as_salt_did() => AllMatch("repr", text => PythonText.Repr(ArgumentText.Parse(text)));

    // Salt puts the marker first, we last; nobody can tell, but their print can.
    [Fact]
    public void Tells_keywords_from_places_as_salt_did() => AllMatch("input", text =>
        PythonText.Repr(ListValue.From(ArgumentText.ParseAll([text]).ToLoad().Select(a => a is MapValue map && map.Has("__kwarg__") ? MapValue.Of(("__kwarg__", true)).Over(map) : a))));

    private static void AllMatch(string field, Func<string, string> read)
    {
        var wrong = Cases.EnumerateArray().Select(c => (Text: c.GetProperty("in").GetString()!, Expected: c.GetProperty(field).GetString()!))
            .Select(c => (c.Text, c.Expected, Found: read(c.Text))).Where(c => c.Expected != c.Found).Select(c => $"{JsonSerializer.Serialize(c.Text)}: expected {c.Expected}, found {c.Found}");
        Assert.True(!wrong.Any(), string.Join("\n", wrong));
    }
}
