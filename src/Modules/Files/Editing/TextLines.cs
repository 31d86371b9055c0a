using System.Text;
using SaltActors.Core.Functions;

namespace SaltActors.Modules.Files.Editing;

/// <summary>Text files as the editing functions read and write them: UTF-8, with bytes that are not kept as they are by Latin-1.</summary>
internal static class TextLines
{
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Lines with their ends, as Python's <c>splitlines(True)</c> over bytes: <c>\n</c>, <c>\r\n</c> or <c>\r</c>.</summary>
    public static List<string> Split(string text)
    {
        var lines = new List<string>();
        for (var start = 0; start < text.Length;)
        {
            var end = text.AsSpan(start).IndexOfAny('\n', '\r');
            if (end < 0)
            {
                lines.Add(text[start..]);
                break;
            }
            end += start + 1;
            if (text[end - 1] == '\r' && end < text.Length && text[end] == '\n') end++;
            lines.Add(text[start..end]);
            start = end;
        }
        return lines;
    }

    /// <summary>A file's text, and how to write it again.</summary>
    public static (string Text, Encoding Encoding) Read(string path)
    {
        var bytes = File.ReadAllBytes(path);
        try
        {
            return (Strict.GetString(bytes), Strict);
        }
        catch (DecoderFallbackException)
        {
            return (Encoding.Latin1.GetString(bytes), Encoding.Latin1);
        }
    }

    /// <summary>A text to edit.</summary>
    /// <exception cref="NamedError">There is no such file, or it holds no text.</exception>
    public static (string Text, Encoding Encoding) ReadForEdit(string path)
    {
        if (!UnixFile.IsFile(path)) throw new NamedError("SaltInvocationError", $"File not found: {path}");
        var read = Read(path);
        return read.Text.Contains('\0')
            ? throw new NamedError("SaltInvocationError", $"Cannot perform string replacements on a binary file: {path}")
            : read;
    }

    /// <summary>Puts a text in a file's place, in one step, with the owner, group and permissions of what was there.</summary>
    /// <param name="backup">What to append to the name of a copy of the old file; null or empty for none.</param>
    /// <exception cref="CommandFailed">The file cannot be written.</exception>
    public static void Replace(string path, string text, Encoding encoding, string? backup = null)
    {
        var status = UnixFile.Find(path);
        var beside = Path.Join(FilePaths.FolderName(path), $".{FilePaths.BaseName(path)}.{Guid.NewGuid():N}");
        try
        {
            File.WriteAllBytes(beside, encoding.GetBytes(text));
            if (status is not null)
            {
                if (UnixFile.Status(beside) is var fresh && (fresh.Uid, fresh.Gid) != (status.Uid, status.Gid)) UnixFile.ChangeOwner(beside, status.Uid, status.Gid);
                UnixFile.ChangeMode(beside, status.Mode);
                if (!string.IsNullOrEmpty(backup)) CopyAsBackup(path, path + backup, status);
            }
            UnixFile.Rename(beside, path);
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            File.Delete(beside);
            throw new CommandFailed($"Unable to write to file '{path}'. Exception: {refused.Message}");
        }
    }

    private static void CopyAsBackup(string path, string copy, FileStatus status)
    {
        File.Copy(path, copy, overwrite: true);
        UnixFile.ChangeOwner(copy, status.Uid, status.Gid);
        UnixFile.ChangeMode(copy, status.Mode);
    }
}
