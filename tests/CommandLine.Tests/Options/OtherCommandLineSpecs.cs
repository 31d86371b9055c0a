using SaltActors.CommandLine.Options;

namespace SaltActors.CommandLine.Tests.Options;

/// <summary>salt-call, salt-run, salt-key and salt-cp.</summary>
public sealed class OtherCommandLineSpecs
{
    [Fact]
    public void A_call_has_a_function_and_its_arguments()
    {
        Assert.True(FunctionCommandLine.TryRead(Parse("salt-call", "--local", "test.arg", "1", "a=[1]"), out var command, out _));
        Assert.Equal("test.arg", command.Function);
        Assert.Equal("[1, {'__kwarg__': True, 'a': [1]}]", command.Arguments.ToLoad().ToString());
    }

    [Theory]
    [InlineData("Requires function, --grains or --doc")]
    [InlineData("-g/--grains does not accept any arguments", "-g", "x")]
    [InlineData("You can only get documentation for one method at one time", "-d", "a", "b")]
    public void A_call_is_refused(string message, params string[] arguments)
    {
        Assert.False(FunctionCommandLine.TryRead(Parse("salt-call", arguments), out _, out var stop));
        Assert.Equal(64, stop.ExitCode);
        Assert.EndsWith($"\nsalt-call: error: {message}\n", stop.Stderr);
        Assert.Equal(arguments.Length == 0, stop.Stdout.StartsWith("Usage: salt-call [options] <function> [arguments]\n", StringComparison.Ordinal));
    }

    [Fact]
    public void A_runner_may_be_missing()
    {
        Assert.True(FunctionCommandLine.TryRead(Parse("salt-run"), out var command, out _));
        Assert.Equal("", command.Function);
    }

    [Theory]
    [InlineData("list_all", "")]
    [InlineData("accept", "web*", "-L", "-a", "web*", "-y")]
    [InlineData("list", "acc", "-l", "acc")]
    [InlineData("finger_all", "", "-F")]
    [InlineData("gen_keys", "kx", "--gen-keys=kx", "--gen-keys-dir=/tmp")]
    public void The_last_action_on_keys_counts(string action, string match, params string[] arguments)
    {
        Assert.True(KeyCommandLine.TryRead(Parse("salt-key", arguments), out var command, out _));
        Assert.Equal(new KeyCommand(action, match), command);
    }

    [Theory]
    [InlineData("'bogus' is not a valid argument to '--list'", "-l", "bogus")]
    [InlineData("The minimum value for keysize is 2048", "--keysize=1024")]
    [InlineData("The maximum value for keysize is 32768", "--keysize=65536")]
    public void An_action_on_keys_is_refused(string message, params string[] arguments)
    {
        Assert.False(KeyCommandLine.TryRead(Parse("salt-key", arguments), out _, out var stop));
        Assert.Equal(64, stop.ExitCode);
        Assert.EndsWith($"\nsalt-key: error: {message}\n", stop.Stderr);
    }

    [Fact]
    public void The_last_word_is_where_the_copy_goes()
    {
        Assert.True(CopyCommandLine.TryRead(Parse("salt-cp", "-L", "a,b", "-C", "x", "y", "/to"), out var command, out _));
        Assert.Equal("['a', 'b']", command.Target.ToString());
        Assert.Equal("list", command.TargetType);
        Assert.Equal<string>(["x", "y"], command.Sources);
        Assert.Equal("/to", command.Destination);
    }

    [Fact]
    public void A_copy_needs_a_source_and_a_destination()
    {
        Assert.False(CopyCommandLine.TryRead(Parse("salt-cp", "m1"), out _, out var stop));
        Assert.Equal(64, stop.ExitCode);
        Assert.StartsWith("Usage: salt-cp [options] '<target>' SOURCE DEST\n", stop.Stdout);
    }

    private static ParsedCommandLine Parse(string program, params string[] arguments)
    {
        Assert.True(CommandLineParser.TryParse(program, arguments, CommandSurroundings.Empty, out var parsed, out var stop), stop?.Stderr);
        return parsed;
    }
}
