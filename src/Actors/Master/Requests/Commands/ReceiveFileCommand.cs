using SaltActors.Core.Identity;
using SaltActors.Core.Values;
using SaltActors.Transport.Envelope;
using SaltActors.Transport.Payload;

namespace SaltActors.Actors.Master.Requests.Commands;

/// <summary><c>_file_recv</c>: a minion gives the master a file (<c>cp.push</c>), piece by piece, into <c>cachedir/minions/&lt;id&gt;/files</c>.</summary>
/// <remarks>The name comes as its parts. None may lead out of the folder, be it by itself, by a separator inside it, or by a link that is there already (CVE-2024-38824).</remarks>
public sealed class ReceiveFileCommand(string cacheDir, bool isAllowed, long mostBytes) : ISealedCommand
{
    public string Name => "_file_recv";
    public bool NeedsIdentity => true;

    public Task<byte[]> AnswerAsync(SealedRequest request) =>
        Task.Run(() => request.SealReply(isAllowed && Take(request.Identity!.Value, request.Load) ? BoolValue.True : BoolValue.False));

    private bool Take(MinionId id, MapValue load)
    {
        if (load.Get("path") is not ListValue { Count: > 0 } named || load.Get("loc")?.AsInteger() is not { } at || at < 0) return false;
        var parts = named.Select(p => p is TextValue text ? text.Text : "").ToArray();
        if (parts.Any(p => p is "" or "." or ".." || p.IndexOfAny(['/', '\\', '\0']) >= 0)) return false;
        if (MsgpackBytes.BytesOf(load.Get("data")) is not { } data) return false;
        if (Math.Max(at + data.Length, load.Get("size")?.AsInteger() ?? 0) > mostBytes) return false;

        var folder = Path.Combine(cacheDir, "minions", id.Text, "files");
        Directory.CreateDirectory(folder);
        foreach (var part in parts[..^1])
        {
            folder = Path.Combine(folder, part);
            if (new DirectoryInfo(folder).LinkTarget is not null || File.Exists(folder)) return false;
            Directory.CreateDirectory(folder);
        }
        var path = Path.Combine(folder, parts[^1]);
        if (new FileInfo(path).LinkTarget is not null || Directory.Exists(path)) return false;
        using var file = File.OpenHandle(path, at == 0 ? FileMode.Create : FileMode.OpenOrCreate, FileAccess.Write);
        if (RandomAccess.GetLength(file) < at) return false;   // a piece before this one is missing
        RandomAccess.Write(file, data.Span, at);
        return true;
    }
}
