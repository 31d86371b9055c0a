using System.Text.RegularExpressions;
using SaltActors.Core.Values;
using SaltActors.Golden;
using SaltActors.Rendering.Output;

namespace SaltActors.Modules.Tests.Recorded;

/// <summary>What genuine Salt printed of state runs and of what <c>state.show_*</c> answer, character by character.</summary>
public sealed partial class RecordedOutputSpecs
{
    public static TheoryData<string> Cases() => [.. Directory.GetDirectories(GoldenData.PathOf("states/output")).Select(d => Path.GetFileName(d)!).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task Prints_what_Salt_prints(string name)
    {
        using var setUp = GoldenData.Read($"states/output/{name}/case.json");
        using var recorded = GoldenData.Read($"states/output/{name}/expected.json");
        using var minion = RecordedMinion.Copied(GoldenData.PathOf($"states/output/{name}"), setUp.RootElement);
        var failures = new List<string>();
        foreach (var (call, expected) in setUp.RootElement.GetProperty("calls").EnumerateArray().Zip(recorded.RootElement.GetProperty("calls").EnumerateArray()))
        {
            if (minion.Wrote(call) || !expected.TryGetProperty("text", out var text)) continue;
            var outcome = await minion.Outcome(call);
            var options = MapValue.Of(("output_indent", 4), ("state_verbose", true), ("state_output", "full")).Over(call.TryGetProperty("out_opts", out var more) ? (MapValue)GoldenValues.Read(more) : MapValue.Empty);
            var found = Outputters.Render(call.GetProperty("outputter").GetString(), MapValue.Of(("local", outcome.Return)), new OutputSettings { Options = options, NestedIndent = null });
            var (wanted, shown) = (Comparable(minion.Filled(text.GetString()!).ToString()), Comparable(found));
            if (wanted != shown) failures.Add($"{call.GetRawText()}\nexpected\n{wanted}\nfound\n{shown}");
        }
        Assert.True(failures.Count == 0, string.Join("\n\n", failures));
    }

    private static string Comparable(string text) => Width().Replace(Pid().Replace(Duration().Replace(Time().Replace(text.TrimEnd(), "{TIME}"), "{DURATION}"), "{PID}"), " ");

    [GeneratedRegex(@"\d\d:\d\d:\d\d\.\d{6}")]
    private static partial Regex Time();
    [GeneratedRegex(@"(?<=(Duration:|""?duration""?:) *)[\d.]+|(?<=run time: *)\d[\d.]* m?s")]
    private static partial Regex Duration();
    [GeneratedRegex(@"(?<=""?pid""?:\s*)\d+")]
    private static partial Regex Pid();
    // A number that is narrower or wider moves what is right of it.
    [GeneratedRegex(@"(?<=run time:) +")]
    private static partial Regex Width();
}
