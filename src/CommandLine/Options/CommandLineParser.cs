using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using SaltActors.Core.Identity;
using SaltActors.Core.Values;

namespace SaltActors.CommandLine.Options;

/// <summary>A command line that could be read.</summary>
/// <param name="Options">Every option of the program under its name, defaults filled in.</param>
/// <param name="Typed">The names that were really given.</param>
public sealed record ParsedCommandLine(string Program, MapValue Options, ImmutableHashSet<string> Typed, ImmutableArray<string> Positionals)
{
    public bool Flag(string name) => Options.Get(name) is { IsTruthy: true };
    public string? Text(string name) => Options.Get(name) is { IsNull: false } value ? value.ToString() : null;
}

/// <summary>The program ends here: what it prints, and its exit status.</summary>
public sealed record CommandLineStop(int ExitCode, string Stdout, string Stderr)
{
    public const int Usage = 64, Incomplete = 42;
}

/// <summary>Reads options as Python's optparse does, which Salt's programs are written with.</summary>
/// <remarks>Options and arguments in any order, <c>--</c> ends options, unique beginnings of long names are enough, short flags may be bundled.</remarks>
public static class CommandLineParser
{
    private static readonly string[] Programs = ["salt", "salt-call", "salt-key", "salt-run", "salt-master", "salt-minion"];

    public static bool IsKnown(string program) => Programs.Contains(program);

    /// <summary>False where the program is to end instead.</summary>
    /// <param name="stdin">Read only with <c>--args-stdin</c>.</param>
    public static bool TryParse(string program, IReadOnlyList<string> args, TextReader stdin, [NotNullWhen(true)] out ParsedCommandLine? parsed, [NotNullWhen(false)] out CommandLineStop? stop)
    {
        var table = OptionTables.Of(program) ?? throw new ArgumentException($"there is no program called '{program}'");
        (parsed, stop) = (null, null);
        try
        {
            var reading = new Reading(table);
            reading.Read(args);
            if (reading.IsSet("args_stdin")) reading.Read([.. Lines(stdin)]);
            parsed = reading.Result();
            stop = Exclusive(table, parsed);
            if (stop is not null) parsed = null;
        }
        catch (Stopped stopped)
        {
            stop = stopped.Stop;
        }
        return parsed is not null;
    }

    /// <summary>The error of a program: its usage, and what is wrong.</summary>
    public static CommandLineStop Error(string program, string message) => Error(OptionTables.Of(program)!, message);

    /// <summary>The help text of a program.</summary>
    public static string Help(string program) => HelpText.Of(OptionTables.Of(program)!);

    private static CommandLineStop Error(OptionTable table, string message) => new(CommandLineStop.Usage, "", $"{table.UsageLine}\n{table.Program}: error: {message}\n");

    private static IEnumerable<string> Lines(TextReader stdin)
    {
        while (stdin.ReadLine() is { } line) yield return line;
    }

    // Of the kinds of target only one may be meant.
    private static CommandLineStop? Exclusive(OptionTable table, ParsedCommandLine parsed)
    {
        var given = table.Options.Where(o => o.Group == "Target Options" && o.Dest != "list_hosts" && parsed.Flag(o.Dest)).ToList();
        return given.Count < 2 ? null
            : Error(table, $"The options {string.Join('/', given.Select(o => o.Long[0]))} are mutually exclusive. Please only choose one of them");
    }

    private sealed class Stopped(CommandLineStop stop) : Exception
    {
        public CommandLineStop Stop { get; } = stop;
    }

    private sealed class Reading(OptionTable table)
    {
        private readonly Dictionary<string, Value> _values = [];
        private readonly HashSet<string> _typed = [];
        private readonly List<string> _positionals = [];

        internal bool IsSet(string dest) => _values.TryGetValue(dest, out var value) && value.IsTruthy;

        internal void Read(IReadOnlyList<string> args)
        {
            var rest = new Queue<string>(args);
            while (rest.TryDequeue(out var arg))
            {
                if (arg == "--")
                {
                    _positionals.AddRange(rest);
                    return;
                }
                if (arg.StartsWith("--", StringComparison.Ordinal)) Long(arg, rest);
                else if (arg.Length > 1 && arg[0] == '-') Short(arg, rest);
                else _positionals.Add(arg);
            }
        }

        internal ParsedCommandLine Result()
        {
            var options = new MapValue.Builder(table.Options.Length);
            foreach (var option in table.Options)
                options[option.Dest] = _values.TryGetValue(option.Dest, out var value) ? value : option.Default ?? Value.Null;
            return new ParsedCommandLine(table.Program, options.Build(), [.. _typed], [.. _positionals]);
        }

        private void Long(string arg, Queue<string> rest)
        {
            var equals = arg.IndexOf('=');
            var name = equals < 0 ? arg : arg[..equals];
            var (option, full) = FindLong(name);
            if (!option.TakesValue)
            {
                if (equals >= 0) throw Fail($"{full} option does not take a value");
                Set(option, full, null);
            }
            else Set(option, full, equals >= 0 ? arg[(equals + 1)..] : Next(rest, full));
        }

        private void Short(string arg, Queue<string> rest)
        {
            for (var i = 1; i < arg.Length; i++)
            {
                var name = $"-{arg[i]}";
                var option = table.Options.FirstOrDefault(o => o.Short.Contains(name)) ?? throw Fail($"no such option: {name}");
                if (!option.TakesValue)
                {
                    Set(option, name, null);
                    continue;
                }
                Set(option, name, i + 1 < arg.Length ? arg[(i + 1)..] : Next(rest, name));
                return;
            }
        }

        private (OptionSpec Option, string Name) FindLong(string name)
        {
            var all = table.Options.SelectMany(o => o.Long.Select(l => (Option: o, Name: l))).ToList();
            if (all.FirstOrDefault(o => o.Name == name) is { Option: not null } exact) return exact;
            var near = all.Where(o => o.Name.StartsWith(name, StringComparison.Ordinal)).ToList();
            return near.Count switch
            {
                1 => near[0],
                0 => throw Fail($"no such option: {name}"),
                _ => throw Fail($"ambiguous option: {name} ({string.Join(", ", near.Select(o => o.Name).Order(StringComparer.Ordinal))}?)"),
            };
        }

        private string Next(Queue<string> rest, string name) => rest.TryDequeue(out var value) ? value : throw Fail($"{name} option requires 1 argument");

        private void Set(OptionSpec option, string name, string? text)
        {
            switch (option.Action)
            {
                case OptionAction.Help: throw new Stopped(new(0, HelpText.Of(table), ""));
                case OptionAction.Version: throw new Stopped(new(0, $"{table.Program} {SaltVersion.Text} ({SaltVersion.Product})\n", ""));
                case OptionAction.SetTrue: _values[option.Dest] = true; break;
                case OptionAction.SetFalse: _values[option.Dest] = false; break;
                case OptionAction.Append: _values[option.Dest] = (_values.GetValueOrDefault(option.Dest) as ListValue ?? ListValue.Empty).Add(text!); break;
                default: _values[option.Dest] = Read(option, name, text!); break;
            }
            if (option.Dest == "versions_report") throw new Stopped(new(0, VersionsReport.Text, ""));
            _typed.Add(option.Dest);
        }

        private Value Read(OptionSpec option, string name, string text) => option.Type switch
        {
            OptionType.Integer => Integer(text) is { } n ? n : throw Fail($"option {name}: invalid integer value: {PythonText.Repr(text)}"),
            OptionType.Number => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var f) ? f : throw Fail($"option {name}: invalid floating-point value: {PythonText.Repr(text)}"),
            OptionType.Choice when !option.Choices.Contains(text) =>
                throw Fail($"option {name}: invalid choice: {PythonText.Repr(text)} (choose from {string.Join(", ", option.Choices.Select(c => PythonText.Repr(c)))})"),
            _ => option.Dest == "no_parse" ? ListValue.OfTexts(text.Split(',').Select(n => n.Trim())) : text,
        };

        // optparse reads 0x1f and 0b11, too.
        private static long? Integer(string text)
        {
            var (sign, digits) = text.StartsWith('-') ? (-1, text[1..]) : (1, text);
            if (digits.StartsWith("0x", StringComparison.OrdinalIgnoreCase)) return long.TryParse(digits[2..], NumberStyles.HexNumber, CultureInfo.InvariantCulture, out var hex) ? sign * hex : null;
            return long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var n) ? sign * n : null;
        }

        private Stopped Fail(string message) => new(Error(table, message));
    }
}
