using System.Collections.Immutable;
using Akka.Actor;
using SaltActors.Actors.Master.Jobs;
using SaltActors.Actors.Master.Keys;
using SaltActors.Actors.Master.Presence;
using SaltActors.Core.Functions;
using SaltActors.Core.Identity;
using SaltActors.Core.Values;
using SaltActors.Transport.Keys;

namespace SaltActors.Actors.Master.Runners;

/// <summary>The doors through which a runner meets the master's actors. This is the edge of the actor system: the one place that asks.</summary>
internal sealed class RunnerDoors(IActorRef jobs, IActorRef keys, IActorRef presence, TimeSpan patience) : IJobQueries, IKeyQueries
{
    public async Task<JobRecord?> FindAsync(Jid jid, CancellationToken stop) =>
        await jobs.Ask<object>(new JobStoreProtocol.LookUp(jid), patience, stop).ConfigureAwait(false) switch
        {
            JobStoreProtocol.JobFound found => found.Job,
            JobStoreProtocol.NotFiled failed => throw new CommandFailed(failed.Reason),
            _ => null,
        };

    async Task<ImmutableArray<JobRecord>> IJobQueries.ListAsync(CancellationToken stop) =>
        await jobs.Ask<object>(new JobStoreProtocol.ListJobs(), patience, stop).ConfigureAwait(false) switch
        {
            JobStoreProtocol.JobsListed listed => listed.Jobs,
            JobStoreProtocol.NotFiled failed => throw new CommandFailed(failed.Reason),
            var other => throw new CommandFailed($"the job store gave an answer that is none: {other.GetType().Name}"),
        };

    async Task<MapValue> IKeyQueries.ListAsync(CancellationToken stop)
    {
        var listed = await keys.Ask<KeysProtocol.KeysListed>(new KeysProtocol.ListKeys(), patience, stop).ConfigureAwait(false);
        return MapValue.From(KeyStates.All.Select(s => KeyValuePair.Create(s.Folder(), (Value)ListValue.OfTexts(listed.Keys[s].Select(i => i.Text)))));
    }

    public async Task<ImmutableArray<MinionId>> ConnectedAsync() =>
        (await presence.Ask<PresenceProtocol.Connected>(new PresenceProtocol.WhoIsConnected(), patience).ConfigureAwait(false)).Minions;
}
