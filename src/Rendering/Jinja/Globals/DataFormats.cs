using SaltActors.Rendering.Jinja.Errors;
using SaltActors.Rendering.Jinja.Objects;
using SaltActors.Rendering.Json;
using SaltActors.Rendering.Yaml;

namespace SaltActors.Rendering.Jinja.Globals;

/// <summary>What Salt's tags and filters read.</summary>
public enum DataFormat { Yaml, Json, Text }

/// <summary>Text to objects.</summary>
public static class DataFormats
{
    /// <exception cref="JinjaFault">The text is not of that format; the message shows the place.</exception>
    public static Obj Read(DataFormat format, string text)
    {
        try
        {
            return format switch
            {
                DataFormat.Yaml => Conversion.ToObj(YamlLoader.Load(text, "load_yaml")),
                DataFormat.Json => Conversion.ToObj(JsonText.Read(text)),
                _ => text,
            };
        }
        catch (YamlBroken broken)
        {
            throw new JinjaFault(FaultKind.Other, broken.Message, broken);
        }
        catch (JsonRefused refused)
        {
            throw new JinjaFault(FaultKind.Runtime, $"Unable to load json from {text}", refused);
        }
    }
}
