using SaltActors.CommandLine.Options;
using SaltActors.Core.Values;
using SaltActors.Rendering.Output;

namespace SaltActors.Hosts.Salt.Programs;

/// <summary>Prints results where they are to go, in the form that was asked for.</summary>
internal sealed class Printer
{
    private readonly ParsedCommandLine _parsed;
    private readonly OutputSettings _settings;
    private readonly string? _file;

    internal Printer(ParsedCommandLine parsed, HostConfiguration configuration)
    {
        _parsed = parsed;
        _file = parsed.Text("output_file");
        if (_file is not null && !parsed.Flag("output_file_append")) File.WriteAllText(_file, "");
        var isTerminal = !Console.IsOutputRedirected && _file is null;
        var noColour = configuration.Setting(parsed, "no_color") is { IsTruthy: true };
        _settings = new OutputSettings
        {
            HasColour = !noColour && (isTerminal || configuration.Setting(parsed, "force_color") is { IsTruthy: true }),
            Options = configuration.Options,
            ForTerminal = isTerminal,
        };
    }

    /// <summary>A line on the terminal that goes before anything is printed.</summary>
    internal StatusLine? Status { get; init; }

    /// <summary>True where the user, and not the function, says how results look.</summary>
    internal bool IsChosen => _parsed.Typed.Contains("output") || _settings.Options.TextOf("output") is { Length: > 0 };

    /// <param name="outputter">What the function asks for; the user's choice goes before it.</param>
    internal void Print(Value data, string? outputter, int retcode = 0)
    {
        var name = _settings.Options.TextOf("output") is { Length: > 0 } chosen ? chosen : outputter;
        if (name is not null && name.Length > 0 && !Outputters.IsKnown(name) && IsChosen) Console.Error.WriteLine($"[ERROR   ] Invalid outputter {name} specified, fall back to nested");
        var text = Outputters.Render(name, data, _settings with { Retcode = retcode });
        if (text.Length > 0) Line(text);
    }

    internal void Line(string text)
    {
        Status?.Erase();
        if (_file is null) Console.Out.WriteLine(text);
        else File.AppendAllText(_file, text + "\n");
    }
}
