using SaltActors.Core.Identity;
using SaltActors.Core.Jobs;
using SaltActors.Core.Values;

namespace SaltActors.Actors.Tests.Master;

/// <summary>The names that most specs use.</summary>
internal static class Fixtures
{
    public static readonly Jid Ping = Jid.Parse("20261123054200000001"), Other = Jid.Parse("20261123054200000002");
    public static readonly MinionId Web1 = MinionId.Parse("web1"), Web2 = MinionId.Parse("web2"), Db1 = MinionId.Parse("db1");
    public static readonly MapValue PingLoad = MapValue.Of(("fun", "test.ping"), ("arg", ListValue.Empty), ("tgt", "*"), ("tgt_type", "glob"), ("jid", Ping.Text), ("user", "root"));

    public static MinionReturn Answer(Jid jid, MinionId id, Value value, int retcode = 0) => new(jid, id, MapValue.Of(
        ("cmd", "_return"), ("id", id.Text), ("success", retcode == 0), ("return", value), ("retcode", retcode), ("jid", jid.Text), ("fun", "test.ping"), ("fun_args", ListValue.Empty)));
}
