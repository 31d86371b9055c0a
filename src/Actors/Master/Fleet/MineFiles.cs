using SaltActors.Core.Identity;
using SaltActors.Core.Values;
using SaltActors.Transport.Keys;
using SaltActors.Transport.Payload;

namespace SaltActors.Actors.Master.Fleet;

/// <summary>What minions publish of themselves for others: <c>cachedir/minions/&lt;id&gt;/mine.p</c>, msgpack of <c>{function: value}</c>, as Salt keeps it.</summary>
/// <remarks>A value that not everybody may see is a map <c>{__saltmine_acl__: 1, __data__: value, allow_tgt, allow_tgt_type}</c>. Reading is safe from every thread.</remarks>
public sealed class MineFiles(string cacheDir)
{
    /// <summary>Empty where the minion published nothing, or its file cannot be read.</summary>
    public MapValue Find(MinionId id)
    {
        try
        {
            return Msgpack.Unpack(File.ReadAllBytes(PathOf(id)), MsgpackDialect.Local) as MapValue ?? MapValue.Empty;
        }
        catch (Exception cause) when (cause is MsgpackBroken or IOException or UnauthorizedAccessException)
        {
            return MapValue.Empty;   // nothing yet; or a broken file, which the next update replaces
        }
    }

    public void Store(MinionId id, MapValue mine)
    {
        var path = PathOf(id);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        PrivateFiles.Write(path, Msgpack.Pack(mine, MsgpackDialect.Local));
    }

    public void Delete(MinionId id) => File.Delete(PathOf(id));

    private string PathOf(MinionId id) => Path.Combine(cacheDir, "minions", id.Text, "mine.p");
}
