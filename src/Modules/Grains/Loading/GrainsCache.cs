using System.Text.Json;
using SaltActors.Core.Values;

namespace SaltActors.Modules.Grains.Loading;

/// <summary>Collected grains kept for a while in <c>grains.cache.json</c> under the cache folder, readable by its owner alone.</summary>
internal static class GrainsCache
{
    internal const string FileName = "grains.cache.json";

    /// <summary>The grains that were kept at most this long ago, or null.</summary>
    internal static MapValue? Read(string folder, TimeSpan expiration, TimeProvider clock)
    {
        var path = Path.Combine(folder, FileName);
        try
        {
            if (!File.Exists(path) || clock.GetUtcNow() - File.GetLastWriteTimeUtc(path) > expiration) return null;
            using var json = JsonDocument.Parse(File.ReadAllBytes(path));
            return FromJson(json.RootElement) as MapValue;
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException or JsonException)
        {
            // A cache that cannot be read is as good as none: the grains are collected.
            return null;
        }
    }

    /// <summary>Keeps grains. What went wrong comes back as a text for the log; null where nothing did.</summary>
    internal static string? Write(string folder, MapValue grains)
    {
        var path = Path.Combine(folder, FileName);
        var draft = $"{path}.{Environment.ProcessId}.new";
        try
        {
            Directory.CreateDirectory(folder);
            var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
            if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
            using (var file = new FileStream(draft, options))
            using (var writer = new Utf8JsonWriter(file)) ToJson(writer, grains);
            File.Move(draft, path, overwrite: true);
            return null;
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException)
        {
            return $"Unable to write grains cache file {path}: {cause.Message}";
        }
    }

    private static void ToJson(Utf8JsonWriter writer, Value value)
    {
        switch (value)
        {
            case NullValue: writer.WriteNullValue(); break;
            case BoolValue flag: writer.WriteBooleanValue(flag.IsTrue); break;
            case IntegerValue number: writer.WriteRawValue(number.ToString()); break;
            case FloatValue { Number: var number } when double.IsFinite(number): writer.WriteRawValue(PythonText.Float(number)); break;
            case ListValue list:
                writer.WriteStartArray();
                foreach (var item in list) ToJson(writer, item);
                writer.WriteEndArray();
                break;
            case MapValue map:
                writer.WriteStartObject();
                foreach (var (key, item) in map)
                {
                    writer.WritePropertyName(key.ToString());
                    ToJson(writer, item);
                }
                writer.WriteEndObject();
                break;
            default: writer.WriteStringValue(value.ToString()); break;
        }
    }

    private static Value FromJson(JsonElement json) => json.ValueKind switch
    {
        JsonValueKind.Object => MapValue.From(json.EnumerateObject().Select(p => KeyValuePair.Create(p.Name, FromJson(p.Value)))),
        JsonValueKind.Array => ListValue.From(json.EnumerateArray().Select(FromJson)),
        JsonValueKind.String => json.GetString(),
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        JsonValueKind.Number when json.TryGetInt64(out var whole) => whole,
        JsonValueKind.Number => json.GetDouble(),
        _ => Value.Null,
    };
}
