using SaltActors.CommandLine.Options;

namespace SaltActors.Hosts.Salt.Programs;

/// <summary>Options of Salt that mean something to Python alone. They do no harm, so the command goes on; but nobody is to believe that they did anything.</summary>
internal static class UnusedOptions
{
    /// <param name="destinations">What this program takes and does not act on.</param>
    internal static void Warn(ParsedCommandLine parsed, params string[] destinations)
    {
        foreach (var option in parsed.Unsupported(destinations))
            Console.Error.WriteLine($"[WARNING ] {option} has no effect: there is no Python here to load from it or to measure");
    }
}
