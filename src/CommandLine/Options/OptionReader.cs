using System.Collections.Immutable;
using SaltActors.CommandLine.Help;
using SaltActors.Core.Values;

namespace SaltActors.CommandLine.Options;

/// <summary>Reads arguments by a program's table, as Python's optparse does: options and positionals mixed, long names shortened, short flags bundled.</summary>
/// <remarks>Rules and messages follow CPython 3.11, Lib/optparse.py.</remarks>
internal sealed class OptionReader
{
    private readonly CommandProgram _program;
    private readonly Dictionary<string, CommandOption> _byName;
    private readonly ImmutableArray<string>.Builder _positionals = ImmutableArray.CreateBuilder<string>();
    private readonly List<string> _typed = [];

    internal OptionReader(CommandProgram program)
    {
        _program = program;
        _byName = program.Options.SelectMany(o => o.Spellings.Select(n => (n, o))).ToDictionary(e => e.n, e => e.o, StringComparer.Ordinal);
    }

    internal Dictionary<string, Value> Values { get; } = new(StringComparer.Ordinal);
    internal IReadOnlyList<string> Typed => _typed;
    internal ImmutableArray<string> Positionals => _positionals.ToImmutable();

    /// <exception cref="CommandLineStopped">Something is wrong, or the help or the version is asked for.</exception>
    internal void Read(IEnumerable<string> arguments)
    {
        var rest = new LinkedList<string>(arguments);
        while (rest.First is { Value: var argument })
        {
            rest.RemoveFirst();
            if (argument == "--")
            {
                _positionals.AddRange(rest);
                return;
            }
            if (argument.StartsWith("--", StringComparison.Ordinal)) Long(argument, rest);
            else if (argument.Length > 1 && argument[0] == '-') Short(argument, rest);
            else _positionals.Add(argument);
        }
    }

    private void Long(string argument, LinkedList<string> rest)
    {
        var equals = argument.IndexOf('=');
        var name = Complete(equals < 0 ? argument : argument[..equals]);
        var option = _byName[name];
        if (equals >= 0)
        {
            if (!option.TakesText) throw Refused($"{name} option does not take a value");
            rest.AddFirst(argument[(equals + 1)..]);
        }
        Act(option, name, rest);
    }

    private string Complete(string name)
    {
        if (_byName.ContainsKey(name)) return name;
        var possible = _byName.Keys.Where(n => n.StartsWith(name, StringComparison.Ordinal)).Order(StringComparer.Ordinal).ToArray();
        return possible.Length switch
        {
            0 => throw Refused($"no such option: {name}"),
            1 => possible[0],
            _ => throw Refused($"ambiguous option: {name} ({string.Join(", ", possible)}?)"),
        };
    }

    private void Short(string argument, LinkedList<string> rest)
    {
        for (var i = 1; i < argument.Length; i++)
        {
            var name = $"-{argument[i]}";
            if (!_byName.TryGetValue(name, out var option)) throw Refused($"no such option: {name}");
            // What is left behind an option that takes text is its text: -t5.
            var takesRest = option.TakesText && i + 1 < argument.Length;
            if (takesRest) rest.AddFirst(argument[(i + 1)..]);
            Act(option, name, rest);
            if (takesRest) return;
        }
    }

    private void Act(CommandOption option, string name, LinkedList<string> rest)
    {
        switch (option.Action)
        {
            case OptionAction.Help: throw new CommandLineStopped(new(0, HelpText.Full(_program), ""));
            case OptionAction.Version: throw new CommandLineStopped(new(0, HelpText.Version(_program) + "\n", ""));
            case OptionAction.SetTrue: Set(option, true); break;
            case OptionAction.SetFalse: Set(option, false); break;
            case OptionAction.Store: Set(option, Texts(option, name, rest)); break;
            case OptionAction.Append:
                var before = Values.GetValueOrDefault(option.Destination!, option.Default) as ListValue ?? ListValue.Empty;
                Set(option, before.Add(Texts(option, name, rest)));
                break;
        }
    }

    private Value Texts(CommandOption option, string name, LinkedList<string> rest)
    {
        if (rest.Count < option.Values)
            throw Refused($"{name} option requires {option.Values} argument{(option.Values == 1 ? "" : "s")}");
        var values = new Value[option.Values];
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = Converted(option, name, rest.First!.Value);
            rest.RemoveFirst();
        }
        return values.Length == 1 ? values[0] : new ListValue([.. values], isTuple: true);
    }

    private Value Converted(CommandOption option, string name, string text)
    {
        switch (option.Kind)
        {
            case OptionKind.Integer:
                return OptionNumbers.Whole(text) ?? throw Refused($"option {name}: invalid integer value: {PythonText.Repr(text)}");
            case OptionKind.Float:
                return OptionNumbers.Float(text) ?? throw Refused($"option {name}: invalid floating-point value: {PythonText.Repr(text)}");
            case OptionKind.Choice when !option.Choices.Contains(text):
                var choices = string.Join(", ", option.Choices.Select(c => PythonText.Repr(c)));
                throw Refused($"option {name}: invalid choice: {PythonText.Repr(text)} (choose from {choices})");
            default:
                return text;
        }
    }

    private void Set(CommandOption option, Value value)
    {
        Values[option.Destination!] = value;
        _typed.Remove(option.Destination!);
        _typed.Add(option.Destination!);
    }

    private CommandLineStopped Refused(string message) => new(CommandLineStop.Error(_program, message));
}
