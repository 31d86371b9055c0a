using System.Collections.Immutable;
using SaltActors.Core.Functions;
using SaltActors.Core.Values;

namespace SaltActors.States.Templates;

/// <summary>One renderer of a pipe and the words behind its name: <c>jinja -s</c>.</summary>
public readonly record struct RenderStage(string Renderer, string Argument);

/// <summary>The renderers that a text goes through, from its first line or from the configuration.</summary>
/// <remarks>Follows Salt 3006, salt/template.py, check_render_pipe_str() and template_shebang().</remarks>
public static class RenderPipe
{
    private static readonly string[] OldEngines = ["yaml", "json"];

    /// <summary>The stages. Empty where one of them is unknown: then nothing is rendered, and the log says which.</summary>
    /// <param name="standard">The pipe of a text that names none.</param>
    public static ImmutableArray<RenderStage> Of(string text, string standard, IReadOnlyDictionary<string, IRenderer> known, MapValue options, IMessageLog? log)
    {
        var first = text.AsSpan();
        if (first.IndexOf('\n') is >= 0 and var end) first = first[..end];
        var named = first.StartsWith("#!") && !first.StartsWith("#!/") ? first[2..].Trim().ToString() : "";
        return Read(named.Length > 0 ? named : standard, known, options, log);
    }

    private static ImmutableArray<RenderStage> Read(string pipe, IReadOnlyDictionary<string, IRenderer> known, MapValue options, IMessageLog? log)
    {
        var parts = pipe.Split('|', StringSplitOptions.TrimEntries);
        // The old names put data before text: yaml_jinja is jinja|yaml.
        if (parts is [var only] && !known.ContainsKey(only) && only.Split('_', 2) is [var data, var engine] && OldEngines.Contains(data) && known.ContainsKey(engine)) parts = [engine, data];
        var stages = ImmutableArray.CreateBuilder<RenderStage>(parts.Length);
        foreach (var part in parts)
        {
            var words = part.Split((char[]?)null, 2, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
            var name = words.Length > 0 ? words[0] : "";
            if (!known.ContainsKey(name))
            {
                log?.Write(LogSeverity.Error, $"The renderer '{name}' of '{pipe}' is not available; known are {string.Join(", ", known.Keys.Order(StringComparer.Ordinal))}. Nothing is rendered.");
                return [];
            }
            if (!IsAllowed(name, options))
            {
                log?.Write(LogSeverity.Warning, $"The renderer '{name}' is not allowed by renderer_whitelist and renderer_blacklist, and is left out of '{pipe}'.");
                continue;
            }
            stages.Add(new(name, words.Length > 1 ? words[1] : ""));
        }
        return stages.ToImmutable();
    }

    private static bool IsAllowed(string name, MapValue options)
    {
        var (white, black) = (options.ListOf("renderer_whitelist"), options.ListOf("renderer_blacklist"));
        return !black.Any(b => b.AsText() == name) && (white.Count == 0 || white.Any(w => w.AsText() == name));
    }
}
