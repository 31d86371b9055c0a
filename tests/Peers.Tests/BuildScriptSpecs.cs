using System.Management.Automation;
using System.Management.Automation.Runspaces;

namespace SaltActors.Peers.Tests;

public sealed class BuildScriptSpecs
{
    private static readonly string Script = Path.Combine(Programs.Repository, "build.ps1");

    [Fact]
    public void The_script_refuses_a_target_that_it_does_not_have()
    {
        using var shell = PowerShell.Create(InitialSessionState.CreateDefault2());
        shell.AddCommand(Script).AddParameter("Target", "Nonsense");
        Assert.Contains("Nonsense", Assert.ThrowsAny<RuntimeException>(() => shell.Invoke()).Message);
    }

    [Fact]
    public void The_script_publishes_the_programs_the_units_and_the_configuration()
    {
        if (Environment.GetEnvironmentVariable("SALT_SYSTEM_TESTS") != "1") return;   // minutes of compiling: in CI alone
        var output = Path.Combine(Programs.Repository, "artifacts", "script");
        using var shell = PowerShell.Create(InitialSessionState.CreateDefault2());
        shell.AddCommand(Script).AddParameter("Target", "Publish").AddParameter("Output", "artifacts/script");
        shell.Invoke();
        Assert.False(shell.HadErrors, string.Join("\n", shell.Streams.Error));
        foreach (var name in (string[])["bin/salt", "bin/salt-call", "bin/salt-minion", "bin/salt-key", "bin/salt-run", "bin/salt-master", "systemd/salt-master.service", "systemd/salt-minion.service", "etc/salt/master", "etc/salt/minion"])
            Assert.True(File.Exists(Path.Combine(output, name)), name);
    }
}
