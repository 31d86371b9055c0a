namespace SaltActors.Peers.Tests;

/// <summary>Options and programs that the recorded command lines do not reach.</summary>
public sealed class CommandLineSpecs : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("salt-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [NativeFact]
    public async Task Files_and_folders_are_copied_to_minions()
    {
        await using var ground = await Ground();
        var (text, big, tree, to) = (Under("text"), Under("big"), Under("tree"), Under("to"));
        Directory.CreateDirectory(to);
        Directory.CreateDirectory(Path.Combine(tree, "sub"));
        Directory.CreateDirectory(Path.Combine(tree, "empty"));
        File.WriteAllText(text, "hello");
        File.SetUnixFileMode(text, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        var bytes = new byte[250_000];
        Random.Shared.NextBytes(bytes);
        File.WriteAllBytes(big, bytes);
        File.WriteAllText(Path.Combine(tree, "sub", "deep"), "d");

        Assert.Equal((0, $"m1:\n    ----------\n    {to}/text:\n        True\n"), Shown(await Copy(ground, "m1", text, to)));
        Assert.Equal("hello", File.ReadAllText(Path.Combine(to, "text")));
        Assert.Equal((0, $"{{\"m1\": {{\"{to}/big\": true}}}}\n"), Shown(await Copy(ground, "-C", "m1", big, $"{to}/big", "--out=json", "--out-indent=-1")));
        Assert.Equal(bytes, File.ReadAllBytes(Path.Combine(to, "big")));
        // In base64 these five bytes end in =, as keywords do.
        Assert.Equal(0, (await Copy(ground, "-C", "-n", "m1", text, $"{to}/plain")).Exit);
        Assert.Equal("hello", File.ReadAllText(Path.Combine(to, "plain")));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserExecute, File.GetUnixFileMode(Path.Combine(to, "plain")));
        Assert.Equal(0, (await Copy(ground, "-C", "-n", "m1", tree, to)).Exit);
        Assert.Equal("d", File.ReadAllText(Path.Combine(to, "tree", "sub", "deep")));
        Assert.True(Directory.Exists(Path.Combine(to, "tree", "empty")));
        Assert.Equal((0, "m1:\n    Destination unavailable\n"), Shown(await Copy(ground, "m1", text, "/no/such/folder")));
        Assert.Equal((42, "", "/no/such does not exist\n"), await Copy(ground, "-C", "m1", "/no/such", to));
        Assert.Equal((0, "No minions matched the target. No command was sent, no jid was assigned.\n"), Shown(await Copy(ground, "zz", text, to)));
    }

    [NativeFact]
    public async Task Typed_options_win_over_the_Saltfile_and_that_over_the_configuration()
    {
        await using var ground = await Ground("output: raw");
        File.WriteAllText(Under("Saltfile"), "salt:\n  output: json\n  output_indent: -1\n");
        Assert.Equal("{'m1': True}\n", (await ground.Salt("m1", "test.ping")).Out);
        Assert.Equal("{\"m1\": true}\n", (await ground.Salt("--saltfile", Under("Saltfile"), "m1", "test.ping")).Out);
        Assert.Equal("m1: True\n", (await ground.Salt("--saltfile", Under("Saltfile"), "--out=txt", "m1", "test.ping")).Out);
        Assert.Equal(64, (await ground.Salt("--saltfile", Under("none"), "m1", "test.ping")).Exit);
    }

    [NativeFact]
    public async Task Targets_are_previewed_and_results_written_where_they_are_wanted()
    {
        await using var ground = await Ground();
        Assert.Equal("- m1\n", (await ground.Salt("--preview-target", "-G", "role|web", "--delimiter=|")).Out);
        Assert.Equal("", (await ground.Salt("--preview-target", "-G", "role|db", "--delimiter=|")).Out);
        var file = Under("out");
        Assert.Equal((0, ""), Shown(await ground.Salt("m1", "test.ping", "--out=txt", $"--out-file={file}")));
        await ground.Salt("m1", "test.echo", "b", "--out=txt", $"--out-file={file}", "--out-file-append");
        Assert.Equal("m1: True\nm1: b\n", File.ReadAllText(file));
        Assert.Equal("m1: c\n", (await Programs.RunWithInputAsync(Programs.Native!, "m1\ntest.echo\nc\n", "-c", ground.Path_("m", "etc"), "--args-stdin", "--out=txt")).Out);
        Assert.Contains("Executor 'nope' is not available", (await ground.Salt("m1", "test.ping", "--module-executors=[nope]")).Out);
    }

    [NativeFact]
    public async Task A_call_without_a_master_has_its_own_folders_name_and_envelope()
    {
        File.WriteAllText(Under("web.sls"), "said: test.succeed_without_changes\n");
        Directory.CreateDirectory(Under("pillar"));
        File.WriteAllText(Under("pillar", "top.sls"), "base: {'*': [data]}\n");
        File.WriteAllText(Under("pillar", "data.sls"), "colour: red\n");
        string[] call = ["salt-call", "-c", _folder, "--local", $"--file-root={_folder}", $"--pillar-root={Under("pillar")}", "--id=zed"];
        Assert.Contains("Succeeded: 1", (await Programs.RunAsync(Programs.Native!, [.. call, "state.apply", "web"])).Out);
        Assert.Equal("local:\n    red\n", (await Programs.RunAsync(Programs.Native!, [.. call, "pillar.get", "colour"])).Out);
        Assert.Equal("local:\n    zed\n", (await Programs.RunAsync(Programs.Native!, [.. call, "grains.get", "id"])).Out);
        var envelope = (await Programs.RunAsync(Programs.Native!, [.. call, "--metadata", "--out=json", "--out-indent=-1", "test.echo", "a"])).Out;
        Assert.EndsWith("\"return\": \"a\", \"retcode\": 0, \"id\": \"zed\", \"fun\": \"test.echo\", \"fun_args\": [\"a\"]}}\n", envelope);
        var failed = await Programs.RunAsync(Programs.Native!, [.. call, "test.exception", "boom"]);
        Assert.Equal((1, ""), Shown(failed));
        Assert.EndsWith("Exception: boom\n", failed.Error);
    }

    [NativeFact]
    public async Task Keys_are_made_accepted_and_deleted_as_the_user_confirms()
    {
        File.WriteAllText(Under("master"), $"root_dir: {_folder}\n");
        var made = await Key(null, "--gen-keys=kx", $"--gen-keys-dir={_folder}");
        Assert.Matches("^return:\n    ([0-9a-f]{2}:){31}[0-9a-f]{2}\n$", made.Out);
        Assert.Equal(UnixFileMode.UserRead, File.GetUnixFileMode(Under("kx.pem")));
        await Key(null, "-L");
        File.Copy(Under("kx.pub"), Under("etc/salt/pki/master/minions_pre/kx"));
        Assert.Equal("The following keys are going to be accepted:\nUnaccepted Keys:\nkx\nProceed? [n/Y] ", (await Key("n\n", "-a", "kx")).Out);
        Assert.EndsWith("Proceed? [n/Y] Key for minion kx accepted.\n", (await Key("\n", "-a", "k*")).Out);
        Assert.Equal("The key glob 'kx' does not match any unaccepted keys.\n", (await Key(null, "-r", "kx", "-y")).Out);
        Assert.EndsWith("Key for minion kx rejected.\n", (await Key(null, "-r", "kx", "-y", "--include-accepted")).Out);
        Assert.EndsWith("Proceed? [N/y] ", (await Key("\n", "-d", "kx")).Out);
        Assert.Equal("Rejected Keys:\nkx\n", (await Key(null, "-l", "rej")).Out);
        Assert.EndsWith("Key for minion kx deleted.\n", (await Key("y\n", "-d", "kx")).Out);
        Assert.Equal((0, ""), Shown(await Key(null, "-D", "-y", "-q")));
        Assert.Equal("return:\n    No usable private-key found\n", (await Key(null, "--gen-signature", $"--pub={Under("kx.pub")}")).Out);
        Assert.Equal("return:\n    True\n", (await Key(null, "--gen-signature", "--auto-create", $"--pub={Under("kx.pub")}")).Out);
        Assert.True(File.Exists(Under("etc/salt/pki/master/master_pubkey_signature")));
    }

    [NativeFact]
    public async Task A_daemon_goes_to_the_background_when_it_is_up_and_says_why_where_it_is_not()
    {
        await using var ground = await Ground();
        var pidFile = Under("minion.pid");
        File.WriteAllText(Under("minion"), $"root_dir: {_folder}\nid: back\nmaster: 127.0.0.1\nmaster_port: {ground.RetPort}\nacceptance_wait_time: 1\n");
        var started = await Programs.RunAsync(Programs.Native!, "salt-minion", "-d", "-c", _folder, "--pid-file", pidFile);
        Assert.Equal((0, ""), Shown(started));
        using var minion = System.Diagnostics.Process.GetProcessById(int.Parse(File.ReadAllText(pidFile), System.Globalization.CultureInfo.InvariantCulture));
        try
        {
            await Playground.Until(async () => (await ground.Salt("-t", "2", "back", "test.ping")).Out.Contains("True"), "the minion in the background did not answer");
        }
        finally
        {
            minion.Kill();
        }
        File.WriteAllText(Under("minion"), $"root_dir: {_folder}\nid: back\nuser: nobody-of-this-name\n");
        var failed = await Programs.RunAsync(Programs.Native!, "salt-minion", "-d", "-c", _folder);
        Assert.Equal(1, failed.Exit);
        Assert.Contains("the minion cannot start", failed.Error);
    }

    private static async Task<Playground> Ground(string masterOptions = "")
    {
        var ground = new Playground(masterOptions);
        await ground.StartMaster();
        await ground.StartMinion("m1", "grains: {role: web}");
        return ground;
    }

    private static Task<(int Exit, string Out, string Error)> Copy(Playground ground, params string[] args) =>
        Programs.RunAsync(Programs.Native!, ["salt-cp", "-c", ground.Path_("m", "etc"), .. args]);

    private Task<(int Exit, string Out, string Error)> Key(string? input, params string[] args) =>
        Programs.RunWithInputAsync(Programs.Native!, input, ["salt-key", "-c", _folder, .. args]);

    private string Under(params ReadOnlySpan<string> parts) => Path.Combine([_folder, .. parts]);

    private static (int, string) Shown((int Exit, string Out, string Error) ran) => (ran.Exit, ran.Out);
}
