using System.ComponentModel;
using SaltActors.Core.Functions;
using SaltActors.Core.Values;

namespace SaltActors.Modules.Files.Editing;

/// <summary>The functions of <c>file</c> that find and replace by regular expressions.</summary>
/// <remarks>Follows Salt 3006, salt/modules/file.py.</remarks>
public static class ReplaceModule
{
    /// <summary>Replaces what a pattern finds in a file.</summary>
    /// <param name="path">The file; a symbolic link is followed.</param>
    /// <param name="pattern">A regular expression.</param>
    /// <param name="repl">What to put in its place; <c>\1</c> and <c>\g&lt;name&gt;</c> stand for groups.</param>
    /// <param name="count">How many to replace; 0 for all.</param>
    /// <param name="flags">Flags of the expression: names, or Python's number; 8 is <c>MULTILINE</c>.</param>
    /// <param name="bufsize">Taken for compatibility: files are read as a whole.</param>
    /// <param name="appendIfNotFound">Append the replacement as a line where nothing was found.</param>
    /// <param name="prependIfNotFound">Put the replacement before the first line where nothing was found.</param>
    /// <param name="notFoundContent">The line for these two; the replacement where none is given.</param>
    /// <param name="backup">The ending of the old file's copy; false for no copy.</param>
    /// <param name="dryRun">Only say what would change.</param>
    /// <param name="searchOnly">Only say whether the pattern is found.</param>
    /// <param name="showChanges">Answer with the difference, not with true or false.</param>
    /// <param name="ignoreIfMissing">A missing file is no error.</param>
    /// <param name="preserveInode">Taken for compatibility: the file is replaced in one step.</param>
    /// <param name="backslashLiteral">A backslash in the replacement stands for itself.</param>
    /// <returns>The difference, or true or false.</returns>
    /// <example><code>salt '*' file.replace /etc/httpd/httpd.conf pattern='LogLevel warn' repl='LogLevel info'</code></example>
    [SaltFunction("file.replace")]
    public static Value Replace(
        string path, string pattern, string repl, int count = 0, [DefaultValue(8)] Value? flags = null, [DefaultValue(1)] Value? bufsize = null,
        bool appendIfNotFound = false, bool prependIfNotFound = false, string? notFoundContent = null, [DefaultValue(".bak")] Value? backup = null,
        bool dryRun = false, bool searchOnly = false, bool showChanges = true, bool ignoreIfMissing = false, bool preserveInode = true, bool backslashLiteral = false)
    {
        _ = (bufsize, preserveInode);
        path = FilePaths.Real(path);
        if (!UnixFile.Exists(path))
            return ignoreIfMissing ? false : throw new NamedError("SaltInvocationError", $"File not found: {path}");
        var (text, encoding) = TextLines.ReadForEdit(path);
        if (searchOnly && (appendIfNotFound || prependIfNotFound))
            throw new NamedError("SaltInvocationError", "search_only cannot be used with append/prepend_if_not_found");
        if (appendIfNotFound && prependIfNotFound)
            throw new NamedError("SaltInvocationError", "Only one of append and prepend_if_not_found is permitted");
        var regex = SearchPattern.Compile(pattern, flags);
        if (searchOnly) return regex.IsMatch(text);

        var isFound = false;
        var result = regex.Replace(text, match =>
        {
            isFound = true;
            return backslashLiteral ? repl : SearchPattern.Expand(repl, match);
        }, count > 0 ? count : -1);
        var hasChanged = isFound && result != text;
        var after = TextLines.Split(result);
        var line = notFoundContent ?? repl;
        if ((appendIfNotFound || prependIfNotFound) && !isFound
            && !SearchPattern.Compile("^" + SearchPattern.Escape(line) + @"($|(?=\r\n))", flags).IsMatch(text))
        {
            hasChanged = true;
            if (prependIfNotFound) after.Insert(0, line + "\n");
            else
            {
                if (after.Count > 0 && !after[^1].EndsWith('\n')) after[^1] += "\n";
                after.Add(line + "\n");
            }
        }
        if (hasChanged && !dryRun) TextLines.Replace(path, string.Concat(after), encoding, BackupEnding(backup));
        var difference = UnifiedDiff.Of(TextLines.Split(text), after);
        return showChanges ? difference : hasChanged && difference.Length > 0;
    }

    /// <summary>Whether a pattern is found in a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="pattern">A regular expression.</param>
    /// <param name="flags">Flags of the expression: names, or Python's number; 8 is <c>MULTILINE</c>.</param>
    /// <param name="bufsize">Taken for compatibility: files are read as a whole.</param>
    /// <param name="ignoreIfMissing">A missing file is no error.</param>
    /// <param name="multiline">Add <c>MULTILINE</c> to the flags.</param>
    /// <example><code>salt '*' file.search /etc/crontab 'mymaintenance.sh'</code></example>
    [SaltFunction("file.search")]
    public static Value Search(
        string path, string pattern, [DefaultValue(8)] Value? flags = null, [DefaultValue(1)] Value? bufsize = null, bool ignoreIfMissing = false, bool multiline = false)
    {
        var all = multiline ? ListValue.Create([flags ?? 0, 8]) : flags;
        return Replace(path, pattern, "", 0, all, bufsize, searchOnly: true, ignoreIfMissing: ignoreIfMissing);
    }

    /// <summary>Replaces text in a file without a program, in the manner of <c>sed</c>.</summary>
    /// <param name="path">The file.</param>
    /// <param name="before">The pattern to look for.</param>
    /// <param name="after">What to put in its place.</param>
    /// <param name="limit">Begin after the first match of this pattern.</param>
    /// <param name="backup">The ending of the old file's copy.</param>
    /// <param name="flags">Letters: <c>g</c> replace all, <c>I</c>, <c>M</c>, <c>S</c>, <c>X</c> as for regular expressions.</param>
    /// <param name="escapeAll">The pattern is plain text.</param>
    /// <param name="multi">Let the pattern reach over several lines.</param>
    /// <example><code>salt '*' file.psed /etc/httpd/httpd.conf 'LogLevel warn' 'LogLevel info'</code></example>
    [SaltFunction("file.psed")]
    public static Value Psed(
        string path, string before, string after, string limit = "", string backup = ".bak", string flags = "gMS", bool escapeAll = false, bool multi = false)
    {
        path = FilePaths.Real(path);
        var (text, encoding) = TextLines.ReadForEdit(path);
        var pattern = escapeAll ? SearchPattern.Escape(before) : before;
        var letters = flags.Where(f => f != 'g').Select(Value (f) => f.ToString());
        var regex = SearchPattern.Compile(pattern, ListValue.From(letters));
        var count = flags.Contains('g') ? -1 : 1;
        string Edit(string part) => regex.Replace(part, m => SearchPattern.Expand(after, m), count);
        var start = 0;
        if (limit.Length > 0)
        {
            var found = SearchPattern.Compile(limit, 8).Match(text);
            start = found.Success ? found.Index : text.Length;
        }
        var rest = text[start..];
        var edited = text[..start] + (multi ? Edit(rest) : string.Concat(TextLines.Split(rest).Select(Edit)));
        TextLines.Replace(path, edited, encoding, backup);
        return Value.Null;
    }

    /// <summary>Puts a comment sign before every line that a pattern finds.</summary>
    /// <param name="path">The file.</param>
    /// <param name="regex">A regular expression; its <c>^</c> and <c>$</c> may be left out.</param>
    /// <param name="char">The comment sign.</param>
    /// <param name="backup">The ending of the old file's copy; false for no copy.</param>
    /// <returns>The difference of these lines, or false where none was found.</returns>
    /// <example><code>salt '*' file.comment /etc/modules pcspkr</code></example>
    [SaltFunction("file.comment")]
    public static Value Comment(string path, string regex, string @char = "#", [DefaultValue(".bak")] Value? backup = null) =>
        CommentLine(path, regex, @char, true, backup);

    /// <summary>Takes the comment sign from every line that a pattern finds behind it.</summary>
    /// <param name="path">The file.</param>
    /// <param name="regex">A regular expression for the line without its sign.</param>
    /// <param name="char">The comment sign.</param>
    /// <param name="backup">The ending of the old file's copy; false for no copy.</param>
    /// <returns>The difference of these lines, or false where none was found.</returns>
    /// <example><code>salt '*' file.uncomment /etc/hosts.deny 'ALL: PARANOID'</code></example>
    [SaltFunction("file.uncomment")]
    public static Value Uncomment(string path, string regex, string @char = "#", [DefaultValue(".bak")] Value? backup = null) =>
        CommentLine(path, regex, @char, false, backup);

    /// <summary>Comments lines, or takes their comment sign away.</summary>
    /// <param name="path">The file.</param>
    /// <param name="regex">A regular expression; its <c>^</c> and <c>$</c> may be left out.</param>
    /// <param name="char">The comment sign.</param>
    /// <param name="cmnt">Comment (true), or take the sign away (false).</param>
    /// <param name="backup">The ending of the old file's copy; false for no copy.</param>
    /// <returns>The difference of these lines, or false where none was found.</returns>
    /// <example><code>salt '*' file.comment_line /etc/modules pcspkr</code></example>
    [SaltFunction("file.comment_line")]
    public static Value CommentLine(string path, string regex, string @char = "#", bool cmnt = true, [DefaultValue(".bak")] Value? backup = null)
    {
        if (regex.Length == 0) throw new NamedError("SaltInvocationError", "The regular expression for the lines is empty");
        var end = regex.EndsWith('$') ? "$" : "";
        var inner = regex.TrimStart('^').TrimEnd('$');
        var pattern = SearchPattern.Compile(cmnt
            ? $"{(regex.StartsWith('^') ? "^" : "")}({inner}){end}"
            : $@"^{SearchPattern.Escape(@char)}\s*({inner}){end}");
        path = FilePaths.Real(path);
        var (text, encoding) = TextLines.ReadForEdit(path);
        List<string> before = [], after = [];
        var edited = TextLines.Split(text);
        for (var i = 0; i < edited.Count; i++)
        {
            if (!pattern.IsMatch(edited[i])) continue;
            before.Add(edited[i]);
            edited[i] = cmnt ? @char + edited[i] : edited[i].TrimStart(@char.ToCharArray());
            after.Add(edited[i]);
        }
        if (before.Count == 0) return false;
        TextLines.Replace(path, string.Concat(edited), encoding, BackupEnding(backup));
        return UnifiedDiff.Of(before, after);
    }

    /// <summary>The ending of a copy; null for none.</summary>
    internal static string? BackupEnding(Value? backup) => backup is { IsTruthy: true } ? backup is BoolValue ? ".bak" : backup.ToString() : null;
}
