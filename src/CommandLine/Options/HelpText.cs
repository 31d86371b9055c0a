using System.Text;

namespace SaltActors.CommandLine.Options;

/// <summary>What <c>-h</c> prints: the usage, and a line for each option, in its groups.</summary>
internal static class HelpText
{
    private const int Column = 38;

    internal static string Of(OptionTable table)
    {
        var text = new StringBuilder(table.UsageLine).Append('\n');
        foreach (var group in table.Options.GroupBy(o => o.Group).OrderBy(g => g.Key is not null))
        {
            text.Append(group.Key is null ? "Options:\n" : $"\n  {group.Key}:\n");
            foreach (var option in group) Append(text, option, group.Key is null ? "  " : "    ");
        }
        return text.ToString();
    }

    private static void Append(StringBuilder text, OptionSpec option, string indent)
    {
        var value = option.TakesValue ? option.Metavar ?? option.Dest.ToUpperInvariant() : "";
        var names = option.Short.Select(s => value.Length > 0 ? $"{s} {value}" : s).Concat(option.Long.Select(l => value.Length > 0 ? $"{l}={value}" : l));
        var head = indent + string.Join(", ", names);
        text.Append(head.Length < Column - 1 ? head.PadRight(Column) : head + "\n" + new string(' ', Column)).Append(option.Help).Append('\n');
    }
}
