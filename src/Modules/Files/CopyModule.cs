using System.IO.Compression;
using System.Text;
using SaltActors.Core.Functions;
using SaltActors.Core.Values;

namespace SaltActors.Modules.Files;

/// <summary>The functions of <c>cp</c> that take what <c>salt-cp</c> sends.</summary>
/// <remarks>Follows Salt 3006, salt/modules/cp.py, recv() and recv_chunked().</remarks>
public static class CopyModule
{
    private const string Unavailable = "Destination unavailable";

    /// <summary>Writes text files. Meant for <c>salt-cp</c>.</summary>
    /// <param name="files">Names at the sender to contents.</param>
    /// <param name="dest">A folder that is there, or the path of the file in one that is there.</param>
    /// <returns>Paths to true, or false where the file could not be written; a text where there is no such folder.</returns>
    /// <example><code>salt-cp '*' /etc/motd /etc/motd</code></example>
    [SaltFunction("cp.recv")]
    public static Value Receive(MapValue files, string dest)
    {
        var written = new MapValue.Builder();
        foreach (var (name, content) in files)
        {
            var own = Path.GetFileName(name.ToString());
            if (FinalPath(own, dest) is not { } final) return Unavailable;
            written[final] = CanWrite(final, content);
        }
        return written.Build();
    }

    /// <summary>Writes a piece of a file, or makes a folder. Meant for <c>salt-cp --chunked</c>.</summary>
    /// <param name="dest">The file or folder, a path from the root; folders above it are made.</param>
    /// <param name="chunk">The piece in base64; null where <paramref name="dest"/> is a folder.</param>
    /// <param name="append">Put the piece behind what the file holds, not in its place.</param>
    /// <param name="compressed">The piece is compressed with gzip.</param>
    /// <param name="mode">The permissions of a file that begins: their bits as a number, or octal digits as a text.</param>
    /// <returns>True, or why it could not be written; then the retcode is 1.</returns>
    /// <example><code>salt-cp --chunked '*' /srv/site /var/www</code></example>
    [SaltFunction("cp.recv_chunked")]
    public static Value ReceiveChunk(CallContext context, string dest, Value? chunk = null, bool append = false, bool compressed = true, Value? mode = null)
    {
        try
        {
            if (chunk is null or NullValue)
            {
                if (File.Exists(dest)) return "Path exists and is a file";
                Directory.CreateDirectory(dest);
                return true;
            }
            var piece = PieceOf(chunk, compressed);
            if (Path.GetDirectoryName(dest) is { Length: > 0 } folder) Directory.CreateDirectory(folder);
            using (var file = new FileStream(dest, append ? FileMode.Append : FileMode.Create, FileAccess.Write)) file.Write(piece);
            if (!append && mode is not (null or NullValue) && !OperatingSystem.IsWindows()) File.SetUnixFileMode(dest, ModeOf(mode));
            return true;
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException or FormatException or InvalidDataException)
        {
            context.Retcode = 1;
            return cause.Message;
        }
    }

    private static string? FinalPath(string name, string dest)
    {
        if (Directory.Exists(dest)) return Path.Combine(dest, name);
        return name == Path.GetFileName(dest) || Directory.Exists(Path.GetDirectoryName(dest)) ? dest : null;
    }

    private static bool CanWrite(string path, Value content)
    {
        try
        {
            if (content is BytesValue bytes) File.WriteAllBytes(path, bytes.Bytes.ToArray());
            else File.WriteAllText(path, content.ToString());
            return true;
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    private static byte[] PieceOf(Value chunk, bool isCompressed)
    {
        var packed = Convert.FromBase64String(chunk is BytesValue bytes ? Encoding.ASCII.GetString(bytes.Bytes.Span) : chunk.ToString());
        if (!isCompressed) return packed;
        using var gzip = new GZipStream(new MemoryStream(packed), CompressionMode.Decompress);
        using var plain = new MemoryStream();
        gzip.CopyTo(plain);
        return plain.ToArray();
    }

    private static UnixFileMode ModeOf(Value mode)
    {
        if (mode is not TextValue) return (UnixFileMode)((mode.AsInteger() ?? throw new FormatException($"the mode '{mode}' is none: a number is needed")) & 0xfff);
        var digits = mode.ToString();
        if (digits.Length is 0 or > 6 || digits.Any(d => d is < '0' or > '7')) throw new FormatException($"the mode '{mode}' is none: octal digits are needed");
        return (UnixFileMode)(Convert.ToInt32(digits, 8) & 0xfff);
    }
}
