using System.Globalization;
using SaltActors.Core.Values;

namespace SaltActors.Rendering.Output.Highstate;

/// <summary>Rolls states of one id, file, module and result that differ in their name alone into one (<c>state_compress_ids</c>).</summary>
internal static class HighstateCompression
{
    internal static MapValue Compress(MapValue minions)
    {
        var compressed = new MapValue.Builder(minions.Count) { IsOrdered = minions.IsOrdered };
        foreach (var (id, states) in minions)
        {
            // As in Salt, one return that lacks its id or file leaves all as they are.
            if (states is not MapValue map || map.Values.Any(s => s is not MapValue state || !state.Has("__id__") || !state.Has("__sls__") || !state.Has("result")))
                return minions;
            compressed[id] = States(map);
        }
        return compressed.Build();
    }

    private static MapValue States(MapValue states)
    {
        var sizes = states.GroupBy(GroupOf).ToDictionary(g => g.Key, g => g.Count());
        var compressed = new MapValue.Builder(states.Count);
        foreach (var entry in states)
        {
            var state = (MapValue)entry.Value;
            var size = sizes[GroupOf(entry)];
            if (size == 1)
            {
                compressed[entry.Key] = state;
                continue;
            }
            var tag = PythonText.Str(entry.Key).Split("_|-");
            Value key = string.Create(CultureInfo.InvariantCulture,
                $"{tag[0]}_|-{state.Get("__id__")} ({size})_|-state_compressed_{state.Get("__sls__")}_{state.Get("__id__")}_{state.Get("result")}_|-{tag[^1]}");
            var changes = state.Get("changes") is { IsTruthy: true } changed
                ? MapValue.Empty.With(state.Get("name") ?? tag[^2], changed) : MapValue.Empty;
            compressed[key] = compressed.Get(key) is MapValue first ? Add(first, state, changes)
                : state.With("changes", changes.Count > 0 ? MapValue.Of(("compressed changes", changes)) : MapValue.Empty);
        }
        return compressed.Build();
    }

    // Keeps the first state's start and adds the duration, the changes by name, and a comment that differs.
    private static MapValue Add(MapValue first, MapValue next, MapValue changes)
    {
        var comment = PythonText.Str(first.Get("comment") ?? "");
        var nextComment = PythonText.Str(next.Get("comment") ?? "");
        if (!comment.Split('\n').Contains(nextComment)) first = first.With("comment", comment + "\n" + nextComment);
        if (first.Get("duration")?.AsNumber() is { } sum && next.Get("duration")?.AsNumber() is { } more)
            first = first.With("duration", Math.Round(sum + more, 3));
        if (changes.Count > 0)
            first = first.With("changes", MapValue.Of(("compressed changes", first.MapOf("changes").MapOf("compressed changes").Over(changes))));
        return first;
    }

    private static string GroupOf(KeyValuePair<Value, Value> entry)
    {
        var state = (MapValue)entry.Value;
        return $"{PythonText.Str(entry.Key).Split("_|-")[0]}_{state.Get("__id__")}_{state.Get("__sls__")}_{state.Get("result")}";
    }
}
