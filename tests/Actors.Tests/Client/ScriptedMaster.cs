using System.Threading.Channels;
using SaltActors.Client.Link;
using SaltActors.Core.Events;
using SaltActors.Core.Identity;
using SaltActors.Core.Values;
using static SaltActors.Actors.Tests.Master.Fixtures;

namespace SaltActors.Actors.Tests.Client;

/// <summary>A master of lines: what is asked is answered as it was written down.</summary>
internal sealed class ScriptedMaster : IMasterLink
{
    private readonly Channel<SaltEvent> _events = Channel.CreateUnbounded<SaltEvent>();
    private readonly Dictionary<string, Func<MapValue, Value>> _answers = [];
    private int _runs;

    public ChannelReader<SaltEvent> Events => _events.Reader;
    public void OnPublish(string function, Func<Value> answer) => _answers[function] = _ => answer();
    public void OnPublish(string function, Func<MapValue, Value> answer) => _answers[function] = answer;

    public void OnRunner(string function, string[] ids) => _answers[function] = _ =>
    {
        var jid = $"2026112305430000000{++_runs}";
        _events.Writer.TryWrite(new SaltEvent($"salt/run/{jid}/ret", MapValue.Of(("return", ListValue.OfTexts(ids)))));
        return MapValue.Of(("tag", $"salt/run/{jid}"), ("jid", jid));
    };

    public Task<Value> AskAsync(MapValue load, TimeSpan timeout, CancellationToken stop) => Task.FromResult(_answers[load.TextOf("fun")!](load));

    public void Return(Jid jid, string id, Value value, int retcode = 0) =>
        _events.Writer.TryWrite(new SaltEvent($"salt/job/{jid}/ret/{id}", Answer(jid, MinionId.Parse(id), value).Load.With("retcode", retcode)));

    public void GoAway() => _events.Writer.Complete();
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    public static MapValue Sent(Jid jid, params string[] minions) => MapValue.Of(("enc", "clear"), ("load", MapValue.Of(
        ("jid", jid.Text), ("minions", ListValue.OfTexts(minions)), ("missing", ListValue.Empty))));
}
