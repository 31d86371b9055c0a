using System.ComponentModel;
using SaltActors.Core.Functions;
using SaltActors.Core.Values;
using SaltActors.Modules.Cp;
using SaltActors.Modules.Files;
using SaltActors.Modules.Files.Managed;
using SaltActors.States.Files;

namespace SaltActors.Modules.Archives;

/// <summary>The state <c>archive.extracted</c>.</summary>
/// <remarks>Follows Salt 3006, salt/states/archive.py.</remarks>
public static class ArchiveState
{
    /// <summary>Keeps the content of an archive in a folder.</summary>
    /// <param name="name">The folder.</param>
    /// <param name="source">The address of the archive, or a list of which the first that is there counts.</param>
    /// <param name="sourceHash">Its digest.</param>
    /// <param name="sourceHashName">Taken for compatibility.</param>
    /// <param name="sourceHashUpdate">Unpack again when the digest is another than last time.</param>
    /// <param name="skipVerify">Take a source from the network without a digest.</param>
    /// <param name="archiveFormat"><c>tar</c> or <c>zip</c>; told by the name as standard.</param>
    /// <param name="options">Options of a program; <c>--strip-components=N</c> is understood.</param>
    /// <param name="ifMissing">Unpack only while this path is missing.</param>
    /// <param name="overwrite">Unpack whatever is there.</param>
    /// <param name="clean">Remove the folder's content first.</param>
    /// <param name="user">The owner of all.</param>
    /// <param name="group">The group of all.</param>
    /// <param name="enforceToplevel">The archive must hold one folder and nothing beside it.</param>
    /// <param name="enforceOwnershipOn">The path below which owners are kept.</param>
    /// <param name="trimOutput">How many names are told.</param>
    /// <param name="keepSource">Taken for compatibility: copies of sources stay in the cache.</param>
    /// <param name="kwargs"><c>saltenv</c> …</param>
    [SaltState("archive.extracted")]
    public static async Task<MapValue> Extracted(
        CallContext context, string name, Value source, [DefaultValue("")] Value? sourceHash = null, string? sourceHashName = null, bool sourceHashUpdate = false, bool skipVerify = false,
        string? archiveFormat = null, string? options = null, string? ifMissing = null, bool overwrite = false, bool clean = false, Value? user = null, Value? group = null, bool enforceToplevel = true,
        string? enforceOwnershipOn = null, [DefaultValue(false)] Value? trimOutput = null, bool keepSource = true, [Keywords] MapValue? kwargs = null)
    {
        _ = (sourceHashName, keepSource);
        if (!Path.IsPathRooted(name)) return StateResult.Failed(name, $"{name} is not an absolute path");
        if (UnixFile.Find(name) is { IsFolder: false }) return StateResult.Failed(name, $"{name} exists and is not a directory");
        var folder = name.TrimEnd('/') + "/";
        var env = kwargs?.TextOf("__env__") ?? "base";
        var strip = 0;
        foreach (var word in (options ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries))
            if (word.StartsWith("--strip-components=", StringComparison.Ordinal) || word.StartsWith("--strip=", StringComparison.Ordinal))
            {
                if (!int.TryParse(word[(word.IndexOf('=') + 1)..], out strip)) return StateResult.Failed(name, $"options: '{word}' has no number");
            }
            else if (word.Trim('-').Any(c => !"vxzjJ".Contains(c))) return StateResult.Failed(name, $"options: '{word}' is not understood in this version; --strip-components=N is");
        var ownership = Ownership.Of(user, group, null);
        if (ownership.Unknown() is { } unknown) return StateResult.Failed(name, unknown.Trim());
        if (ifMissing is not null && UnixFile.Exists(ifMissing)) return StateResult.Of(name, true, $"Path {ifMissing} exists");
        string file, url, format;
        try
        {
            url = await ChooseAsync(context, source, env).ConfigureAwait(false);
            format = ArchiveReader.FormatOf(url, archiveFormat);
            var isRemote = url.StartsWith("http", StringComparison.Ordinal);
            var expected = sourceHash is { IsTruthy: true } hash && hash.ToString() is var text ? text[(text.IndexOf('=') + 1)..] : null;
            if (isRemote && expected is null && !skipVerify) return StateResult.Failed(name, $"Unable to verify upstream hash of source file {url}, please set source_hash or set skip_verify to True");
            if (isRemote && context.IsTest && CpFiles.CopyOf(context, url, env) is { } copy && !File.Exists(copy)) return StateResult.Of(name, null, $"Archive {url} would be cached (if necessary) and checked to discover if extraction is needed");
            file = await CpFiles.GetAsync(context, url, env, expected).ConfigureAwait(false) ?? throw new CommandFailed($"Source file '{url}' does not exist");
            if (expected is not null && CpFiles.HashOf(file, expected) is var found && !string.Equals(found, expected, StringComparison.OrdinalIgnoreCase)) return StateResult.Failed(name, $"Specified checksum for {url} ({expected}) does not match actual checksum ({found}).");
            var entries = await ArchiveReader.ListAsync(file, format, context.Stopped).ConfigureAwait(false);
            var tops = entries.Select(e => e.Path.Split('/')[0]).Distinct().ToList();
            if (enforceToplevel && strip == 0 && (tops.Count > 1 || entries.Exists(e => !e.Path.Contains('/'))))
                return StateResult.Failed(name, $"Archive does not have a single top-level directory. To allow this archive to be extracted, set 'enforce_toplevel' to False. To avoid a 'tar-bomb' it may also be advisable to set a top-level directory by adding it to the 'name' value (for example, setting 'name' to {Path.Combine(folder, "some_dir")} instead of {folder}).");
            string Below(string path) => Path.Combine([folder, .. path.Split('/', StringSplitOptions.RemoveEmptyEntries).Skip(strip)]);
            var missing = entries.Where(e => e.Path.TrimEnd('/').Count(c => c == '/') >= strip).Where(e => e.IsFolder ? !UnixFile.IsFolder(Below(e.Path)) : !UnixFile.Exists(Below(e.Path), follow: false)).ToList();
            var mark = Path.Combine(CpFiles.CacheDir(context), "archive_hash", Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(folder + url))));
            var digest = sourceHashUpdate ? Digest(file) : null;
            var hasNewSource = sourceHashUpdate && (!File.Exists(mark) || await File.ReadAllTextAsync(mark, context.Stopped).ConfigureAwait(false) != digest);
            if (missing.Count == 0 && !overwrite && !hasNewSource)
            {
                var wrong = Owned(folder, entries, ownership, Below);
                if (wrong.Count == 0) return StateResult.Of(name, true, "All files in archive are already present");
                if (context.IsTest) return StateResult.Of(name, null, $"All files in archive are already present, and the ownership of {wrong.Count} of them would be updated");
                foreach (var path in wrong) ownership.Apply(path, follow: false);
                return StateResult.Of(name, true, $"All files in archive are already present. Ownership of {wrong.Count} of them was updated", MapValue.Of(("updated ownership", true)));
            }
            var why = missing.Count > 0 ? ", due to absence of one or more files/dirs" : hasNewSource ? ", due to source_hash update" : "";
            if (context.IsTest) return StateResult.Of(name, null, $"Archive {url} would be extracted to {folder}{why}");
            var changes = MapValue.Empty;
            if (clean && Directory.Exists(folder))
            {
                var removed = Directory.EnumerateFileSystemEntries(folder).Order(StringComparer.Ordinal).ToList();
                foreach (var path in removed)
                    if (UnixFile.Find(path, follow: false) is { IsFolder: true }) Directory.Delete(path, recursive: true);
                    else UnixFile.RemoveFile(path);
                if (removed.Count > 0) changes = changes.With("removed", ListValue.OfTexts(removed));
            }
            if (!Directory.Exists(folder))
            {
                FileTreeModule.MakedirsPerms(folder.TrimEnd('/'), user, group);
                changes = changes.With("directories_created", ListValue.OfTexts([folder]));
            }
            var extracted = await ArchiveReader.UnpackAsync(file, format, folder, strip, context.Stopped).ConfigureAwait(false);
            foreach (var path in Owned(enforceOwnershipOn ?? folder, entries, ownership, Below)) ownership.Apply(path, follow: false);
            if (digest is not null)
            {
                Directory.CreateDirectory(Path.GetDirectoryName(mark)!);
                await File.WriteAllTextAsync(mark, digest, context.Stopped).ConfigureAwait(false);
            }
            var shown = trimOutput is BoolValue { IsTrue: true } ? 100 : trimOutput is IntegerValue count ? (int)count.Long : extracted.Count;
            changes = changes.With("extracted_files", extracted.Count > 0 ? ListValue.OfTexts(extracted.Take(shown)) : "no tar output so far");
            return StateResult.Of(name, true, $"{url} extracted to {folder}{why}{(shown < extracted.Count ? $". Output was trimmed to {shown} number of lines" : "")}", changes);
        }
        catch (CommandFailed failed)
        {
            return StateResult.Failed(name, failed.Message);
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            return StateResult.Failed(name, $"Failed to extract to {folder}: {refused.Message}");
        }
    }

    private static async Task<string> ChooseAsync(CallContext context, Value source, string env)
    {
        if (source is not ListValue list) return source.ToString();
        foreach (var entry in list)
        {
            var url = entry is MapValue { Count: 1 } map ? map[0].Key.ToString() : entry.ToString();
            if (FileUrl.IsOne(url) ? await ServedFolder.IsFileAsync(context, url, env).ConfigureAwait(false) : !url.StartsWith('/') || File.Exists(url)) return url;
        }
        throw new CommandFailed("none of the specified sources were found");
    }

    private static List<string> Owned(string root, List<ArchiveEntry> entries, Ownership ownership, Func<string, string> below) => ownership.User is null && ownership.Group is null ? []
        : [.. entries.Select(e => below(e.Path).TrimEnd('/')).Prepend(root.TrimEnd('/')).Distinct().Where(p => UnixFile.Exists(p, follow: false) && ownership.Differences(p, follow: false).Count > 0)];

    private static string Digest(string file)
    {
        using var stream = File.OpenRead(file);
        return Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(stream));
    }
}
