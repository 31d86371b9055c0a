using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using SaltActors.Core.Functions;
using SaltActors.Core.Values;
using SaltActors.Modules.Commands;
using SaltActors.Modules.Files.Editing;

namespace SaltActors.Modules.Files;

/// <summary>The functions of <c>file</c> that read and write content as it is.</summary>
/// <remarks>Follows Salt 3006, salt/modules/file.py.</remarks>
public static class FileContentModule
{
    private static readonly Dictionary<int, string> HashByLength = new() { [128] = "sha512", [96] = "sha384", [64] = "sha256", [40] = "sha1", [32] = "md5" };

    /// <summary>A file's content.</summary>
    /// <param name="path">The file.</param>
    /// <param name="binary">Answer with bytes, not with text.</param>
    /// <example><code>salt '*' file.read /path/to/file</code></example>
    [SaltFunction("file.read")]
    public static Value Read(string path, bool binary = false)
    {
        path = Needed(path);
        return binary ? File.ReadAllBytes(path) : TextLines.Read(path).Text;
    }

    /// <summary>Writes lines to a file in the place of what it held.</summary>
    /// <param name="path">The file.</param>
    /// <param name="args">The lines.</param>
    /// <param name="kwargs"><c>args</c>: the lines as a list.</param>
    /// <example><code>salt '*' file.write /etc/motd "With all thine offerings" "thou shalt offer salt"</code></example>
    [SaltFunction("file.write")]
    public static string Write(string path, [Rest] ListValue args, [Keywords] MapValue kwargs)
    {
        var lines = LinesOf(args, kwargs);
        return Written(path, "", lines, $"Wrote {lines.Count} lines to \"{FilePaths.Expand(path)}\"");
    }

    /// <summary>Appends lines to a file. A last line without an end gets one first.</summary>
    /// <param name="path">The file.</param>
    /// <param name="args">The lines.</param>
    /// <param name="kwargs"><c>args</c>: the lines as a list.</param>
    /// <example><code>salt '*' file.append /etc/motd "With all thine offerings" "thou shalt offer salt"</code></example>
    [SaltFunction("file.append")]
    public static string Append(string path, [Rest] ListValue args, [Keywords] MapValue kwargs)
    {
        path = FilePaths.Expand(path);
        var lines = LinesOf(args, kwargs);
        using (var file = Opened(path))
        {
            var text = string.Concat(lines.Select(l => l + "\n"));
            if (file.Length > 0)
            {
                file.Seek(-1, SeekOrigin.End);
                if (file.ReadByte() != '\n') text = "\n" + text;
            }
            file.Write(Encoding.UTF8.GetBytes(text));
        }
        return $"Wrote {lines.Count} lines to \"{path}\"";
    }

    /// <summary>Puts lines before the first line of a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="args">The lines.</param>
    /// <param name="kwargs"><c>args</c>: the lines as a list.</param>
    /// <example><code>salt '*' file.prepend /etc/motd "With all thine offerings" "thou shalt offer salt"</code></example>
    [SaltFunction("file.prepend")]
    public static string Prepend(string path, [Rest] ListValue args, [Keywords] MapValue kwargs)
    {
        path = FilePaths.Expand(path);
        var lines = LinesOf(args, kwargs);
        return Written(path, UnixFile.Exists(path) ? TextLines.Read(path).Text : "", lines, $"Prepended {lines.Count} lines to \"{path}\"");
    }

    /// <summary>Creates a file, or sets its times.</summary>
    /// <param name="name">The file.</param>
    /// <param name="atime">When it was read last, in seconds since 1970; now where nothing is given.</param>
    /// <param name="mtime">When it was written last, in seconds since 1970; now where nothing is given.</param>
    /// <example><code>salt '*' file.touch /var/log/emptyfile</code></example>
    [SaltFunction("file.touch")]
    public static bool Touch(CallContext context, string name, Value? atime = null, Value? mtime = null)
    {
        name = FilePaths.Expand(name);
        var now = context.Clock.GetUtcNow().UtcDateTime;
        var (read, written) = (TimeOf(atime) ?? now, TimeOf(mtime) ?? now);
        try
        {
            if (!UnixFile.Exists(name)) File.Create(name).Dispose();
            File.SetLastAccessTimeUtc(name, read);
            File.SetLastWriteTimeUtc(name, written);
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            throw new CommandFailed(refused.Message);
        }
        return UnixFile.Exists(name);
    }

    /// <summary>Cuts a file, or fills it up with zeros.</summary>
    /// <param name="path">The file.</param>
    /// <param name="length">The new size in bytes.</param>
    /// <example><code>salt '*' file.truncate /path/to/file 512</code></example>
    [SaltFunction("file.truncate")]
    public static void Truncate(string path, long length) => UnixFile.Cut(Needed(path), length);

    /// <summary>Reads bytes from the middle of a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="size">How many bytes at most.</param>
    /// <param name="offset">Where they begin.</param>
    /// <example><code>salt '*' file.seek_read /path/to/file 4096 0</code></example>
    [SaltFunction("file.seek_read")]
    public static byte[] SeekRead(string path, int size, long offset)
    {
        using var file = File.OpenRead(Needed(path));
        file.Seek(offset, SeekOrigin.Begin);
        var bytes = new byte[Math.Min(Math.Max(size, 0), Math.Max(file.Length - offset, 0))];
        file.ReadExactly(bytes);
        return bytes;
    }

    /// <summary>Writes text into the middle of a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="data">What to write.</param>
    /// <param name="offset">Where it begins.</param>
    /// <returns>How many bytes were written.</returns>
    /// <example><code>salt '*' file.seek_write /path/to/file 'some data' 4096</code></example>
    [SaltFunction("file.seek_write")]
    public static long SeekWrite(string path, Value data, long offset)
    {
        var bytes = data is BytesValue raw ? raw.Bytes.ToArray() : Encoding.UTF8.GetBytes(data.ToString());
        using var file = File.OpenWrite(Needed(path));
        file.Seek(offset, SeekOrigin.Begin);
        file.Write(bytes);
        return bytes.Length;
    }

    /// <summary>The digest of a file, or a text that says that there is none.</summary>
    /// <param name="path">The file.</param>
    /// <param name="form">The digest: <c>md5</c>, <c>sha1</c>, <c>sha256</c>, <c>sha384</c>, <c>sha512</c>.</param>
    /// <example><code>salt '*' file.get_sum /etc/passwd sha512</code></example>
    [SaltFunction("file.get_sum")]
    public static string GetSum(string path, string form = "sha256") =>
        UnixFile.IsFile(FilePaths.Expand(path)) ? GetHash(path, form) : "File not found";

    /// <summary>The digest of a file, in hexadecimal digits.</summary>
    /// <param name="path">The file.</param>
    /// <param name="form">The digest: <c>md5</c>, <c>sha1</c>, <c>sha256</c>, <c>sha384</c>, <c>sha512</c>.</param>
    /// <param name="chunkSize">Taken for compatibility.</param>
    /// <example><code>salt '*' file.get_hash /etc/shadow</code></example>
    [SaltFunction("file.get_hash")]
    public static string GetHash(string path, string form = "sha256", int chunkSize = 65536)
    {
        _ = chunkSize;
        using var file = File.OpenRead(Needed(path));
        return Convert.ToHexStringLower(form switch
        {
            "md5" => MD5.HashData(file),
            "sha1" => SHA1.HashData(file),
            "sha256" => SHA256.HashData(file),
            "sha384" => SHA384.HashData(file),
            "sha512" => SHA512.HashData(file),
            _ => throw new NamedError("ValueError", $"Invalid hash type: {form}"),
        });
    }

    /// <summary>Whether a file has this digest.</summary>
    /// <param name="path">The file.</param>
    /// <param name="fileHash">The digest in hexadecimal digits; its kind may stand before it, as <c>md5:…</c> or <c>md5=…</c>.</param>
    /// <example><code>salt '*' file.check_hash /etc/fstab md5:&lt;md5sum&gt;</code></example>
    [SaltFunction("file.check_hash")]
    public static bool CheckHash(string path, Value fileHash)
    {
        var text = fileHash.AsText() ?? throw new NamedError("SaltInvocationError", "hash must be a string");
        var at = text.Contains(':') ? text.IndexOf(':') : text.IndexOf('=');
        var digest = text[(at + 1)..];
        var form = at >= 0 ? text[..at] : HashByLength.GetValueOrDefault(digest.Length) ?? throw new NamedError("SaltInvocationError",
            $"Hash {digest} (length: {digest.Length}) could not be matched to a supported hash type. The supported hash types and lengths are: "
            + string.Join(", ", HashByLength.OrderBy(h => h.Key).Select(h => $"{h.Value} ({h.Key})")));
        return GetHash(path, form) == digest;
    }

    /// <summary>Whether a file holds a text.</summary>
    /// <param name="path">The file.</param>
    /// <param name="text">The text; white space around it is cut off.</param>
    /// <example><code>salt '*' file.contains /etc/crontab 'mymaintenance.sh'</code></example>
    [SaltFunction("file.contains")]
    public static bool Contains(string path, string text)
    {
        path = FilePaths.Expand(path);
        return UnixFile.Exists(path) && TextLines.Read(path).Text.Contains(text.Trim(), StringComparison.Ordinal);
    }

    /// <summary>Whether a pattern finds something in a line of a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="regex">A regular expression.</param>
    /// <param name="lchar">Characters to cut from the beginning of each line first.</param>
    /// <example><code>salt '*' file.contains_regex /etc/crontab '^root'</code></example>
    [SaltFunction("file.contains_regex")]
    public static bool ContainsRegex(string path, string regex, string lchar = "")
    {
        path = FilePaths.Expand(path);
        if (!UnixFile.Exists(path)) return false;
        var pattern = SearchPattern.Compile(regex);
        return TextLines.Split(TextLines.Read(path).Text).Any(l => pattern.IsMatch(lchar.Length > 0 ? l.TrimStart(lchar.ToCharArray()) : l));
    }

    /// <summary>Whether a file's content fits a shell pattern.</summary>
    /// <param name="path">The file.</param>
    /// <param name="globExpr">The pattern, as <c>*foo*</c>.</param>
    /// <example><code>salt '*' file.contains_glob /etc/foobar '*cheese*'</code></example>
    [SaltFunction("file.contains_glob")]
    public static bool ContainsGlob(string path, string globExpr)
    {
        path = FilePaths.Expand(path);
        return UnixFile.Exists(path) && NamePattern.Matches(globExpr, TextLines.Read(path).Text);
    }

    /// <summary>Runs <c>grep</c> over a file.</summary>
    /// <param name="path">The file; patterns of the shell are allowed.</param>
    /// <param name="pattern">What to look for.</param>
    /// <param name="opts">Options of <c>grep</c>, as <c>-i</c>.</param>
    /// <returns>A map: <c>pid</c>, <c>retcode</c>, <c>stdout</c>, <c>stderr</c>.</returns>
    /// <example><code>salt '*' file.grep /etc/passwd nobody</code></example>
    [SaltFunction("file.grep")]
    public static ValueTask<Value> Grep(CallContext context, string path, string pattern, [Rest] ListValue opts)
    {
        path = FilePaths.Expand(path);
        var files = UnixFile.Exists(path) ? [path] : FilePathModule.Glob(path).DefaultIfEmpty(path);
        var options = opts.Items.SelectMany(o => ShellWords.Split(o.ToString()));
        var words = ListValue.OfTexts(["grep", .. options, pattern, .. files]);
        return context.Call("cmd.run_all", new CallArguments([words], MapValue.Of(("python_shell", false), ("ignore_retcode", true))));
    }

    /// <exception cref="NamedError">There is no such file.</exception>
    private static string Needed(string path)
    {
        path = FilePaths.Expand(path);
        return UnixFile.Find(path) switch
        {
            null => throw new NamedError("FileNotFoundError", $"[Errno 2] No such file or directory: '{path}'"),
            { IsFolder: true } => throw new NamedError("IsADirectoryError", $"[Errno 21] Is a directory: '{path}'"),
            _ => path,
        };
    }

    private static FileStream Opened(string path)
    {
        try
        {
            return new(path, FileMode.OpenOrCreate, FileAccess.ReadWrite);
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            throw new CommandFailed($"Unable to write to file '{path}'. Exception: {refused.Message}");
        }
    }

    private static string Written(string path, string rest, ListValue lines, string message)
    {
        using var file = Opened(FilePaths.Expand(path));
        file.SetLength(0);
        file.Write(Encoding.UTF8.GetBytes(string.Concat(lines.Select(l => l + "\n")) + rest));
        return message;
    }

    private static ListValue LinesOf(ListValue args, MapValue kwargs) => kwargs.Get("args") switch
    {
        ListValue list => list,
        { } one => [one],
        _ => args,
    };

    private static DateTime? TimeOf(Value? time)
    {
        if (time is null) return null;
        var seconds = time.AsNumber() ?? (long.TryParse(time.AsText(), CultureInfo.InvariantCulture, out var n) ? n
            : throw new NamedError("SaltInvocationError", "atime and mtime must be integers"));
        return DateTime.UnixEpoch.AddSeconds(seconds);
    }
}
