using System.ComponentModel;
using SaltActors.Core.Functions;
using SaltActors.Core.Values;

namespace SaltActors.Modules.Files.Editing;

/// <summary>The function of <c>file</c> that keeps a block of text between two marks.</summary>
/// <remarks>Follows Salt 3006, salt/modules/file.py, blockreplace().</remarks>
public static class BlockModule
{
    /// <summary>Replaces what stands between two marks in a file. The marks stay.</summary>
    /// <param name="path">The file; a symbolic link is followed.</param>
    /// <param name="markerStart">Text of the line that begins the block; the line's end is kept.</param>
    /// <param name="markerEnd">Text of the line that ends the block.</param>
    /// <param name="content">The block.</param>
    /// <param name="appendIfNotFound">Append block and marks where the marks are not in the file.</param>
    /// <param name="prependIfNotFound">Put block and marks at the beginning where they are not in the file.</param>
    /// <param name="backup">The ending of the old file's copy; false for no copy.</param>
    /// <param name="dryRun">Only say what would change.</param>
    /// <param name="showChanges">Answer with the difference, not with true or false.</param>
    /// <param name="appendNewline">Put a line break between block and end mark: always (true), never (false), or where the block does not end in one (null).</param>
    /// <param name="insertBeforeMatch">Put block and marks before the first line that this pattern finds.</param>
    /// <param name="insertAfterMatch">Put block and marks after the first line that this pattern finds.</param>
    /// <returns>The difference, or true or false.</returns>
    /// <example><code>salt '*' file.blockreplace /etc/hosts '#-- start managed zone --' '#-- end managed zone --' $'10.0.1.1 foo' True</code></example>
    [SaltFunction("file.blockreplace")]
    public static Value BlockReplace(
        string path, string markerStart = "#-- start managed zone --", string markerEnd = "#-- end managed zone --", string content = "",
        bool appendIfNotFound = false, bool prependIfNotFound = false, [DefaultValue(".bak")] Value? backup = null, bool dryRun = false,
        bool showChanges = true, [DefaultValue(false)] Value? appendNewline = null, string? insertBeforeMatch = null, string? insertAfterMatch = null)
    {
        if ((appendIfNotFound ? 1 : 0) + (prependIfNotFound ? 1 : 0) + (insertBeforeMatch is null ? 0 : 1) + (insertAfterMatch is null ? 0 : 1) > 1)
            throw new NamedError("SaltInvocationError", "Only one of append_if_not_found, prepend_if_not_found, insert_before_match, and insert_after_match is permitted");
        path = FilePaths.Real(path);
        if (!UnixFile.IsFile(path)) throw new NamedError("SaltInvocationError", $"File not found: {path}");
        var (text, encoding) = TextLines.ReadForEdit(path);
        var before = TextLines.Split(text);
        var lineEnd = before.Count > 0 && before[0].EndsWith("\r\n", StringComparison.Ordinal) ? "\r\n" : "\n";
        var block = Block(content, lineEnd, appendNewline);
        var after = Within(before, markerStart, markerEnd, block)
            ?? Placed(before, [markerStart + lineEnd, .. block, markerEnd + lineEnd], lineEnd, appendIfNotFound, prependIfNotFound, insertBeforeMatch, insertAfterMatch);
        // A last line of the block without an end stands on one line with the mark.
        var difference = UnifiedDiff.Of(before, TextLines.Split(string.Concat(after)));
        var hasChanged = difference.Length > 0;
        if (hasChanged && !dryRun) TextLines.Replace(path, string.Concat(after), encoding, ReplaceModule.BackupEnding(backup));
        return showChanges ? difference : hasChanged;
    }

    private static List<string> Block(string content, string lineEnd, Value? appendNewline)
    {
        var lines = TextLines.Split(content).ConvertAll(l => l.TrimEnd('\r', '\n') is var bare && bare.Length < l.Length ? bare + lineEnd : l);
        if (appendNewline is null or NullValue)
        {
            if (lines.Count == 0) lines.Add(lineEnd);
            else if (!lines[^1].EndsWith('\n')) lines[^1] += lineEnd;
        }
        else if (appendNewline.IsTruthy)
        {
            if (lines.Count > 0 && !lines[^1].EndsWith('\n')) lines[^1] += lineEnd;
            else lines.Add(lineEnd);
        }
        return lines;
    }

    // Null where the marks are not in the file.
    private static List<string>? Within(List<string> lines, string start, string end, List<string> block)
    {
        var after = new List<string>();
        var (isInside, isFound) = (false, false);
        foreach (var line in lines)
        {
            if (!isInside && line.Contains(start, StringComparison.Ordinal))
            {
                isInside = true;
                after.Add(line);
            }
            if (!isInside)
            {
                after.Add(line);
                continue;
            }
            if (!line.Contains(end, StringComparison.Ordinal)) continue;
            (isInside, isFound) = (false, true);
            after.AddRange(block);
            // What stood before the mark on its line was the end of the old block.
            after.Add(line[line.IndexOf(end, StringComparison.Ordinal)..]);
        }
        return isInside ? throw new CommandFailed("Unterminated marked block. End of file reached before marker_end.") : isFound ? after : null;
    }

    private static List<string> Placed(
        List<string> lines, List<string> marked, string lineEnd, bool append, bool prepend, string? beforeMatch, string? afterMatch)
    {
        if (prepend) return [.. marked, .. lines];
        if (append)
        {
            var all = new List<string>(lines);
            if (all.Count > 0 && !all[^1].EndsWith('\n')) all[^1] += lineEnd;
            return [.. all, .. marked];
        }
        if ((beforeMatch ?? afterMatch) is not { } match) throw new CommandFailed("Cannot edit marked block. Markers were not found in file.");
        var regex = SearchPattern.Compile(match);
        var at = lines.FindIndex(regex.IsMatch);
        if (at < 0) throw new CommandFailed("Cannot edit marked block. Markers were not found in file.");
        if (afterMatch is not null) at++;
        return [.. lines[..at], .. marked, .. lines[at..]];
    }
}
