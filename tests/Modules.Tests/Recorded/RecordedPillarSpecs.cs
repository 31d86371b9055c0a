using SaltActors.Core.Values;
using SaltActors.Golden;

namespace SaltActors.Modules.Tests.Recorded;

/// <summary>What genuine Salt answered from pillars, case by case.</summary>
public sealed class RecordedPillarSpecs
{
    public static TheoryData<string> Cases() => [.. Directory.GetDirectories(GoldenData.PathOf("states/pillar")).Select(d => Path.GetFileName(d)!).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task Answers_as_Salt_does(string name)
    {
        var folder = GoldenData.PathOf($"states/pillar/{name}");
        using var setUp = GoldenData.Read($"states/pillar/{name}/case.json");
        using var recorded = GoldenData.Read($"states/pillar/{name}/expected.json");
        using var minion = new RecordedMinion(folder, setUp.RootElement);
        var failures = new List<string>();
        foreach (var (call, expected) in setUp.RootElement.GetProperty("calls").EnumerateArray().Zip(recorded.RootElement.GetProperty("calls").EnumerateArray()))
        {
            // States have specs of their own.
            if (call.GetProperty("fun").GetString()!.StartsWith("state.", StringComparison.Ordinal)) continue;
            var outcome = await minion.Call(call);
            var wanted = minion.Filled(GoldenValues.Read(expected.GetProperty("return")));
            if (!wanted.Equals(outcome.Return) || outcome.Retcode != expected.GetProperty("retcode").GetInt32())
                failures.Add($"{call.GetRawText()}\nexpected {PythonText.Repr(wanted)} ({expected.GetProperty("retcode")})\nfound    {PythonText.Repr(outcome.Return)} ({outcome.Retcode})");
        }
        Assert.True(failures.Count == 0, string.Join("\n\n", failures));
    }
}
