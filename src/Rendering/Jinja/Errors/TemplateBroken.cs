using System.Text;

namespace SaltActors.Rendering.Jinja.Errors;

/// <summary>One step of the way to an error: a template, the code of it that ran, and the line it was at.</summary>
public sealed record TemplateStep(string Template, string What, int Line);

/// <summary>A template that could not be rendered. The message is laid out as Salt's; <see cref="Detail"/> shows the line with a caret and the way there.</summary>
public sealed class TemplateBroken : Exception
{
    internal TemplateBroken(string head, FaultKind kind, TemplateSource at, int line, int column, IReadOnlyList<TemplateStep> way, string message, Exception cause)
        : base(message, cause)
    {
        (Head, Kind, File, Line, Column, Way) = (head, kind, at.Path ?? at.Name, line, column, way);
        SourceLine = Excerpt.LineOf(at.Text, line);
    }

    /// <summary>The problem with Salt's words before it, without a place: <c>Jinja variable 'x' is undefined</c>.</summary>
    public string Head { get; }
    public FaultKind Kind { get; }
    /// <summary>The file, or the name of the template, where it went wrong.</summary>
    public string File { get; }
    /// <summary>From 1.</summary>
    public int Line { get; }
    /// <summary>From 1; 0 where it is not known.</summary>
    public int Column { get; }
    public string? SourceLine { get; }
    /// <summary>From the template that was asked for to the code that failed.</summary>
    public IReadOnlyList<TemplateStep> Way { get; }

    /// <summary>The whole story: place, line with a caret, and who included or called whom.</summary>
    public string Detail
    {
        get
        {
            var text = new StringBuilder($"{File}:{Line}{(Column > 0 ? $":{Column}" : "")}: {Head}");
            if (SourceLine is not null)
            {
                text.Append("\n    ").Append(SourceLine.Replace('\t', ' '));
                if (Column > 0) text.Append("\n    ").Append(' ', Column - 1).Append('^');
            }
            for (var i = Way.Count - 2; i >= 0; i--) text.Append($"\n  from {Way[i].Template}:{Way[i].Line} ({Way[i].What})");
            return text.ToString();
        }
    }
}

/// <summary>The lines around an error, as Salt cuts them.</summary>
internal static class Excerpt
{
    private const int Around = 5;
    private const string Marker = "    <======================";

    /// <summary>Up to five lines before and after, between dashes, the line itself marked; the whole text where it has no such line.</summary>
    internal static string Of(string text, int line)
    {
        var lines = Output.PythonLines.Split(text);
        if (line > lines.Length) return text;
        var start = Math.Max(0, line - Around - 1);
        var end = Math.Min(lines.Length, line + Around);
        var shown = new StringBuilder("---\n");
        if (start > 0) shown.Append("[...]\n");
        for (var i = start; i < end; i++) shown.Append(lines[i]).Append(i == line - 1 ? Marker : "").Append('\n');
        if (end < lines.Length) shown.Append("[...]\n");
        return shown.Append("---").ToString();
    }

    internal static string? LineOf(string text, int line) => Output.PythonLines.Split(text) is var lines && line >= 1 && line <= lines.Length ? lines[line - 1] : null;
}
