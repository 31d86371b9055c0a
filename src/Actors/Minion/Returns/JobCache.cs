using SaltActors.Core.Functions;
using SaltActors.Core.Identity;
using SaltActors.Core.Values;
using SaltActors.Transport.Keys;
using SaltActors.Transport.Payload;

namespace SaltActors.Actors.Minion.Returns;

/// <summary>Returns that the minion keeps for itself (<c>cache_jobs</c>): <c>cachedir/minion_jobs/&lt;jid&gt;/return.p</c>, msgpack, where Salt keeps them.</summary>
public sealed class JobCache(string cacheDir) : ICachedJobs
{
    public void Keep(MapValue load)
    {
        if (!Jid.TryParse(load.TextOf("jid"), out var jid)) return;
        PrivateFiles.CreateFolder(FolderOf(jid));
        PrivateFiles.Write(PathOf(jid), Msgpack.Pack(load.Without("cmd"), MsgpackDialect.Wire));
    }

    public async Task<MapValue?> FindAsync(string jid, CancellationToken stop)
    {
        if (!Jid.TryParse(jid, out var legal) || !File.Exists(PathOf(legal))) return null;
        try
        {
            return Msgpack.Unpack(await File.ReadAllBytesAsync(PathOf(legal), stop).ConfigureAwait(false), MsgpackDialect.Wire) as MapValue;
        }
        catch (MsgpackBroken broken)
        {
            throw new CommandFailed($"{PathOf(legal)} holds no return: {broken.Message}");
        }
    }

    private string FolderOf(Jid jid) => Path.Combine(cacheDir, "minion_jobs", jid.Text);
    private string PathOf(Jid jid) => Path.Combine(FolderOf(jid), "return.p");
}
