using System.Collections.Immutable;
using SaltActors.Core.Functions;
using SaltActors.Core.Values;

namespace SaltActors.Modules.Tests.Commands;

public sealed class ScriptModuleSpecs : IDisposable
{
    private readonly Calls _calls = new();
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private sealed class Server(string url, string path) : IFileSource
    {
        public Task<string?> CacheAsync(string asked, string saltenv, CancellationToken stop) =>
            Task.FromResult(asked == url && saltenv == "base" ? path : null);

        public Task<ImmutableArray<string>> EnvironmentsAsync(CancellationToken stop) => Task.FromResult<ImmutableArray<string>>(["base"]);
        public Task<ImmutableArray<string>> ListAsync(FileListing what, string saltenv, string prefix, CancellationToken stop) => Task.FromResult<ImmutableArray<string>>([]);
        public Task<MapValue> LinksAsync(string saltenv, string prefix, CancellationToken stop) => Task.FromResult(MapValue.Empty);
        public Task<MapValue?> HashAsync(string path, string saltenv, CancellationToken stop) => Task.FromResult<MapValue?>(null);
        public Task<ListValue?> StatusAsync(string path, string saltenv, CancellationToken stop) => Task.FromResult<ListValue?>(null);
        public Task<MapValue> OptionsAsync(CancellationToken stop) => Task.FromResult(MapValue.Empty);
    }

    [Fact]
    public async Task Runs_a_script_of_this_machine_from_a_copy()
    {
        var script = _folder.File("local.sh", "#!/bin/sh\necho script args: $*\necho err >&2\nexit 4\n");
        var outcome = await _calls.Run("cmd.script", script, "x 'y z'");
        Assert.Equal(("script args: x y z", "err", 4),
            (((MapValue)outcome.Return).TextOf("stdout"), ((MapValue)outcome.Return).TextOf("stderr"), outcome.Retcode));
        Assert.Equal(4, (await _calls.Run("cmd.script_retcode", script)).Retcode);
        await _calls.Run("cmd.script", Calls.With(("cwd", _folder.Path)), script);
        Assert.Equal(["local.sh"], Directory.EnumerateFiles(_folder.Path).Select(System.IO.Path.GetFileName));
    }

    [Fact]
    public async Task Brings_a_script_from_the_file_server()
    {
        var script = _folder.File("ok.sh", "#!/bin/sh\necho served\n");
        var served = new Calls { Services = new() { Files = new Server("salt://ok.sh", script) } };
        Assert.Equal((Value)"served", ((MapValue)await served.Answer("cmd.script", "salt://ok.sh")).Get("stdout"));
        Assert.Equal("{'pid': 0, 'retcode': 1, 'stdout': '', 'stderr': '', 'cache_error': True}", (await served.Answer("cmd.script", "salt://nope.sh")).ToString());
        Assert.Equal(CallFailure.Unavailable, (await _calls.Run("cmd.script", "salt://ok.sh")).Failure);
    }

    [Fact]
    public async Task Refuses_a_source_that_is_none()
    {
        Assert.Equal("ERROR: cmd.script: there is no file '/nonexistent.sh'", (await _calls.Failure("cmd.script", MapValue.Empty, "/nonexistent.sh")).Text);
        Assert.StartsWith("ERROR: cmd.script: 'x.sh' is no source", (await _calls.Failure("cmd.script", MapValue.Empty, "x.sh")).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Runs_a_template_without_jinja_and_refuses_one_with_it()
    {
        var plain = _folder.File("plain.sh", "#!/bin/sh\necho plain\n");
        var template = _folder.File("template.sh", "#!/bin/sh\necho {{ grains.id }}\n");
        Assert.Equal((Value)0, await _calls.Answer("cmd.script_retcode", Calls.With(("template", "jinja")), plain));
        Assert.StartsWith("ERROR: template: jinja cannot be rendered in scripts", (await _calls.Failure("cmd.script", Calls.With(("template", "jinja")), template)).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Runs_code_of_a_language()
    {
        Assert.Equal((Value)"hello a b", await _calls.Answer("cmd.exec_code", Calls.With(("args", ListValue.From(["a b"]))), "sh", "echo hello $1"));
        var outcome = await _calls.Run("cmd.exec_code_all", Calls.With(("args", "x 'y z'"), ("cwd", _folder.Path)), "sh", "echo $2; pwd -P; exit 2");
        Assert.Equal(($"y z\n{_folder.Path}", 2), (((MapValue)outcome.Return).TextOf("stdout"), outcome.Retcode));
        Assert.Contains("No such file or directory: 'nosuchlang'", (await _calls.Failure("cmd.exec_code", MapValue.Empty, "nosuchlang", "x")).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Finds_programs()
    {
        Assert.EndsWith("/sh", (await _calls.Answer("cmd.which", "sh")).ToString(), StringComparison.Ordinal);
        Assert.Equal(Value.Null, await _calls.Answer("cmd.which", "nosuchprogram"));
        Assert.EndsWith("/sh", (await _calls.Answer("cmd.which_bin", ListValue.From(["nosuchprogram", "sh"]))).ToString(), StringComparison.Ordinal);
        Assert.Equal((Value)true, await _calls.Answer("cmd.has_exec", "sh"));
        Assert.Equal((Value)false, await _calls.Answer("cmd.has_exec", "nosuchprogram"));
        Assert.True((await _calls.Answer("cmd.shells")) is NullValue or ListValue);
    }

    [Fact]
    public async Task Writes_to_terminals_only()
    {
        Assert.Equal("{'Error': 'The specified device is not a valid TTY'}", (await _calls.Answer("cmd.tty", "sda", "x")).ToString());
        Assert.Equal("{'Error': 'The specified device is not a valid TTY'}", (await _calls.Answer("cmd.tty", "tty../x", "x")).ToString());
        Assert.Equal("{'Error': '/dev/pts/98765 does not exist'}", (await _calls.Answer("cmd.tty", "pts98765", "x")).ToString());
    }
}
