using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using SaltActors.Core.Values;
using SaltActors.Rendering.Json;

namespace SaltActors.Rendering.Tests.Recorded;

/// <summary>Lists of <c>{value, form: text, …}</c> that a Python library wrote. A map is <c>{"d": [[key, value], …]}</c> there, so that keys keep their kind.</summary>
internal static class RecordedCases
{
    /// <summary>Fails with every case whose text differs.</summary>
    internal static void Check(string path, string form, Func<Value, string> write)
    {
        var failures = new StringBuilder();
        foreach (var one in Read(path))
        {
            var value = Decode(JsonText.Read(one.GetProperty("value").GetRawText()));
            var (expected, found) = (one.GetProperty(form).GetString(), write(value));
            if (found != expected) failures.AppendLine($"## {value}\n-- expected\n{expected}\n-- found\n{found}");
        }
        Assert.True(failures.Length == 0, failures.ToString());
    }

    internal static List<JsonElement> Read(string path, [CallerFilePath] string here = "")
    {
        // Python writes Infinity bare; the framework's reader refuses it.
        var file = Path.Combine(Path.GetDirectoryName(here)!, "..", path);
        return [.. JsonDocument.Parse(File.ReadAllText(file)).RootElement.EnumerateArray()];
    }

    private static Value Decode(Value value) => value switch
    {
        ListValue list => new ListValue([.. list.Items.Select(Decode)]),
        MapValue map when map.TextOf("f") is { } special => special == "inf" ? double.PositiveInfinity : double.NaN,
        MapValue map => MapValue.From(map.ListOf("d").Items.Select(e => KeyValuePair.Create(Decode(((ListValue)e)[0]), Decode(((ListValue)e)[1])))),
        _ => value,
    };
}
