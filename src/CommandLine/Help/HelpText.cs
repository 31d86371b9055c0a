using System.Text;
using SaltActors.CommandLine.Options;
using SaltActors.Core.Identity;
using SaltActors.Rendering.Output;

namespace SaltActors.CommandLine.Help;

/// <summary>What <c>-h</c> and <c>--version</c> print, in optparse's layout.</summary>
public static class HelpText
{
    private const int Width = 78;
    private const int HelpColumn = 24;

    /// <summary>One line with its line feed.</summary>
    public static string Usage(CommandProgram program) => $"Usage: {program.Name} {program.Usage}\n";

    /// <summary>As <c>salt 3006.0 (SaltActors 0.1.0)</c>, without a line feed.</summary>
    public static string Version(CommandProgram program) => $"{program.Name} {SaltVersion.Text} ({SaltVersion.Product})";

    public static string Full(CommandProgram program)
    {
        var text = new StringBuilder(Usage(program)).Append('\n').Append(PythonLines.Fill(program.Description, Width, "")).Append("\n\nOptions:\n");
        foreach (var option in program.Options.Where(o => o.Group is null)) Append(text, option, indent: 2);
        // A group keeps its first place, also where its options stand apart in the table.
        foreach (var group in program.Options.Where(o => o.Group is not null).GroupBy(o => o.Group))
        {
            text.Append("\n  ").Append(group.Key).Append(":\n");
            foreach (var option in group) Append(text, option, indent: 4);
        }
        return text.ToString();
    }

    private static void Append(StringBuilder text, CommandOption option, int indent)
    {
        var names = new string(' ', indent) + string.Join(", ", option.Spellings.Select(n => Named(option, n)));
        text.Append(names);
        if (names.Length > HelpColumn - 2) text.Append('\n').Append(' ', HelpColumn);
        else text.Append(' ', HelpColumn - names.Length);
        text.Append(PythonLines.Fill(option.Help, Width, new string(' ', HelpColumn)).TrimStart()).Append('\n');
    }

    private static string Named(CommandOption option, string name)
    {
        if (!option.TakesText) return name;
        var metavar = option.Metavar ?? option.Destination!.ToUpperInvariant();
        return name.StartsWith("--", StringComparison.Ordinal) ? $"{name}={metavar}" : $"{name} {metavar}";
    }
}
