using SaltActors.Core.Functions;
using SaltActors.Core.Values;

namespace SaltActors.Modules.Configuration;

/// <summary>Where options can be set, in the order in which they are asked.</summary>
/// <param name="NearestFirst">The minion's configuration, the grains, the pillar, the master's configuration, the defaults of modules; the omitted ones left out.</param>
internal sealed record OptionSources(IReadOnlyList<MapValue> NearestFirst)
{
    /// <summary>What modules fall back to where nobody sets an option.</summary>
    public static readonly MapValue ModuleDefaults = MapValue.Of(
        ("mongo.db", "salt"), ("mongo.host", "salt"), ("mongo.password", ""), ("mongo.port", 27017), ("mongo.user", ""),
        ("redis.db", "0"), ("redis.host", "salt"), ("redis.port", 6379),
        ("test.foo", "unconfigured"),
        ("ca.cert_base_path", "/etc/pki"),
        ("solr.cores", ListValue.Empty), ("solr.host", "localhost"), ("solr.port", "8983"), ("solr.baseurl", "/solr"), ("solr.type", "master"),
        ("solr.request_timeout", Value.Null), ("solr.init_script", "/etc/rc.d/solr"),
        ("solr.dih.import_options", MapValue.Of(("clean", false), ("optimize", true), ("commit", true), ("verbose", false))),
        ("solr.backup_path", Value.Null), ("solr.num_backups", 1),
        ("poudriere.config", "/usr/local/etc/poudriere.conf"), ("poudriere.config_dir", "/usr/local/etc/poudriere.d"),
        ("ldap.uri", ""), ("ldap.server", "localhost"), ("ldap.port", "389"), ("ldap.tls", false), ("ldap.no_verify", false),
        ("ldap.anonymous", true), ("ldap.scope", 2), ("ldap.attrs", Value.Null), ("ldap.binddn", ""), ("ldap.bindpw", ""),
        ("hosts.file", "/etc/hosts"), ("aliases.file", "/etc/aliases"),
        ("virt.images", "/srv/salt-images"), ("virt.tunnel", false));

    public static OptionSources Of(CallContext context, bool omitOptions, bool omitGrains, bool omitPillar, bool omitMaster)
    {
        var sources = new List<MapValue>(5);
        if (!omitOptions) sources.Add(context.Options);
        if (!omitGrains) sources.Add(context.Grains);
        if (!omitPillar) sources.Add(context.Pillar);
        if (!omitMaster) sources.Add(context.Pillar.MapOf("master"));
        sources.Add(ModuleDefaults);
        return new(sources);
    }

    /// <summary>All laid together, the nearest on top.</summary>
    /// <param name="recurse">Lay maps inside maps together too; else the nearest map hides the others.</param>
    public MapValue Merged(bool recurse)
    {
        var merged = MapValue.Empty;
        for (var i = NearestFirst.Count - 1; i >= 0; i--) merged = recurse ? Over(merged, NearestFirst[i]) : merged.Over(NearestFirst[i]);
        return merged;
    }

    private static MapValue Over(MapValue far, MapValue near)
    {
        var merged = far.ToBuilder();
        foreach (var (key, value) in near)
            merged[key] = value is MapValue above && merged.Get(key) is MapValue below ? Over(below, above) : value;
        return merged.Build();
    }
}
