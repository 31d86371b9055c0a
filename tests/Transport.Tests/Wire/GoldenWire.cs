using System.Text.Json;
using SaltActors.Core.Values;
using SaltActors.Golden;
using SaltActors.Transport.Crypto;

namespace SaltActors.Transport.Tests.Wire;

/// <summary>The recorded wire data, and the throw-away keys that it was recorded with.</summary>
internal static class GoldenWire
{
    private static readonly Lazy<Dictionary<string, RsaKeyPair>> Pairs = new(() => Cases("keys", "keys").ToDictionary(
        k => k.GetProperty("name").GetString()!, k => RsaKeyPair.Load(k.GetProperty("private_pem").GetString()!)));

    public static IEnumerable<JsonElement> Cases(string file, string list = "cases") => File(file).GetProperty(list).EnumerateArray();
    public static JsonElement File(string file) => GoldenData.Read($"wire/{file}.json").RootElement;
    public static RsaKeyPair Key(string name) => Pairs.Value[name];
    public static byte[] Bytes(this JsonElement element, string name) => element.GetProperty(name).GetBytesFromBase64();
    public static string? Text(this JsonElement element, string name) => element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
    public static Value Plain(this JsonElement element, string name) => GoldenValues.Read(element.GetProperty(name));

    /// <summary>Runs a check over every case and shows all that fail, not only the first.</summary>
    public static void All(IEnumerable<JsonElement> cases, Action<JsonElement> check)
    {
        var failed = new List<string>();
        foreach (var one in cases)
            try
            {
                check(one);
            }
            catch (Exception cause)
            {
                failed.Add($"{one.Text("name")} ({one.Text("kind")}, {one.Text("step")}): {cause.Message.ReplaceLineEndings(" ")}");
            }
        Assert.True(failed.Count == 0, string.Join("\n", failed));
    }

    public static void Same(Value expected, Value found) => Assert.Equal(PythonText.Repr(expected), PythonText.Repr(found));
}
