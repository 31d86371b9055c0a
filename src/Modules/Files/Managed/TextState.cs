using System.Text;
using System.Text.RegularExpressions;
using SaltActors.Core.Functions;
using SaltActors.Core.Values;
using SaltActors.Modules.Cp;
using SaltActors.Modules.Files.Editing;
using SaltActors.States.Files;

namespace SaltActors.Modules.Files.Managed;

/// <summary>States of <c>file</c> that put text at one end of a file: append, prepend.</summary>
/// <remarks>Follows Salt 3006, salt/states/file.py.</remarks>
public static class TextState
{
    /// <summary>Keeps lines at the end of a file, where they stand nowhere in it.</summary>
    /// <param name="name">The file.</param>
    /// <param name="text">A text, or a list of them.</param>
    /// <param name="makedirs">Make the folders above it.</param>
    /// <param name="source">An address whose content is the text.</param>
    /// <param name="sourceHash">Its digest.</param>
    /// <param name="template">The engine that the source is rendered with.</param>
    /// <param name="sources">Several addresses.</param>
    /// <param name="sourceHashes">Their digests.</param>
    /// <param name="defaults">Names for the template.</param>
    /// <param name="context">Names for the template, over those.</param>
    /// <param name="ignoreWhitespace">Lines that differ by white space alone are the same.</param>
    /// <param name="kwargs"><c>saltenv</c> …</param>
    [SaltState("file.append")]
    public static Task<MapValue> Append(
        CallContext call, string name, Value? text = null, bool makedirs = false, Value? source = null, Value? sourceHash = null, string template = "jinja", Value? sources = null,
        Value? sourceHashes = null, Value? defaults = null, Value? context = null, bool ignoreWhitespace = true, [Keywords] MapValue? kwargs = null) =>
        AddAsync(call, name, makedirs, () => PartsAsync(call, text ?? Value.Null, source, sources, sourceHash ?? sourceHashes, template, defaults, context, kwargs), (content, parts) =>
        {
            var missing = Missing(content, parts, ignoreWhitespace);
            var lines = Lines(content);
            return (lines, [.. lines, .. missing], missing.Count);
        }, Joined, "Appended");

    /// <summary>Keeps lines at the beginning of a file, where they stand nowhere in it.</summary>
    /// <param name="name">The file.</param>
    /// <param name="text">A text, or a list of them.</param>
    /// <param name="makedirs">Make the folders above it.</param>
    /// <param name="source">An address whose content is the text.</param>
    /// <param name="sourceHash">Its digest.</param>
    /// <param name="template">The engine that the source is rendered with.</param>
    /// <param name="sources">Several addresses.</param>
    /// <param name="sourceHashes">Their digests.</param>
    /// <param name="defaults">Names for the template.</param>
    /// <param name="context">Names for the template, over those.</param>
    /// <param name="header">The lines are to be the first ones, wherever else they stand.</param>
    /// <param name="kwargs"><c>saltenv</c> …</param>
    [SaltState("file.prepend")]
    public static Task<MapValue> Prepend(
        CallContext call, string name, Value? text = null, bool makedirs = false, Value? source = null, Value? sourceHash = null, string template = "jinja", Value? sources = null,
        Value? sourceHashes = null, Value? defaults = null, Value? context = null, bool header = false, [Keywords] MapValue? kwargs = null) =>
        AddAsync(call, name, makedirs, () => PartsAsync(call, text ?? Value.Null, source, sources, sourceHash ?? sourceHashes, template, defaults, context, kwargs), (content, parts) =>
        {
            var lines = Lines(content);
            List<string> wanted = header ? [.. parts.SelectMany(Lines)] : Missing(content, parts, ignoreWhitespace: true);
            if (header && lines.Take(wanted.Count).SequenceEqual(wanted)) wanted = [];
            return (lines, [.. wanted, .. lines], wanted.Count);
        }, (before, after) => UnifiedDiff.Of([.. before.Select(l => l + "\n")], [.. after.Select(l => l + "\n")]), "Prepended");

    private delegate (List<string> Before, List<string> After, int Added) Addition(string content, IReadOnlyList<string> parts);

    private static async Task<MapValue> AddAsync(
        CallContext call, string name, bool makedirs, Func<Task<IReadOnlyList<string>>> read, Addition add, Func<List<string>, List<string>, string> difference, string verb)
    {
        if (name.Length == 0) return StateResult.Failed(name, $"Must provide name to file.{(verb == "Appended" ? "append" : "prepend")}");
        name = FilePaths.Expand(name);
        if (!Path.IsPathRooted(name)) return StateResult.Failed(name, $"Specified file {name} is not an absolute path");
        try
        {
            var parts = await read().ConfigureAwait(false);
            var isThere = UnixFile.Exists(name);
            if (UnixFile.IsFolder(name)) return StateResult.Failed(name, $"{name}: Is a directory");
            if (!isThere)
            {
                if (call.IsTest) return StateResult.Of(name, null, $"File {name} is set to be created", MapValue.Of(("new", name)));
                if (!UnixFile.IsFolder(FilePaths.FolderName(name)))
                {
                    if (!makedirs) return StateResult.Failed(name, $"{name}: file not found");
                    FileTreeModule.MakedirsPerms(FilePaths.FolderName(name));
                }
            }
            var (content, encoding) = isThere ? TextLines.Read(name) : ("", new UTF8Encoding(false));
            var (before, after, added) = add(content, parts);
            if (added == 0 && isThere) return StateResult.Of(name, true, $"File {name} is in correct state");
            var changes = added == 0 ? MapValue.Of(("new", name)) : MapValue.Of(("diff", difference(before, after)));
            if (call.IsTest) return StateResult.Of(name, null, $"File {name} is set to be updated", changes);
            FileReplacement.Write(name, encoding.GetBytes(string.Concat(after.Select(l => l + "\n"))));
            return StateResult.Of(name, true, $"{verb} {added} lines", changes);
        }
        catch (Exception failed) when (failed is CommandFailed or NamedError)
        {
            return StateResult.Failed(name, failed.Message);
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            return StateResult.Failed(name, $"{name}: {refused.Message}");
        }
    }

    /// <summary>The texts that are meant: given in place, or the rendered contents of addresses.</summary>
    internal static async Task<IReadOnlyList<string>> PartsAsync(
        CallContext call, Value text, Value? source, Value? sources, Value? hashes, string template, Value? defaults, Value? context, MapValue? kwargs)
    {
        if (defaults is not (null or NullValue or MapValue)) throw new CommandFailed("Defaults must be formed as a dict");
        if (context is not (null or NullValue or MapValue)) throw new CommandFailed("Context must be formed as a dict");
        var urls = sources is ListValue list ? [.. list] : source switch { null or NullValue => [], ListValue many => many, var one => (IReadOnlyList<Value>)[one] };
        if (urls.Count == 0)
            return text switch
            {
                NullValue => throw new CommandFailed("text: neither a text nor a source is given"),
                ListValue texts => [.. texts.Select(t => t.ToString())],
                _ => [text.ToString()],
            };
        var env = kwargs?.TextOf("saltenv") ?? kwargs?.TextOf("__env__") ?? "base";
        var names = (defaults as MapValue ?? MapValue.Empty).Over(context as MapValue ?? MapValue.Empty);
        var parts = new List<string>();
        for (var i = 0; i < urls.Count; i++)
        {
            var url = urls[i] is MapValue { Count: 1 } map ? map[0].Key.ToString() : urls[i].ToString();
            var hash = urls[i] is MapValue { Count: 1 } with ? with[0].Value.AsText() : hashes switch { ListValue many => many.ElementAtOrDefault(i)?.AsText(), { IsTruthy: true } one => one.ToString(), _ => null };
            var expected = hash?[(hash.IndexOf('=') + 1)..];
            var file = await CpFiles.GetAsync(call, url, env, expected).ConfigureAwait(false) ?? throw new CommandFailed($"Failed to load template file {url}");
            if (expected is not null && CpFiles.HashOf(file, expected) is var found && !string.Equals(found, expected, StringComparison.OrdinalIgnoreCase))
                throw new CommandFailed($"{url}: the digest is {found}, expected was {expected}");
            parts.Add(template.Length > 0 ? await CpFiles.RenderAsync(call, file, FileUrl.Parse(url).Path, template, env, names).ConfigureAwait(false) : await File.ReadAllTextAsync(file, call.Stopped).ConfigureAwait(false));
        }
        return parts;
    }

    // A part that stands in the file as a whole is there; else all its lines come.
    private static List<string> Missing(string content, IReadOnlyList<string> parts, bool ignoreWhitespace)
    {
        var missing = new List<string>();
        foreach (var part in parts)
        {
            var lines = Lines(part);
            var pattern = ignoreWhitespace
                ? string.Join(@"\n", lines.Select(l => @"^\s*" + string.Join(@"\s*", l.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Select(Regex.Escape)) + @"[^\S\n]*\r?$"))
                : Regex.Escape(string.Join('\n', lines));
            if (lines.Count == 0 || Regex.IsMatch(content, pattern, RegexOptions.Multiline | RegexOptions.CultureInvariant, TimeSpan.FromSeconds(30))) continue;
            missing.AddRange(lines);
        }
        return missing;
    }

    private static List<string> Lines(string text) => TextLines.Split(text).ConvertAll(l => l.TrimEnd('\r', '\n'));

    // As Salt shows the difference of an append: its headings end twice, its last line does not.
    private static string Joined(List<string> before, List<string> after)
    {
        var lines = UnifiedDiff.Of([.. before.Select(l => l + "\n")], [.. after.Select(l => l + "\n")]).TrimEnd('\n').Split('\n');
        return string.Join('\n', lines.Select((l, i) => i < 2 || l.StartsWith('@') ? l + "\n" : l));
    }
}
