using System.Collections.Immutable;
using System.Threading.Channels;
using Akka.Actor;
using SaltActors.Actors.Daemon.Settings;
using SaltActors.Client.Commands;
using SaltActors.Client.Link;
using SaltActors.Core.Functions;
using SaltActors.Core.Identity;
using SaltActors.Core.Jobs;
using SaltActors.Core.Values;
using SaltActors.Transport;

namespace SaltActors.Hosts.Master;

/// <summary>How runners call minions: the same session that <c>salt</c> uses, through the master's own doors.</summary>
internal sealed class MinionCalls(MapValue options, ITransport transport, Func<Task<ImmutableArray<MinionId>>> connected) : IMinionCalls
{
    private readonly Lazy<ActorSystem> _system = new(() => ActorSystem.Create("salt-runners", HoconLayers.Load("client")));

    public async Task<MinionAnswers> CallAsync(JobRequest request, TimeSpan timeout, TimeSpan gatherTimeout, CancellationToken stop)
    {
        await using var link = await MasterLink.OpenAsync(transport, MasterAddress.From(options, options.TextOf("user") ?? "root"), stop);
        var updates = Channel.CreateUnbounded<CommandUpdate>();
        _system.Value.ActorOf(CommandSession.Props(link, request, new CommandPatience(timeout, gatherTimeout, TimeSpan.Zero), null, MapValue.Empty, updates.Writer));
        Jid? jid = null;
        var returns = ImmutableArray.CreateBuilder<MinionReturn>();
        var silent = ImmutableDictionary.CreateBuilder<MinionId, string>();
        await foreach (var update in updates.Reader.ReadAllAsync(stop))
            switch (update)
            {
                case CommandUpdate.Published p: jid = p.Jid; break;
                case CommandUpdate.Returned r: returns.Add(r.Return); break;
                case CommandUpdate.Silent s when MinionId.TryParse(s.Id, out var id): silent[id] = s.Reason.ToString(); break;
                case CommandUpdate.Refused r: throw new CommandFailed(r.Message);
                case CommandUpdate.Broken b: throw new CommandFailed(b.Message);
            }
        return new MinionAnswers(jid, returns.ToImmutable(), silent.ToImmutable());
    }

    public Task<ImmutableArray<MinionId>> ConnectedAsync(CancellationToken stop) => connected();
}
