using System.Text;
using SaltActors.CommandLine.Options;
using SaltActors.Core.Values;
using SaltActors.Golden;
using SaltActors.Rendering.Json;

namespace SaltActors.CommandLine.Tests.Options;

public sealed class SaltCommandLineSpecs
{
    private static readonly HashSet<string> TargetFlags =
        ["pcre", "list", "grain", "grain_pcre", "nodegroup", "range", "compound", "pillar_target", "pillar_pcre", "ipcidr", "password"];

    [Fact]
    public void Reads_command_lines_as_Salt_does()
    {
        var failures = new StringBuilder();
        foreach (var one in GoldenData.Read("cli/cliargs.json").RootElement.GetProperty("salt_command_lines").EnumerateArray())
        {
            var expected = (MapValue)JsonText.Read(one.GetRawText());
            var found = Read([.. expected.ListOf("argv").Items.Select(a => a.ToString())]);
            if (expected.Has("exit") && !expected.TextOf("stdout_starts")!.EndsWith("<DOC TEXT LEFT OUT>", StringComparison.Ordinal) && found.TextOf("stdout") != "")
                failures.AppendLine($"stdout must be empty: {expected}");
            if (expected.TextOf("stdout_starts") is { } starts && !found.TextOf("stdout")!.StartsWith(starts.Replace("<DOC TEXT LEFT OUT>", ""), StringComparison.Ordinal))
                failures.AppendLine($"stdout differs: {expected}");
            var same = expected.Without("argv").Without("stdout_starts");
            if (PythonText.Repr(Sorted(same)) != PythonText.Repr(Sorted(found.Without("stdout")))) failures.AppendLine($"expected {same}\nfound    {found}");
        }
        Assert.True(failures.Length == 0, failures.ToString());
    }

    [Fact]
    public void What_travels_beside_the_load_is_read_as_YAML()
    {
        Assert.True(CommandLineParser.TryParse("salt",
            ["*", "test.ping", "--metadata={a: 1}", "--module-executors=[splay, direct_call]", "--return_kwargs={host: h}", "--return_config=alt", "--delimiter=|", "--return=redis"],
            CommandSurroundings.Empty, out var parsed, out _));
        Assert.True(SaltCommandLine.TryRead(parsed, out var command, out _));
        Assert.Equal("{'metadata': {'a': 1}, 'module_executors': ['splay', 'direct_call'], 'ret_kwargs': {'host': 'h'}, 'ret_config': 'alt', 'delimiter': '|'}", command.Extras.ToString());
        Assert.Equal("redis", command.Returners);
    }

    private static MapValue Read(string[] arguments)
    {
        if (!CommandLineParser.TryParse("salt", arguments, CommandSurroundings.Empty, out var parsed, out var stop)) return Stopped(stop);
        if (!SaltCommandLine.TryRead(parsed, out var command, out stop)) return Stopped(stop);
        var table = CommandPrograms.Find("salt")!;
        var set = parsed.Options.Where(o => !TargetFlags.Contains(o.Key.ToString())
            && table.OptionOf(o.Key.ToString()) is { } option && !option.Default.Equals(o.Value) && !(o.Value is ListValue { Count: 0 }) && option.Destination != "config_dir").ToArray();
        var request = command.ToRequest();
        var read = MapValue.Of(("tgt", request.Target), ("fun", request.Function), ("arg", request.Arguments), ("tgt_type", request.TargetType));
        return set.Length == 0 ? read : read.With("options", MapValue.From(set));
    }

    private static MapValue Stopped(CommandLineStop stop) => MapValue.Of(
        ("exit", stop.ExitCode), ("stdout", stop.Stdout), ("stderr_last", stop.Stderr.TrimEnd().Split('\n')[^1]));

    private static Value Sorted(Value value) => value switch
    {
        MapValue map => MapValue.From(PythonOrder.TrySortKeys(map)!.Select(e => KeyValuePair.Create(e.Key, Sorted(e.Value)))),
        ListValue list => ListValue.From(list.Items.Select(Sorted)),
        _ => value,
    };
}
