using System.Diagnostics;
using System.Security.Cryptography;
using System.Threading.Channels;
using Akka.Actor;
using SaltActors.Actors.Daemon.Settings;
using SaltActors.Actors.Minion;
using SaltActors.Client.Commands;
using SaltActors.Client.Link;
using SaltActors.Core.Configuration;
using SaltActors.Core.Jobs;
using SaltActors.Core.Values;
using SaltActors.Rendering.Output;
using SaltActors.Transport;
using SaltActors.Transport.ZeroMq;

namespace SaltActors.Hosts.Master;

/// <summary><c>up</c>: a master and three minions in a private folder on loopback, a first look at what they can do, and the commands to try next.</summary>
/// <remarks>The minions are let in by a one-time token (<c>autosign_grains</c>) that this process makes and shows to nobody; nothing listens beyond this machine.</remarks>
internal static class Playground
{
    private const string TokenGrain = "playground_token";
    private static readonly string[] Names = ["web1", "web2", "db1"];

    internal static async Task<int> RunAsync(string[] args)
    {
        if (args.Any(a => a is not "--demo"))
        {
            await Console.Error.WriteLineAsync("Usage: salt-master up [--demo]\n\n  up         a playground: a master and three minions on loopback, until Ctrl-C\n  --demo     the first look alone; ends by itself");
            return args.Contains("-h") || args.Contains("--help") ? 0 : 64;
        }
        var isDemo = args.Contains("--demo");
        var folder = Directory.CreateTempSubdirectory("salt-").FullName;
        using var transport = new ZeroMqTransport();
        var minions = new List<MinionDaemon>();
        try
        {
            var clock = Stopwatch.StartNew();
            var token = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32));
            var options = await WriteConfiguration(folder, token);
            await using var master = await Program.StartAsync(options, transport);
            Console.WriteLine($"a master is up on {master.PublishAddress} and {master.RequestAddress}");
            // The link first: it must not miss a minion that is quick.
            var link = await MasterLink.OpenAsync(transport, MasterAddress.From(options, options.TextOf("user")!), CancellationToken.None);
            await using (link)
            {
                foreach (var name in Names) minions.Add(await StartMinion(folder, name, token, master, transport));
                await UntilReady(link);
                Console.WriteLine($"three minions have signed in: {string.Join(", ", Names)} ({clock.Elapsed.TotalSeconds:0.0} s)\n");
                await Show(link, "salt '*' test.ping", new JobRequest { Function = "test.ping", Target = "*" });
                await Show(link, "salt -G 'role:web' cmd.run 'echo hello from $(hostname)'", new JobRequest { Function = "cmd.run", Arguments = ["echo hello from $(hostname)"], Target = "role:web", TargetType = "grain" });
                await Show(link, "salt db1 grains.item os", new JobRequest { Function = "grains.item", Arguments = ["os"], Target = "db1" });
            }
            if (isDemo) return 0;
            PrintNext(folder);
            using var signals = new ExitSignals();
            await signals.Received;
            Console.WriteLine("\nstopping");
            return 0;
        }
        catch (Exception cause) when (cause is PortUnavailable or MasterUnreachable or IOException or UnauthorizedAccessException)
        {
            await Console.Error.WriteLineAsync($"ERROR: {cause.Message}");
            return 1;
        }
        finally
        {
            foreach (var minion in minions) await minion.DisposeAsync();
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task<MapValue> WriteConfiguration(string folder, string token)
    {
        var tokens = Path.Combine(folder, "etc", "autosign_grains");
        Directory.CreateDirectory(tokens);
        await File.WriteAllTextAsync(Path.Combine(tokens, TokenGrain), token + "\n");
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(Path.Combine(tokens, TokenGrain), UnixFileMode.UserRead | UnixFileMode.UserWrite);
        var given = MapValue.Of(
            ("root_dir", folder), ("interface", "127.0.0.1"), ("publish_port", FreePort()), ("ret_port", FreePort()), ("user", Environment.UserName),
            ("autosign_grains_dir", tokens), ("timeout", 5), ("log_file", ""));
        await File.WriteAllTextAsync(Path.Combine(folder, "etc", "master"), Rendering.Yaml.YamlDumper.Dump(given, new Rendering.Yaml.YamlLayout()));
        return SaltConfiguration.Complete(ConfigurationRole.Master, given, Path.Combine(folder, "etc"));
    }

    // The commands of another terminal read the ports from a file, so they must be known before the master binds them.
    private static int FreePort()
    {
        using var probe = new System.Net.Sockets.TcpListener(System.Net.IPAddress.Loopback, 0);
        probe.Start();
        return ((System.Net.IPEndPoint)probe.LocalEndpoint).Port;
    }

    private static async Task<MinionDaemon> StartMinion(string folder, string name, string token, Actors.Master.MasterDaemon master, ITransport transport)
    {
        var given = MapValue.Of(
            ("root_dir", Path.Combine(folder, name)), ("id", name), ("master", "127.0.0.1"), ("master_port", PortOf(master.RequestAddress)), ("publish_port", PortOf(master.PublishAddress)),
            ("grains", MapValue.Of(("role", name.TrimEnd('1', '2')), (TokenGrain, token))), ("autosign_grains", MapValue.Of((TokenGrain, token))), ("log_file", ""));
        var configDir = Path.Combine(folder, name, "etc");
        Directory.CreateDirectory(configDir);
        var options = SaltConfiguration.Complete(ConfigurationRole.Minion, given, configDir);
        return await MinionDaemon.StartAsync(MinionWiring.Start(options, transport, MinionWiring.Functions(), MinionWiring.Hocon(options, "minion"), Console.Error.WriteLine));
    }

    private static async Task UntilReady(IMasterLink link)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        var waiting = Names.Select(n => $"salt/minion/{n}/start").ToHashSet();
        try
        {
            while (waiting.Count > 0) waiting.Remove((await link.Events.ReadAsync(limit.Token)).Tag);
        }
        catch (OperationCanceledException cause)
        {
            throw new MasterUnreachable($"the minions did not sign in within a minute; still out: {string.Join(", ", waiting)}", cause);
        }
    }

    private static async Task Show(IMasterLink link, string words, JobRequest request)
    {
        Console.WriteLine($"$ {words}");
        var system = ActorSystem.Create("playground", HoconLayers.Load("client"));
        var updates = Channel.CreateUnbounded<CommandUpdate>();
        system.ActorOf(CommandSession.Props(link, request, new CommandPatience(TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(10), TimeSpan.Zero), null, MapValue.Empty, updates.Writer));
        var settings = new OutputSettings { HasColour = !Console.IsOutputRedirected };
        await foreach (var update in updates.Reader.ReadAllAsync())
            switch (update)
            {
                case CommandUpdate.Returned r: Console.WriteLine(Outputters.Render(null, MapValue.Of((r.Return.Id.Text, r.Return.Return)), settings)); break;
                case CommandUpdate.Silent s: Console.WriteLine($"{s.Id}: {s.Reason}"); break;
                case CommandUpdate.Broken b: throw new MasterUnreachable(b.Message);
            }
        await system.Terminate();
        Console.WriteLine();
    }

    private static void PrintNext(string folder)
    {
        var salt = Path.Combine(AppContext.BaseDirectory, "salt");
        var name = File.Exists(salt) ? salt : "dotnet run --project src/Hosts/Salt --";
        var config = Path.Combine(folder, "etc");
        Console.WriteLine($"""
            Try next, in another terminal:

              {name} -c {config} '*' test.ping
              {name} -c {config} -G role:web cmd.run 'uptime'
              {name} -c {config} 'db*' sys.doc test.echo
              {name} salt-key -c {config} -L
              {name} salt-run -c {config} cluster.tree
              {name} salt-run -c {config} jobs.list_jobs

            Ctrl-C ends the playground and removes {folder}.
            """);
    }

    private static long PortOf(string address) => long.Parse(address[(address.LastIndexOf(':') + 1)..], System.Globalization.CultureInfo.InvariantCulture);
}
