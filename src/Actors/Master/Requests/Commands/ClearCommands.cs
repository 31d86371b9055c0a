using Akka.Actor;
using SaltActors.Actors.Master.Access;
using SaltActors.Actors.Master.Runners;
using SaltActors.Core.Events;
using SaltActors.Core.Functions;
using SaltActors.Core.Identity;
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
public sealed class RunnerCommand(IActorRef runners, AccessControl access, TimeSpan patience) : IClearCommand
{
    public string Name => "runner";

    public async Task<byte[]> AnswerAsync(ClearRequest request)
    {
        var load = request.Load;
        var arguments = ArgumentsOf(load);
        var (refusal, user) = await MasterFunctions.DecideAsync(access, Name, load, arguments).ConfigureAwait(false);
        if (refusal is not null) return request.PlainReply(refusal);
        var wished = Jid.TryParse(load.TextOf("jid"), out var jid) ? jid : (Jid?)null;
        var started = await runners.Ask<RunnersProtocol.RunnerStarted>(new RunnersProtocol.StartRunner(load.TextOf("fun")!, arguments, user, wished), patience).ConfigureAwait(false);
        return request.PlainReply(MapValue.Of(("tag", $"salt/run/{started.Jid}"), ("jid", started.Jid.Text)));
    }

    // Either {arg: [...], kwarg: {...}}, or the keywords alone.
    private static CallArguments ArgumentsOf(MapValue load)
    {
        var kwarg = load.MapOf("kwarg");
        return kwarg.Has("arg") && kwarg.Has("kwarg")
            ? new(kwarg.ListOf("arg").Items, kwarg.MapOf("kwarg"))
            : new(load.ListOf("arg").Items, kwarg);
    }
}

/// <summary><c>wheel</c>: runs a function that looks after the master, and answers with its result.</summary>
public sealed class WheelCommand(IActorRef runners, AccessControl access, TimeSpan patience) : IClearCommand
{
    // What is the request's own in its load; the rest are the function's arguments.
    private static readonly string[] NotArguments = ["cmd", "fun", "token", "eauth", "username", "password", "key", "user", "client", "arg", "kwarg", "print_event", "full_return", "__current_eauth"];

    public string Name => "wheel";

    public async Task<byte[]> AnswerAsync(ClearRequest request)
    {
        var load = request.Load;
        var keywords = load.MapOf("kwarg");
        keywords = MapValue.From(load.Where(e => !NotArguments.Contains(e.Key.ToString()))).Over(keywords);
        var arguments = new CallArguments(load.ListOf("arg").Items, keywords);
        var (refusal, user) = await MasterFunctions.DecideAsync(access, Name, load, arguments).ConfigureAwait(false);
        if (refusal is not null) return request.PlainReply(refusal);
        var ended = await runners.Ask<RunnersProtocol.WheelEnded>(new RunnersProtocol.RunWheel(load.TextOf("fun")!, arguments, user), patience).ConfigureAwait(false);
        return request.PlainReply(MapValue.Of(("tag", EventTags.Wheel(ended.Jid)), ("data", ended.Data)));
    }
}

/// <summary>Who may run functions of the master by the request port.</summary>
internal static class MasterFunctions
{
    /// <summary>Null and the user's name, or the answer that refuses the call.</summary>
    /// <remarks>A user whom only <c>publisher_acl</c> lets in may publish, and nothing here: his rules say nothing of runners. Salt lets him run all of them.</remarks>
    internal static async Task<(MapValue? Refusal, string User)> DecideAsync(AccessControl access, string form, MapValue load, CallArguments arguments)
    {
        var caller = await access.ProveAsync(load, load).ConfigureAwait(false);
        var function = load.TextOf("fun") ?? "";
        if (caller is not Caller.Unproven && function.Split('.').Length != 2)
            return (Refusals.Error("SaltInvocationError", "A command invocation error occurred: Check syntax."), "");
        return caller switch
        {
            Caller.Master master => (null, master.Name),
            Caller.Known { Kind: not "user" } known when known.Rules.MayRun(form, new CalledFunction(function, arguments.Positional, arguments.Keywords)) => (null, known.Name),
            Caller.Known known => (Refused(known.Kind, known.Name), ""),
            Caller.Unproven unproven => (Refused(unproven.Kind, unproven.Name), ""),
            _ => throw new InvalidOperationException($"a caller of the unknown kind {caller.GetType()}"),
        };
    }

    private static MapValue Refused(string kind, string? name) => kind switch
    {
        "token" => Refusals.Error("TokenAuthenticationError", $"Authentication failure of type \"token\" occurred{(name is null ? "." : $" for user {name}.")}"),
        "eauth" => Refusals.Error("EauthAuthenticationError", $"Authentication failure of type \"eauth\" occurred for user {name ?? "UNKNOWN"}."),
        _ => Refusals.Error("UserAuthenticationError", "Authentication failure of type \"user\" occurred"),
    };
}

/// <summary><c>mk_token</c>: a token for whoever logs in; an empty text for anybody else.</summary>
public sealed class MakeTokenCommand(AccessControl access) : IClearCommand
{
    public string Name => "mk_token";

    public async Task<byte[]> AnswerAsync(ClearRequest request) =>
        request.PlainReply(await access.MakeTokenAsync(request.Load).ConfigureAwait(false) is { } token ? token.ToValue() : "");
}

/// <summary><c>get_token</c>: what a token stands for; an empty map where it stands for nothing.</summary>
public sealed class GetTokenCommand(AccessControl access) : IClearCommand
{
    public string Name => "get_token";

    public Task<byte[]> AnswerAsync(ClearRequest request)
    {
        if (!request.Load.Has("token")) return Task.FromResult(request.PlainReply(BoolValue.False));
        var token = request.Load.TextOf("token") is { } text ? access.FindToken(text) : null;
        return Task.FromResult(request.PlainReply(token?.ToValue() ?? MapValue.Empty));
    }
}
