using System.Formats.Tar;
using System.IO.Compression;
using SaltActors.Core.Functions;
using SaltActors.Modules.Files;

namespace SaltActors.Modules.Archives;

/// <summary>An entry of an archive: its path below the folder it is unpacked to; a folder's path ends with a slash.</summary>
internal sealed record ArchiveEntry(string Path, bool IsFolder, string? LinkTarget);

/// <summary>Reads tar (plain, gzip) and zip with the platform's own classes; bzip2 and xz through their programs.</summary>
internal static class ArchiveReader
{
    /// <exception cref="CommandFailed">The name tells no known format.</exception>
    public static string FormatOf(string name, string? given)
    {
        if (given is { Length: > 0 }) return given;
        var lower = name.ToLowerInvariant();
        if (lower.EndsWith(".zip", StringComparison.Ordinal)) return "zip";
        if (lower.EndsWith(".rar", StringComparison.Ordinal)) throw new CommandFailed($"{name}: rar archives cannot be unpacked in this version");
        return lower.Contains(".tar", StringComparison.Ordinal) || lower.EndsWith(".tgz", StringComparison.Ordinal) || lower.EndsWith(".tbz2", StringComparison.Ordinal) || lower.EndsWith(".txz", StringComparison.Ordinal) || lower.EndsWith(".tbz", StringComparison.Ordinal)
            ? "tar" : throw new CommandFailed($"Could not guess archive_format from the value of the \"source\" argument ({name}). Please set this archive_format to one of the following: tar, zip");
    }

    /// <exception cref="CommandFailed">It is not an archive of this format, or an entry leads out of its place.</exception>
    public static async Task<List<ArchiveEntry>> ListAsync(string file, string format, CancellationToken stop)
    {
        var entries = new List<ArchiveEntry>();
        try
        {
            if (format == "zip")
            {
                using var zip = ZipFile.OpenRead(file);
                foreach (var entry in zip.Entries) entries.Add(new(Safe(entry.FullName, file), entry.FullName.EndsWith('/'), null));
                return entries;
            }
            await foreach (var entry in TarEntriesAsync(file, stop).ConfigureAwait(false))
                if (entry.EntryType is not (TarEntryType.GlobalExtendedAttributes or TarEntryType.ExtendedAttributes))
                    entries.Add(new(Safe(entry.Name, file) is var name && entry.EntryType == TarEntryType.Directory ? name.TrimEnd('/') + "/" : name, entry.EntryType == TarEntryType.Directory, entry.EntryType is TarEntryType.SymbolicLink ? entry.LinkName : null));
            return [.. entries.Where(e => e.Path.Trim('/', '.').Length > 0)];
        }
        catch (Exception broken) when (broken is InvalidDataException or EndOfStreamException or FormatException)
        {
            throw new CommandFailed($"{file} is not a readable {format} archive: {broken.Message}");
        }
    }

    /// <summary>Unpacks all of it; entries above <paramref name="strip"/> folders are left out.</summary>
    public static async Task<List<string>> UnpackAsync(string file, string format, string folder, int strip, CancellationToken stop)
    {
        var made = new List<string>();
        string? Target(string name)
        {
            var parts = Safe(name, file).Split('/', StringSplitOptions.RemoveEmptyEntries).Where(p => p != ".").Skip(strip).ToArray();
            return parts.Length == 0 ? null : Path.Combine([folder, .. parts]);
        }
        if (format == "zip")
        {
            using var zip = ZipFile.OpenRead(file);
            foreach (var entry in zip.Entries)
            {
                if (Target(entry.FullName) is not { } target) continue;
                made.Add(entry.FullName);
                if (entry.FullName.EndsWith('/')) Directory.CreateDirectory(target);
                else
                {
                    Directory.CreateDirectory(Path.GetDirectoryName(target)!);
                    await Task.Run(() => entry.ExtractToFile(target, overwrite: true), stop).ConfigureAwait(false);
                }
            }
            return made;
        }
        await foreach (var entry in TarEntriesAsync(file, stop).ConfigureAwait(false))
        {
            if (entry.EntryType is TarEntryType.GlobalExtendedAttributes or TarEntryType.ExtendedAttributes || Target(entry.Name) is not { } target) continue;
            made.Add(entry.Name.TrimEnd('/'));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            if (entry.EntryType == TarEntryType.Directory)
            {
                Directory.CreateDirectory(target);
                if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(target, entry.Mode | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
                continue;
            }
            if (entry.EntryType == TarEntryType.HardLink)
            {
                if (Target(entry.LinkName) is { } original) File.Copy(original, target, overwrite: true);
                continue;
            }
            // A link of the archive must not lead a later entry out of the folder.
            if (UnixFile.IsLink(target)) File.Delete(target);
            if (!FilePaths.Real(Path.GetDirectoryName(target)!).StartsWith(FilePaths.Real(folder), StringComparison.Ordinal)) throw new CommandFailed($"{file}: the entry '{entry.Name}' leads out of {folder}");
            await entry.ExtractToFileAsync(target, overwrite: true, stop).ConfigureAwait(false);
        }
        return made;
    }

    private static async IAsyncEnumerable<TarEntry> TarEntriesAsync(string file, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken stop)
    {
        var raw = File.OpenRead(file);
        await using (raw.ConfigureAwait(false))
        {
            var start = new byte[6];
            var read = await raw.ReadAtLeastAsync(start, start.Length, throwOnEndOfStream: false, stop).ConfigureAwait(false);
            raw.Position = 0;
            var stream = start.AsSpan(0, read) switch
            {
                [0x1F, 0x8B, ..] => new GZipStream(raw, CompressionMode.Decompress),
                [(byte)'B', (byte)'Z', (byte)'h', ..] => Through("bzip2", file),
                [0xFD, (byte)'7', (byte)'z', (byte)'X', (byte)'Z', 0] => Through("xz", file),
                _ => (Stream)raw,
            };
            await using (stream.ConfigureAwait(false))
            {
                var tar = new TarReader(stream);
                await using (tar.ConfigureAwait(false))
                    while (await tar.GetNextEntryAsync(copyData: false, stop).ConfigureAwait(false) is { } entry) yield return entry;
            }
        }
    }

    private static Stream Through(string program, string file)
    {
        try
        {
            var process = System.Diagnostics.Process.Start(new System.Diagnostics.ProcessStartInfo(program, ["-dc", file]) { RedirectStandardOutput = true })!;
            return process.StandardOutput.BaseStream;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            throw new CommandFailed($"{file} is packed with {program}, and that program is not there");
        }
    }

    private static string Safe(string name, string file) =>
        name.StartsWith('/') || name.Split('/').Contains("..") ? throw new CommandFailed($"{file}: the entry '{name}' leads out of the folder it is unpacked to") : name.StartsWith("./", StringComparison.Ordinal) ? name[2..] : name;
}
