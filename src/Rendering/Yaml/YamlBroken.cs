namespace SaltActors.Rendering.Yaml;

/// <summary>Text that is no YAML, or YAML that Salt refuses. The message shows the place.</summary>
/// <param name="line">From 1.</param>
/// <param name="column">From 1.</param>
public sealed class YamlBroken(string problem, string source, long line, long column, string? sourceLine)
    : Exception($"{source}:{line}:{column}: {problem}{Show(sourceLine, column)}")
{
    public string Problem { get; } = problem;
    public string SourceName { get; } = source;
    public long Line { get; } = line;
    public long Column { get; } = column;

    private static string Show(string? line, long column) =>
        string.IsNullOrEmpty(line) ? "" : $"\n    {line}\n    {new string(' ', (int)Math.Max(0, column - 1))}^";
}
