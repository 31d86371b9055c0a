using System.Text.Json;
using SaltActors.CommandLine.Options;
using SaltActors.Core.Values;
using SaltActors.Golden;

namespace SaltActors.CommandLine.Tests.Options;

public sealed class SaltCommandLineSpecs
{
    private static readonly JsonElement Golden = GoldenData.Read("cli/cliargs.json").RootElement;

    [Fact]
    public void Reads_every_recorded_command_line_as_salt_does()
    {
        var wrong = Golden.GetProperty("salt_command_lines").EnumerateArray().Select(row => (Row: row.GetProperty("argv").GetRawText(), Problem: Check(row))).Where(r => r.Problem.Length > 0);
        Assert.True(!wrong.Any(), string.Join("\n", wrong.Select(w => $"{w.Row}: {w.Problem}")));
    }

    [Theory]
    [InlineData("--verb", true)]
    [InlineData("--verbose", true)]
    public void Takes_a_unique_beginning_of_a_name(string option, bool isVerbose) => Assert.Equal(isVerbose, Parse("salt", "*", option, "test.ping").Parsed!.Flag("verbose"));

    [Fact]
    public void Names_what_an_ambiguous_beginning_could_be() =>
        Assert.Contains("salt: error: ambiguous option: --outp (--output, --output-diff, --output-file, --output-file-append, --output-indent?)", Parse("salt", "--outp=x").Stop!.Stderr);

    [Fact]
    public void Reads_bundled_flags_and_values_without_a_space()
    {
        var parsed = Parse("salt", "-vGt5", "os:Debian", "test.ping").Parsed!;
        Assert.True(parsed.Flag("verbose") && parsed.Flag("grain"));
        Assert.Equal(5, parsed.Options.Get("timeout")!);
    }

    [Fact]
    public void Takes_more_words_from_standard_input()
    {
        Assert.True(CommandLineParser.TryParse("salt", ["--args-stdin"], new StringReader("*\ntest.echo\nhello world\n-v\n"), out var parsed, out _));
        Assert.Equal(["*", "test.echo", "hello world"], parsed.Positionals.AsEnumerable());
        Assert.True(parsed.Flag("verbose"));
    }

    private static string Check(JsonElement row)
    {
        var (parsed, stop) = Parse("salt", [.. row.GetProperty("argv").EnumerateArray().Select(a => a.GetString()!)]);
        SaltCommand? command = null;
        if (parsed is not null) SaltCommandLine.TryRead(parsed, out command, out stop);
        if (row.TryGetProperty("exit", out var exit))
        {
            if (stop is null) return "was read";
            var last = stop.Stderr.TrimEnd('\n').Split('\n')[^1];
            return stop.ExitCode == exit.GetInt32() && last == row.GetProperty("stderr_last").GetString() ? "" : $"{stop.ExitCode} {last}";
        }
        if (command is null) return $"stopped: {stop!.Stderr}";
        var found = MapValue.Of(("tgt", command.Target), ("fun", command.Function), ("arg", command.Arguments), ("tgt_type", command.TargetType));
        var expected = MapValue.Of(("tgt", GoldenValues.Read(row.GetProperty("tgt"))), ("fun", GoldenValues.Read(row.GetProperty("fun"))), ("arg", GoldenValues.Read(row.GetProperty("arg"))), ("tgt_type", GoldenValues.Read(row.GetProperty("tgt_type"))));
        if (PythonText.Repr(found) != PythonText.Repr(expected)) return PythonText.Repr(found);
        if (!row.TryGetProperty("options", out var options)) return "";
        return string.Join(" ", options.EnumerateObject().Where(o => PythonText.Repr(parsed!.Options.Get(o.Name) ?? "none") != PythonText.Repr(GoldenValues.Read(o.Value))).Select(o => $"{o.Name}={parsed!.Options.Get(o.Name)}"));
    }

    private static (ParsedCommandLine? Parsed, CommandLineStop? Stop) Parse(string program, params string[] args) =>
        CommandLineParser.TryParse(program, args, TextReader.Null, out var parsed, out var stop) ? (parsed, null) : (null, stop);
}
