using SaltActors.Core.Functions;
using SaltActors.Core.Values;

namespace SaltActors.Modules.Tests.Testing;

public sealed class TestModuleSpecs
{
    private readonly Calls _calls = new();

    [Theory]
    [InlineData("test.ping", "True")]
    [InlineData("test.true", "True")]
    [InlineData("test.false", "False")]
    [InlineData("test.rand_sleep", "True")]
    [InlineData("test.conf_test", "unconfigured")]
    [InlineData("test.version", "3006.0")]
    [InlineData("test.deprecation_warning", "True")]
    [InlineData("test.not_loaded", "[]")]
    [InlineData("test.tty", "ERROR: This function has been moved to cmd.tty")]
    public async Task Answers_what_salt_answers(string function, string expected)
    {
        Value[] arguments = function == "test.rand_sleep" ? [0] : [];
        Assert.Equal(expected, (await _calls.Answer(function, arguments)).ToString());
    }

    [Fact]
    public async Task Echoes_a_value_of_any_kind()
    {
        Assert.Equal((Value)"", await _calls.Answer("test.echo", ""));
        Assert.Equal(MapValue.Of(("a", 1)), await _calls.Answer("test.echo", MapValue.Empty, MapValue.Of(("a", 1))));
        var outcome = await _calls.Run("test.outputter", "x");
        Assert.Equal("txt", outcome.Outputter);
    }

    [Fact]
    public async Task Sleeps_and_wakes_when_the_job_is_stopped()
    {
        Assert.Equal((Value)true, await _calls.Answer("test.sleep", "0.9"));
        using var stop = new CancellationTokenSource();
        var sleeping = new Calls { Stopped = stop.Token }.Run("test.sleep", 3600);
        await stop.CancelAsync();
        Assert.Equal(CallFailure.Stopped, (await sleeping).Failure);
        Assert.Contains("'abc'", (await _calls.Failure("test.sleep", MapValue.Empty, "abc")).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Gives_the_job_a_code()
    {
        var outcome = await _calls.Run("test.retcode", 7);
        Assert.Equal((true, 7), (outcome.Return.IsTruthy, outcome.Retcode));
        Assert.Equal(42, (await _calls.Run("test.retcode")).Retcode);
    }

    [Fact]
    public async Task Shows_arguments_with_how_the_job_was_published()
    {
        var answer = (MapValue)await _calls.Answer("test.arg", Calls.With(("k", "v")), 1, "two");
        Assert.Equal(ListValue.From([1, "two"]), answer.Get("args"));
        Assert.Equal(["k", "__pub_fun", "__pub_jid", "__pub_tgt"], answer.MapOf("kwargs").Keys.Select(k => k.ToString()));
        Assert.Equal(MapValue.Of(("k", "v")), ((MapValue)await _calls.Answer("test.arg_clean", Calls.With(("k", "v")))).Get("kwargs"));
        Assert.Equal((Value)"v", ((MapValue)await _calls.Answer("test.kwarg", Calls.With(("k", "v")))).Get("k"));
    }

    [Fact]
    public async Task Shows_the_kinds_and_the_print_of_arguments()
    {
        var local = new Calls { Publish = MapValue.Empty };
        var kinds = (MapValue)await local.Answer("test.arg_type", Calls.With(("n", Value.Null)), 1, "two", 1.5, ListValue.Empty, MapValue.Empty);
        Assert.Equal(["<class 'int'>", "<class 'str'>", "<class 'float'>", "<class 'list'>", "<class 'dict'>"], kinds.ListOf("args").Items.Select(k => k.ToString()));
        Assert.Equal((Value)"<class 'NoneType'>", kinds.MapOf("kwargs").Get("n"));
        var print = (MapValue)await local.Answer("test.arg_repr", Calls.With(("a", "b")), 1, "two");
        Assert.Equal(("(1, 'two')", "{'a': 'b'}"), (print.TextOf("args"), print.TextOf("kwargs")));
    }

    [Fact]
    public async Task Computes_sequences()
    {
        Assert.Equal((Value)55, ((ListValue)await _calls.Answer("test.fib", 10))[0]);
        Assert.Equal((Value)1, ((ListValue)await _calls.Answer("test.fib", 1))[0]);
        Assert.Equal("354224848179261915075", ((ListValue)await _calls.Answer("test.fib", 100))[0].ToString());
        Assert.Equal("[3, 10, 5, 16, 8, 4, 2]", ((ListValue)await _calls.Answer("test.collatz", 3))[0].ToString());
        Assert.Equal("ERROR: collatz: start must be 1 or more, found 0", (await _calls.Failure("test.collatz", MapValue.Empty, 0)).Text);
    }

    [Theory]
    [InlineData("md5", 32)]
    [InlineData("sha1", 40)]
    [InlineData("sha256", 64)]
    [InlineData("sha384", 96)]
    [InlineData("sha512", 128)]
    public async Task Makes_random_hashes(string type, int length)
    {
        Assert.Matches($"^[0-9a-f]{{{length}}}$", (await _calls.Answer("test.random_hash", Calls.With(("hash_type", type)))).ToString());
        Assert.Matches($"^[0-9a-f]{{{length}}}$", (await new Calls { Options = MapValue.Of(("hash_type", type)) }.Answer("test.rand_str")).ToString());
    }

    [Fact]
    public async Task Refuses_an_unknown_hash() =>
        Assert.StartsWith("ERROR: The hash type 'crc' is not known", (await _calls.Failure("test.random_hash", Calls.With(("hash_type", "crc")))).Text, StringComparison.Ordinal);

    [Fact]
    public async Task Calls_other_functions()
    {
        Assert.Equal((Value)"hello", await _calls.Answer("test.cross_test", "test.echo", ListValue.From(["hello"])));
        Assert.Equal((Value)"hi", await _calls.Answer("test.try", Calls.With(("text", "hi")), "test.echo"));
        Assert.Equal(Value.Null, await _calls.Answer("test.try", "no.such"));
        Assert.Equal((Value)"oops", await _calls.Answer("test.try", Calls.With(("message", "oops"), ("return_try_exception", true)), "test.exception"));
        var grains = new FunctionSpec(FunctionKind.Execution, "grains.items", "", [], null, (context, _) => new(context.Grains));
        var withGrains = new Calls { Functions = new([.. DeclaredFunctions.All.Where(f => f.Name != "grains.items"), grains]) };
        Assert.Equal(withGrains.Grains, await withGrains.Answer("test.attr_call"));
    }

    [Fact]
    public async Task Fails_in_every_way_salt_fails()
    {
        var (exception, code) = await _calls.Failure("test.exception", Calls.With(("message", "Oh noes!")));
        Assert.Equal(1, code);
        Assert.StartsWith("The minion function caused an exception: Traceback (most recent call last):\n", exception, StringComparison.Ordinal);
        Assert.EndsWith("\nException: Oh noes!\n", exception, StringComparison.Ordinal);

        Assert.StartsWith("Passed invalid arguments to test.raise_exception: boom\n\n    Fails with", (await _calls.Failure("test.raise_exception", MapValue.Empty, "TypeError", "boom")).Text, StringComparison.Ordinal);
        Assert.Equal("ERROR: boom", (await _calls.Failure("test.raise_exception", MapValue.Empty, "salt.exceptions.CommandExecutionError", "boom")).Text);
        Assert.Equal("ERROR executing 'test.raise_exception': boom", (await _calls.Failure("test.raise_exception", MapValue.Empty, "salt.exceptions.SaltInvocationError", "boom")).Text);
        Assert.EndsWith("\nKeyError: ('a', 1)\n", (await _calls.Failure("test.raise_exception", MapValue.Empty, "KeyError", "a", 1)).Text, StringComparison.Ordinal);
        Assert.Equal((Value)false, await _calls.Answer("test.raise_exception", "CommandExecutionError", "boom"));
        Assert.Contains("\nAssertionError: \n", (await _calls.Failure("test.assertion", MapValue.Empty, false)).Text, StringComparison.Ordinal);
        Assert.Equal(Value.Null, await _calls.Answer("test.assertion", "yes"));
    }

    [Fact]
    public async Task Says_what_is_wrong_with_a_call()
    {
        Assert.Equal("'test.missing_func' is not available.", (await _calls.Failure("test.missing_func", MapValue.Empty)).Text);
        Assert.Equal("'nope.nope' is not available.", (await _calls.Failure("nope.nope", MapValue.Empty)).Text);
        Assert.StartsWith("Passed invalid arguments to test.echo: echo() missing 1 required positional argument: 'text'\n\n    ", (await _calls.Failure("test.echo", MapValue.Empty)).Text, StringComparison.Ordinal);
        Assert.StartsWith("Passed invalid arguments to test.ping: ping() takes 0 positional arguments but 1 was given\n\n    ", (await _calls.Failure("test.ping", MapValue.Empty, "extra")).Text, StringComparison.Ordinal);
        Assert.Equal("ERROR executing 'test.ping': The following keyword arguments are not valid: bogus=1, other=2", (await _calls.Failure("test.ping", Calls.With(("bogus", 1), ("other", 2)))).Text);
    }

    [Fact]
    public async Task Answers_the_beginning_of_a_name_with_documentation()
    {
        var outcome = await _calls.Run("test.pin");
        Assert.Equal(["test.ping", "test.pin"], ((MapValue)outcome.Return).Keys.Select(k => k.ToString()));
        Assert.Equal(("'test.pin' is not available.", 1), (((MapValue)outcome.Return).TextOf("test.pin"), outcome.Retcode));
    }

    [Fact]
    public async Task Reports_what_this_minion_is()
    {
        Assert.Equal(_calls.Options, await _calls.Answer("test.get_opts"));
        Assert.Equal(_calls.Grains, ((MapValue)await _calls.Answer("test.opts_pkg")).Get("grains"));
        Assert.Equal((Value)"cmd", await _calls.Answer("test.provider", "cmd"));
        Assert.Equal((Value)"", await _calls.Answer("test.provider", "nope"));
        Assert.Equal((Value)"test", ((MapValue)await _calls.Answer("test.providers")).Get("test"));
        var report = (MapValue)await _calls.Answer("test.module_report");
        Assert.Contains((Value)"test.ping", report.ListOf("functions"));
        Assert.Contains((Value)"cmd", report.ListOf("modules"));
        Assert.Contains("Stack", (await _calls.Answer("test.stack")).ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Reports_versions_as_salt_lays_them_out()
    {
        var debian = new Calls { Grains = MapValue.Of(("os", "Debian"), ("osrelease", "12"), ("oscodename", "bookworm"), ("kernel", "Linux"), ("kernelrelease", "6.1"), ("cpuarch", "x86_64")) };
        var text = (await debian.Answer("test.versions_report")).ToString();
        Assert.StartsWith("Salt Version:\n   Salt: 3006.0\n \nDependency Versions:\n   .NET: 10.", text, StringComparison.Ordinal);
        Assert.EndsWith("\n \nSystem Versions:\n   dist: debian 12 bookworm\n locale: utf-8\nmachine: x86_64\nrelease: 6.1\n system: Linux\nversion: Debian 12 bookworm\n ", text, StringComparison.Ordinal);
        var information = (MapValue)await debian.Answer("test.versions_information");
        Assert.Equal((Value)"3006.0", information.MapOf("Salt Version").Get("Salt"));
    }

    [Theory]
    [InlineData("result", false, 1)]
    [InlineData("success", false, 1)]
    [InlineData("result", null, 1)]
    [InlineData("result", true, 0)]
    [InlineData("other", false, 0)]
    public async Task Takes_a_map_that_says_no_for_a_failure(string key, bool? value, int retcode)
    {
        var outcome = await _calls.Run("test.echo", MapValue.Empty, MapValue.Of((key, value is { } flag ? flag : Value.Null)));
        Assert.Equal(retcode, outcome.Retcode);
    }
}
