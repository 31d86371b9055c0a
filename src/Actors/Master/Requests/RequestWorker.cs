using System.Collections.Frozen;
using Akka.Actor;
using Akka.Event;
using SaltActors.Transport.Envelope;
using static SaltActors.Actors.Master.Requests.RequestsProtocol;

namespace SaltActors.Actors.Master.Requests;

/// <summary>Opens the envelope, looks the command up, and sees to it that every request gets exactly one reply.</summary>
/// <remarks>It knows no command: those stand in the two tables. What goes wrong inside one is answered, logged, and kills nothing.</remarks>
public sealed class RequestWorker : ReceiveActor
{
    private readonly ServerEnvelope _envelope;
    private readonly FrozenDictionary<string, IClearCommand> _clear;
    private readonly FrozenDictionary<string, ISealedCommand> _sealed;
    private readonly IServerKeys _keys;
    private readonly RequestSettings _settings;
    private readonly RefusalLog _refusals;
    private readonly ILoggingAdapter _log = Context.GetLogger();

    public static Props Props(ServerEnvelope envelope, IServerKeys keys, CommandTables commands, RequestSettings settings, RefusalLog refusals) =>
        Akka.Actor.Props.Create(() => new RequestWorker(envelope, keys, commands, settings, refusals));

    public RequestWorker(ServerEnvelope envelope, IServerKeys keys, CommandTables commands, RequestSettings settings, RefusalLog refusals)
    {
        (_envelope, _keys, _settings, _refusals) = (envelope, keys, settings, refusals);
        (_clear, _sealed) = (commands.Clear, commands.Sealed);
        Receive<Admitted>(OnAdmitted);
    }

    private void OnAdmitted(Admitted m)
    {
        switch (_envelope.Open(m.Request.Body))
        {
            case Refused refused:
                _refusals.Count(_log, refused.Reason, refused.ClaimedId);
                m.Request.Reply(refused.Reply);
                m.Done();
                break;
            case ClearRequest clear:
                Answer(m, clear.Command, AnswerClear(clear), clear.Failure);
                break;
            case SealedRequest request:
                Answer(m, request.Command, AnswerSealed(request), request.Failure);
                break;
        }
    }

    private Task<byte[]> AnswerClear(ClearRequest request)
    {
        if (_clear.TryGetValue(request.Command, out var command)) return command.AnswerAsync(request);
        _refusals.Count(_log, $"an unsealed request for '{request.Command}', which is no such command", null);
        return Task.FromResult(request.PlainReply(Refusals.Nothing));
    }

    private Task<byte[]> AnswerSealed(SealedRequest request)
    {
        // Under the epoch before, only those are heard who prove that their key is still accepted.
        if (request.Identity is null && !ReferenceEquals(request.Key, _keys.Epochs[0]) && request.Version < 3)
        {
            _refusals.Count(_log, "a request under the previous AES key without a token", null);
            return Task.FromResult(Refused.BadLoad);
        }
        if (!_sealed.TryGetValue(request.Command, out var command))
        {
            _refusals.Count(_log, $"a request for '{request.Command}', which this master does not answer", request.Identity?.Text);
            return Task.FromResult(request.SealReply(Refusals.Nothing));
        }
        if (command.NeedsIdentity && request.Identity is null)
        {
            _refusals.Count(_log, $"'{request.Command}' without a valid token", request.Load.TextOf("id"));
            return Task.FromResult(request.SealReply(Refusals.Nothing));
        }
        return command.AnswerAsync(request);
    }

    private void Answer(Admitted m, string command, Task<byte[]> answer, Func<byte[]> failure)
    {
        if (answer.IsCompletedSuccessfully)
        {
            m.Request.Reply(answer.Result);
            m.Done();
            return;
        }
        var (log, limit) = (_log, _settings.AnswerWithin);
        answer.WaitAsync(limit).ContinueWith(done =>
        {
            if (done.IsCompletedSuccessfully) m.Request.Reply(done.Result);
            else
            {
                log.Error(done.Exception?.GetBaseException(), "'{0}' could not be answered", command);
                m.Request.Reply(failure());
            }
            m.Done();
        }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
    }
}

/// <summary>The commands by name.</summary>
public sealed class CommandTables(IEnumerable<IClearCommand> clear, IEnumerable<ISealedCommand> @sealed)
{
    public FrozenDictionary<string, IClearCommand> Clear { get; } = clear.ToFrozenDictionary(c => c.Name);
    public FrozenDictionary<string, ISealedCommand> Sealed { get; } = @sealed.ToFrozenDictionary(c => c.Name);
}
