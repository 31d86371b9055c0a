using System.Threading.Channels;
using Akka.Actor;
using SaltActors.Client.Batches;
using SaltActors.Client.Commands;
using SaltActors.Client.Link;
using SaltActors.CommandLine.Options;
using SaltActors.Core.Jobs;
using SaltActors.Core.Values;

namespace SaltActors.Hosts.Salt.Programs;

/// <summary>Runs commands and batches as actors, and gives their updates to whoever prints them, until they end or the user stops waiting.</summary>
internal sealed class CommandRunner(ActorSystem system, IMasterLink link, CommandPatience patience, MapValue kwargs) : IAsyncDisposable
{
    private readonly SharedLink _shared = new(link);

    /// <summary>How long a command waits: as it was typed, as the configuration says, or as Salt does.</summary>
    internal static CommandPatience PatienceOf(ParsedCommandLine parsed, HostConfiguration configuration) => new(
        Seconds(configuration.Setting(parsed, "timeout"), 5), Seconds(configuration.Options.Get("gather_job_timeout"), 10),
        configuration.Options.Get("order_masters") is { IsTruthy: true } ? Seconds(configuration.Options.Get("syndic_wait"), 5) : TimeSpan.Zero);

    private static TimeSpan Seconds(Value? value, double standard) => TimeSpan.FromSeconds(value?.AsNumber() ?? standard);

    /// <summary>A link for a question besides.</summary>
    internal IMasterLink Open() => _shared.Open();

    /// <summary>False where the user stopped waiting.</summary>
    internal async Task<bool> RunAsync(JobRequest request, Action<CommandUpdate> take)
    {
        await using var part = _shared.Open();
        var updates = Channel.CreateUnbounded<CommandUpdate>(new UnboundedChannelOptions { SingleReader = true });
        system.ActorOf(CommandSession.Props(part, request, patience, null, kwargs, updates.Writer));
        return await ReadAsync(updates, take);
    }

    /// <summary>False where the user stopped waiting.</summary>
    internal async Task<bool> RunBatchAsync(JobRequest request, BatchSettings settings, Action<BatchUpdate> take)
    {
        var updates = Channel.CreateUnbounded<BatchUpdate>(new UnboundedChannelOptions { SingleReader = true });
        system.ActorOf(BatchRun.Props(_shared, request, settings, patience, kwargs, updates.Writer, TimeProvider.System));
        return await ReadAsync(updates, take);
    }

    /// <summary>The same request to some of its minions, chosen at random among those that have its functions.</summary>
    internal async Task<JobRequest> SubsetAsync(JobRequest request, int size)
    {
        var returns = new List<MinionReturn>();
        var question = request with { Function = "sys.list_functions", Arguments = ListValue.Empty, Returners = "", Extras = MapValue.Empty.Over(request.Extras.Get("delimiter") is { } delimiter ? MapValue.Of(("delimiter", delimiter)) : MapValue.Empty) };
        await RunAsync(question, update =>
        {
            if (update is CommandUpdate.Returned returned) returns.Add(returned.Return);
        });
        return request with { Target = ListValue.OfTexts(Subset.Of(returns, request.Functions, size, Random.Shared).Select(i => i.Text)), TargetType = "list" };
    }

    private static async Task<bool> ReadAsync<T>(Channel<T> updates, Action<T> take)
    {
        ConsoleCancelEventHandler onInterrupt = (_, cancel) =>
        {
            cancel.Cancel = true;
            updates.Writer.TryComplete(new OperationCanceledException());
        };
        Console.CancelKeyPress += onInterrupt;
        try
        {
            await foreach (var update in updates.Reader.ReadAllAsync()) take(update);
            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
        finally
        {
            Console.CancelKeyPress -= onInterrupt;
        }
    }

    public ValueTask DisposeAsync() => _shared.DisposeAsync();
}
