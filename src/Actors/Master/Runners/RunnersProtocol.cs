using SaltActors.Core.Functions;
using SaltActors.Core.Identity;

namespace SaltActors.Actors.Master.Runners;

/// <summary>What the runner of runners takes, and what it answers.</summary>
public static class RunnersProtocol
{
    public interface IRunnersMessage;

    /// <summary>Run a function on the master. Answered at once by <see cref="RunnerStarted"/>; the result goes to the bus as <c>salt/run/&lt;jid&gt;/ret</c>.</summary>
    public sealed record StartRunner(string Function, CallArguments Arguments, string User) : IRunnersMessage;

    public sealed record RunnerStarted(Jid Jid);
}
