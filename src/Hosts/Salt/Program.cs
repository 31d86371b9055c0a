using SaltActors.CommandLine.Completion;
using SaltActors.CommandLine.Options;
using SaltActors.Hosts.Salt.Copies;
using SaltActors.Hosts.Salt.Keys;
using SaltActors.Hosts.Salt.Programs;
using SaltActors.Rendering.Configuration;

namespace SaltActors.Hosts.Salt;

/// <summary>All of Salt's programs in one file: the name it is called by, or the first word, says which one is meant.</summary>
internal static class Program
{
    private static async Task<int> Main(string[] args)
    {
        if (await EarlyWords.TryRunAsync(args) is { } status) return status;
        var name = Path.GetFileName(Environment.GetCommandLineArgs()[0]);
        if (!CommandPrograms.Names.Contains(name)) name = "salt";
        if (name == "salt" && args.Length > 0 && args[0].StartsWith("salt-", StringComparison.Ordinal) && CommandPrograms.Names.Contains(args[0])) (name, args) = (args[0], args[1..]);
        if (name == "salt" && args is ["--completion", ..]) return Complete(args[1..]);
        if (!CommandLineParser.TryParse(name, args, Console.In, out var parsed, out var stop)) return Stop(stop);
        try
        {
            return name switch
            {
                "salt" => await SaltProgram.RunAsync(parsed),
                "salt-call" => await CallProgram.RunAsync(parsed),
                "salt-key" => await KeyProgram.RunAsync(parsed),
                "salt-run" => await RunProgram.RunAsync(parsed),
                "salt-cp" => await CopyProgram.RunAsync(parsed),
                "salt-minion" => await MinionProgram.RunAsync(parsed, args),
                "salt-master" => Stop(new CommandLineStop(2, "", "salt-master is a program of its own, beside this one.\n")),
                _ => Stop(new CommandLineStop(2, "", $"{name} is not available in this version.\n")),
            };
        }
        catch (ConfigurationBroken broken)
        {
            return Stop(new CommandLineStop(1, "", $"ERROR: {broken.Message}\n"));
        }
    }

    internal static int Stop(CommandLineStop stop)
    {
        Console.Out.Write(stop.Stdout);
        Console.Error.Write(stop.Stderr);
        return stop.ExitCode;
    }

    private static int Complete(string[] shells)
    {
        if (shells is [var shell] && ShellCompletion.For(shell) is { } script) Console.Out.Write(script);
        else return Stop(CommandLineParser.Error("salt", $"--completion needs one shell: {string.Join(", ", ShellCompletion.Shells)}"));
        return 0;
    }
}
