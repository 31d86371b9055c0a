using SaltActors.CommandLine.Options;
using SaltActors.Core.Values;

namespace SaltActors.CommandLine.Tests.Options;

public sealed class CommandLineParserSpecs
{
    private const string Levels = "'all', 'debug', 'error', 'critical', 'garbage', 'info', 'profile', 'quiet', 'trace', 'warning'";

    [Theory]
    [InlineData("--bogus", "no such option: --bogus")]
    [InlineData("-Z", "no such option: -Z")]
    [InlineData("-vZ", "no such option: -Z")]
    [InlineData("--t", "option --timeout: invalid integer value: 'x'", "x")]
    [InlineData("-tx", "option -t: invalid integer value: 'x'")]
    [InlineData("--batch-wait=x", "option --batch-wait: invalid floating-point value: 'x'")]
    [InlineData("--ver", "ambiguous option: --ver (--verbose, --version, --versions-report?)")]
    [InlineData("--no-col", "ambiguous option: --no-col (--no-color, --no-colour?)")]
    [InlineData("-t", "-t option requires 1 argument")]
    [InlineData("--timeout", "--timeout option requires 1 argument")]
    [InlineData("--static=yes", "--static option does not take a value")]
    [InlineData("-l", $"option -l: invalid choice: 'loud' (choose from {Levels})", "loud")]
    [InlineData("-CN", "The options --nodegroup/--compound are mutually exclusive. Please only choose one of them")]
    public void Refuses_in_the_words_of_optparse(string argument, string message, params string[] more)
    {
        Assert.False(CommandLineParser.TryParse("salt", [argument, .. more], CommandSurroundings.Empty, out _, out var stop));
        Assert.Equal(64, stop.ExitCode);
        Assert.Equal($"Usage: salt [options] '<target>' <function> [arguments]\n\nsalt: error: {message}\n", stop.Stderr);
        Assert.Equal("", stop.Stdout);
    }

    [Theory]
    [InlineData("timeout", "7", "-t7")]
    [InlineData("timeout", "7", "-t", "7")]
    [InlineData("timeout", "7", "--timeout=7")]
    [InlineData("timeout", "7", "--time", "7")]
    [InlineData("timeout", "-7", "-t", "-7")]
    [InlineData("timeout", "255", "-t", "0xff")]
    [InlineData("timeout", "8", "-t", "010")]
    [InlineData("timeout", "7", "-vGt7")]
    [InlineData("timeout", "7", "-t1", "-t7")]
    [InlineData("batch_wait", "1.5", "--batch-wait=1.5")]
    [InlineData("output", "", "--out=")]
    [InlineData("show_timeout", "False", "--hide-timeout")]
    [InlineData("args_separator", "--", "--args-separator", "--")]
    public void Reads_an_option(string destination, string value, params string[] arguments) =>
        Assert.Equal(value, Parse("salt", arguments).Options.Get(destination)!.ToString());

    [Fact]
    public void Options_and_positionals_mix() =>
        Assert.Equal<string>(["*", "test.ping", "-"], Parse("salt", "*", "-v", "test.ping", "-").Positionals);

    [Fact]
    public void Two_dashes_end_the_options() => Assert.Equal<string>(["a", "-v", "--", "b"], Parse("salt", "a", "--", "-v", "--", "b").Positionals);

    [Fact]
    public void A_folder_of_modules_may_be_given_twice() =>
        Assert.Equal("['a', 'b']", Parse("salt-call", "-m", "a", "--module-dirs=b").Options.Get("module_dirs")!.ToString());

    [Fact]
    public void An_option_may_take_two_texts() =>
        Assert.Equal("('f', 'p')", Parse("salt-cloud", "-f", "f", "p", "x").Options.Get("function")!.ToString());

    [Fact]
    public void The_version_names_the_program()
    {
        Assert.False(CommandLineParser.TryParse("salt-minion", ["--version"], CommandSurroundings.Empty, out _, out var stop));
        Assert.Equal(new CommandLineStop(0, "salt-minion 3006.0 (SaltActors 0.1.0)\n", ""), stop);
    }

    [Fact]
    public void The_help_starts_with_the_usage()
    {
        Assert.False(CommandLineParser.TryParse("salt-key", ["-h"], CommandSurroundings.Empty, out _, out var stop));
        Assert.Equal(0, stop.ExitCode);
        Assert.StartsWith("Usage: salt-key [options]\n\nManages the keys of minions.\n\nOptions:\n  --version             Show the version and exit.\n", stop.Stdout);
        Assert.Contains("\n  Key Generation Options:\n", stop.Stdout);
    }

    [Fact]
    public void The_report_of_versions_ends_the_command()
    {
        Assert.False(CommandLineParser.TryParse("salt", ["-V"], CommandSurroundings.Empty, out _, out var stop));
        Assert.Equal(0, stop.ExitCode);
        Assert.Contains("3006.0", stop.Stdout);
    }

    [Fact]
    public void Stdin_gives_further_arguments_and_keeps_what_was_typed()
    {
        var surroundings = new CommandSurroundings { Stdin = new StringReader("test.arg\n-v\r\nb c\n") };
        Assert.True(CommandLineParser.TryParse("salt", ["*", "-t", "9", "--args-stdin"], surroundings, out var parsed, out _));
        Assert.Equal<string>(["*", "test.arg", "b c"], parsed.Positionals);
        Assert.True(parsed.Flag("verbose"));
        Assert.Equal<Value>(9, parsed.Options.Get("timeout")!);
    }

    [Fact]
    public void The_Saltfile_loses_to_what_is_typed_and_wins_over_defaults()
    {
        var parsed = WithSaltfile(MapValue.Of(("salt", MapValue.Of(("timeout", 30), ("output", "json"), ("unheard_of", 1)))), "-t", "9");
        Assert.Equal<Value>(9, parsed.Options.Get("timeout")!);
        Assert.Equal("json", parsed.Text("output"));
        Assert.Equal<Value>(1, parsed.Options.Get("unheard_of")!);
        Assert.Equal<string>(["timeout", "output", "unheard_of"], parsed.Typed);
    }

    [Fact]
    public void A_Saltfile_that_is_named_must_be_there()
    {
        Assert.False(CommandLineParser.TryParse("salt", ["--saltfile", "my"], new CommandSurroundings { WorkingFolder = "/w" }, out _, out var stop));
        Assert.Equal(64, stop.ExitCode);
        Assert.EndsWith("salt: error: '/w/my' file does not exist.\n", stop.Stderr);
    }

    [Theory]
    [InlineData("/w/etc", "-c", "etc")]
    [InlineData("/home/u/etc", "-c", "~/etc")]
    [InlineData("/env", "-v")]
    public void The_folder_of_the_configuration_is_absolute(string folder, params string[] arguments)
    {
        var surroundings = new CommandSurroundings { WorkingFolder = "/w", HomeFolder = "/home/u", Variable = name => name == "SALT_CONFIG_DIR" ? "/env" : null, FolderExists = f => f == "/env" };
        Assert.True(CommandLineParser.TryParse("salt", arguments, surroundings, out var parsed, out _));
        Assert.Equal(folder, parsed.Text("config_dir"));
        Assert.Equal<string>(folder == "/env" ? [] : [$"WARNING: CONFIG '{folder}' directory does not exist."], parsed.Warnings);
    }

    [Fact]
    public void A_Saltfile_that_cannot_be_read_is_named()
    {
        var surroundings = new CommandSurroundings { WorkingFolder = "/w", FileExists = f => f == "/w/Saltfile", ReadYaml = f => throw new IOException("no access") };
        Assert.False(CommandLineParser.TryParse("salt", [], surroundings, out _, out var stop));
        Assert.EndsWith("salt: error: the Saltfile '/w/Saltfile' cannot be read: no access\n", stop.Stderr);
    }

    [Theory]
    [InlineData("salt", "state_verbose", "--state-verbose=False")]
    [InlineData("salt-key", "rotate_aes_key", "--rotate-aes-key=false")]
    public void Yes_and_no_are_read_as_such(string program, string destination, string argument) =>
        Assert.False(Parse(program, argument).Flag(destination));

    [Fact]
    public void Configuration_stands_between_the_default_and_what_is_typed()
    {
        var merged = MergedOptions.Merge(MapValue.Of(("timeout", 15), ("output", "yaml"), ("nodegroups", MapValue.Empty)), Parse("salt", "--out=json", "*", "test.ping"));
        Assert.Equal<Value>(15, merged.Get("timeout")!);
        Assert.Equal("json", merged.TextOf("output"));
        Assert.Equal<Value>(8, merged.Get("batch_safe_size")!);
        Assert.True(merged.Has("nodegroups"));
    }

    [Fact]
    public void Typed_options_that_would_be_ignored_are_named() =>
        Assert.Equal<string>(["--progress", "--pcre"], Parse("salt", "-E", "--progress", "-v", "x", "test.ping").Unsupported(["progress", "pcre", "static"]));

    private static ParsedCommandLine Parse(string program, params string[] arguments)
    {
        Assert.True(CommandLineParser.TryParse(program, arguments, CommandSurroundings.Empty, out var parsed, out var stop), stop?.Stderr);
        return parsed;
    }

    private static ParsedCommandLine WithSaltfile(MapValue file, params string[] arguments)
    {
        var surroundings = new CommandSurroundings { WorkingFolder = "/w", FileExists = f => f == "/w/Saltfile", ReadYaml = _ => file };
        Assert.True(CommandLineParser.TryParse("salt", arguments, surroundings, out var parsed, out _));
        return parsed;
    }
}
