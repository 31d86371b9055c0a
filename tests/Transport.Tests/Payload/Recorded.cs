using System.Text.Json;
using SaltActors.Core.Values;
using SaltActors.Golden;

namespace SaltActors.Transport.Tests.Payload;

/// <summary>Recorded cases of genuine Salt, checked one by one; a test fails with the names of all that are wrong.</summary>
internal static class Recorded
{
    public static void Every(string file, Action<JsonElement, JsonElement> check) => Every(file, _ => true, check);

    /// <param name="check">Takes the file and one of its cases; throws where the case is wrong.</param>
    public static void Every(string file, Func<JsonElement, bool> which, Action<JsonElement, JsonElement> check)
    {
        using var recorded = GoldenData.Read($"wire/{file}.json");
        var root = recorded.RootElement;
        var wrong = new List<string>();
        var seen = 0;
        foreach (var one in root.GetProperty(file == "keys" ? "keys" : "cases").EnumerateArray().Where(which))
        {
            seen++;
            try
            {
                check(root, one);
            }
            catch (Exception cause)
            {
                wrong.Add($"{one.Text("name")}: {cause.GetType().Name}: {cause.Message}");
            }
        }
        Assert.True(seen > 0, $"{file}: no case was looked at");
        Assert.True(wrong.Count == 0, $"{file}: {wrong.Count} of {seen} are wrong\n{string.Join("\n", wrong)}");
    }

    public static string Text(this JsonElement json, string field) => json.GetProperty(field).GetString()!;
    public static string? TextOrNull(this JsonElement json, string field) => json.TryGetProperty(field, out var value) ? value.GetString() : null;
    public static byte[] Bytes(this JsonElement json, string field) => json.GetProperty(field).GetBytesFromBase64();
    public static bool Has(this JsonElement json, string field) => json.TryGetProperty(field, out var value) && value.ValueKind != JsonValueKind.Null;
    public static bool Says(this JsonElement json, string field) => json.TryGetProperty(field, out var value) && value.ValueKind == JsonValueKind.True;
    public static Value Value(this JsonElement json, string field) => GoldenValues.Read(json.GetProperty(field));

    /// <summary>The same kinds in the same order: stricter than equality, for which <c>1 == 1.0</c> and maps have no order.</summary>
    public static void Same(Value expected, Value actual) => Assert.Equal(PythonText.Repr(expected), PythonText.Repr(actual));
}
