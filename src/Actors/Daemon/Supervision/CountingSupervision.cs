using System.Collections.Concurrent;
using Akka.Actor;

namespace SaltActors.Actors.Daemon.Supervision;

/// <summary>One-for-one supervision that keeps count of restarts, for <c>cluster.tree</c>.</summary>
/// <remarks>The count is the only thing that is added; what a failure means is decided by the tree that makes the strategy.</remarks>
public sealed class CountingSupervision(RestartCounts counts, int retries, TimeSpan within, Func<Exception, Directive> decide)
    : OneForOneStrategy(retries, (int)within.TotalMilliseconds, decide)
{
    protected override Directive Handle(IActorRef child, Exception exception)
    {
        counts.Count(child.Path);
        return base.Handle(child, exception);
    }
}

/// <summary>How often each actor of a daemon has failed since the start.</summary>
public sealed class RestartCounts
{
    private readonly ConcurrentDictionary<string, int> _counts = new();
    public void Count(ActorPath path) => _counts.AddOrUpdate(path.ToStringWithoutAddress(), 1, (_, n) => n + 1);
    public int Total => _counts.Values.Sum();
    public int Of(ActorPath path) => _counts.GetValueOrDefault(path.ToStringWithoutAddress());
}
