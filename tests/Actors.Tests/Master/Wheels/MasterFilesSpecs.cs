using SaltActors.Actors.Tests.Master.Hostile;
using SaltActors.Core.Values;

namespace SaltActors.Actors.Tests.Master.Wheels;

/// <summary>The wheel functions that look after the master's files: <c>config</c>, <c>file_roots</c>, <c>pillar_roots</c>.</summary>
public sealed class MasterFilesSpecs : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private Task<MasterBench> Bench()
    {
        Directory.CreateDirectory(_folder.Under("etc"));
        Directory.CreateDirectory(_folder.Under("srv", "inner"));
        Directory.CreateDirectory(_folder.Under("more"));
        File.WriteAllText(_folder.Under("srv", "top.sls"), "base: {}\n");
        File.WriteAllText(_folder.Under("srv", "inner", "a.sls"), "a: {}\n");
        File.WriteAllBytes(_folder.Under("more", "top.sls"), [0, 1, 2]);
        File.WriteAllText(_folder.Under("secret"), "canary");
        File.CreateSymbolicLink(_folder.Under("srv", "way-out"), _folder.Under("secret"));
        File.WriteAllText(_folder.Under("etc", "master"), "# a comment\nworker_threads: 3\n");
        var roots = MapValue.Of(("base", ListValue.OfTexts([_folder.Under("srv"), _folder.Under("more")])));
        return MasterBench.Start(null, ("file_roots", roots), ("pillar_roots", roots), ("conf_file", _folder.Under("etc", "master")), ("config_dir", _folder.Under("etc")), ("default_include", "master.d/*.conf"));
    }

    private static async Task<string> Call(MasterBench master, string function, params (string, Value)[] arguments)
    {
        var answer = await master.Wheel(function, arguments);
        Assert.True(answer.Get("success") is { IsTruthy: true }, $"{function} failed: {answer.Get("return")}");
        return answer.Get("return")!.ToString();
    }

    [Theory]
    [InlineData("file_roots")]
    [InlineData("pillar_roots")]
    public async Task Finds_reads_and_lists_files_inside_of_their_folders(string kind)
    {
        await using var master = await Bench();
        var (srv, more) = (_folder.Under("srv"), _folder.Under("more"));
        Assert.Equal($"[{{'{srv}/top.sls': 'txt'}}, {{'{more}/top.sls': 'bin'}}]", await Call(master, kind + ".find", ("path", "top.sls")));
        Assert.Equal($"[{{'{srv}/top.sls': 'base: {{}}\\n'}}]", await Call(master, kind + ".read", ("path", "top.sls")));
        Assert.Equal($"{{'{srv}': {{'inner': {{'a.sls': 'f'}}, 'top.sls': 'f', 'way-out': 'f'}}, '{more}': {{'top.sls': 'f'}}}}", await Call(master, kind + ".list_env"));
        Assert.StartsWith("{'base': [{'", await Call(master, kind + ".list_roots"), StringComparison.Ordinal);
        foreach (var path in (string[])["../secret", "/etc/passwd", "inner/../../secret", "way-out", ""])
        {
            Assert.Equal("[]", await Call(master, kind + ".read", ("path", path)));
            Assert.Equal("[]", await Call(master, kind + ".find", ("path", path)));
        }
    }

    [Fact]
    public async Task Writes_files_inside_of_their_folders()
    {
        await using var master = await Bench();
        Assert.Equal($"Wrote data to file {_folder.Under("srv")}/deep/er/x.sls", await Call(master, "file_roots.write", ("data", "x: {}"), ("path", "deep/er/x.sls")));
        Assert.Equal("x: {}", File.ReadAllText(_folder.Under("srv", "deep", "er", "x.sls")));
        Assert.Equal($"Wrote data to file {_folder.Under("more")}/y.sls", await Call(master, "file_roots.write", ("data", "y: {}"), ("path", "y.sls"), ("index", 1)));
        Assert.Equal("Named environment dev is not present", await Call(master, "file_roots.write", ("data", "x"), ("path", "x"), ("saltenv", "dev")));
        Assert.Equal("Specified index 2 in environment base is not present", await Call(master, "file_roots.write", ("data", "x"), ("path", "x"), ("index", 2)));
        Assert.Equal("The path passed in /x is not relative to the environment base", await Call(master, "file_roots.write", ("data", "x"), ("path", "/x")));
        Assert.Equal("Invalid path: ../secret", await Call(master, "pillar_roots.write", ("data", "x"), ("path", "../secret")));
        Assert.Equal("Invalid path: way-out", await Call(master, "pillar_roots.write", ("data", "x"), ("path", "way-out")));
        Assert.Equal("canary", File.ReadAllText(_folder.Under("secret")));
    }

    [Fact]
    public async Task Shows_and_changes_the_configuration()
    {
        await using var master = await Bench();
        Assert.Equal("127.0.0.1", ((MapValue)(await master.Wheel("config.values")).Get("return")!).TextOf("interface"));
        // The option's name would be taken for the caller's own key beside it.
        await Call(master, "config.apply", ("kwarg", MapValue.Of(("key", "timeout"), ("value", 9))));
        Assert.Equal("timeout: 9\nworker_threads: 3\n", string.Concat(File.ReadLines(_folder.Under("etc", "master")).Order().Select(l => l + "\n")));
        Assert.Equal("Wrote gui.conf", await Call(master, "config.update_config", ("file_name", "gui"), ("yaml_contents", MapValue.Of(("id", 1)))));
        Assert.Equal("id: 1\n", File.ReadAllText(_folder.Under("etc", "master.d", "gui.conf")));
        foreach (var name in (string[])["../x", "a/b", "/x", ".hidden"])
            Assert.Equal("Invalid path", await Call(master, "config.update_config", ("file_name", name), ("yaml_contents", MapValue.Empty)));
    }

    [Fact]
    public async Task An_error_is_told_with_its_name()
    {
        await using var master = await Bench();
        Assert.Equal("{}", await Call(master, "error.error"));
        var failed = await master.Wheel("error.error", ("name", "ValueError"), ("message", "boom"));
        Assert.Equal(false, failed.Get("success"));
        Assert.StartsWith("Exception occurred in wheel error.error: Traceback (most recent call last):\n", failed.TextOf("return"), StringComparison.Ordinal);
        Assert.EndsWith("ValueError: boom\n", failed.TextOf("return"), StringComparison.Ordinal);
        Assert.Equal("'key.nope' is not available.", (await master.Wheel("key.nope")).TextOf("return"));
        Assert.Equal("[]", await Call(master, "minions.connected"));
    }
}
