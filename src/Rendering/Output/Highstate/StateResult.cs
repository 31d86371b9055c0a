using System.Collections.Immutable;
using System.Globalization;
using System.Text.RegularExpressions;
using SaltActors.Core.Values;

namespace SaltActors.Rendering.Output.Highstate;

/// <summary>What one state came to, read from its return.</summary>
internal sealed partial class StateResult
{
    private readonly MapValue _data;
    private readonly string[] _tag;

    private StateResult(string tag, MapValue data)
    {
        (_tag, _data) = (tag.Split("_|-"), data);
        if (_tag.Length < 4) throw new OutputterRefused($"highstate: a state is called module_|-id_|-name_|-function, found '{tag}'");
        Result = data.Get("result")!;
        Changes = data.Get("changes") ?? throw new OutputterRefused($"highstate: the state '{tag}' has no changes");
        Count = tag.Contains("_|-state_compressed_", StringComparison.Ordinal) && CountInId().Match(Id) is { Success: true } match
            ? int.Parse(match.Groups[1].ValueSpan, CultureInfo.InvariantCulture) : 1;
    }

    /// <summary>The maps that hold a result, in the order in which they ran.</summary>
    internal static IEnumerable<StateResult> InOrder(MapValue states) => states
        .Where(e => e.Value is MapValue data && data.Has("result"))
        .Select(e => new StateResult(PythonText.Str(e.Key), (MapValue)e.Value))
        .OrderBy(s => s._data.Get("__run_num__")?.AsNumber() ?? 0);

    internal string Module => _tag[0];
    internal string Id => _tag[1];
    internal string Name => _tag[2];
    internal string Function => _tag[3];
    internal Value Result { get; }
    internal bool Failed => Result is BoolValue { IsTrue: false };
    internal Value Changes { get; }
    /// <summary>How many states this one stands for.</summary>
    internal int Count { get; }
    internal int CompressedChanges =>
        Count > 1 && Changes is MapValue changes && changes.MapOf("compressed changes").Count is > 0 and var count ? count : 1;

    internal bool IsOrchestration => _data.TextOf("name") is "state.orch" or "state.orchestrate" or "state.sls";
    internal bool IsParallel => _data.Has("__parallel__");
    /// <summary>Null where the return says nothing of times.</summary>
    internal string? Started => _data.Get("start_time") is { } started ? PythonText.Str(started) : null;
    internal string? Duration => _data.Get("duration") is { } duration ? PythonText.Str(duration) : null;

    /// <summary>In milliseconds; 0 where it is missing or not a number.</summary>
    internal double Milliseconds => _data.Get("duration") switch
    {
        TextValue text => double.TryParse(text.Text.Split(" ms")[0], NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number : 0,
        { } duration => duration.AsNumber() ?? 0,
        null => 0,
    };

    /// <summary>Null where there are none; a single text counts as one warning.</summary>
    internal ImmutableArray<string>? Warnings => _data.Get("warnings") switch
    {
        null => null,
        ListValue list => [.. list.Items.Select(PythonText.Str)],
        { } text => [PythonText.Str(text)],
    };

    /// <summary>Lines after the first are moved below it.</summary>
    internal string Comment
    {
        get
        {
            var comment = PythonLines.Trim(PythonText.Str(_data.Get("comment") ?? throw new OutputterRefused($"highstate: the state '{Id}' has no comment")))
                .Replace("\n", "\n" + new string(' ', 14));
            return comment + _data.Get("data") switch
            {
                null => "",
                ListValue list => string.Concat(list.Items.Select(item => $" {item}")),
                MapValue map => string.Concat(map.Select(e => $"\n\t\t{e.Key}: {e.Value}")),
                { } data => $" {data}",
            };
        }
    }

    [GeneratedRegex(@"\(([0-9]+)\)\z")]
    private static partial Regex CountInId();
}
