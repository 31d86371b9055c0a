using System.Text.RegularExpressions;
using SaltActors.Core.Functions;
using SaltActors.Core.Identity;
using SaltActors.Core.Values;
using SaltActors.Transport.Keys;

namespace SaltActors.Actors.Master.Keys;

/// <summary>Whether a key may be accepted, or must be rejected, without asking anybody: Salt's autosign and autoreject rules.</summary>
/// <remarks>
/// Lines of the files are ids, globs or full-match regular expressions; <c>#</c> begins a comment line. A file that others than its owner
/// may write (or the group, unless <c>permissive_pki_access</c>) is not believed.
/// </remarks>
public sealed class AutoSign(MasterOptions options, string stubFolder, TimeProvider clock, Action<string> warn)
{
    private static readonly TimeSpan RegexTime = TimeSpan.FromMilliseconds(200);

    public bool Rejects(MinionId id) => FileNames(options.AutorejectFile, id);

    /// <summary>True where the id or its grains are welcome. A stub in <c>minions_autosign</c> is used up by it.</summary>
    public bool Accepts(MinionId id, MapValue grains) =>
        options.AutoAccept || FileNames(options.AutosignFile, id) || TakeStub(id) || GrainsName(grains);

    private bool FileNames(string path, MinionId id)
    {
        if (path.Length == 0 || !File.Exists(path) || !IsTrustworthy(path)) return false;
        return Lines(path).Any(line => Matches(line, id.Text));
    }

    private bool TakeStub(MinionId id)
    {
        foreach (var old in new DirectoryInfo(stubFolder).EnumerateFiles())
            if (options.AutosignTimeout > TimeSpan.Zero && clock.GetUtcNow().UtcDateTime - old.LastWriteTimeUtc > options.AutosignTimeout) old.Delete();
        var stub = new FileInfo(Path.Combine(stubFolder, id.Text));
        if (!stub.Exists) return false;
        stub.Delete();
        return true;
    }

    private bool GrainsName(MapValue grains)
    {
        if (options.AutosignGrainsDir.Length == 0 || !Directory.Exists(options.AutosignGrainsDir)) return false;
        foreach (var (grain, value) in grains)
        {
            if (!MinionId.TryParse(grain.ToString(), out var name)) continue;   // a grain's name is a file name here, too
            var path = Path.Combine(options.AutosignGrainsDir, name.Text);
            if (File.Exists(path) && IsTrustworthy(path) && Lines(path).Contains(value.ToString())) return true;
        }
        return false;
    }

    private static IEnumerable<string> Lines(string path) =>
        File.ReadLines(path).Select(line => line.Trim()).Where(line => line.Length > 0 && line[0] != '#');

    private bool IsTrustworthy(string path)
    {
        if (PrivateFiles.IsWrittenByOwnerAlone(path, options.PermissivePkiAccess)) return true;
        warn($"{path} is not believed: others than its owner may write it; chmod 600 it");
        return false;
    }

    private bool Matches(string line, string id)
    {
        if (line == id || NamePattern.Matches(line, id)) return true;
        try
        {
            return Regex.IsMatch(id, $@"\A(?:{line})\z", RegexOptions.CultureInvariant, RegexTime);
        }
        catch (Exception cause) when (cause is RegexParseException or RegexMatchTimeoutException)
        {
            warn($"the line '{line}' matches no id: {cause.Message}");
            return false;
        }
    }
}
