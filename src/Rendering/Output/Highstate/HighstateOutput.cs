using SaltActors.Core.Values;

namespace SaltActors.Rendering.Output.Highstate;

/// <summary>The results of states, a block or a line each, with a summary a minion: salt/output/highstate.py.</summary>
/// <remarks>
/// Options: <c>state_output</c> (full, terse, mixed, changes, filter, each with <c>_id</c>), <c>state_verbose</c>, <c>state_output_diff</c>,
/// <c>state_output_profile</c>, <c>state_output_pct</c>, <c>state_output_exclude</c>, <c>state_output_terse</c>, <c>state_tabular</c>,
/// <c>state_compress_ids</c>; with <c>filter</c> also <c>exclude</c> and <c>terse</c> among the keywords in <c>arg</c>.
/// </remarks>
internal static class HighstateOutput
{
    internal static string Show(Value data, OutputSettings settings) => Show(data, settings, level: 1);

    private static string Show(Value data, OutputSettings settings, int level)
    {
        // An orchestration comes as {data: …, outputter: …, retcode: …}, a job that is looked up as {return: …}.
        foreach (var envelope in (ReadOnlySpan<string>)["data", "return", "data"])
            if (data is MapValue map && map.Get(envelope) is { } inner) data = inner;
        if (data is not MapValue minions) throw new OutputterRefused($"highstate: minions with their states are needed, found a {data.KindName}");
        if (settings.Flag("state_compress_ids", false)) minions = HighstateCompression.Compress(minions);
        return string.Join('\n', minions.Select(e => new Minion(PythonText.Str(e.Key), settings, level).Show(e.Value).Text));
    }

    /// <summary>What one minion returned, on its way into lines.</summary>
    private sealed class Minion(string id, OutputSettings settings, int level)
    {
        private readonly OutputColours _colours = settings.Colours;
        private readonly HighstateMode _mode = HighstateMode.From(settings.Options);
        private readonly List<string> _lines = [];
        private string _colour = settings.Colours.Green;

        /// <summary>The text, and whether anything changed there.</summary>
        internal (string Text, bool Changed) Show(Value data)
        {
            var changed = true;
            switch (data)
            {
                case IntegerValue or BoolValue:
                    _lines.Add($"{_colour}    {data}{_colours.End}");
                    _colour = _colours.Cyan;
                    break;
                case TextValue text:
                    foreach (var line in PythonLines.Split(text.Text)) _lines.Add($"{_colour}    {line}{_colours.End}");
                    _colour = _colours.Cyan;
                    break;
                case ListValue errors:
                    _colour = _colours.LightRed;
                    _lines.Add($"    {_colour}Data failed to compile:{_colours.End}");
                    foreach (var error in errors) _lines.Add($"{_colour}----------\n    {settings.Shown(PythonText.Str(error))}{_colours.End}");
                    changed = false;
                    break;
                case MapValue states:
                    changed = AddStates(states);
                    break;
                default:
                    changed = false;
                    break;
            }
            _lines.Insert(0, $"{_colour}{settings.Shown(id)}:{_colours.End}");
            return (string.Join('\n', _lines), changed);
        }

        private bool AddStates(MapValue states)
        {
            foreach (var (name, value) in states)
                if (value is MapValue { Count: > 0 } result && !result.Has("__run_num__") && name.AsText() != "changes")
                    _lines.InsertRange(0,
                    [
                        "The State execution failed to record the order in which all states were executed. The state return missing data is:",
                        PrettyPrint.Format(result),
                    ]);
            var counts = new HighstateCounts();
            foreach (var state in StateResult.InOrder(states))
            {
                counts.Count(state);
                var (changed, text) = Changes(state);
                if (changed) counts.Changed += state.CompressedChanges;
                if (state.Result.IsTruthy && !changed && _mode.HidesClean) continue;
                AddState(state, changed, text, counts);
            }
            _lines.AddRange(counts.Summary(id, _mode, _colours));
            return counts.Changed > 0;
        }

        private void AddState(StateResult state, bool changed, string changes, HighstateCounts counts)
        {
            var colour = changed ? _colours.Cyan : _colours.Green;
            if (state.Failed) colour = _colour = _colours.Red;
            if (state.Result.IsNull) colour = _colour = _colours.LightYellow;
            var name = _mode.NamesById ? state.Id : state.Name;
            switch (_mode.FormOf(state, changed))
            {
                case HighstateForm.Hidden: return;
                case HighstateForm.Terse:
                    _lines.Add(HighstateTerse.Line(state, name, colour, _mode, _colours));
                    return;
            }
            _lines.Add($"{colour}----------{_colours.End}");
            Field("      ID", state.Id);
            Field("Function", $"{state.Module}.{state.Function}");
            if (name != state.Id) Field("    Name", name);
            Field("  Result", PythonText.Str(state.Result));
            Field(" Comment", state.Comment);
            if (_mode.ShowsTimes && state.Started is not null)
            {
                Field(" Started", state.Started);
                Field("Duration", state.Duration is { } duration ? $"{duration} ms" : "");
            }
            _lines.Add($"{colour}     Changes:   {changes}{_colours.End}");
            if (state.Warnings is not { } warnings) return;
            counts.Warnings++;
            _lines.Add($"   {_colours.LightRed} Warnings: {PythonLines.Fill(string.Join('\n', warnings), 80, new string(' ', 14)).TrimStart()}{_colours.End}");

            void Field(string label, string text) => _lines.Add($"    {colour}{label}: {text}{_colours.End}");
        }

        private (bool Changed, string Text) Changes(StateResult state)
        {
            if (state.IsOrchestration && state.Changes is MapValue orchestration && orchestration.Get("return") is MapValue inner)
                return (true, Indented("\n" + HighstateOutput.Show(inner, settings, level + 1), 14 * level));
            if (!state.Changes.IsTruthy) return (false, "");
            if (state.Changes is not MapValue changes) return (true, $"Invalid Changes data: {state.Changes}");
            if (changes.Get("ret") is not { IsNull: false } returned || changes.TextOf("out") != "highstate")
                return (true, "\n" + Outputters.Render("nested", changes, settings with { Retcode = 0, NestedIndent = 14 }));
            if (returned is not MapValue minions) throw new OutputterRefused($"highstate: the returns of minions are needed in 'ret', found a {returned.KindName}");
            var text = "";
            var any = false;
            foreach (var (minion, data) in minions)
            {
                var (shown, changed) = new Minion(PythonText.Str(minion), settings, 1).Show(data);
                text += string.Concat(PythonLines.Split(shown).Select(line => "\n" + new string(' ', 14) + line));
                any |= changed;
            }
            return (any, text);
        }

        private static string Indented(string text, int columns) =>
            string.Join('\n', text.Split('\n').Select(line => new string(' ', columns) + line));
    }
}
