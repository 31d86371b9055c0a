using SaltActors.Core.Functions;
using SaltActors.Core.Values;

namespace SaltActors.Modules.Tests.Commands;

public sealed class CommandModuleSpecs : IDisposable
{
    private readonly Calls _calls = new();
    private readonly Calls _inner = new() { Publish = MapValue.Empty };
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("cmd.run", "out\nerr")]
    [InlineData("cmd.shell", "out\nerr")]
    [InlineData("cmd.run_stdout", "out")]
    [InlineData("cmd.run_stderr", "err")]
    [InlineData("cmd.retcode", "3")]
    public async Task Answers_with_what_was_asked_for_and_gives_the_job_the_code(string function, string expected)
    {
        var outcome = await _calls.Run(function, "echo out; echo err >&2; exit 3");
        Assert.Equal((expected, 3), (outcome.Return.ToString(), outcome.Retcode));
    }

    [Fact]
    public async Task Answers_with_all_that_came_of_a_command()
    {
        var outcome = await _calls.Run("cmd.run_all", "echo a; echo b >&2; exit 2");
        var map = (MapValue)outcome.Return;
        Assert.Equal(["pid", "retcode", "stdout", "stderr"], map.Keys.Select(k => k.ToString()));
        Assert.Equal(("2", "a", "b", 2), (map.Get("retcode")!.ToString(), map.TextOf("stdout"), map.TextOf("stderr"), outcome.Retcode));
        Assert.Equal((Value)"a\nb", ((MapValue)await _calls.Answer("cmd.run_all", Calls.With(("redirect_stderr", true)), "echo a; echo b >&2")).Get("stdout"));
    }

    [Fact]
    public async Task Goes_through_the_shell_for_people_and_not_for_functions()
    {
        Assert.Equal((Value)"1 2", await _calls.Answer("cmd.run", "echo 1 2 | cat"));
        Assert.Equal((Value)"1 2 | cat", await _inner.Answer("cmd.run", "echo 1 '2 | cat'"));
        Assert.Equal((Value)"$HOME", await _calls.Answer("cmd.run", Calls.With(("python_shell", false)), "echo $HOME"));
        Assert.Equal((Value)"x", await _inner.Answer("cmd.shell", "echo x | cat"));
        Assert.Equal((Value)"x", await new Calls { Publish = MapValue.Empty, Options = MapValue.Of(("cmd_safe", false)) }.Answer("cmd.run", "echo x | cat"));
        Assert.Equal((Value)"a b", await _inner.Answer("cmd.run", ListValue.From(["echo", "a b"])));
        Assert.Equal((Value)"a  b", await _calls.Answer("cmd.run", ListValue.From(["echo", "a  b"])));
    }

    [Fact]
    public async Task Runs_what_the_argument_parser_made_of_the_text() =>
        Assert.Contains("True", (await _calls.Run("cmd.run", true)).Return.ToString(), StringComparison.Ordinal);

    [Fact]
    public async Task Refuses_what_is_not_there_in_the_words_of_salt()
    {
        Assert.Equal(("ERROR: Specified cwd '/nonexistent' either not absolute or does not exist", 1), await _calls.Failure("cmd.run", Calls.With(("cwd", "/nonexistent")), "ls"));
        Assert.Equal(("ERROR: Specified cwd 'relative' either not absolute or does not exist", 1), await _calls.Failure("cmd.run", Calls.With(("cwd", "relative")), "ls"));
        Assert.Equal(("ERROR: The shell /bin/nosuch is not available", 1), await _calls.Failure("cmd.run", Calls.With(("shell", "/bin/nosuch")), "ls"));
        Assert.Equal(("ERROR: User 'nosuchuser' is not available", 1), await _calls.Failure("cmd.run", Calls.With(("runas", "nosuchuser")), "ls"));
        Assert.Equal(("ERROR: Invalid umask: '9z'", 1), await _calls.Failure("cmd.run", Calls.With(("umask", "9z")), "ls"));
        Assert.Equal(("ERROR: Attempted to render file paths with unavailable engine foo", 1), await _calls.Failure("cmd.run", Calls.With(("template", "foo")), "ls"));
        Assert.Equal(("ERROR: Unable to run command '['nosuchprogram', 'x']', reason: [Errno 2] No such file or directory: 'nosuchprogram'", 1), await _inner.Failure("cmd.run", MapValue.Empty, "nosuchprogram x"));
    }

    [Fact]
    public async Task Refuses_what_it_cannot_do()
    {
        Assert.StartsWith("ERROR: use_vt is not supported", (await _calls.Failure("cmd.run", Calls.With(("use_vt", true)), "ls")).Text, StringComparison.Ordinal);
        Assert.StartsWith("ERROR: template: jinja cannot be rendered", (await _calls.Failure("cmd.run", Calls.With(("template", "jinja")), "echo {{ grains.id }}")).Text, StringComparison.Ordinal);
        Assert.Equal((Value)"plain", await _calls.Answer("cmd.run", Calls.With(("template", "jinja")), "echo plain"));
        Assert.StartsWith("ERROR: output_encoding 'nonsense' is not known", (await _calls.Failure("cmd.run", Calls.With(("output_encoding", "nonsense")), "ls")).Text, StringComparison.Ordinal);
        Assert.StartsWith("ERROR: timeout must be more than 0", (await _calls.Failure("cmd.run", Calls.With(("timeout", -1)), "ls")).Text, StringComparison.Ordinal);
        Assert.StartsWith("ERROR: The command is empty", (await _inner.Failure("cmd.run", MapValue.Empty, "")).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Keeps_secrets_out_of_errors()
    {
        var (text, _) = await _inner.Failure("cmd.run", Calls.With(("output_loglevel", "quiet")), "nosuchprogram --password=hunter2");
        Assert.Equal("ERROR: Unable to run command 'REDACTED', reason: [Errno 2] No such file or directory: 'REDACTED'", text);
        Assert.Equal("REDACTED : Timed out after 0.05 seconds", (await _calls.Failure("cmd.run_stdout", Calls.With(("output_loglevel", "quiet"), ("timeout", 0.05)), "sleep 60 # hunter2")).Text);
        Assert.Equal((Value)"", await _calls.Answer("cmd.run", Calls.With(("hide_output", true)), "echo hunter2"));
    }

    [Fact]
    public async Task Gives_the_command_its_folder_and_input()
    {
        Assert.Equal((Value)_folder.Path, await _calls.Answer("cmd.run", "pwd -P", _folder.Path));
        Assert.Equal((Value)"a\nb", await _calls.Answer("cmd.run", Calls.With(("stdin", @"a\nb")), "cat"));
        Assert.Equal((Value)"", await _calls.Answer("cmd.run", "cat"));
        Assert.Equal((Value)"", await _calls.Answer("cmd.run", Calls.With(("stdin", new string('x', 1 << 20))), "true"));
    }

    [Fact]
    public async Task Gives_the_command_its_variables()
    {
        Assert.Equal((Value)"1 two ", await _calls.Answer("cmd.run", Calls.With(("rstrip", false), ("env", ListValue.From([MapValue.Of(("A", 1)), MapValue.Of(("B", "two"), ("C", Value.Null))]))), "printf '%s ' $A $B $C"));
        Assert.Equal((Value)"5=6", await _calls.Answer("cmd.run", Calls.With(("env", "A=5=6\nB=7")), "echo $A"));
        Assert.Equal((Value)"C de_DE", await _calls.Answer("cmd.run", Calls.With(("env", MapValue.Of(("LC_TIME", "de_DE")))), "echo $LC_MESSAGES $LC_TIME"));
        Assert.StartsWith("/x/y:", (await _calls.Answer("cmd.run", Calls.With(("prepend_path", "/x/y")), "echo $PATH")).ToString(), StringComparison.Ordinal);
        var clean = (await _calls.Answer("cmd.run", Calls.With(("clean_env", true), ("reset_system_locale", false), ("env", MapValue.Of(("ONLY", "this")))), "/usr/bin/env")).ToString().Split('\n');
        Assert.Contains("ONLY=this", clean);
        Assert.DoesNotContain(clean, v => v.StartsWith("HOME=", StringComparison.Ordinal));
        Assert.Equal("ERROR: env: expected a map, a list of maps or lines NAME=value, found int", (await _calls.Failure("cmd.run", Calls.With(("env", 5)), "ls")).Text);
    }

    [Fact]
    public async Task Sets_the_mask_for_new_files()
    {
        Assert.Equal((Value)"0077", await _calls.Answer("cmd.run", Calls.With(("umask", "077")), "umask"));
        Assert.Equal((Value)"0022", await _calls.Answer("cmd.run", Calls.With(("umask", 22)), "umask"));
    }

    [Fact]
    public async Task Cuts_and_decodes_the_output()
    {
        Assert.Equal((Value)"x", await _calls.Answer("cmd.run", @"printf 'x \n\n'"));
        Assert.Equal((Value)"x \n\n", await _calls.Answer("cmd.run", Calls.With(("rstrip", false)), @"printf 'x \n\n'"));
        Assert.Equal((Value)"é", await _calls.Answer("cmd.run", @"printf '\303\251'"));
        Assert.Equal((Value)"é", await _calls.Answer("cmd.run", Calls.With(("output_encoding", "latin1")), @"printf '\351'"));
    }

    [Fact]
    public async Task Takes_a_failure_for_success_where_it_is_told_to()
    {
        const string failing = "echo out; echo err >&2; exit 2";
        Assert.Equal(0, (await _calls.Run("cmd.run", Calls.With(("ignore_retcode", true)), failing)).Retcode);
        Assert.Equal((Value)0, await _calls.Answer("cmd.retcode", Calls.With(("success_retcodes", 2)), failing));
        Assert.Equal((Value)0, await _calls.Answer("cmd.retcode", Calls.With(("success_retcodes", ListValue.From([1, 2]))), failing));
        Assert.Equal((Value)"out", await _calls.Answer("cmd.run_stdout", Calls.With(("success_stdout", ListValue.From(["ou"]))), failing));
        Assert.Equal((Value)"err", await _calls.Answer("cmd.run_stderr", Calls.With(("success_stderr", "err")), failing));
        Assert.Equal(("ERROR: out\nerr", 1), await _calls.Failure("cmd.run", Calls.With(("raise_err", true)), failing));
        Assert.StartsWith("ERROR: success_retcodes must be a list of integers", (await _calls.Failure("cmd.run", Calls.With(("success_retcodes", "x")), failing)).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Kills_a_command_and_all_its_children_when_its_time_is_over()
    {
        var file = System.IO.Path.Join(_folder.Path, "pid");
        var outcome = await _calls.Run("cmd.run_all", Calls.With(("timeout", 1)), $"(trap '' TERM; sleep 300) & echo $! > {file}; sleep 300");
        var map = (MapValue)outcome.Return;
        Assert.EndsWith(" : Timed out after 1 seconds", map.TextOf("stdout"), StringComparison.Ordinal);
        Assert.Equal((1, "1", ""), (outcome.Retcode, map.Get("retcode")!.ToString(), map.TextOf("stderr")));
        await Ended(int.Parse(await System.IO.File.ReadAllTextAsync(file), System.Globalization.CultureInfo.InvariantCulture));
    }

    [Fact]
    public async Task Ends_the_command_when_the_job_is_stopped()
    {
        using var stop = new CancellationTokenSource();
        var fifo = System.IO.Path.Join(_folder.Path, "started");
        await _calls.Answer("cmd.run", $"mkfifo {fifo}");
        var running = new Calls { Stopped = stop.Token }.Run("cmd.run", $"sleep 300 & echo $! > {fifo}; wait");
        var child = int.Parse(await System.IO.File.ReadAllTextAsync(fifo), System.Globalization.CultureInfo.InvariantCulture);
        await stop.CancelAsync();
        Assert.Equal(CallFailure.Stopped, (await running).Failure);
        await Ended(child);
    }

    [Fact]
    public async Task Takes_signals_for_the_job_that_started_it()
    {
        var services = new CallServices();
        var fifo = System.IO.Path.Join(_folder.Path, "started");
        await _calls.Answer("cmd.run", $"mkfifo {fifo}");
        var running = new Calls { Services = services }.Run("cmd.run", $"echo x > {fifo}; sleep 300");
        await System.IO.File.ReadAllTextAsync(fifo);
        Assert.Equal(0, services.Children.Signal("other", 9));
        Assert.Equal(1, services.Children.Signal("20261122232844198899", 9));
        Assert.Equal(137, (await running).Retcode);
        Assert.Equal(0, services.Children.Signal("20261122232844198899", 9));
    }

    [Fact]
    public async Task Starts_a_command_and_leaves_it()
    {
        var fifo = System.IO.Path.Join(_folder.Path, "done");
        await _calls.Answer("cmd.run", $"mkfifo {fifo}");
        var answer = (MapValue)await _calls.Answer("cmd.run_bg", $"echo noise; echo $$ > {fifo}");
        Assert.Equal(["pid"], answer.Keys.Select(k => k.ToString()));
        Assert.Equal(answer.Get("pid")!.ToString(), (await System.IO.File.ReadAllTextAsync(fifo)).Trim());
        Assert.Equal((Value)"", await _calls.Answer("cmd.run", Calls.With(("bg", true)), "exit 3"));
    }

    [Fact]
    public async Task Runs_as_another_user()
    {
        if (!Environment.IsPrivilegedProcess)
        {
            Assert.Contains("only root may change users", (await _calls.Failure("cmd.run", Calls.With(("runas", "nobody")), "id")).Text, StringComparison.Ordinal);
            return;
        }
        Assert.Equal((Value)"nobody nobody", await _calls.Answer("cmd.run", Calls.With(("runas", "nobody")), "echo $(id -un) $USER"));
        var groups = (await _calls.Answer("cmd.run", Calls.With(("runas", "nobody")), "id -G")).ToString();
        Assert.DoesNotContain("0", groups.Split(' '));
        Assert.Equal((Value)"nobody daemon", await _calls.Answer("cmd.run", Calls.With(("runas", "nobody"), ("group", "daemon")), "echo $(id -un) $(id -gn)"));
        Assert.Equal((Value)"root daemon", await _calls.Answer("cmd.run", Calls.With(("group", "daemon")), "echo $(id -un) $(id -gn)"));
        Assert.Equal("ERROR: Group 'nosuchgroup' is not available", (await _calls.Failure("cmd.run", Calls.With(("group", "nosuchgroup")), "id")).Text);
    }

    // A killed child of a killed parent is reaped by whoever inherits it: it is gone, or a zombie until then.
    private static async Task Ended(int pid)
    {
        var status = $"/proc/{pid}/status";
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while (System.IO.File.Exists(status))
        {
            if ((await ReadOrGone(status)).Contains("State:\tZ", StringComparison.Ordinal)) return;
            limit.Token.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }

    private static async Task<string> ReadOrGone(string path)
    {
        try
        {
            return await System.IO.File.ReadAllTextAsync(path);
        }
        catch (IOException)
        {
            return "State:\tZ";
        }
    }
}
