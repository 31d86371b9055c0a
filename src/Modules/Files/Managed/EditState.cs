using System.ComponentModel;
using SaltActors.Core.Functions;
using SaltActors.Core.Values;
using SaltActors.Modules.Files.Editing;

namespace SaltActors.Modules.Files.Managed;

/// <summary>States of <c>file</c> that edit what is in a file: replace, comment, uncomment, line, blockreplace.</summary>
/// <remarks>Follows Salt 3006, salt/states/file.py. Each computes its difference by a run that writes nothing.</remarks>
public static class EditState
{
    private const string NoChanges = "No changes needed to be made";

    /// <summary>Keeps a file free of what a pattern finds, by a replacement.</summary>
    /// <param name="name">The file.</param>
    /// <param name="pattern">A regular expression.</param>
    /// <param name="repl">What to put in its place.</param>
    /// <param name="count">How many to replace; 0 for all.</param>
    /// <param name="flags">Flags of the expression.</param>
    /// <param name="bufsize">Taken for compatibility.</param>
    /// <param name="appendIfNotFound">Append the replacement where nothing was found.</param>
    /// <param name="prependIfNotFound">Put it before the first line where nothing was found.</param>
    /// <param name="notFoundContent">The line for these two.</param>
    /// <param name="backup">The ending of the old file's copy.</param>
    /// <param name="showChanges">Tell the difference.</param>
    /// <param name="ignoreIfMissing">A missing file is no failure.</param>
    /// <param name="backslashLiteral">A backslash in the replacement stands for itself.</param>
    [SaltState("file.replace")]
    public static MapValue Replace(
        CallContext context, string name, string pattern, string repl, int count = 0, [DefaultValue(8)] Value? flags = null, [DefaultValue(1)] Value? bufsize = null, bool appendIfNotFound = false,
        bool prependIfNotFound = false, string? notFoundContent = null, [DefaultValue(".bak")] Value? backup = null, bool showChanges = true, bool ignoreIfMissing = false, bool backslashLiteral = false)
    {
        name = FilePaths.Expand(name);
        if (Refused(name, ignoreIfMissing) is { } refused) return refused;
        if (!UnixFile.Exists(name)) return StateResult.Of(name, true, NoChanges);
        return Told(context, name, () => ReplaceModule.Replace(
            name, pattern, repl, count, flags, bufsize, appendIfNotFound, prependIfNotFound, notFoundContent, backup, dryRun: context.IsTest, showChanges: showChanges, backslashLiteral: backslashLiteral),
            "Changes would have been made");
    }

    /// <summary>Keeps a block of text between two marks.</summary>
    /// <param name="name">The file.</param>
    /// <param name="markerStart">Text of the line that begins the block.</param>
    /// <param name="markerEnd">Text of the line that ends it.</param>
    /// <param name="source">An address whose content is the block.</param>
    /// <param name="sourceHash">Its digest.</param>
    /// <param name="template">The engine that the source is rendered with.</param>
    /// <param name="sources">Several addresses.</param>
    /// <param name="sourceHashes">Their digests.</param>
    /// <param name="defaults">Names for the template.</param>
    /// <param name="context">Names for the template, over those.</param>
    /// <param name="content">The block.</param>
    /// <param name="appendIfNotFound">Append block and marks where the marks are missing.</param>
    /// <param name="prependIfNotFound">Put them at the beginning.</param>
    /// <param name="backup">The ending of the old file's copy.</param>
    /// <param name="showChanges">Tell the difference.</param>
    /// <param name="appendNewline">A line break between block and end mark.</param>
    /// <param name="insertBeforeMatch">Put block and marks before the first line that this finds.</param>
    /// <param name="insertAfterMatch">Put them after it.</param>
    /// <param name="kwargs"><c>saltenv</c> …</param>
    [SaltState("file.blockreplace")]
    public static async Task<MapValue> BlockReplace(
        CallContext call, string name, string markerStart = "#-- start managed zone --", string markerEnd = "#-- end managed zone --", Value? source = null, Value? sourceHash = null, string template = "jinja",
        Value? sources = null, Value? sourceHashes = null, Value? defaults = null, Value? context = null, Value? content = null, bool appendIfNotFound = false, bool prependIfNotFound = false,
        [DefaultValue(".bak")] Value? backup = null, bool showChanges = true, Value? appendNewline = null, string? insertBeforeMatch = null, string? insertAfterMatch = null, [Keywords] MapValue? kwargs = null)
    {
        if (name.Length == 0) return StateResult.Failed(name, "Must provide name to file.blockreplace");
        if (Refused(name, false) is { } refused) return refused;
        try
        {
            var text = (source ?? sources) is { IsTruthy: true }
                ? string.Join('\n', (await TextState.PartsAsync(call, Value.Null, source, sources, sourceHash ?? sourceHashes, template, defaults, context, kwargs).ConfigureAwait(false)).Select(p => p.TrimEnd('\n')))
                : content switch { null or NullValue => "", ListValue list => string.Join('\n', list.Select(l => l.ToString())), var one => one.ToString() };
            var difference = BlockModule.BlockReplace(
                name, markerStart, markerEnd, text, appendIfNotFound, prependIfNotFound, backup, dryRun: call.IsTest, showChanges: showChanges, appendNewline: appendNewline ?? Value.Null,
                insertBeforeMatch: insertBeforeMatch, insertAfterMatch: insertAfterMatch);
            return Outcome(call, name, difference, "Changes would be made");
        }
        catch (Exception failed) when (failed is CommandFailed or NamedError)
        {
            return StateResult.Failed(name, $"Encountered error managing block: {failed.Message}. See the log for details.");
        }
    }

    /// <summary>Keeps one line where it is to be.</summary>
    /// <param name="name">The file.</param>
    /// <param name="content">The line.</param>
    /// <param name="match">What finds the line to delete or replace.</param>
    /// <param name="mode"><c>insert</c>, <c>ensure</c>, <c>delete</c> or <c>replace</c>.</param>
    /// <param name="location"><c>start</c> or <c>end</c>.</param>
    /// <param name="before">What finds the line that it stands before.</param>
    /// <param name="after">What finds the line that it stands after.</param>
    /// <param name="showChanges">Tell the difference.</param>
    /// <param name="backup">The ending of the old file's copy.</param>
    /// <param name="quiet">Say nothing about changes.</param>
    /// <param name="indent">Give the line the indentation of the one beside it.</param>
    /// <param name="create">Make an empty file where there is none.</param>
    /// <param name="user">The owner of a file that is made.</param>
    /// <param name="group">Its group.</param>
    /// <param name="fileMode">Its permissions.</param>
    [SaltState("file.line")]
    public static MapValue Line(
        CallContext context, string name, Value? content = null, string? match = null, string? mode = null, string? location = null, string? before = null, string? after = null, bool showChanges = true,
        [DefaultValue(false)] Value? backup = null, bool quiet = false, bool indent = true, bool create = false, Value? user = null, Value? group = null, Value? fileMode = null)
    {
        name = FilePaths.Expand(name);
        if (name.Length == 0) return StateResult.Failed(name, "Must provide name to file.line");
        if (!Path.IsPathRooted(name)) return StateResult.Failed(name, $"Specified file {name} is not an absolute path");
        if (!UnixFile.Exists(name))
        {
            if (!create) return StateResult.Failed(name, $"{name}: file not found");
            if (context.IsTest) return StateResult.Of(name, null, $"File {name} is set to be created", MapValue.Of(("new", name)));
            var folder = FilePaths.FolderName(name);
            if (!UnixFile.IsFolder(folder)) return StateResult.Failed(name, $"The folder {folder} of {name} does not exist");
            FileReplacement.Write(name, []);
            Ownership.Of(user, group, fileMode).Apply(name);
        }
        if (content is null or NullValue && mode is not (null or "delete")) return StateResult.Failed(name, "Content can only be empty if mode is ['delete']");
        return Told(context, name, () => LineModule.Line(context, name, content is null or NullValue ? null : content.ToString(), match, mode, location, before, after, showChanges && !quiet, backup, quiet: false, indent), "Changes would be made");
    }

    /// <summary>Keeps lines behind a comment sign.</summary>
    /// <param name="name">The file.</param>
    /// <param name="regex">A regular expression that finds the lines; its <c>^</c> and <c>$</c> may be left out.</param>
    /// <param name="char">The comment sign.</param>
    /// <param name="backup">The ending of the old file's copy.</param>
    /// <param name="ignoreMissing">No such line is no failure.</param>
    [SaltState("file.comment")]
    public static MapValue Comment(CallContext context, string name, string regex, string @char = "#", [DefaultValue(".bak")] Value? backup = null, bool ignoreMissing = false)
    {
        name = FilePaths.Expand(name);
        var bare = regex.TrimStart('^').TrimEnd('$');
        var isCommented = $"{SearchPattern.Escape(@char)}.*{bare}";
        return Commented(context, name, ignoreMissing, new Commenting(bare, $@"^(?!\s*{SearchPattern.Escape(@char)}).*{bare}", isCommented, isCommented, "omment"),
            () => ReplaceModule.CommentLine(name, regex, @char, true, backup));
    }

    /// <summary>Keeps lines free of a comment sign.</summary>
    /// <param name="name">The file.</param>
    /// <param name="regex">A regular expression that finds the lines behind their sign.</param>
    /// <param name="char">The comment sign.</param>
    /// <param name="backup">The ending of the old file's copy.</param>
    [SaltState("file.uncomment")]
    public static MapValue Uncomment(CallContext context, string name, string regex, string @char = "#", [DefaultValue(".bak")] Value? backup = null)
    {
        name = FilePaths.Expand(name);
        var bare = regex.TrimStart('^');
        var isFree = $@"^[ \t]*{bare}";
        return Commented(context, name, false, new Commenting(bare, $@"{SearchPattern.Escape(@char)}[ \t]*{bare}", isFree, isFree, "ncomment"), () => ReplaceModule.CommentLine(name, regex, @char, false, backup));
    }

    private sealed record Commenting(string Bare, string ToDo, string Done, string After, string Verb);

    private static MapValue Commented(CallContext context, string name, bool ignoreMissing, Commenting what, Func<Value> edit)
    {
        if (Refused(name, false) is { } refused) return refused;
        var isUncomment = what.Verb == "ncomment";
        try
        {
            if (!Finds(name, what.ToDo))
            {
                if (Finds(name, what.Done)) return StateResult.Of(name, true, isUncomment ? "Pattern already uncommented" : "Pattern already commented");
                return ignoreMissing ? StateResult.Of(name, true, "Pattern not found and ignore_missing set to True") : StateResult.Failed(name, $"{what.Bare}: Pattern not found");
            }
            if (context.IsTest) return StateResult.Of(name, null, $"File {name} is set to be updated", MapValue.Of((name, "updated")));
            var (before, _) = TextLines.Read(name);
            edit();
            var (after, _) = TextLines.Read(name);
            var changes = before == after ? MapValue.Empty : MapValue.Of(("diff", UnifiedDiff.Of(TextLines.Split(before), TextLines.Split(after))));
            return Finds(name, what.After)
                ? StateResult.Of(name, true, isUncomment ? "Uncommented lines successfully" : "Commented lines successfully", changes)
                : StateResult.Of(name, false, isUncomment ? "Expected uncommented lines not found" : "Expected commented lines not found", changes);
        }
        catch (Exception failed) when (failed is CommandFailed or NamedError)
        {
            return StateResult.Failed(name, failed.Message);
        }
    }

    private static bool Finds(string name, string expression) => SearchPattern.Compile(expression, 8).IsMatch(TextLines.Read(name).Text);

    private static MapValue Told(CallContext context, string name, Func<Value> edit, string predicted)
    {
        try
        {
            return Outcome(context, name, edit(), predicted);
        }
        catch (Exception failed) when (failed is CommandFailed or NamedError)
        {
            return StateResult.Failed(name, failed.Message);
        }
    }

    private static MapValue Outcome(CallContext context, string name, Value difference, string predicted) =>
        !difference.IsTruthy ? StateResult.Of(name, true, NoChanges)
        : context.IsTest ? StateResult.Of(name, null, predicted, MapValue.Of(("diff", difference)))
        : StateResult.Of(name, true, "Changes were made", MapValue.Of(("diff", difference)));

    private static MapValue? Refused(string name, bool mayBeMissing) =>
        !Path.IsPathRooted(name) ? StateResult.Failed(name, $"Specified file {name} is not an absolute path")
        : !mayBeMissing && !UnixFile.Exists(name) ? StateResult.Failed(name, $"{name}: file not found") : null;
}
