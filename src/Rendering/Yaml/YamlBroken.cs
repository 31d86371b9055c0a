using System.Text;

namespace SaltActors.Rendering.Yaml;

/// <summary>Which step of reading refused the text. Salt words its errors by it.</summary>
public enum YamlFault { Reader, Scanner, Parser, Composer, Constructor }

/// <summary>A place in the text, both from 1.</summary>
public readonly record struct YamlMark(int Line, int Column)
{
    /// <summary>As PyYAML prints it; the name is the one it gives to text that is no file.</summary>
    public override string ToString() => $"  in \"<unicode string>\", line {Line}, column {Column}";
}

/// <summary>Text that is no YAML, or YAML that Salt refuses. The message shows the place; <see cref="SaltText"/> is what Salt would have said.</summary>
public sealed class YamlBroken : Exception
{
    private readonly YamlMark? _contextMark;

    internal YamlBroken(YamlFault fault, string? context, YamlMark? contextMark, string problem, YamlMark mark, string source, string? sourceLine)
        : base(Show(context, contextMark, problem, mark, source, sourceLine))
    {
        (Fault, Context, _contextMark, Problem, Mark, SourceName, SourceLine) = (fault, context, contextMark, problem, mark, source, sourceLine);
    }

    public YamlFault Fault { get; }

    /// <summary>What was being read, as <c>while parsing a block mapping</c>; null where that says nothing.</summary>
    public string? Context { get; }

    /// <summary>What is wrong, without the place, in libyaml's words.</summary>
    public string Problem { get; }

    public YamlMark Mark { get; }
    public string SourceName { get; }
    public int Line => Mark.Line;
    public int Column => Mark.Column;

    /// <summary>The line of the place, or null where the text has none such.</summary>
    public string? SourceLine { get; }

    /// <summary>The text of Salt's own error: the problem alone from the scanner, else the lines that PyYAML prints.</summary>
    public string SaltText
    {
        get
        {
            if (Fault == YamlFault.Scanner || Problem == YamlConstructor.DoubleCurly) return Problem;
            if (Fault == YamlFault.Reader) return Problem;
            var text = new StringBuilder();
            if (Context is not null) text.Append(Context).Append('\n');
            if (_contextMark is { } at && at != Mark) text.Append(at.ToString()).Append('\n');
            return text.Append(Problem).Append('\n').Append(Mark.ToString()).ToString();
        }
    }

    private static string Show(string? context, YamlMark? contextMark, string problem, YamlMark mark, string source, string? line)
    {
        var text = new StringBuilder().Append(source).Append(':').Append(mark.Line).Append(':').Append(mark.Column).Append(": ");
        if (context is not null) text.Append(context).Append(contextMark is { } from && from.Line != mark.Line ? $" that begins on line {from.Line}: " : ": ");
        text.Append(problem);
        if (!string.IsNullOrWhiteSpace(line)) text.Append("\n    ").Append(line.Replace('\t', ' ')).Append("\n    ").Append(' ', Math.Max(0, mark.Column - 1)).Append('^');
        return text.ToString();
    }
}
