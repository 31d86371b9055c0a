using SaltActors.Core.Functions;
using SaltActors.Core.Values;
using SaltActors.Rendering.Json;
using SaltActors.Rendering.Output;
using SaltActors.Rendering.Yaml;

namespace SaltActors.Modules.Templates;

/// <summary>Values to text and back, by the names that <c>slsutil.serialize</c> and <c>file.serialize</c> know.</summary>
/// <remarks>Follows Salt 3006, salt/serializers/.</remarks>
public static class Serializers
{
    /// <exception cref="NamedError">There is no such writer, or the value has no form in it.</exception>
    public static string Write(string name, Value value, MapValue settings)
    {
        switch (name)
        {
            case "json":
                try
                {
                    return JsonText.Write(value, new JsonLayout
                    {
                        Indent = settings.Get("indent")?.AsInteger() is { } columns ? new string(' ', (int)Math.Clamp(columns, 0, 80)) : null,
                        SortKeys = settings.Get("sort_keys") is { IsTruthy: true },
                        EnsureAscii = settings.Get("ensure_ascii") is { IsTruthy: true },
                    });
                }
                catch (NotJson refused)
                {
                    throw new NamedError("SerializationError", refused.Message);
                }
            case "yaml" or "yamlex":
                var text = YamlDumper.Dump(value, new YamlLayout
                {
                    Flow = settings.Get("default_flow_style") switch { null or NullValue => YamlFlow.Leaves, { IsTruthy: true } => YamlFlow.Always, _ => YamlFlow.Never },
                    Indent = (int)(settings.Get("indent")?.AsInteger() ?? YamlLayout.Default.Indent),
                    Width = (int)(settings.Get("width")?.AsInteger() ?? YamlLayout.Default.Width),
                    SortKeys = settings.Get("sort_keys") is not { IsTruthy: false },
                });
                return text.EndsWith("\n...\n", StringComparison.Ordinal) ? text[..^5] : text.TrimEnd('\n');
            case "python": return PrettyPrint.Format(value);
            default: throw Unknown(name);
        }
    }

    /// <exception cref="NamedError">There is no such reader, or it cannot read the text.</exception>
    public static Value Read(string name, string text, MapValue settings)
    {
        _ = settings;
        try
        {
            return name switch
            {
                "json" => JsonText.Read(text),
                "yaml" => YamlLoader.Load(text, "the text"),
                "yamlex" => YamlLoader.Load(text, "the text", YamlMaps.Aggregating),
                _ => throw Unknown(name),
            };
        }
        catch (Exception broken) when (broken is YamlBroken or JsonRefused)
        {
            throw new NamedError("DeserializationError", broken.Message);
        }
    }

    private static NamedError Unknown(string name) => new("CommandExecutionError", $"The '{name}' serializer is not available; there are json, python, yaml and yamlex");
}
