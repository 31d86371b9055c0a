using Akka.Actor;
using SaltActors.Actors.Daemon.Settings;
using SaltActors.Client.Batches;
using SaltActors.Client.Commands;
using SaltActors.Client.Link;
using SaltActors.Client.Runners;
using SaltActors.CommandLine.Options;
using SaltActors.Core.Configuration;
using SaltActors.Core.Functions;
using SaltActors.Core.Jobs;
using SaltActors.Core.Targets;
using SaltActors.Core.Values;
using SaltActors.Rendering.Yaml;
using SaltActors.Transport.ZeroMq;

namespace SaltActors.Hosts.Salt.Programs;

/// <summary><c>salt</c>: runs functions on minions and shows what comes back.</summary>
internal static class SaltProgram
{
    private static readonly TimeSpan AnswerTime = TimeSpan.FromSeconds(30);

    internal static async Task<int> RunAsync(ParsedCommandLine parsed)
    {
        if (parsed.Flag("config_dump"))
        {
            Console.Write(YamlDumper.Dump(HostConfiguration.Load(ConfigurationRole.Client, parsed, Console.Error).Options, new YamlLayout()));
            return 0;
        }
        if (!SaltCommandLine.TryRead(parsed, out var command, out var stop)) return Program.Stop(stop);
        var configuration = HostConfiguration.Load(ConfigurationRole.Client, parsed, Console.Error);
        if (command.TargetType == "nodegroup")
        {
            var groups = configuration.Options.MapOf("nodegroups");
            if (!groups.Has(command.Target))
            {
                Console.WriteLine($"Node group {command.Target} unavailable in {configuration.Options.TextOf("conf_file")}");
                return 0;
            }
            command = command with { Target = ListValue.OfTexts(Nodegroups.Expand(command.Target.ToString(), groups)), TargetType = "compound" };
        }
        using var transport = new ZeroMqTransport();
        try
        {
            await using var link = await Login.OpenAsync(transport, parsed, configuration);
            return await RunAsync(parsed, configuration, command.ToRequest(), link);
        }
        catch (MasterUnreachable unreachable)
        {
            // Salt prints this as a result and exits with 0; the words and the status are kept, the cause is added on standard error.
            Console.WriteLine("The salt master could not be contacted. Is master running?");
            await Console.Error.WriteLineAsync($"[ERROR   ] {unreachable.Message}");
            return 0;
        }
        catch (Exception cause) when (cause is LocalKeyUnreadable or LoginFailed)
        {
            await Console.Error.WriteLineAsync($"ERROR: {cause.Message}");
            return 2;
        }
    }

    private static async Task<int> RunAsync(ParsedCommandLine parsed, HostConfiguration configuration, JobRequest request, IMasterLink link)
    {
        var patience = CommandRunner.PatienceOf(parsed, configuration);
        var kwargs = MapValue.Of(("show_timeout", parsed.Flag("show_timeout")), ("show_jid", parsed.Flag("show_jid")));
        if (parsed.Flag("preview_target"))
        {
            new Printer(parsed, configuration).Print((await MatchedAsync(link, request)), "nested");
            return 0;
        }
        var batch = parsed.Text("batch");
        var isStatic = configuration.Setting(parsed, "static") is { IsTruthy: true };
        if (parsed.Flag("async"))
            return batch is null ? await PublishOnlyAsync(link, request, patience, kwargs)
                : Program.Stop(CommandLineParser.Error("salt", "--async and --batch exclude each other: a batch is run by this command, not by the master"));

        using var system = ActorSystem.Create("salt-cli", HoconLayers.Load("client"));
        var session = new CommandRunner(system, link, patience, kwargs);
        await using (session)
        {
            if (batch is null && parsed.Options.Get("batch_safe_limit")?.AsInteger() is > 1 and var limit && (await MatchedAsync(session.Open(), request)) is ListValue many && many.Count >= limit)
            {
                Console.WriteLine("\nNOTICE: Too many minions targeted, switching to batch execution.");
                batch = parsed.Text("batch_safe_size");
            }
            if (parsed.Options.Get("subset")?.AsInteger() is > 0 and var subset) request = await session.SubsetAsync(request, (int)subset);

            var isDocumentation = request.Function is TextValue { Text: "sys.doc" };
            var status = new StatusLine();
            var printer = new Printer(parsed, configuration) { Status = status };
            var waiting = new WaitingLine(status, string.Join(',', request.Functions), parsed.Flag("progress"));
            if (batch is null && !isStatic)
            {
                var results = new SaltResults(parsed, configuration, printer, waiting, isDocumentation);
                return await session.RunAsync(request, results.Take) ? results.End() : results.Interrupted();
            }
            var wait = TimeSpan.FromSeconds(Math.Max(0, configuration.Setting(parsed, "batch_wait")?.AsNumber() ?? 0));
            var batched = new BatchResults(configuration, printer, waiting, isStatic, isDocumentation);
            return await session.RunBatchAsync(request, new BatchSettings(batch ?? "100%", wait, parsed.Flag("failhard")), batched.Take)
                ? batched.End() : SaltResults.Interrupted(waiting, batched.Jid);
        }
    }

    private static async Task<int> PublishOnlyAsync(IMasterLink link, JobRequest request, CommandPatience patience, MapValue kwargs)
    {
        var reply = await link.AskAsync(PublishLoad.Of(request, null, patience.Timeout, kwargs, patience.HasSyndics), AnswerTime, CancellationToken.None);
        switch (PublishReply.Read(reply))
        {
            case PublishReply.Sent sent:
                Console.WriteLine($"Executed command with job ID: {sent.Jid}");
                return 0;
            case PublishReply.No no:
                Console.WriteLine(no.Message);
                return no.Name is "AuthenticationError" or "AuthorizationError" ? 0 : 2;
            default:
                Console.WriteLine(SaltResults.Nobody);
                Console.WriteLine("Executed command with job ID: 0");
                return 0;
        }
    }

    // The master alone knows who matches; asking costs no job.
    private static async Task<Value> MatchedAsync(IMasterLink link, JobRequest request)
    {
        var arguments = new CallArguments([request.Target], MapValue.Of(("tgt_type", request.TargetType), ("delimiter", request.Delimiter)));
        return (await RunnerCall.RunAsync(link, "target.preview", arguments, AnswerTime, CancellationToken.None)).Return;
    }
}
