using System.Globalization;
using System.Security.Cryptography;
using System.Text.RegularExpressions;
using SaltActors.Core.Functions;
using SaltActors.Core.Values;
using SaltActors.Modules.Cp;
using SaltActors.States.Files;

namespace SaltActors.Modules.Files.Managed;

/// <summary>States of <c>file</c> about what is in files: decode, patch, cached, not_cached, tidied, accumulated.</summary>
/// <remarks>Follows Salt 3006, salt/states/file.py.</remarks>
public static class ContentState
{
    /// <summary>Keeps a file with the bytes that a text in base64 stands for.</summary>
    /// <param name="name">The file.</param>
    /// <param name="encodedData">The text.</param>
    /// <param name="contentsPillar">The pillar path of the text.</param>
    /// <param name="encodingType"><c>base64</c>.</param>
    /// <param name="checksum">The kind of digest that is told: <c>md5</c>, <c>sha256</c> …</param>
    [SaltState("file.decode")]
    public static MapValue Decode(CallContext context, string name, string? encodedData = null, string? contentsPillar = null, string encodingType = "base64", string checksum = "md5")
    {
        if (!Path.IsPathRooted(name)) return StateResult.Failed(name, $"Specified file {name} is not an absolute path");
        if (encodedData is null && contentsPillar is null) return StateResult.Failed(name, "Specify either the 'encoded_data' or 'contents_pillar' argument.");
        if (encodedData is not null && contentsPillar is not null) return StateResult.Failed(name, "Specify only one 'encoded_data' or 'contents_pillar' argument.");
        if (encodingType != "base64") return StateResult.Failed(name, $"encoding_type: '{encodingType}' is not known; base64 is");
        var text = encodedData ?? KeyPath.Find(context.Pillar, contentsPillar!, ":")?.ToString();
        if (text is null) return StateResult.Failed(name, "Pillar data not found.");
        byte[] content;
        try
        {
            content = Convert.FromBase64String(text.Replace("\n", "", StringComparison.Ordinal).Trim());
        }
        catch (FormatException)
        {
            return StateResult.Failed(name, "The text is not base64.");
        }
        try
        {
            var before = UnixFile.IsFile(name) ? File.ReadAllBytes(name) : null;
            if (before is not null && before.AsSpan().SequenceEqual(content)) return StateResult.Of(name, true, "File is in the correct state.");
            Value Digest(byte[]? bytes) => bytes is null ? Value.Null : FileDigest.Of(checksum, new MemoryStream(bytes));
            var changes = MapValue.Of(("old", Digest(before)), ("new", Digest(content)));
            if (context.IsTest) return StateResult.Of(name, null, "File is set to be updated.", changes);
            FileReplacement.Write(name, content);
            return StateResult.Of(name, true, "File was updated.", changes);
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            return StateResult.Failed(name, refused.Message);
        }
    }

    /// <summary>Keeps a copy of a source in the minion's cache.</summary>
    /// <param name="name">The address.</param>
    /// <param name="sourceHash">Its digest.</param>
    /// <param name="sourceHashName">Taken for compatibility.</param>
    /// <param name="skipVerify">Take a source from the network without a digest.</param>
    /// <param name="saltenv">The environment.</param>
    /// <param name="useEtag">Taken for compatibility.</param>
    [SaltState("file.cached")]
    public static async Task<MapValue> Cached(
        CallContext context, string name, [System.ComponentModel.DefaultValue("")] Value? sourceHash = null, string? sourceHashName = null, bool skipVerify = false, string saltenv = "base", bool useEtag = false)
    {
        _ = (sourceHashName, useEtag);
        var hash = sourceHash is { IsTruthy: true } given ? given.ToString() : null;
        var isRemote = name.StartsWith("http", StringComparison.Ordinal) || name.StartsWith("ftp", StringComparison.Ordinal);
        if (isRemote && hash is null && !skipVerify) return StateResult.Failed(name, $"Unable to verify upstream hash of source file {name}, please set source_hash or set skip_verify to True");
        var expected = hash?[(hash.IndexOf('=') + 1)..];
        var copy = FileUrl.IsOne(name) || isRemote ? CpFiles.CopyOf(context, name, saltenv) : null;
        var isThere = copy is not null && File.Exists(copy);
        if (context.IsTest)
        {
            if (isThere && expected is not null && CpFiles.HashOf(copy!, expected) == expected) return StateResult.Of(name, true, $"File already cached: {name}");
            return StateResult.Of(name, null, isThere && expected is null ? $"No hash found. File will be cached: {name}" : $"File will be cached: {name}");
        }
        try
        {
            var before = isThere ? Hash(copy!) : null;
            if (await CpFiles.GetAsync(context, name, saltenv, expected).ConfigureAwait(false) is not { } got) return StateResult.Failed(name, $"Failed to cache {name}, check minion log for more information");
            if (expected is not null && CpFiles.HashOf(got, expected) is var found && !string.Equals(found, expected, StringComparison.OrdinalIgnoreCase))
                return StateResult.Failed(name, $"File is locally cached to {got}, but does not match the specified hash ({expected}): its own is {found}");
            if (copy is null) return StateResult.Of(name, true, $"File {name} is present on the minion");
            var after = Hash(got);
            return StateResult.Of(name, true, $"File is cached to {got}", before is null || before == after ? MapValue.Empty : MapValue.Of(("hash", MapValue.Of(("old", before), ("new", after)))));
        }
        catch (CommandFailed failed)
        {
            return StateResult.Failed(name, failed.Message);
        }
    }

    /// <summary>Keeps the minion's cache free of copies of a source.</summary>
    /// <param name="name">The address.</param>
    /// <param name="saltenv">The environment.</param>
    [SaltState("file.not_cached")]
    public static MapValue NotCached(CallContext context, string name, string saltenv = "base")
    {
        if (CpFiles.CopyOf(context, name, saltenv) is not { } copy || !File.Exists(copy)) return StateResult.Of(name, true, $"{name} is not cached");
        if (context.IsTest) return StateResult.Of(name, null, $"{copy} is set for removal", MapValue.Of(("deleted", true)));
        try
        {
            File.Delete(copy);
            return StateResult.Of(name, true, $"{copy} was deleted", MapValue.Of(("deleted", true)));
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            return StateResult.Failed(name, $"Failed to delete {copy}: {refused.Message}");
        }
    }

    /// <summary>Keeps a folder free of old or large files.</summary>
    /// <param name="name">The folder.</param>
    /// <param name="age">Days since the last change of what is removed.</param>
    /// <param name="matches">Expressions for the names that are meant; all as standard.</param>
    /// <param name="rmdirs">Folders too, with all that is in them.</param>
    /// <param name="size">The size from which on files are removed: a number of bytes, or with <c>K</c>, <c>M</c>, <c>G</c>, <c>T</c> behind it.</param>
    /// <param name="exclude">Expressions for names that stay.</param>
    /// <param name="fullPathMatch">The expressions are for whole paths.</param>
    /// <param name="followlinks">Go into folders behind links.</param>
    /// <param name="timeComparison">The time that counts: <c>atime</c>, <c>mtime</c>, <c>ctime</c>.</param>
    /// <param name="ageSizeLogicalOperator"><c>OR</c> or <c>AND</c>.</param>
    /// <param name="ageSizeOnly"><c>age</c> or <c>size</c>: only this counts.</param>
    /// <param name="rmlinks">Links too.</param>
    [SaltState("file.tidied")]
    public static MapValue Tidied(
        CallContext context, string name, double age = 0, Value? matches = null, bool rmdirs = false, [System.ComponentModel.DefaultValue(0)] Value? size = null, Value? exclude = null, bool fullPathMatch = false,
        bool followlinks = false, string timeComparison = "atime", string ageSizeLogicalOperator = "OR", string? ageSizeOnly = null, bool rmlinks = true)
    {
        name = FilePaths.Expand(name);
        if (!Path.IsPathRooted(name)) return StateResult.Failed(name, $"Specified file {name} is not an absolute path");
        if (!UnixFile.IsFolder(name)) return StateResult.Failed(name, $"{name} does not exist or is not a directory.");
        if (Bytes(size) is not { } atLeast) return StateResult.Failed(name, $"size: '{size}' is no number of bytes, as 500, 10K or 2M");
        List<Regex> Expressions(Value? given) => given is ListValue list ? [.. list.Select(e => new Regex(e.ToString(), RegexOptions.CultureInvariant, TimeSpan.FromSeconds(10)))] : [];
        List<Regex> wanted, kept;
        try
        {
            (wanted, kept) = (Expressions(matches), Expressions(exclude));
        }
        catch (ArgumentException broken)
        {
            return StateResult.Failed(name, $"matches and exclude are lists of regular expressions: {broken.Message}");
        }
        var now = context.Clock.GetUtcNow().ToUnixTimeMilliseconds() / 1000.0;
        bool Fits(string path, FileStatus status)
        {
            var text = fullPathMatch ? path : FilePaths.BaseName(path);
            bool At(Regex r) => r.Match(text) is { Success: true, Index: 0 };
            if (wanted.Count > 0 && !wanted.Exists(At) || kept.Exists(At)) return false;
            if (status.Kind == 'l' && !rmlinks) return false;
            var days = (int)((now - (timeComparison.ToLowerInvariant() switch { "mtime" => status.Mtime, "ctime" => status.Ctime, _ => status.Atime })) / 86400);
            var (isOld, isLarge) = (days >= age, status.IsFolder || status.Size >= atLeast);
            return ageSizeOnly?.ToLowerInvariant() switch
            {
                "age" => isOld,
                "size" => isLarge,
                _ => ageSizeLogicalOperator.Equals("AND", StringComparison.OrdinalIgnoreCase) ? isOld && isLarge : isOld || isLarge,
            };
        }
        var found = new List<(string Path, bool IsFolder)>();
        void Walk(string folder)
        {
            var (folders, files) = FolderEntries.Of(folder);
            foreach (var sub in folders) if (followlinks || !UnixFile.IsLink(sub)) Walk(sub);
            foreach (var file in files.Concat(folders.Where(UnixFile.IsLink))) if (UnixFile.Find(file, follow: false) is { } status && Fits(file, status)) found.Add((file, false));
            if (rmdirs) foreach (var sub in folders.Where(f => !UnixFile.IsLink(f))) if (UnixFile.Find(sub, follow: false) is { } status && Fits(sub, status)) found.Add((sub, true));
        }
        Walk(name);
        if (found.Count == 0) return StateResult.Of(name, true, $"Nothing to remove from directory {name}");
        var changes = MapValue.Of(("removed", ListValue.OfTexts(found.Select(f => f.Path))));
        if (context.IsTest) return StateResult.Of(name, null, $"{name} is set for tidy", changes);
        try
        {
            foreach (var (path, isFolder) in found)
                if (isFolder && Directory.Exists(path)) Directory.Delete(path, recursive: true);
                else if (!isFolder) UnixFile.RemoveFile(path);
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            return StateResult.Failed(name, refused.Message);
        }
        return StateResult.Of(name, true, $"Removed {found.Count} files or directories from directory {name}", changes);
    }

    /// <summary>Gathers texts for the template of another file's state, where they stand in <c>accumulator[name]</c>.</summary>
    /// <param name="name">The name they are found under.</param>
    /// <param name="filename">The file whose state has the template.</param>
    /// <param name="text">A text, or a list of them.</param>
    /// <param name="kwargs"><c>require_in</c> or <c>watch_in</c> that name the file's state.</param>
    [SaltState("file.accumulated")]
    public static MapValue Accumulated(CallContext context, string name, string filename, Value text, [Keywords] MapValue kwargs)
    {
        _ = kwargs;
        if (text.IsNull) return StateResult.Failed(name, "No text supplied for accumulator");
        if (filename.Length == 0) return StateResult.Failed(name, "Must provide filename to file.accumulated");
        var texts = text is ListValue list ? list : ListValue.Create([text]);
        context.Memory.AddOrUpdate(MemoryOf(filename), _ => MapValue.Of((name, texts)), (_, known) =>
        {
            var all = (MapValue)known;
            var before = all.Get(name) as ListValue ?? ListValue.Empty;
            return all.With(name, ListValue.From(before.Concat(texts.Where(t => !before.Contains(t)))));
        });
        return StateResult.Of(name, true, $"Accumulator {name} for file {filename} was charged by text");
    }

    /// <summary>What was gathered for a file: name → texts.</summary>
    internal static MapValue GatheredFor(CallContext context, string filename) => context.Memory.GetValueOrDefault(MemoryOf(filename)) as MapValue ?? MapValue.Empty;

    /// <summary>Keeps a patch applied, by the program <c>patch</c>.</summary>
    /// <param name="name">The file, or a folder where the patch names several.</param>
    /// <param name="source">The address of the patch.</param>
    /// <param name="sourceHash">Its digest.</param>
    /// <param name="sourceHashName">Taken for compatibility.</param>
    /// <param name="skipVerify">Take a patch from the network without a digest.</param>
    /// <param name="template">The engine that the patch is rendered with.</param>
    /// <param name="context">Names for the template, over the defaults.</param>
    /// <param name="defaults">Names for the template.</param>
    /// <param name="options">More arguments for <c>patch</c>.</param>
    /// <param name="rejectFile">Where hunks go that do not fit.</param>
    /// <param name="strip">How many folders to take off the names in the patch.</param>
    /// <param name="saltenv">The environment.</param>
    /// <param name="kwargs">What the run itself hands in.</param>
    [SaltState("file.patch")]
    public static async Task<MapValue> Patch(
        CallContext call, string name, Value? source = null, Value? sourceHash = null, string? sourceHashName = null, bool skipVerify = false, string? template = null, Value? context = null,
        Value? defaults = null, string options = "", string? rejectFile = null, int? strip = null, string? saltenv = null, [Keywords] MapValue? kwargs = null)
    {
        _ = sourceHashName;
        if (!Path.IsPathRooted(name)) return StateResult.Failed(name, $"{name} is not an absolute path");
        if (!UnixFile.Exists(name)) return StateResult.Failed(name, $"{name} does not exist");
        if (source is not { IsTruthy: true }) return StateResult.Failed(name, "Must provide a source to file.patch");
        var isFolder = UnixFile.IsFolder(name);
        if (isFolder && strip is null) return StateResult.Failed(name, "For a directory of files to patch, 'strip' must be given");
        var env = saltenv ?? kwargs?.TextOf("__env__") ?? "base";
        var patch = Path.GetTempFileName();
        try
        {
            var reader = new FileSource
            {
                Call = call,
                SaltEnv = env,
                Template = template,
                SkipsVerification = skipVerify,
                SourceHash = sourceHash is { IsTruthy: true } hash ? hash.ToString() : null,
                Variables = (defaults as MapValue ?? MapValue.Empty).Over(context as MapValue ?? MapValue.Empty),
            };
            await File.WriteAllBytesAsync(patch, (await reader.ReadAsync(source).ConfigureAwait(false)).Content, call.Stopped).ConfigureAwait(false);
            var rejects = rejectFile ?? Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid():n}.rej");
            async Task<MapValue> Run(bool isDry, bool isReverse)
            {
                List<string> words = ["patch", "--forward", $"--reject-file={(isDry ? "-" : rejects)}", .. options.Split(' ', StringSplitOptions.RemoveEmptyEntries), "-i", patch];
                if (isReverse) words[1] = "--reverse";
                if (isReverse) words.Add("--force");
                if (isDry) words.Add("--dry-run");
                if (strip is { } levels) words.Add($"-p{levels}");
                words.AddRange(isFolder ? ["-d", name] : [name]);
                return (MapValue)await call.ForInnerCalls().Call("cmd.run_all", new CallArguments([ListValue.OfTexts(words)], MapValue.Of(("python_shell", false), ("ignore_retcode", true)))).ConfigureAwait(false);
            }
            var trial = await Run(isDry: true, isReverse: false).ConfigureAwait(false);
            if (trial.Get("retcode")?.AsInteger() != 0)
            {
                if ((await Run(isDry: true, isReverse: true).ConfigureAwait(false)).Get("retcode")?.AsInteger() == 0) return StateResult.Of(name, true, "Patch was already applied");
                return StateResult.Failed(name, $"Patch would not apply cleanly, no changes made. Results of dry-run are below.{(rejectFile is null ? " Run state again using the reject_file option to save rejects to a persistent file." : "")}\n\n{trial.TextOf("stdout")}\n{trial.TextOf("stderr")}".TrimEnd());
            }
            if (call.IsTest) return StateResult.Of(name, null, "The patch would be applied", trial);
            var applied = await Run(isDry: false, isReverse: false).ConfigureAwait(false);
            return applied.Get("retcode")?.AsInteger() == 0 ? StateResult.Of(name, true, "Patch successfully applied", applied)
                : StateResult.Failed(name, $"Failed to apply patch\n{applied.TextOf("stdout")}\n{applied.TextOf("stderr")}".TrimEnd());
        }
        catch (CommandFailed failed)
        {
            return StateResult.Failed(name, failed.Message);
        }
        finally
        {
            File.Delete(patch);
        }
    }

    private static string MemoryOf(string filename) => $"file.accumulated {filename}";

    private static string Hash(string path)
    {
        using var file = File.OpenRead(path);
        return Convert.ToHexStringLower(SHA256.HashData(file));
    }

    private static long? Bytes(Value? size)
    {
        if (size is null or NullValue) return 0;
        if (size.AsInteger() is { } number) return number;
        var text = size.ToString().Trim();
        var unit = text.Length > 0 ? char.ToUpperInvariant(text[^1]) switch { 'K' => 1L << 10, 'M' => 1L << 20, 'G' => 1L << 30, 'T' => 1L << 40, _ => 1L } : 1;
        return double.TryParse(unit == 1 ? text : text[..^1], NumberStyles.Float, CultureInfo.InvariantCulture, out var amount) ? (long)(amount * unit) : null;
    }
}
