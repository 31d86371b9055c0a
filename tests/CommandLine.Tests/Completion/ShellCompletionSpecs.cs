using System.Diagnostics;
using System.Runtime.CompilerServices;
using SaltActors.CommandLine.Completion;
using SaltActors.CommandLine.Options;

namespace SaltActors.CommandLine.Tests.Completion;

public sealed class ShellCompletionSpecs
{
    public static TheoryData<string> Shell() => [.. ShellCompletion.Shells];

    /// <remarks>Where this fails, an option was added: <c>salt --completion SHELL > packaging/completion/SHELL</c>, or run with SALT_WRITE_COMPLETION=1.</remarks>
    [Theory]
    [MemberData(nameof(Shell))]
    public void The_packaged_script_is_the_one_that_the_option_tables_give(string shell)
    {
        var file = Path.GetFullPath(Path.Combine(Here(), "../../../packaging/completion", shell));
        if (Environment.GetEnvironmentVariable("SALT_WRITE_COMPLETION") == "1") File.WriteAllText(file, ShellCompletion.For(shell));
        Assert.Equal(ShellCompletion.For(shell), File.ReadAllText(file));
    }

    [Theory]
    [MemberData(nameof(Shell))]
    public void Every_long_option_of_every_program_is_in_it(string shell)
    {
        var script = ShellCompletion.For(shell)!;
        var options = CommandPrograms.Built.SelectMany(n => CommandPrograms.Find(n)!.Options).SelectMany(o => o.Spellings).Where(n => n.StartsWith("--", StringComparison.Ordinal));
        Assert.All(options, o => Assert.Contains(shell == "fish" ? $"-l {o[2..]} " : o, script, StringComparison.Ordinal));
        Assert.All(CommandPrograms.Built, p => Assert.Contains(p, script, StringComparison.Ordinal));
    }

    [Fact]
    public void There_is_none_for_an_unknown_shell() => Assert.Null(ShellCompletion.For("tcsh"));

    [BashTheory]
    [InlineData("--batch --batch-safe-limit --batch-safe-size --batch-size --batch-wait", "salt", "--bat")]
    [InlineData("debug", "salt", "-l", "de")]
    [InlineData("error", "salt-call", "--log-level", "=", "er")]
    [InlineData("m1 m2", "salt", "-v", "m")]
    [InlineData("test.ping", "salt", "-t", "5", "m1", "test.p")]
    [InlineData("m2", "salt-cp", "-C", "m2")]
    [InlineData("test.ping", "salt-call", "--local", "test.p")]
    [InlineData("--gen-keys --gen-keys-dir --gen-signature", "salt-key", "--gen")]
    public async Task Bash_completes(string expected, params string[] words)
    {
        var script = Path.Combine(Path.GetTempPath(), $"salt-completion-{Guid.NewGuid():n}.bash");
        // The commands that are asked for names stand in as functions.
        await File.WriteAllTextAsync(script, $$"""
            {{ShellCompletion.For("bash")}}
            salt-key() { printf 'm1\nm2\n'; }
            salt-call() { printf 'test.ping\ntest.echo\n'; }
            COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1))
            _salt
            printf '%s\n' "${COMPREPLY[@]}" | sort | paste -sd' '
            """);
        using var bash = Process.Start(new ProcessStartInfo("bash", ["--noprofile", "--norc", script, .. words]) { RedirectStandardOutput = true })!;
        var said = await bash.StandardOutput.ReadToEndAsync();
        await bash.WaitForExitAsync();
        File.Delete(script);
        Assert.Equal(expected, said.Trim());
    }

    private static string Here([CallerFilePath] string here = "") => Path.GetDirectoryName(here)!;

    /// <summary>A theory that runs bash; skipped where there is none.</summary>
    private sealed class BashTheoryAttribute : TheoryAttribute
    {
        public BashTheoryAttribute()
        {
            if (!File.Exists("/bin/bash")) Skip = "there is no /bin/bash";
        }
    }
}
