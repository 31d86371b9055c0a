using System.Threading.Channels;
using Akka.Actor;
using SaltActors.Actors.Daemon.Settings;
using SaltActors.Client.Commands;
using SaltActors.Client.Link;
using SaltActors.CommandLine.Options;
using SaltActors.Core.Configuration;
using SaltActors.Core.Identity;
using SaltActors.Core.Jobs;
using SaltActors.Core.Values;
using SaltActors.Transport.ZeroMq;

namespace SaltActors.Hosts.Salt.Programs;

/// <summary><c>salt</c>: runs functions on minions and shows what comes back.</summary>
internal static class SaltProgram
{
    internal static async Task<int> RunAsync(ParsedCommandLine parsed)
    {
        if (!SaltCommandLine.TryRead(parsed, out var command, out var stop)) return Program.Stop(stop);
        var configuration = HostConfiguration.Load(ConfigurationRole.Master, parsed, Console.Error);
        if (command.TargetType == "nodegroup" && !configuration.Options.MapOf("nodegroups").Has(command.Target))
        {
            Console.WriteLine($"Node group {command.Target} unavailable in {configuration.Options.TextOf("conf_file")}");
            return 0;
        }
        MapValue extras;
        try
        {
            extras = Extras(parsed);
        }
        catch (Rendering.Yaml.YamlBroken broken)
        {
            return Program.Stop(CommandLineParser.Error("salt", broken.Message));
        }
        var request = new JobRequest
        {
            Function = command.Function,
            Arguments = command.Arguments,
            Target = command.TargetType == "nodegroup" ? ListValue.OfTexts(Core.Targets.Nodegroups.Expand(command.Target.ToString(), configuration.Options.MapOf("nodegroups"))) : command.Target,
            TargetType = command.TargetType == "nodegroup" ? "compound" : command.TargetType,
            Returners = parsed.Text("return") ?? "",
            Extras = extras,
        };
        using var transport = new ZeroMqTransport();
        using var interrupted = new CancellationTokenSource();
        try
        {
            await using var link = await MasterLink.OpenAsync(transport, MasterAddress.From(configuration.Options, HostConfiguration.Caller()), interrupted.Token);
            if (parsed.Flag("preview_target")) return await PreviewAsync(link, request, new Printer(parsed, configuration));
            return await RunAsync(parsed, configuration, request, link);
        }
        catch (MasterUnreachable unreachable)
        {
            // Salt prints this as a result and exits with 0; the words and the status are kept, the cause is added on standard error.
            Console.WriteLine("The salt master could not be contacted. Is master running?");
            await Console.Error.WriteLineAsync($"[ERROR   ] {unreachable.Message}");
            return 0;
        }
        catch (LocalKeyUnreadable unreadable)
        {
            await Console.Error.WriteLineAsync($"ERROR: {unreadable.Message}");
            return 2;
        }
    }

    private static async Task<int> RunAsync(ParsedCommandLine parsed, HostConfiguration configuration, JobRequest request, IMasterLink link)
    {
        var patience = new CommandPatience(
            Seconds(configuration.Setting(parsed, "timeout"), 5), Seconds(configuration.Options.Get("gather_job_timeout"), 10),
            configuration.Options.Get("order_masters") is { IsTruthy: true } ? Seconds(configuration.Options.Get("syndic_wait"), 5) : TimeSpan.Zero);
        var kwargs = MapValue.Of(("show_timeout", parsed.Flag("show_timeout")), ("show_jid", parsed.Flag("show_jid")));
        var results = new SaltResults(parsed, configuration, request.Function is TextValue { Text: "sys.doc" });
        if (parsed.Flag("async")) return await PublishOnlyAsync(link, request, patience, kwargs);

        var system = ActorSystem.Create("salt-cli", HoconLayers.Load("client"));
        var updates = Channel.CreateUnbounded<CommandUpdate>(new UnboundedChannelOptions { SingleReader = true });
        system.ActorOf(CommandSession.Props(link, request, patience, null, kwargs, updates.Writer), "command");
        ConsoleCancelEventHandler onInterrupt = (_, cancel) =>
        {
            cancel.Cancel = true;
            updates.Writer.TryComplete(new OperationCanceledException());
        };
        Console.CancelKeyPress += onInterrupt;
        try
        {
            await foreach (var update in updates.Reader.ReadAllAsync()) results.Take(update);
        }
        catch (OperationCanceledException)
        {
            return results.Interrupted();
        }
        finally
        {
            Console.CancelKeyPress -= onInterrupt;
        }
        return results.End();
    }

    private static async Task<int> PublishOnlyAsync(IMasterLink link, JobRequest request, CommandPatience patience, MapValue kwargs)
    {
        var reply = await link.AskAsync(PublishLoad.Of(request, null, patience.Timeout, kwargs), TimeSpan.FromSeconds(30), CancellationToken.None);
        var load = (reply as MapValue)?.MapOf("load") ?? MapValue.Empty;
        if (!Jid.TryParse(load.TextOf("jid"), out var jid))
        {
            Console.WriteLine("No minions matched the target. No command was sent, no jid was assigned.");
            Console.WriteLine("Executed command with job ID: 0");
            return 0;
        }
        Console.WriteLine($"Executed command with job ID: {jid}");
        return 0;
    }

    // The master alone knows who matches; asking costs no job.
    private static async Task<int> PreviewAsync(IMasterLink link, JobRequest request, Printer printer)
    {
        var arguments = new Core.Functions.CallArguments([request.Target], MapValue.Of(("tgt_type", request.TargetType)));
        var matched = await Client.Runners.RunnerCall.RunAsync(link, "target.preview", arguments, TimeSpan.FromSeconds(30), CancellationToken.None);
        printer.Print(matched.Return, "nested");
        return 0;
    }

    private static MapValue Extras(ParsedCommandLine parsed)
    {
        var extras = new MapValue.Builder();
        if (parsed.Text("metadata") is { Length: > 0 } metadata) extras["metadata"] = SaltCommandLine.ReadYaml(metadata, "--metadata");
        if (parsed.Text("return_config") is { Length: > 0 } alternative) extras["ret_config"] = alternative;
        var overrides = parsed.Options.Get("return_kwargs") is TextValue { Text.Length: > 0 } typed ? SaltCommandLine.ReadYaml(typed.Text, "--return_kwargs") : parsed.Options.Get("return_kwargs");
        if (overrides is MapValue { Count: > 0 }) extras["ret_kwargs"] = overrides;
        if (parsed.Text("delimiter") is { } delimiter and not ":") extras["delimiter"] = delimiter;
        return extras.Build();
    }

    private static TimeSpan Seconds(Value? value, double standard) => TimeSpan.FromSeconds(value?.AsNumber() ?? standard);
}
