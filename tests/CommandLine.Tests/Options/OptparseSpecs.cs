using System.Runtime.CompilerServices;
using System.Text.Json;
using SaltActors.CommandLine.Options;
using SaltActors.Core.Values;

namespace SaltActors.CommandLine.Tests.Options;

/// <summary>Command lines made at random from every table, beside what Python's optparse makes of them (<c>optparse.json</c>).</summary>
public sealed class OptparseSpecs
{
    [Theory]
    [InlineData("salt")]
    [InlineData("salt-call")]
    [InlineData("salt-key")]
    [InlineData("salt-run")]
    [InlineData("salt-master")]
    [InlineData("salt-minion")]
    public void Reads_and_refuses_as_optparse_does(string program)
    {
        var rows = Read().Where(r => r.GetProperty("program").GetString() == program).ToList();
        Assert.NotEmpty(rows);
        var wrong = rows.Select(r => (Row: r.GetRawText(), Problem: Check(program, r))).Where(r => r.Problem.Length > 0).ToList();
        Assert.True(wrong.Count == 0, $"{wrong.Count} of {rows.Count}\n" + string.Join("\n", wrong.Select(w => $"{w.Row}\n   {w.Problem}")));
    }

    private static string Check(string program, JsonElement row)
    {
        string[] argv = [.. row.GetProperty("argv").EnumerateArray().Select(a => a.GetString()!)];
        if (!CommandLineParser.TryParse(program, argv, CommandSurroundings.Empty, out var parsed, out var stop))
        {
            if (!row.TryGetProperty("error", out var error)) return $"refused: {stop.Stderr}";
            var message = $"\n\n{program}: error: {error.GetString()}\n";
            return stop.ExitCode == 64 && stop.Stdout.Length == 0 && stop.Stderr.StartsWith($"Usage: {program} ", StringComparison.Ordinal)
                && stop.Stderr.EndsWith(message, StringComparison.Ordinal) ? "" : $"{stop.ExitCode}: {stop.Stderr}";
        }
        if (row.TryGetProperty("error", out _)) return "was read";
        var positionals = row.GetProperty("positionals").EnumerateArray().Select(p => p.GetString()!);
        if (!parsed.Positionals.SequenceEqual(positionals)) return $"positionals: {string.Join('|', parsed.Positionals)}";

        var expected = row.GetProperty("options").EnumerateObject().ToDictionary(o => o.Name, o => o.Value.GetString()!);
        var standard = Defaults(program);
        foreach (var (key, value) in parsed.Options)
        {
            var name = PythonText.Str(key);
            var found = PythonText.Repr(value);
            var wanted = expected.TryGetValue(name, out var changed) ? changed : PythonText.Repr(standard.Get(name)!);
            if (found != wanted) return $"{name}: {found}, not {wanted}";
        }
        return string.Join(", ", expected.Keys.Where(name => !parsed.Options.Has(name)).Select(name => $"{name} is missing"));
    }

    private static MapValue Defaults(string program) =>
        CommandLineParser.TryParse(program, [], CommandSurroundings.Empty, out var parsed, out var stop) ? parsed.Options : throw new InvalidOperationException(stop.Stderr);

    private static JsonElement[] Read([CallerFilePath] string here = "") =>
        [.. JsonDocument.Parse(File.ReadAllBytes(Path.Combine(Path.GetDirectoryName(here)!, "optparse.json"))).RootElement.GetProperty("rows").EnumerateArray()];
}
