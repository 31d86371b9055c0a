using Akka.Actor;
using SaltActors.Actors.Master.Publisher;
using SaltActors.Actors.Master.Runners;
using SaltActors.Core.Functions;
using SaltActors.Core.Values;
using SaltActors.Transport.Envelope;

namespace SaltActors.Actors.Master.Requests.Commands;

/// <summary><c>ping</c>: the load comes back.</summary>
public sealed class PingCommand : IClearCommand
{
    public string Name => "ping";
    public Task<byte[]> AnswerAsync(ClearRequest request) => Task.FromResult(request.PlainReply(request.Load));
}

/// <summary><c>runner</c>: starts a function on the master. The answer names the job; its result comes as an event.</summary>
public sealed class RunnerCommand(IActorRef runners, LocalCredentials credentials, TimeSpan patience) : IClearCommand
{
    public string Name => "runner";

    public async Task<byte[]> AnswerAsync(ClearRequest request)
    {
        var load = request.Load;
        if (credentials.CheckRunner(load) is { } refusal) return request.PlainReply(refusal);
        if (load.TextOf("fun") is not { Length: > 0 } function)
            return request.PlainReply(Refusals.Error("SaltInvocationError", "a runner call needs 'fun'"));
        var started = await runners.Ask<RunnersProtocol.RunnerStarted>(new RunnersProtocol.StartRunner(function, Arguments(load), load.TextOf("user") ?? ""), patience).ConfigureAwait(false);
        return request.PlainReply(MapValue.Of(("tag", $"salt/run/{started.Jid}"), ("jid", started.Jid.Text)));
    }

    // Either {arg: [...], kwarg: {...}}, or the keywords alone.
    private static CallArguments Arguments(MapValue load)
    {
        var kwarg = load.MapOf("kwarg");
        return kwarg.Has("arg") && kwarg.Has("kwarg")
            ? new(kwarg.ListOf("arg").Items, kwarg.MapOf("kwarg"))
            : new([], kwarg);
    }
}

/// <summary><c>wheel</c>, <c>mk_token</c>, <c>get_token</c>: they ask for an external authentication that this master does not have yet.</summary>
public sealed class UnauthenticatedCommand(string name, Value answer, Action<string> warn) : IClearCommand
{
    public string Name => name;

    public Task<byte[]> AnswerAsync(ClearRequest request)
    {
        warn($"'{name}' was refused: external authentication and wheel functions over the request port are not available in this version");
        return Task.FromResult(request.PlainReply(answer));
    }
}
