using System.Text.Json;
using SaltActors.Core.Values;
using SaltActors.Golden;

namespace SaltActors.Modules.Tests.Recorded;

/// <summary>What genuine Salt rendered through whole pipes, case by case.</summary>
public sealed class RecordedRenderingSpecs
{
    // Salt's own handler of broken YAML fails there; the text itself is more use.
    private const string HandlerFailed = "Jinja error: 'NoneType' object has no attribute 'splitlines'";

    // A renderer written in Python (#!py) is not there in this version, and says so.
    private const string PythonRenderer = "salt://d11.yaml";

    public static TheoryData<string> Cases() => [.. new[] { "jinja", "yaml" }.SelectMany(c => Directory.GetDirectories(GoldenData.PathOf($"states/{c}")).Select(d => $"{c}/{Path.GetFileName(d)}")).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task Renders_as_Salt_does(string name)
    {
        using var setUp = GoldenData.Read($"states/{name}/case.json");
        using var recorded = GoldenData.Read($"states/{name}/expected.json");
        using var minion = new RecordedMinion(GoldenData.PathOf($"states/{name}"), setUp.RootElement);
        var failures = new List<string>();
        foreach (var (call, expected) in setUp.RootElement.GetProperty("calls").EnumerateArray().Zip(recorded.RootElement.GetProperty("calls").EnumerateArray()))
            if (!call.GetRawText().Contains(PythonRenderer, StringComparison.Ordinal) && await Differs(minion, call, expected) is { } failure) failures.Add($"{call.GetRawText()}\n{failure}");
        Assert.True(failures.Count == 0, string.Join("\n\n", failures));
    }

    private static async Task<string?> Differs(RecordedMinion minion, JsonElement call, JsonElement expected)
    {
        Value found;
        try
        {
            found = await minion.Answer(call);
        }
        catch (Exception failed)
        {
            if (!expected.TryGetProperty("error", out var error)) return $"expected {expected}\nfailed with {failed}";
            var head = error.GetProperty("head").GetString()!;
            return head == HandlerFailed || head == failed.Message.Split('\n')[0] ? null : $"expected the error {head}\nfound {failed.Message}";
        }
        if (!expected.TryGetProperty("return", out var answer)) return $"expected {expected}\nfound {PythonText.Repr(found)}";
        var wanted = minion.Filled(GoldenValues.Read(answer));
        // What is no number equals nothing.
        return wanted.Equals(found) || PythonText.Repr(wanted).Contains("nan") && PythonText.Repr(wanted) == PythonText.Repr(Plain(found)) ? null : $"expected {PythonText.Repr(wanted)}\nfound    {PythonText.Repr(found)}";
    }

    private static Value Plain(Value value) => value is MapValue map ? MapValue.From(map.Select(e => KeyValuePair.Create(e.Key, Plain(e.Value)))).AsOrdered(false) : value;
}
