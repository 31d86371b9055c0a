using System.Collections.Immutable;
using System.Diagnostics;
using System.Globalization;
using SaltActors.Core.Functions;
using SaltActors.Core.Values;
using SaltActors.States.Compiler;

namespace SaltActors.States.Run;

/// <summary>Calls one state function: guards before it, checks and tries after it. Whatever goes wrong is its result.</summary>
/// <remarks>Follows Salt 3006, salt/state.py, call() and call_chunk().</remarks>
public sealed class StateCalls
{
    private readonly CallContext _real, _test;
    private readonly Guards _guards;
    private readonly Slots _slots;
    private readonly bool _isTest;

    /// <param name="call">Its option <c>test</c> says whether states may change anything.</param>
    public StateCalls(CallContext call)
    {
        _isTest = call.Options.Get("test") is { IsTruthy: true };
        (_real, _test) = (With(call, _isTest), _isTest ? With(call, true) : With(call, true));
        (_guards, _slots) = (new Guards(_real), new Slots(_real));
    }

    public bool IsTest => _isTest;
    /// <summary>All that the run will call.</summary>
    public ImmutableArray<LowChunk> Chunks { get; set; } = [];
    public FunctionTable Functions => _real.Functions;
    public MapValue Options => _real.Options;
    public CancellationToken Stopped => _real.Stopped;
    public IEventSender? Events => _real.Services.Events;
    public IMessageLog? Log => _real.Services.Log;

    /// <param name="numbers">Gives the next number of a result; a repeated try takes one more.</param>
    /// <param name="isTrial">Call it in test mode, whatever the run is.</param>
    /// <exception cref="NamedError">An argument that the function does not know: nobody can say what was meant, the run ends.</exception>
    public async Task<MapValue> CallAsync(LowChunk chunk, Func<int> numbers, bool isTrial = false)
    {
        var (began, clock) = (_real.Clock.GetLocalNow(), Stopwatch.StartNew());
        var result = await TryAsync(chunk, isTrial).ConfigureAwait(false);
        if (chunk.Data.Get("retry") is { IsNull: false } retry && result.Get("__unknown__") is null) result = await Retries.RunAsync(retry, result, () => TryAsync(chunk, isTrial), IsTest, _real, numbers).ConfigureAwait(false);
        var isUnknown = result.Has("__unknown__");
        result = result.Without("__unknown__").With("__run_num__", numbers());
        if (isUnknown) return result;
        result = result.With("__sls__", chunk.Sls).With("__id__", chunk.Data.Get("__id__") ?? Value.Null);
        if (result.Get("name") is null) result = result.With("name", chunk.Name);
        return Timed(result, began, clock.Elapsed);
    }

    /// <summary>When it began and how long it took, as Salt tells it: local time of day, and milliseconds.</summary>
    public static MapValue Timed(MapValue result, DateTimeOffset began, TimeSpan took) => result
        .With("start_time", began.ToString("HH:mm:ss.ffffff", CultureInfo.InvariantCulture)).With("duration", Math.Round(took.TotalMilliseconds, 3));

    private async Task<MapValue> TryAsync(LowChunk chunk, bool isTrial)
    {
        var name = $"{chunk.State}.{chunk.Function}";
        if (Functions.Find(FunctionKind.State, name) is not { } function)
            return MapValue.Of(("result", false), ("name", chunk.Name), ("changes", MapValue.Empty), ("comment", $"State '{name}' was not found in SLS '{chunk.Sls}'\nReason: '{name}' is not available.\n"), ("__unknown__", true));
        try
        {
            if (await _guards.SkipAsync(chunk, function).ConfigureAwait(false) is { } skipped) return skipped;
            var data = await _slots.FillAsync(chunk.Data).ConfigureAwait(false);
            var arguments = Arguments(function, data, name);
            if (Missing(function, arguments) is { } missing) return StateResult.Failed(chunk.Name, $"Missing parameter {missing} for state {name}");
            var made = await function.Body((isTrial ? _test : _real).ForInnerCalls(), BoundArguments.Bind(function, new CallArguments([], arguments))).ConfigureAwait(false);
            var result = Checked(made, chunk, name);
            return data.TryGet("check_cmd", out var check) && !function.Parameters.Any(p => p.Name == "check_cmd") ? await _guards.CheckAsync(check, data, result).ConfigureAwait(false) : result;
        }
        catch (CommandFailed failed)
        {
            return StateResult.Failed(chunk.Name, failed.Message);
        }
        catch (Exception cause) when (cause is not (NamedError { Kind: "SaltInvocationError" } or StateDataBroken) && !(cause is OperationCanceledException && Stopped.IsCancellationRequested))
        {
            // Whatever a state throws is its own failure: the others go on.
            var kind = cause is NamedError named ? named.Kind : cause.GetType().Name;
            Log?.Write(LogSeverity.Error, $"state {chunk.Id} ({name}) broke: {cause}");
            return StateResult.Failed(chunk.Name, $"An exception occurred in this state: Traceback (most recent call last):\n{cause.StackTrace}\n{kind}: {cause.Message}\n");
        }
    }

    private static MapValue Checked(Value made, LowChunk chunk, string function)
    {
        if (made is not MapValue result) throw new NamedError("SaltException", $"Malformed state return, return must be a dict: {function} gave a {made.KindName}");
        foreach (var key in new[] { "name", "result", "changes", "comment" })
            if (!result.Has(key)) throw new NamedError("SaltException", $"The following keys were not present in the state return: {key} ({function}, {chunk.Id})");
        return result.Get("comment") is ListValue lines ? result.With("comment", string.Join('\n', lines)) : result;
    }

    // What the function declares it gets; what belongs to every state it does not.
    private MapValue Arguments(FunctionSpec function, MapValue data, string name)
    {
        var arguments = new MapValue.Builder();
        var unknown = new List<string>();
        foreach (var (key, value) in data)
        {
            var argument = key.ToString();
            if (function.Parameters.Any(p => p.Kind == ParameterKind.Named && p.Name == argument)) arguments[key] = argument == "require" ? Names(value) : value;
            else if (function.TakesKeywords && (argument is "__env__" or "__sls__" or "__id__" or "__reqs__" or "sfun" || !Requisites.Internal.Contains(argument))) arguments[key] = value;
            else if (!Requisites.Internal.Contains(argument) && argument is not ("name" or "state")) unknown.Add(argument);
        }
        if (unknown.Count == 1) throw new NamedError("SaltInvocationError", $"'{unknown[0]}' is an invalid keyword argument for '{name}'");
        if (unknown.Count > 1) throw new NamedError("SaltInvocationError", $"{string.Join(", ", unknown.SkipLast(1).Select(u => $"'{u}'"))} and '{unknown[^1]}' are invalid keyword arguments for '{name}'");
        return arguments.Build();
    }

    // A function that asks whom it needs gets them by their names: an id may stand for several, an sls for many.
    private ListValue Names(Value require) => ListValue.From((require as ListValue ?? ListValue.Empty).OfType<MapValue>().SelectMany(r => r)
        .SelectMany(r => Chunks.Where(c => r.Key.ToString() == "sls" ? c.Sls == r.Value.ToString() : RequisiteReader.Fits(c, r.Key.ToString(), r.Value))).Select(Value (c) => MapValue.Of((c.State, c.Name))));

    private static string? Missing(FunctionSpec function, MapValue arguments) =>
        function.Parameters.FirstOrDefault(p => p.Kind == ParameterKind.Named && p.Default is null && !arguments.Has(p.Name))?.Name;

    private static CallContext With(CallContext call, bool isTest) => new()
    {
        Functions = call.Functions,
        Options = call.Options.With("test", isTest),
        Grains = call.GrainsLater is null ? call.Grains : MapValue.Empty,
        GrainsLater = call.GrainsLater,
        Pillar = call.Pillar,
        Clock = call.Clock,
        Stopped = call.Stopped,
        Services = call.Services,
        Memory = call.Memory,
    };
}
