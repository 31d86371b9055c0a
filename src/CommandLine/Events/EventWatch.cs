using System.Text.RegularExpressions;
using SaltActors.Core.Events;
using SaltActors.Core.Functions;
using SaltActors.Core.Targets;
using SaltActors.Core.Values;
using SaltActors.Rendering.Json;

namespace SaltActors.CommandLine.Events;

/// <summary>What <c>salt-run state.event</c> shows of a bus, and when it has seen enough.</summary>
/// <remarks>Follows Salt 3006, salt/modules/state.py, event(): a line is the tag, a tabulator, and the data as JSON.</remarks>
public sealed class EventWatch
{
    private static readonly string[] Places = ["tagmatch", "count", "quiet", "sock_dir", "pretty", "node"];
    private static readonly JsonLayout OneLine = JsonLayout.Default with { ReprForUnknown = true }, Pretty = JsonLayout.Indented with { ReprForUnknown = true, SortKeys = true };
    private readonly string _match;
    private readonly Regex? _expression;
    private readonly bool _isPretty;
    private long _left;

    /// <param name="arguments">As typed: <c>tagmatch</c>, <c>count</c> (−1 for no end), <c>quiet</c>, <c>sock_dir</c>, <c>pretty</c>, <c>node</c>, in places or by name.</param>
    /// <exception cref="ArgumentRefused">There are more, or others, or a count that is none.</exception>
    public EventWatch(CallArguments arguments)
    {
        if (arguments.Positional.Length > Places.Length) throw new ArgumentRefused($"event() takes from 0 to {Places.Length} positional arguments but {arguments.Positional.Length} were given");
        if (arguments.Keywords.Keys.FirstOrDefault(k => !Places.Contains(k.ToString())) is { } unknown) throw new ArgumentRefused($"event() got an unexpected keyword argument '{unknown}'");
        Value? Given(string name) => arguments.Keywords.Get(name) ?? arguments.Positional.ElementAtOrDefault(Array.IndexOf(Places, name));
        _match = Given("tagmatch")?.ToString() ?? "*";
        _expression = PythonRegex.Compile($"(?:{_match})$");
        _left = Given("count") is { IsNull: false } count ? count.AsInteger() ?? throw new ArgumentRefused($"event() expected a whole number for 'count', found {PythonText.Repr(count)}") : -1;
        (IsQuiet, _isPretty) = (Given("quiet") is { IsTruthy: true }, Given("pretty") is { IsTruthy: true });
        (SocketFolder, Node) = (Given("sock_dir") is { IsNull: false } folder ? folder.ToString() : null, Given("node")?.ToString() ?? "master");
    }

    /// <summary>Nothing is shown: it is only waited for.</summary>
    public bool IsQuiet { get; }
    /// <summary>The folder of the event sockets, where it is not the configuration's; null where it is.</summary>
    public string? SocketFolder { get; }
    /// <summary>Whose bus: <c>master</c> or <c>minion</c>.</summary>
    public string Node { get; }
    /// <summary>True once as many as were wished have come.</summary>
    public bool IsOver { get; private set; }

    /// <summary>Takes one event in. The line to show, or null where it is not meant, or nothing is to be shown.</summary>
    public string? Take(SaltEvent one)
    {
        if (!IsMeant(one.Tag)) return null;
        if (_left > 0) _left--;
        IsOver = _left == 0;
        return IsQuiet ? null : $"{one.Tag}\t{JsonText.Write(one.Data, _isPretty ? Pretty : OneLine)}";
    }

    private bool IsMeant(string tag) => tag == _match || NamePattern.Matches(_match, tag) || _expression is not null && PythonRegex.Matches(_expression, tag);
}
