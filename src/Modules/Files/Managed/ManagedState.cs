using System.ComponentModel;
using SaltActors.Core.Functions;
using SaltActors.Core.Values;

namespace SaltActors.Modules.Files.Managed;

/// <summary>The state <c>file.managed</c>: a file with a content, an owner and permissions.</summary>
/// <remarks>Follows Salt 3006, salt/states/file.py. The difference is computed first; test mode tells it, else it is applied.</remarks>
public static class ManagedState
{
    private const string Predicted = "\nNote: No changes made, actual changes may\nbe different due to other states.";

    /// <summary>Keeps a file as it is described: by a source, or by its contents.</summary>
    /// <param name="name">The file, a path from the root.</param>
    /// <param name="source">Where its content is: <c>salt://</c>, <c>http(s)://</c>, a path; or a list, of which the first that is there counts.</param>
    /// <param name="sourceHash">The digest of the source, with its kind in front where that is not clear; or the address of a file that has it.</param>
    /// <param name="sourceHashName">The name to look for in that file: its own as standard.</param>
    /// <param name="keepSource">Taken for compatibility: copies of sources stay in the cache.</param>
    /// <param name="user">Its owner.</param>
    /// <param name="group">Its group.</param>
    /// <param name="mode">Its permissions in octal.</param>
    /// <param name="attrs">Attributes as <c>chattr</c> has them: not there in this version.</param>
    /// <param name="template">The engine that the content is rendered with.</param>
    /// <param name="makedirs">Make the folders above it.</param>
    /// <param name="dirMode">The permissions of folders that are made.</param>
    /// <param name="context">Names for its template.</param>
    /// <param name="replace">False: a file that is there keeps its content.</param>
    /// <param name="defaults">Names for its template that <c>context</c> may override.</param>
    /// <param name="backup"><c>minion</c>: keep a copy of what is replaced.</param>
    /// <param name="showChanges">Tell the difference.</param>
    /// <param name="create">False: make no file that is not there.</param>
    /// <param name="contents">Its content: a text, or a list of lines.</param>
    /// <param name="tmpExt">The extension of the copy that <c>check_cmd</c> gets.</param>
    /// <param name="contentsPillar">A pillar path, or a list of them, whose text is the content.</param>
    /// <param name="contentsGrains">A grain, or a list of them, whose text is the content.</param>
    /// <param name="contentsNewline">End contents with a line feed.</param>
    /// <param name="contentsDelimiter">What parts the steps of paths.</param>
    /// <param name="encoding">The encoding of the contents: <c>utf-8</c>.</param>
    /// <param name="encodingErrors">Taken for compatibility.</param>
    /// <param name="allowEmpty">False: an empty content is an error.</param>
    /// <param name="followSymlinks">Taken for compatibility: links are followed.</param>
    /// <param name="checkCmd">A program that the new content must please; it gets the path of a copy.</param>
    /// <param name="skipVerify">Take a source from the network without a digest.</param>
    /// <param name="kwargs"><c>saltenv</c> …</param>
    [SaltState("file.managed")]
    public static async Task<MapValue> Managed(
        CallContext call, string name, Value? source = null, [DefaultValue("")] Value? sourceHash = null, string? sourceHashName = null, bool keepSource = true, Value? user = null, Value? group = null,
        Value? mode = null, Value? attrs = null, string? template = null, bool makedirs = false, Value? dirMode = null, Value? context = null, bool replace = true, Value? defaults = null,
        string backup = "", bool showChanges = true, bool create = true, Value? contents = null, string tmpExt = "", Value? contentsPillar = null, Value? contentsGrains = null, bool contentsNewline = true,
        string contentsDelimiter = ":", string? encoding = null, string encodingErrors = "strict", bool allowEmpty = true, bool followSymlinks = true, string? checkCmd = null, bool skipVerify = false,
        [Keywords] MapValue? kwargs = null)
    {
        _ = (sourceHashName, keepSource, encodingErrors, followSymlinks);
        if (attrs is { IsTruthy: true }) return StateResult.Failed(name, "attrs: attributes of chattr cannot be managed in this version");
        if (encoding is not (null or "utf-8" or "UTF-8" or "utf8")) return StateResult.Failed(name, $"encoding: '{encoding}' cannot be written in this version; utf-8 can");
        if (template is { Length: > 0 } && !SaltActors.States.Templates.TemplateEngine.IsKnown(template)) return StateResult.Failed(name, $"Specified template format {template} is not supported");
        if (name.Length == 0) return StateResult.Failed(name, "Destination file name is required");
        if (!Path.IsPathRooted(name)) return StateResult.Failed(name, $"Specified file {name} is not an absolute path");
        if (UnixFile.IsFolder(name)) return StateResult.Failed(name, $"Specified target {name} is a directory");
        var given = new[] { contents, contentsPillar, contentsGrains }.Count(c => c is not null && c is not NullValue);
        if (given > 1) return StateResult.Failed(name, "Only one of 'contents', 'contents_pillar', and 'contents_grains' is permitted");
        if (given == 1 && source is { IsTruthy: true }) return StateResult.Failed(name, "'source' cannot be used in combination with 'contents', 'contents_pillar', or 'contents_grains'");
        if (!create && !UnixFile.Exists(name)) return StateResult.Of(name, true, $"File {name} is not present and is not set for creation");
        var variables = Variables(call, name, user, group, mode, attrs, defaults, context, kwargs);
        if (variables is null) return StateResult.Failed(name, context is not (null or MapValue) ? "Context must be formed as a dict" : "Defaults must be formed as a dict");

        var file = new ManagedFile(FilePaths.Normal(name), Ownership.Of(user, group, mode))
        {
            ShowsChanges = showChanges,
            Makedirs = makedirs,
            DirMode = dirMode,
            Backup = backup,
            CheckCommand = checkCmd,
            TemporaryExtension = tmpExt,
        };
        var keepsContent = !replace && UnixFile.Exists(name);
        try
        {
            if (!keepsContent)
            {
                var reader = new FileSource
                {
                    Call = call,
                    SaltEnv = kwargs?.TextOf("saltenv") ?? kwargs?.TextOf("__env__") ?? "base",
                    Template = template,
                    Variables = variables,
                    SourceHash = sourceHash is { IsTruthy: true } hash ? hash.ToString() : null,
                    SkipsVerification = skipVerify,
                };
                if (source is { IsTruthy: true }) file = file with { Content = (await reader.ReadAsync(source).ConfigureAwait(false)).Content, IsFromSource = true };
                else if (given == 1)
                {
                    var (text, problem) = Contents(call, contents, contentsPillar, contentsGrains, contentsNewline, contentsDelimiter, allowEmpty);
                    if (problem is not null) return StateResult.Failed(name, problem);
                    file = file with { Content = await reader.RenderAsync(text!).ConfigureAwait(false) };
                }
            }
            return await BringAsync(call, name, file, keepsContent || file.Content is null).ConfigureAwait(false);
        }
        catch (CommandFailed failed)
        {
            var isPlain = failed.Message.StartsWith("Source file", StringComparison.Ordinal) || failed.Message.StartsWith("check_cmd", StringComparison.Ordinal)
                || failed.Message.StartsWith("Parent directory", StringComparison.Ordinal) || failed.Message.StartsWith("User ", StringComparison.Ordinal) || failed.Message.StartsWith("Group ", StringComparison.Ordinal)
                || failed.Message.StartsWith("Unable", StringComparison.Ordinal) || failed.Message.StartsWith("Specified", StringComparison.Ordinal);
            if (call.IsTest && failed.Message.StartsWith("Jinja", StringComparison.Ordinal)) throw;
            return StateResult.Failed(name, isPlain ? failed.Message : $"Unable to manage file: {failed.Message}");
        }
    }

    /// <summary>Shows or applies the difference, in the words of file.managed.</summary>
    internal static async Task<MapValue> BringAsync(CallContext call, string name, ManagedFile file, bool keepsContent)
    {
        var difference = file.Difference();
        if (call.IsTest)
        {
            if (difference.IsNothing) return StateResult.Of(name, true, keepsContent ? $"File {name} not updated" : $"The file {name} is in the correct state");
            return StateResult.Of(name, null, keepsContent && !difference.IsNew && difference.Attributes.TextOf("mode") is { } mode
                ? $"File {name} will be updated with permissions {mode} from its current state of {UnixFile.Status(name).ModeText}" : $"The file {name} is set to be changed{Predicted}", file.Predicted(difference));
        }
        if (difference.IsNothing) return StateResult.Of(name, true, keepsContent ? $"File {name} exists with proper permissions. No changes made." : $"File {name} is in the correct state");
        var changes = await file.ApplyAsync(call, difference).ConfigureAwait(false);
        return StateResult.Of(name, true, difference.IsNew && file.Content is null ? "Empty file" : keepsContent ? "" : $"File {name} updated", changes);
    }

    private static (string? Text, string? Problem) Contents(CallContext call, Value? contents, Value? pillar, Value? grains, bool newline, string delimiter, bool allowEmpty)
    {
        if (pillar is { IsNull: false })
        {
            foreach (var path in Paths(pillar))
                if (KeyPath.Find(call.Pillar, path, delimiter) is null) return (null, $"Pillar {path} does not exist");
            contents = pillar is ListValue ? ListValue.From(Paths(pillar).Select(p => KeyPath.Find(call.Pillar, p, delimiter)!)) : KeyPath.Find(call.Pillar, pillar.ToString(), delimiter);
        }
        else if (grains is { IsNull: false })
        {
            foreach (var path in Paths(grains))
                if (KeyPath.Find(call.Grains, path, delimiter) is null) return (null, $"Grain {path} does not exist");
            contents = grains is ListValue ? ListValue.From(Paths(grains).Select(p => KeyPath.Find(call.Grains, p, delimiter)!)) : KeyPath.Find(call.Grains, grains.ToString(), delimiter);
        }
        var lines = contents switch { ListValue list => list.Select(l => l.ToString().TrimEnd('\n')), { IsTruthy: true } one => [one.ToString()], _ => [] };
        var text = string.Join('\n', lines);
        if (text.Length == 0) return allowEmpty ? ("", null) : (null, "'contents' value would result in empty contents. Set allow_empty to True to allow the managed file to be empty.");
        return (newline && !text.EndsWith('\n') ? text + "\n" : text, null);
    }

    private static IEnumerable<string> Paths(Value paths) => paths is ListValue list ? list.Select(p => p.ToString()) : [paths.ToString()];

    // What a template of a file sees beside everything else: the state's own arguments, then defaults, then context.
    private static MapValue? Variables(CallContext call, string name, Value? user, Value? group, Value? mode, Value? attrs, Value? defaults, Value? context, MapValue? kwargs)
    {
        if (defaults is not (null or NullValue or MapValue) || context is not (null or NullValue or MapValue)) return null;
        var own = MapValue.Of(("name", name), ("user", user ?? Value.Null), ("group", group ?? Value.Null), ("mode", mode ?? Value.Null), ("attrs", attrs ?? Value.Null));
        var more = MapValue.From((kwargs ?? MapValue.Empty).Where(k => !k.Key.ToString().StartsWith("__", StringComparison.Ordinal) && k.Key.AsText() is not ("saltenv" or "sfun")));
        if (ContentState.GatheredFor(call, name) is { Count: > 0 } gathered) own = own.With("accumulator", gathered);
        return own.Over(more).Over(defaults as MapValue ?? MapValue.Empty).Over(context as MapValue ?? MapValue.Empty);
    }
}
