using Akka.Actor;
using SaltActors.Actors.Daemon.Settings;
using SaltActors.Client.Commands;
using SaltActors.Client.Copies;
using SaltActors.Client.Link;
using SaltActors.CommandLine.Options;
using SaltActors.Core.Configuration;
using SaltActors.Core.Jobs;
using SaltActors.Core.Values;
using SaltActors.Hosts.Salt.Programs;
using SaltActors.Transport.ZeroMq;

namespace SaltActors.Hosts.Salt.Copies;

/// <summary><c>salt-cp</c>: copies files of this machine to minions.</summary>
internal static class CopyProgram
{
    private const int StandardChunkBytes = 98304;

    internal static async Task<int> RunAsync(ParsedCommandLine parsed)
    {
        if (!CopyCommandLine.TryRead(parsed, out var command, out var stop)) return Program.Stop(stop);
        var configuration = HostConfiguration.Load(ConfigurationRole.Client, parsed, Console.Error);
        using var transport = new ZeroMqTransport();
        try
        {
            // What cannot be read is told before anybody is asked for anything.
            var items = parsed.Flag("chunked") ? CopyPlan.Of(command.Sources, command.Destination) : [];
            await using var link = await Login.OpenAsync(transport, parsed, configuration);
            using var system = ActorSystem.Create("salt-cli", HoconLayers.Load("client"));
            var runner = new CommandRunner(system, link, CommandRunner.PatienceOf(parsed, configuration), MapValue.Empty);
            await using (runner)
            {
                var answers = new CopyAnswers(runner);
                var copy = new CopyRun(RequestOf(command, parsed), answers.AskAsync);
                var results = parsed.Flag("chunked")
                    ? await copy.ChunkedAsync(items, ChunkBytes(configuration), parsed.Flag("gzip"))
                    : await copy.WholeAsync(command.Sources, command.Destination);
                var printer = new Printer(parsed, configuration);
                if (results.Count > 0) printer.Print(results, null);
                return answers.End();
            }
        }
        catch (CopyRefused refused)
        {
            await Console.Error.WriteLineAsync(refused.Message);
            return refused.ExitCode;
        }
        catch (Exception cause) when (cause is MasterUnreachable or LocalKeyUnreadable or LoginFailed or IOException or UnauthorizedAccessException)
        {
            await Console.Error.WriteLineAsync($"ERROR: {cause.Message}");
            return 2;
        }
    }

    private static JobRequest RequestOf(CopyCommand command, ParsedCommandLine parsed) => new()
    {
        Function = "cp.recv",
        Target = command.Target,
        TargetType = command.TargetType,
        Extras = parsed.Text("delimiter") is { } delimiter && delimiter != ":" ? MapValue.Of(("delimiter", delimiter)) : MapValue.Empty,
    };

    private static int ChunkBytes(HostConfiguration configuration) =>
        configuration.Options.Get("salt_cp_chunk_size")?.AsInteger() is > 0 and <= 64 << 20 and var size ? (int)size : StandardChunkBytes;
}

/// <summary>What minions answer to the calls of one copy, and what is said of those who do not.</summary>
internal sealed class CopyAnswers(CommandRunner runner)
{
    private readonly SortedSet<string> _silent = new(StringComparer.Ordinal);
    private bool _isNobody;
    private string? _refusal;

    internal async Task<IReadOnlyDictionary<string, Value>> AskAsync(JobRequest request)
    {
        var answers = new Dictionary<string, Value>();
        if (_isNobody || _refusal is not null) return answers;
        await runner.RunAsync(request, update =>
        {
            switch (update)
            {
                case CommandUpdate.Returned r: answers[r.Return.Id.Text] = r.Return.Return; break;
                case CommandUpdate.Silent s: _silent.Add(s.Id); break;
                case CommandUpdate.NobodyMatched: _isNobody = true; break;
                case CommandUpdate.Refused r: _refusal = r.Message; break;
                case CommandUpdate.Broken b: throw new MasterUnreachable(b.Message);
            }
        });
        return answers;
    }

    /// <summary>What is left to say, and the exit status: 0 also where a minion refused a file, as Salt's; 1 where one was not heard of.</summary>
    internal int End()
    {
        if (_isNobody) Console.WriteLine(SaltResults.Nobody);
        if (_refusal is not null) Console.WriteLine(_refusal);
        foreach (var id in _silent) Console.Error.WriteLine($"[ERROR   ] minion {id} did not answer: nothing is known of its copy");
        return _silent.Count > 0 ? 1 : 0;
    }
}
