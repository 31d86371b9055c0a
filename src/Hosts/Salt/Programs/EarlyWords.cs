using SaltActors.Rendering.Configuration;

namespace SaltActors.Hosts.Salt.Programs;

/// <summary>What is looked for before the words are taken for a program's of Salt's: words that genuine Salt does not have, or does in its own process.</summary>
internal static class EarlyWords
{
    /// <summary>The exit status, or null where nothing of that is meant.</summary>
    internal static async Task<int?> TryRunAsync(string[] args)
    {
        var program = Path.GetFileName(Environment.GetCommandLineArgs()[0]);
        if (!program.StartsWith("salt-", StringComparison.Ordinal)) program = "salt";
        try
        {
            if (DoctorProgram.IsMeant(program, args)) return await DoctorProgram.RunAsync(args[1..]);
            return await EventProgram.TryRunAsync(program, args);
        }
        catch (ConfigurationBroken broken)
        {
            await Console.Error.WriteLineAsync($"ERROR: {broken.Message}");
            return 1;
        }
    }
}
