using System.ComponentModel;
using SaltActors.Core.Functions;
using SaltActors.Core.Values;

namespace SaltActors.Modules.Files.Editing;

/// <summary>The function of <c>file</c> that keeps one line where it is to be.</summary>
/// <remarks>Follows Salt 3006, salt/modules/file.py, line().</remarks>
public static class LineModule
{
    private static readonly string[] Modes = ["insert", "ensure", "delete", "replace"];

    /// <summary>Inserts, ensures, deletes or replaces a line of a file.</summary>
    /// <param name="path">The file; a symbolic link is followed.</param>
    /// <param name="content">The line.</param>
    /// <param name="match">A regular expression, or a part, of the line to delete or replace; the content as standard.</param>
    /// <param name="mode"><c>insert</c>, <c>ensure</c>, <c>delete</c> or <c>replace</c>.</param>
    /// <param name="location"><c>start</c> or <c>end</c>, for <c>insert</c>.</param>
    /// <param name="before">A regular expression, or a part, of the line that it stands before.</param>
    /// <param name="after">A regular expression, or a part, of the line that it stands after.</param>
    /// <param name="showChanges">Answer with the difference, not with true or false.</param>
    /// <param name="backup">Keep a copy of the old file: its ending.</param>
    /// <param name="quiet">A missing file is no error.</param>
    /// <param name="indent">Give the line the indentation of the one beside it.</param>
    /// <returns>The difference, or true or false.</returns>
    /// <example><code>salt '*' file.line /etc/nsswitch.conf "networks: files dns" after="hosts:.*?" mode='ensure'</code></example>
    [SaltFunction("file.line")]
    public static Value Line(
        CallContext context, string path, string? content = null, string? match = null, string? mode = null, string? location = null, string? before = null, string? after = null,
        bool showChanges = true, [DefaultValue(false)] Value? backup = null, bool quiet = false, bool indent = true)
    {
        path = FilePaths.Real(path);
        if (!UnixFile.IsFile(path)) return quiet ? false : throw new CommandFailed($"File \"{path}\" does not exists or is not a file.");
        var (text, encoding) = TextLines.ReadForEdit(path);
        var lines = TextLines.Split(text);
        var edited = Edited(lines, new Wish(content, match, mode, location, before, after, indent));
        var difference = UnifiedDiff.Of(lines, edited);
        if (difference.Length > 0 && !context.IsTest) TextLines.Replace(path, string.Concat(edited), encoding, ReplaceModule.BackupEnding(backup));
        return showChanges ? difference : difference.Length > 0;
    }

    /// <summary>What is wanted of a line.</summary>
    internal sealed record Wish(string? Content, string? Match, string? Mode, string? Location, string? Before, string? After, bool Indent);

    /// <exception cref="CommandFailed">The wish does not fit itself, or the file.</exception>
    internal static List<string> Edited(List<string> lines, Wish wish)
    {
        if (wish.Mode is not { } mode) throw new CommandFailed("Mode was not defined. How to process the file?");
        if (!Modes.Contains(mode)) throw new CommandFailed($"Unknown mode: \"{mode}\"");
        if (wish.Content is null && mode != "delete") throw new CommandFailed("Content can only be empty if mode is \"delete\"");
        var match = wish is { Before: null, After: null, Match: null or "" } ? wish.Content : wish.Match;
        var end = lines.FirstOrDefault() is { } first && first.EndsWith("\r\n", StringComparison.Ordinal) ? "\r\n" : "\n";
        return mode switch
        {
            "delete" => Deleted(lines, match),
            "replace" => Replaced(lines, match, wish, end),
            "insert" => Inserted(lines, wish, end),
            _ => Ensured(lines, wish, end),
        };
    }

    private static List<string> Deleted(List<string> lines, string? match) =>
        Find(lines, match) is [var first, ..] ? [.. lines.Where(l => Bare(l) != Bare(lines[first]))] : lines;

    private static List<string> Replaced(List<string> lines, string? match, Wish wish, string end) =>
        Find(lines, match) is not [var first, ..] ? lines : With(lines, first, 1, Indented(lines[first], wish.Content!, wish.Indent) + (lines[first].EndsWith('\n') ? end : ""));

    private static List<string> Inserted(List<string> lines, Wish wish, string end)
    {
        if (wish is { Location: null, Before: null, After: null }) throw new CommandFailed("On insert either \"location\" or \"before/after\" conditions are required.");
        if (wish.Before is not null || wish.After is not null)
        {
            var (before, after) = (Find(lines, wish.Before), Find(lines, wish.After));
            if (before.Count == 0 && after.Count == 0) throw new CommandFailed("Neither before or after was found in file");
            if (wish.Before is not null) Once(before, "before");
            if (wish.After is not null) Once(after, "after");
            if (wish.Before is not null) return Placed(lines, before[0], lines[before[0]], wish, end, neighbour: before[0] - 1);
            return Placed(lines, after[0] + 1, lines[after[0]], wish, end, neighbour: after[0] + 1);
        }
        return wish.Location switch
        {
            "start" => With(lines, 0, 0, wish.Content! + end),
            "end" => With(Ended(lines, end), lines.Count, 0, wish.Content! + (lines.Count > 0 && lines[^1].EndsWith('\n') ? end : "")),
            _ => throw new CommandFailed($"location: '{wish.Location}' is neither \"start\" nor \"end\""),
        };
    }

    private static List<string> Ensured(List<string> lines, Wish wish, string end)
    {
        var (before, after) = (Find(lines, wish.Before), Find(lines, wish.After));
        if (before.Count > 0 && after.Count > 0)
        {
            Once(before, "before");
            Once(after, "after");
            var between = before[0] - after[0] - 1;
            if (between > 1) throw new CommandFailed("Found more than one line between boundaries \"before\" and \"after\".");
            if (between < 0) throw new CommandFailed("The line of \"before\" stands above the line of \"after\".");
            if (between == 1 && Bare(lines[after[0] + 1]).Trim() == wish.Content!.Trim()) return lines;
            return With(Ended(lines, end), after[0] + 1, between, Indented(lines[after[0]], wish.Content!, wish.Indent) + end);
        }
        if (before.Count > 0)
        {
            Once(before, "before");
            return Placed(lines, before[0], lines[before[0]], wish, end, neighbour: before[0] - 1);
        }
        if (after.Count > 0)
        {
            Once(after, "after");
            return Placed(lines, after[0] + 1, lines[after[0]], wish, end, neighbour: after[0] + 1);
        }
        throw new CommandFailed("Wrong conditions? Unable to ensure line without knowing where to put it before and/or after.");
    }

    // A line that stands there already, however far it is indented, is not put there again.
    private static List<string> Placed(List<string> lines, int at, string beside, Wish wish, string end, int neighbour)
    {
        if (neighbour >= 0 && neighbour < lines.Count && Bare(lines[neighbour]).Trim() == wish.Content!.Trim()) return lines;
        var isLast = at == lines.Count && !lines[^1].EndsWith('\n');
        return With(Ended(lines, end), at, 0, Indented(beside, wish.Content!, wish.Indent) + (isLast ? "" : end));
    }

    private static List<string> With(List<string> lines, int at, int removed, string line) => [.. lines[..at], line, .. lines[(at + removed)..]];
    private static List<string> Ended(List<string> lines, string end) => lines.Count == 0 || lines[^1].EndsWith('\n') ? lines : [.. lines[..^1], lines[^1] + end];
    private static string Bare(string line) => line.TrimEnd('\r', '\n');

    private static string Indented(string beside, string content, bool indent) =>
        indent ? string.Concat(beside.TakeWhile(c => c is ' ' or '\t')) + content.TrimStart(' ', '\t') : content;

    // Places of lines that the expression finds, or that hold it as it is written.
    private static List<int> Find(List<string> lines, string? expression)
    {
        if (string.IsNullOrEmpty(expression)) return [];
        var regex = SearchPattern.Compile(expression, 16);
        return [.. Enumerable.Range(0, lines.Count).Where(i => regex.IsMatch(lines[i]) || lines[i].Contains(expression, StringComparison.Ordinal))];
    }

    private static void Once(List<int> found, string what)
    {
        if (found.Count != 1) throw new CommandFailed($"Found {(found.Count > 1 ? "more" : "less")} than expected occurrences in \"{what}\" expression");
    }
}
