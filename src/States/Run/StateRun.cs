using System.Collections.Immutable;
using SaltActors.Core.Events;
using SaltActors.Core.Functions;
using SaltActors.Core.Values;
using SaltActors.States.Compiler;
using static SaltActors.States.Run.RequisiteStatus;

namespace SaltActors.States.Run;

/// <summary>Runs low chunks in their order, each after what it leans on.</summary>
/// <remarks>
/// Follows Salt 3006, salt/state.py, call_chunks(), call_chunk() and call_listen(): who is met in what order, and which numbers results get,
/// is visible to users and kept.
/// </remarks>
public sealed class StateRun(StateCalls calls, ImmutableArray<LowChunk> chunks, RunOptions options)
{
    private readonly OrderedDictionary<string, MapValue> _results = [];
    // Results of trials, in test mode, for those that want to run before a change.
    private readonly Dictionary<string, MapValue> _trials = [];
    private readonly HashSet<string> _active = [];
    private readonly Dictionary<string, Task<MapValue>> _parallel = [];
    private readonly RequisiteReader _requisites = new(chunks, calls, options.DisabledRequisites);
    private int _number;
    private bool _isStopped;

    // Somebody may have asked the run to wait, or to end.
    private async Task<bool> PassesAsync(LowChunk chunk) => options.Before is not { } before || await before(chunk).ConfigureAwait(false);

    /// <summary>Tag to result, in the order in which they came.</summary>
    public async Task<MapValue> RunAsync()
    {
        calls.Chunks = chunks;
        foreach (var chunk in chunks)
        {
            if (_results.ContainsKey(chunk.Tag)) continue;
            await RunAsync(chunk).ConfigureAwait(false);
            if (_isStopped || await StopsAsync(chunk).ConfigureAwait(false)) break;
        }
        foreach (var tag in _parallel.Keys.ToArray()) await SettleAsync(tag).ConfigureAwait(false);
        if (!_isStopped) await ListenAsync().ConfigureAwait(false);
        return MapValue.From(_results.Select(r => KeyValuePair.Create(r.Key, (Value)r.Value)));
    }

    private int NextNumber() => _number++;

    private async Task RunAsync(LowChunk chunk, bool isTrial = false)
    {
        if (!isTrial)
        {
            if (!await PassesAsync(chunk).ConfigureAwait(false))
            {
                _isStopped = true;
                return;
            }
            if (DisabledBy(chunk) is { } disabled)
            {
                Set(chunk, NotRun(chunk, null, $"The state function \"{chunk.State}.{chunk.Function}\" is currently disabled by \"{disabled}\", to re-enable, run state.enable {disabled}."));
                return;
            }
        }
        if (!chunk.Data.Has("prerequired")) _active.Add(chunk.Tag);
        var status = await StatusAsync(chunk, isTrial).ConfigureAwait(false);
        switch (status)
        {
            case Unmet: await RunUnmetAsync(chunk, isTrial).ConfigureAwait(false); break;
            case Met: await CallAsync(chunk, isTrial).ConfigureAwait(false); break;
            case Failed: FailByRequisite(chunk); break;
            case Changed when !isTrial: await WatchAsync(chunk).ConfigureAwait(false); break;
            case NoPrereq: Set(chunk, NotRun(chunk, true, "No changes detected")); break;
            case NoFailure: Set(chunk, NotRun(chunk, true, "State was not run because onfail req did not change").With("__state_ran__", false)); break;
            case NoChange: Set(chunk, NotRun(chunk, true, "State was not run because none of the onchanges reqs changed").With("__state_ran__", false)); break;
            default: await CallAsync(chunk, isTrial).ConfigureAwait(false); break;
        }
    }

    private async Task<RequisiteStatus> StatusAsync(LowChunk chunk, bool isTrial)
    {
        foreach (var other in _requisites.Of(chunk).SelectMany(r => r.Chunks)) await SettleAsync(other.Tag).ConfigureAwait(false);
        return _requisites.Status(chunk, isTrial, _results, _trials);
    }

    // First those that it leans on, then itself.
    private async Task RunUnmetAsync(LowChunk chunk, bool isTrial)
    {
        if (_requisites.Lost(chunk) is { Length: > 0 } lost)
        {
            var result = NotRun(chunk, false, lost);
            if (isTrial) _trials[chunk.Tag] = result;
            else Set(chunk, result);
            return;
        }
        foreach (var other in _requisites.ToRun(chunk, isTrial))
        {
            if (_results.ContainsKey(other.Chunk.Tag) || _parallel.ContainsKey(other.Chunk.Tag)) continue;
            if (other.IsTrial)
            {
                if (!_trials.ContainsKey(other.Chunk.Tag)) await RunAsync(other.Chunk, isTrial: true).ConfigureAwait(false);
                continue;
            }
            if (_active.Contains(other.Chunk.Tag))
            {
                calls.Log?.Write(LogSeverity.Error, $"Recursive requisite found: {chunk.Tag}");
                Set(chunk, NotRun(chunk, false, "Recursive requisite found"));
                return;
            }
            await RunAsync(other.Chunk).ConfigureAwait(false);
            if (_isStopped || await StopsAsync(other.Chunk).ConfigureAwait(false))
            {
                _isStopped = true;
                return;
            }
        }
        if (_results.ContainsKey(chunk.Tag)) return;
        if (isTrial)
        {
            var trial = await calls.CallAsync(chunk, NextNumber, isTrial: true).ConfigureAwait(false);
            // Somebody whom it watches changed: it would change too.
            if (trial.MapOf("changes").Count == 0 && _requisites.Status(chunk, isTrial, _results, _trials) == Changed) trial = trial.With("changes", MapValue.Of(("watch", "watch"))).With("result", Value.Null);
            _number--;
            _trials[chunk.Tag] = trial;
            return;
        }
        // A second unmet look at the same requisites would go round for ever.
        if (await StatusAsync(chunk, isTrial).ConfigureAwait(false) == Unmet) Set(chunk, NotRun(chunk, false, "Recursive requisite found"));
        else await RunAsync(chunk).ConfigureAwait(false);
    }

    private async Task CallAsync(LowChunk chunk, bool isTrial)
    {
        if (isTrial)
        {
            _trials[chunk.Tag] = await calls.CallAsync(chunk, NextNumber, isTrial: true).ConfigureAwait(false);
            _number--;   // a trial is no result
            return;
        }
        if (chunk.Data.Get("parallel") is { IsTruthy: true } && !calls.IsTest)
        {
            var number = NextNumber();
            _parallel[chunk.Tag] = Task.Run(async () => (await calls.CallAsync(chunk, () => number).ConfigureAwait(false)).With("__parallel__", true), calls.Stopped);
            return;
        }
        Set(chunk, await calls.CallAsync(chunk, NextNumber).ConfigureAwait(false));
    }

    private async Task SettleAsync(string tag)
    {
        if (!_parallel.Remove(tag, out var running)) return;
        Set(chunks.First(c => c.Tag == tag), await running.ConfigureAwait(false));
    }

    private async Task WatchAsync(LowChunk chunk)
    {
        var result = await calls.CallAsync(chunk, NextNumber).ConfigureAwait(false);
        if (result.MapOf("changes").Count == 0 && result.Get("skip_watch") is not { IsTruthy: true })
            result = await calls.CallAsync(ModWatch(chunk, _requisites.Watched(chunk, _results)), NextNumber).ConfigureAwait(false);
        Set(chunk, result);
    }

    private static LowChunk ModWatch(LowChunk chunk, Value watched) => new(chunk.Data.With("sfun", chunk.Function).With("fun", "mod_watch").With("__reqs__", watched));

    private void FailByRequisite(LowChunk chunk)
    {
        if (_trials.TryGetValue(chunk.Tag, out var trial)) Set(chunk, trial.With("__run_num__", NextNumber()).With("__sls__", chunk.Sls).With("changes", MapValue.Empty));
        else
        {
            var failed = _requisites.Of(chunk).SelectMany(r => r.Chunks)
                .Where(c => (_trials.GetValueOrDefault(c.Tag) ?? _results.GetValueOrDefault(c.Tag))?.Get("result") is BoolValue { IsTrue: false }).Select(c => $"{c.Sls}.{c.Id}").Distinct();
            Set(chunk, NotRun(chunk, false, $"One or more requisite failed: {string.Join(", ", failed)}"));
        }
        _trials[chunk.Tag] = _results[chunk.Tag];
    }

    private string? DisabledBy(LowChunk chunk) => options.DisabledStates.FirstOrDefault(d => d == chunk.State || d == $"{chunk.State}.*" || d == $"{chunk.State}.{chunk.Function}");

    private MapValue NotRun(LowChunk chunk, bool? result, string comment) => StateCalls.Timed(
        MapValue.Of(("changes", MapValue.Empty), ("result", result is { } known ? known : Value.Null), ("comment", comment), ("__run_num__", NextNumber()), ("__sls__", chunk.Sls), ("__id__", chunk.Data.Get("__id__") ?? Value.Null), ("name", chunk.Name)),
        options.Clock.GetLocalNow(), TimeSpan.Zero);

    private void Set(LowChunk chunk, MapValue result)
    {
        _results[chunk.Tag] = result;
        _active.Remove(chunk.Tag);
        options.Progress?.Invoke(chunk, result);
        Fire(chunk, result);
    }

    private void Fire(LowChunk chunk, MapValue result)
    {
        if (calls.Events is not { } events || options.Jid is not { } jid) return;
        if (calls.Options.Get("state_events") is { IsTruthy: true } || options.StateEvents)
            Send(events, $"salt/job/{jid}/prog/{options.MinionId}/{result.Get("__run_num__")}", MapValue.Of(("ret", result), ("len", chunks.Length)));
        if (chunk.Data.Get("fire_event") is { IsTruthy: true } wanted)
            Send(events, $"salt/state_result/{jid}/{options.MinionId}/{(wanted is TextValue tag ? tag.Text : chunk.Name)}", MapValue.Of(("ret", result)));
    }

    // An event that the master does not take is no reason to fail a state.
    private void Send(IEventSender events, string tag, MapValue data) => _ = events.FireMasterAsync(new SaltEvent(tag, data), calls.Stopped).ContinueWith(
        t => calls.Log?.Write(LogSeverity.Warning, $"the event {tag} was not taken: {t.Exception!.InnerException!.Message}"), default, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);

    // One that failed and is to stop the others. In test mode nobody does.
    private async Task<bool> StopsAsync(LowChunk chunk)
    {
        if (calls.IsTest || chunk.Data.Get("failhard") is not { IsTruthy: true } && calls.Options.Get("failhard") is not { IsTruthy: true }) return false;
        await SettleAsync(chunk.Tag).ConfigureAwait(false);
        return _results.GetValueOrDefault(chunk.Tag)?.Get("result") is BoolValue { IsTrue: false };
    }

    private async Task ListenAsync()
    {
        var wanted = Listeners.Of(chunks).ToList();
        foreach (var (listener, references) in wanted)
        {
            var heard = new List<LowChunk>();
            foreach (var (module, name) in references)
            {
                var found = chunks.Where(c => RequisiteReader.Fits(c, module, name)).ToList();
                if (found.Count == 0)
                {
                    var text = name.ToString();
                    _results[$"Listen_Error_|-listen_{text}_|-listen_{module}_|-Listen_Error"] = MapValue.Of(("comment", $"Referenced state {module}: {text} does not exist"),
                        ("name", $"listen_{module}:{text}"), ("result", false), ("changes", MapValue.Empty), ("__run_num__", NextNumber()));
                }
                heard.AddRange(found.Where(c => _results.GetValueOrDefault(c.Tag) is { } r && r.Get("changes") is { IsTruthy: true }));
            }
            if (heard.Count == 0) continue;
            var chunk = ModWatch(new LowChunk(listener.Data.With("__id__", $"listener_{listener.Id}")), _requisites.Heard(heard));
            foreach (var requisite in Requisites.All.Concat(Requisites.In).Append("listen_in")) chunk = new LowChunk(chunk.Data.Without(requisite));
            if (!_results.ContainsKey(chunk.Tag)) Set(chunk, await calls.CallAsync(chunk, NextNumber).ConfigureAwait(false));
        }
    }
}

/// <summary>What a run has to know beside its chunks.</summary>
public sealed record RunOptions
{
    public required string MinionId { get; init; }
    public string? Jid { get; init; }
    public TimeProvider Clock { get; init; } = TimeProvider.System;
    public bool StateEvents { get; init; }
    public ImmutableHashSet<string> DisabledRequisites { get; init; } = [];
    /// <summary>State functions that are not to be run: <c>file.managed</c>, <c>file.*</c> or <c>file</c>.</summary>
    public ImmutableHashSet<string> DisabledStates { get; init; } = [];
    /// <summary>Asked before each state of the list: it may wait; false ends the run.</summary>
    public Func<LowChunk, Task<bool>>? Before { get; init; }
    /// <summary>Told of each result as it comes.</summary>
    public Action<LowChunk, MapValue>? Progress { get; init; }
}
