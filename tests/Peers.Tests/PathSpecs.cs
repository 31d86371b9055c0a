using System.Text.Json;
using System.Text.RegularExpressions;

namespace SaltActors.Peers.Tests;

/// <summary>The whole path as a user meets it: published programs, real sockets, real files.</summary>
public sealed partial class PathSpecs
{
    [NativeFact]
    public async Task A_user_runs_the_everyday_commands()
    {
        await using var ground = new Playground();
        await ground.StartMaster();
        await ground.StartMinion("web1", "grains: {role: web}");
        Assert.Equal((0, "web1:\n    True\n"), Ok(await ground.Salt("*", "test.ping")));
        Assert.Equal((0, "{\n    \"web1\": \"hi\"\n}\n"), Ok(await ground.Salt("web1", "test.echo", "hi", "--out=json")));
        Assert.Equal((0, "web1:\n    hello\n"), Ok(await ground.Salt("-G", "role:web", "cmd.run", "echo hello")));
        var failed = await ground.Salt("*", "cmd.run", "exit 3");
        Assert.Equal((1, "ERROR: Minions returned with non-zero exit code\n"), (failed.Exit, failed.Error));
        var nobody = await ground.Salt("nope", "test.ping");
        Assert.Equal((2, "No minions matched the target. No command was sent, no jid was assigned.\n", "ERROR: No return received\n"), nobody);
        Assert.Contains("test.echo:", (await ground.Salt("web1", "sys.doc", "test.echo")).Out);
        Assert.Equal("Accepted Keys:\nweb1\nDenied Keys:\nUnaccepted Keys:\nRejected Keys:\n", (await ground.SaltKey("-L")).Out);
        Assert.Contains("web1", (await ground.SaltRun("manage.up")).Out);
        Assert.Contains("workers", (await ground.SaltRun("cluster.tree")).Out);
        var jobs = JsonDocument.Parse((await ground.SaltRun("jobs.list_jobs", "--out=json")).Out).RootElement;
        var jid = jobs.EnumerateObject().First(j => j.Value.GetProperty("Function").GetString() == "test.echo").Name;
        Assert.Equal("web1:\n    hi\n", (await ground.SaltRun("jobs.lookup_jid", jid)).Out);
    }

    [NativeFact]
    public async Task No_acknowledged_return_is_lost_when_the_master_is_killed_in_the_middle_of_a_job()
    {
        await using var ground = new Playground();
        await ground.StartMaster();
        string[] ids = ["m1", "m2", "m3"];
        foreach (var id in ids) await ground.StartMinion(id);
        var sent = await ground.Salt("--async", "*", "cmd.run", "sleep 0.$((RANDOM % 9)); echo done");
        var jid = JidIn().Match(sent.Out).Value;
        ground.MasterProcess!.Kill();   // SIGKILL: nothing can be put in order
        await ground.MasterProcess.WaitForExitAsync();
        await ground.StartMaster();
        // What was acknowledged is on disk; what was not, its minion keeps and sends again.
        await Playground.Until(async () => ids.All((await ground.SaltRun("jobs.lookup_jid", jid)).Out.Contains), "a return was lost");
        // A return is stored before it is acknowledged, so the spool empties a moment after the lookup knows it.
        await Playground.Until(
            () => Task.FromResult(ids.All(id => !Directory.EnumerateFiles(ground.Path_(id, "var/cache/salt/minion/returns")).Any())),
            "a spool kept what the master has");
    }

    [NativeFact]
    public async Task A_minion_whose_key_is_deleted_is_out_and_the_others_go_on()
    {
        await using var ground = new Playground("");
        await ground.StartMaster();
        await ground.StartMinion("good");
        await ground.StartMinion("gone");
        File.WriteAllText(ground.Path_("m", "etc", "master.d-note"), "");
        Assert.Contains("Key for minion gone deleted.", (await ground.SaltKey("-d", "gone", "-y")).Out);
        Assert.Equal((0, "good:\n    True\n"), Ok(await ground.Salt("good", "test.ping")));
    }

    [NativeFact]
    public async Task Says_what_to_do_where_a_newcomer_stumbles()
    {
        await using var ground = new Playground();
        var unreachable = await ground.Salt("*", "test.ping");
        Assert.Equal((0, "The salt master could not be contacted. Is master running?\n"), (unreachable.Exit, unreachable.Out));
        await ground.StartMaster();
        using var second = Programs.Start("dotnet", Programs.Master, "-c", ground.Path_("m", "etc"));
        var said = await second.StandardError.ReadToEndAsync();
        await second.WaitForExitAsync();
        Assert.Equal(1, second.ExitCode);
        Assert.Contains("already in use", said);
        Assert.Contains("ss -ltnp", said);
        File.WriteAllText(ground.Path_("m", "etc", "master"), "interfce: 127.0.0.1\nroot_dir: " + ground.Path_("m") + "\n");
        Assert.Contains("did you mean 'interface'?", (await ground.SaltKey("-L")).Error);
    }

    [NativeFact]
    public async Task Calls_a_function_without_a_master()
    {
        var folder = Directory.CreateTempSubdirectory("salt-").FullName;
        try
        {
            string[] local = ["salt-call", "-c", folder, "--local"];
            Assert.Equal((0, "local:\n    True\n"), Ok(await Programs.RunAsync(Programs.Native!, [.. local, "test.ping"])));
            Assert.Equal((3, "local:\n"), Ok(await Programs.RunAsync(Programs.Native!, [.. local, "cmd.run", "exit 3", "--retcode-passthrough"])));
            var unknown = await Programs.RunAsync(Programs.Native!, [.. local, "nope.nope"]);
            Assert.Equal((255, "", "'nope.nope' is not available.\n"), unknown);
            Assert.Contains("Debian", (await Programs.RunAsync(Programs.Native!, [.. local, "grains.item", "os_family"])).Out);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static (int, string) Ok((int Exit, string Out, string Error) ran) => (ran.Exit, ran.Out);

    [GeneratedRegex("[0-9]{20}")]
    private static partial Regex JidIn();
}
