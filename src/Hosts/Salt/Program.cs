using SaltActors.CommandLine.Options;
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
        if (!CommandLineParser.IsKnown(name) || name == "salt-master") name = "salt";
        if (name == "salt" && args.Length > 0 && args[0].StartsWith("salt-", StringComparison.Ordinal) && CommandLineParser.IsKnown(args[0])) (name, args) = (args[0], args[1..]);
        if (name == "salt-master")
        {
            await Console.Error.WriteLineAsync("salt-master is a program of its own, beside this one.");
            return 2;
        }
        if (!CommandLineParser.TryParse(name, args, Console.In, out var parsed, out var stop)) return Stop(stop);
        if (Unsupported.Check(parsed) is { } unsupported) return Stop(unsupported);
        try
        {
            return name switch
            {
                "salt-call" => await CallProgram.RunAsync(parsed),
                "salt-key" => await KeyProgram.RunAsync(parsed),
                "salt-run" => await RunProgram.RunAsync(parsed),
                "salt-minion" => await MinionProgram.RunAsync(parsed),
                _ => await SaltProgram.RunAsync(parsed),
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
}
