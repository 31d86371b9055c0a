using System.Collections.Frozen;
using SaltActors.Core.Values;

namespace SaltActors.States.Templates;

/// <summary>Text through its pipe. One for all threads.</summary>
/// <remarks>Follows Salt 3006, salt/template.py, compile_template().</remarks>
public static class TemplateEngine
{
    private static readonly IRenderer[] Own = [new JinjaStage(), new YamlStage(), new YamlexStage(), new JsonStage()];
    private static readonly FrozenDictionary<string, IRenderer> Known = Own.Concat(OutsideEngines.All).ToFrozenDictionary(r => r.Name);

    public static bool IsKnown(string renderer) => Known.ContainsKey(renderer);

    /// <summary>The names of all renderers, sorted.</summary>
    public static IEnumerable<string> Names => Known.Keys.Order(StringComparer.Ordinal);

    /// <param name="standard">The pipe of a text that names none, as <c>jinja|yaml</c>.</param>
    /// <returns>What the last renderer made; null (C#'s) where a renderer of the pipe is unknown.</returns>
    /// <exception cref="RenderFailed">A renderer refused its input.</exception>
    public static Value? Render(RenderTask task, string standard)
    {
        var text = task.Source.Text;
        if (string.IsNullOrWhiteSpace(text)) return MapValue.Empty;
        var stages = RenderPipe.Of(text, standard, Known, task.Call.Options, task.Log);
        if (stages.IsEmpty) return null;
        Value at = text;
        foreach (var (renderer, argument) in stages) at = Known[renderer].Render(at, task, argument);
        // Jinja makes every end of a line a line feed.
        if (at is TextValue { Text: var made } && text.Contains("\r\n") && !made.Contains("\r\n")) at = made.Replace("\n", "\r\n");
        return at;
    }

    /// <summary>A file through one engine, whatever its first line says: what <c>file.managed</c> and <c>cp.get_template</c> do.</summary>
    /// <exception cref="RenderFailed">The engine refused its input, or makes no text.</exception>
    public static string RenderText(RenderTask task, string engine)
    {
        var text = task.Source.Text;
        if (text.Length == 0) return "";
        var made = Known.TryGetValue(engine, out var renderer) ? renderer.Render(text, task, "") : throw new RenderFailed($"there is no template engine called '{engine}'");
        if (made is not TextValue { Text: var whole }) throw new RenderFailed($"the engine '{engine}' makes a {made.KindName}, where text was expected");
        return text.Contains("\r\n") && !whole.Contains("\r\n") ? whole.Replace("\n", "\r\n") : whole;
    }
}
