using SaltActors.Core.Functions;
using SaltActors.Core.Identity;
using SaltActors.Core.Values;

namespace SaltActors.Actors.Master.Runners;

/// <summary>What the runner of runners takes, and what it answers.</summary>
public static class RunnersProtocol
{
    public interface IRunnersMessage;

    /// <summary>Run a function on the master. Answered at once by <see cref="RunnerStarted"/>; the result goes to the bus as <c>salt/run/&lt;jid&gt;/ret</c>.</summary>
    /// <param name="Wished">The jid that the caller wants for it; null for a new one.</param>
    public sealed record StartRunner(string Function, CallArguments Arguments, string User, Jid? Wished = null) : IRunnersMessage;

    public sealed record RunnerStarted(Jid Jid);

    /// <summary>Run a function on the master, and answer with <see cref="RunnerEnded"/> when it has ended.</summary>
    public sealed record RunRunner(string Function, CallArguments Arguments, string User) : IRunnersMessage;

    public sealed record RunnerEnded(Jid Jid, CallOutcome Outcome);

    /// <summary>Run a wheel function, and answer with <see cref="WheelEnded"/> when it has ended.</summary>
    public sealed record RunWheel(string Function, CallArguments Arguments, string User) : IRunnersMessage;

    /// <param name="Data">What the bus is told too: <c>fun, jid, tag, user, return, success</c>.</param>
    public sealed record WheelEnded(Jid Jid, MapValue Data);
}
