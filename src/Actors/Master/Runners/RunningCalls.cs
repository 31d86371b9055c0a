using System.Collections.Concurrent;
using System.Collections.Immutable;
using SaltActors.Core.Functions;
using SaltActors.Core.Identity;
using SaltActors.Core.Values;

namespace SaltActors.Actors.Master.Runners;

/// <summary>The runners and wheel functions at work. Written by the actor that starts them, read from every thread.</summary>
public sealed class RunningCalls
{
    private readonly ConcurrentDictionary<Jid, MapValue> _running = new();
    private long _begun;

    /// <summary>All that ever began.</summary>
    public long Begun => Interlocked.Read(ref _begun);

    public ImmutableArray<MapValue> All => [.. _running.OrderBy(r => r.Key.Text, StringComparer.Ordinal).Select(r => r.Value)];

    public void Begin(Jid jid, string function, string user, CallArguments arguments)
    {
        Interlocked.Increment(ref _begun);
        _running[jid] = MapValue.Of(("jid", jid.Text), ("fun", function), ("arg", arguments.ToFunArgs()), ("user", user), ("pid", Environment.ProcessId), ("start", jid.StartTime));
    }

    public void End(Jid jid) => _running.TryRemove(jid, out _);
}
