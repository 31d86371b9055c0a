using SaltActors.Core.Returners;
using SaltActors.Modules.Returners.Databases;
using SaltActors.Modules.Returners.Stores;

namespace SaltActors.Modules.Returners;

/// <summary>The returners that every program carries. They cost nothing until one is used: connections and libraries are opened by the call.</summary>
public static class BuiltInReturners
{
    public static ReturnerTable Table()
    {
        ReturnerTable? table = null;
        return table = new ReturnerTable(
        [
            new PostgresReturner(isJsonb: true),
            new PostgresReturner(isJsonb: false),
            new MySqlReturner(),
            new SqliteReturner(),
            new RedisReturner(),
            new RawFileReturner(),
            new SyslogReturner(),
            new MultiReturner(name => table!.Find(name)),
        ]);
    }
}
