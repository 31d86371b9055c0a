using SaltActors.Actors.Minion;
using SaltActors.Actors.Minion.Doctor;
using SaltActors.CommandLine.Options;
using SaltActors.Core.Configuration;
using SaltActors.Transport.ZeroMq;

namespace SaltActors.Hosts.Salt.Programs;

/// <summary><c>salt doctor</c>: names the link that is broken between this minion and its masters. The exit status is 1 where one is.</summary>
internal static class DoctorProgram
{
    /// <summary>True where the words mean the doctor, and not a minion of that name.</summary>
    internal static bool IsMeant(string program, string[] args) => program == "salt" && args is (["doctor"] or ["doctor", ['-', ..], ..]);

    /// <param name="args">The words behind <c>doctor</c>: the options of <c>salt-minion</c>, of which <c>-c</c> counts.</param>
    internal static async Task<int> RunAsync(string[] args)
    {
        if (!CommandLineParser.TryParse("salt-minion", args, Console.In, out var parsed, out var stop)) return Program.Stop(stop);
        var configuration = HostConfiguration.Load(ConfigurationRole.Minion, parsed, Console.Error);
        MinionOptions options;
        try
        {
            options = MinionOptions.From(MinionWiring.WithId(configuration.Options, configuration.ConfigDir, text => Console.Error.WriteLine($"[WARNING ] {text}")));
        }
        catch (FormatException wrong)
        {
            Console.WriteLine($"configuration  broken  {wrong.Message}");
            return 1;
        }
        using var transport = new ZeroMqTransport();
        var isBroken = false;
        foreach (var master in options.Masters)
        {
            Console.WriteLine($"From minion [{options.Id}] to master {master}:");
            await foreach (var finding in new MinionDoctor(options.At(master), transport, TimeProvider.System).LookAsync(CancellationToken.None))
            {
                Console.WriteLine($"  {finding.Link,-13} {Word(finding.Health),-7} {finding.Text}");
                isBroken |= finding.Health == Health.Broken;
            }
        }
        return isBroken ? 1 : 0;
    }

    private static string Word(Health health) => health switch { Health.Good => "ok", Health.Weak => "weak", Health.Broken => "BROKEN", _ => "-" };
}
