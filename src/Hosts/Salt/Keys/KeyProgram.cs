using SaltActors.Client.Link;
using SaltActors.CommandLine.Options;
using SaltActors.Core.Configuration;
using SaltActors.Core.Functions;
using SaltActors.Core.Values;
using SaltActors.Hosts.Salt.Programs;
using SaltActors.Modules.Commands;
using SaltActors.Transport.Keys;
using SaltActors.Transport.ZeroMq;

namespace SaltActors.Hosts.Salt.Keys;

/// <summary><c>salt-key</c>: who may talk to the master. Works on the master's files, so also while no master runs; with a login, through the master.</summary>
internal static class KeyProgram
{
    internal static async Task<int> RunAsync(ParsedCommandLine parsed)
    {
        if (!KeyCommandLine.TryRead(parsed, out var command, out var stop)) return Program.Stop(stop);
        var configuration = HostConfiguration.Load(ConfigurationRole.Master, parsed, Console.Error);
        var printer = new Printer(parsed, configuration);
        try
        {
            if (command.Action is "gen_keys" or "gen_signature")
            {
                var made = command.Action == "gen_keys" ? await KeyPairs.MakeAsync(parsed, configuration) : await KeyPairs.SignAsync(parsed, configuration);
                printer.Print(MapValue.Of(("return", made)), null);
                return 0;
            }
            if (configuration.Setting(parsed, "eauth") is TextValue { Text.Length: > 0 })
            {
                using var transport = new ZeroMqTransport();
                await using var link = await Login.OpenAsync(transport, parsed, configuration);
                return await new KeyActions(parsed, new MasterKeys(link), printer).RunAsync(command);
            }
            if (parsed.IsTyped("user") && parsed.Text("user") is { } user && (user != "root" || ProcessOwner.IsRoot)) await ProcessOwner.BecomeAsync(user, [], CancellationToken.None);
            return await new KeyActions(parsed, new LocalKeys(parsed, configuration, new KeyStore(configuration.Options.TextOf("pki_dir")!)), printer).RunAsync(command);
        }
        catch (KeyStoreBroken broken)
        {
            await Console.Error.WriteLineAsync($"ERROR: {broken.Message}. Run as the master's user");
            return 1;
        }
        catch (Exception cause) when (cause is MasterUnreachable or LocalKeyUnreadable or LoginFailed)
        {
            await Console.Error.WriteLineAsync($"ERROR: {cause.Message}");
            return 2;
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException or CommandFailed)
        {
            await Console.Error.WriteLineAsync($"ERROR: {cause.Message}");
            return 1;
        }
    }
}
