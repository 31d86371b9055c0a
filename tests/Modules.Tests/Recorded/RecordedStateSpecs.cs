using System.Text.Json;
using System.Text.RegularExpressions;
using SaltActors.Core.Functions;
using SaltActors.Core.Values;
using SaltActors.Golden;

namespace SaltActors.Modules.Tests.Recorded;

/// <summary>What genuine Salt made of state trees, case by case: high data, low chunks, results and errors.</summary>
public sealed partial class RecordedStateSpecs
{
    private const string Stack = "{TRACEBACK}";

    public static TheoryData<string> Cases() => [.. Directory.GetDirectories(GoldenData.PathOf("states/compiler")).Select(d => Path.GetFileName(d)!).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task Answers_as_Salt_does(string name)
    {
        using var setUp = GoldenData.Read($"states/compiler/{name}/case.json");
        using var recorded = GoldenData.Read($"states/compiler/{name}/expected.json");
        using var minion = RecordedMinion.Copied(GoldenData.PathOf($"states/compiler/{name}"), setUp.RootElement);
        var failures = new List<string>();
        foreach (var (call, expected) in setUp.RootElement.GetProperty("calls").EnumerateArray().Zip(recorded.RootElement.GetProperty("calls").EnumerateArray()))
            if (minion.Wrote(call)) continue;
            else if (await Differs(minion, call, expected) is { } failure) failures.Add($"{call.GetRawText()}\n{failure}");
        Assert.True(failures.Count == 0, string.Join("\n\n", failures));
    }

    private static async Task<string?> Differs(RecordedMinion minion, JsonElement call, JsonElement expected)
    {
        CallOutcome outcome;
        try
        {
            outcome = await minion.Outcome(call);
        }
        catch (Exception failed)
        {
            return expected.TryGetProperty("error", out var error) && error.GetProperty("head").GetString() == failed.Message.Split('\n')[0] ? null : $"expected {expected}\nfailed with {failed}";
        }
        if (!expected.TryGetProperty("return", out var answer)) return $"expected {expected}\nfound {PythonText.Repr(outcome.Return)}";
        var wanted = Comparable(minion.Filled(GoldenValues.Read(answer)));
        // Without a master a file is shown where it lies, not where a copy of it would.
        var found = Comparable(Replaced(outcome.Return, Path.Combine(minion.Root, "states"), "{CACHE}/files/base"));
        var code = expected.GetProperty("retcode").GetInt32();
        if (Fits(wanted, found) && outcome.Retcode == code) return null;
        return $"({code}) expected\n{Lines(wanted)}\n({outcome.Retcode}) found\n{Lines(found)}";
    }

    // What Python adds to unforeseen errors is its own: there the text before it counts.
    private static bool Fits(Value wanted, Value found) => (wanted, found) switch
    {
        (TextValue { Text: var text }, TextValue other) when text.EndsWith(Stack, StringComparison.Ordinal) => other.Text.StartsWith(text[..^Stack.Length], StringComparison.Ordinal),
        (ListValue list, ListValue other) => list.Count == other.Count && list.Zip(other).All(p => Fits(p.First, p.Second)),
        (MapValue map, MapValue other) => map.Count == other.Count && map.All(e => other.Get(e.Key) is { } there && Fits(e.Value, there)),
        _ => wanted.Equals(found),
    };

    private static Value Replaced(Value value, string text, string by) => value switch
    {
        TextValue t => t.Text.Replace(text, by, StringComparison.Ordinal),
        ListValue list => ListValue.From(list.Select(i => Replaced(i, text, by))),
        _ => value,
    };

    private static string Lines(Value value) => value switch
    {
        MapValue map => string.Join('\n', map.OrderBy(e => e.Key.ToString(), StringComparer.Ordinal).Select(e => $"  {e.Key}: {(e.Value is MapValue inner ? PythonText.Repr(Sorted(inner)) : PythonText.Repr(e.Value))}")),
        ListValue list => string.Join('\n', list.Select(i => "  " + (i is MapValue map ? PythonText.Repr(Sorted(map)) : PythonText.Repr(i)))),
        _ => PythonText.Repr(value),
    };

    private static MapValue Sorted(MapValue map) => MapValue.From(map.OrderBy(e => e.Key.ToString(), StringComparer.Ordinal)).AsOrdered(false);

    // Times, process ids and stacks are anybody's.
    private static Value Comparable(Value value) => value switch
    {
        MapValue map => MapValue.From(map.Where(e => e.Key.AsText() is not ("start_time" or "duration")).Select(e => KeyValuePair.Create(e.Key, e.Key.AsText() == "pid" ? 0 : Comparable(e.Value)))).AsOrdered(false),
        ListValue list => new ListValue([.. list.Select(Comparable)]),
        TextValue { Text: var text } when text.IndexOf("Traceback (most recent call last)", StringComparison.Ordinal) is >= 0 and var at => text[..at] + "{TRACEBACK}",
        TextValue { Text: var text } when text.IndexOf("{TRACEBACK}", StringComparison.Ordinal) is >= 0 and var at => text[..at] + "{TRACEBACK}",
        TextValue { Text: var text } when Requisites().IsMatch(text) => "One or more requisite failed: " + string.Join(", ", text["One or more requisite failed: ".Length..].Split(", ").Order(StringComparer.Ordinal)),
        _ => value,
    };

    [GeneratedRegex("^One or more requisite failed: ")]
    private static partial Regex Requisites();
}
