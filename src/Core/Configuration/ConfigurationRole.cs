using SaltActors.Core.Values;

namespace SaltActors.Core.Configuration;

/// <summary>Whose configuration it is: each has its own file and defaults.</summary>
public enum ConfigurationRole
{
    Master,
    Minion,
    Proxy,
    /// <summary>A command beside the master: the master's file, then the user's own.</summary>
    Client,
    /// <summary>salt-api: a client with two options more.</summary>
    Api,
    Cloud,
    Spm,
}

/// <summary>What each role reads, and what it starts from.</summary>
public static class ConfigurationRoles
{
    /// <summary>The main file's name in the configuration folder.</summary>
    public static string FileName(this ConfigurationRole role) => role switch
    {
        ConfigurationRole.Minion => "minion",
        ConfigurationRole.Proxy => "proxy",
        ConfigurationRole.Cloud => "cloud",
        ConfigurationRole.Spm => "spm",
        _ => "master",
    };

    /// <summary>The environment variable that may name another main file.</summary>
    public static string Variable(this ConfigurationRole role) => role switch
    {
        ConfigurationRole.Minion => "SALT_MINION_CONFIG",
        ConfigurationRole.Proxy => "SALT_PROXY_CONFIG",
        ConfigurationRole.Cloud => "SALT_CLOUD_CONFIG",
        ConfigurationRole.Spm => "SPM_CONFIG",
        _ => "SALT_MASTER_CONFIG",
    };

    /// <summary>The option that names the files included by themselves.</summary>
    public static string IncludeOption(this ConfigurationRole role) => role == ConfigurationRole.Spm ? "spm_default_include" : "default_include";

    public static bool IsMinion(this ConfigurationRole role) => role is ConfigurationRole.Minion or ConfigurationRole.Proxy;

    /// <summary>Every option that Salt gives a value by itself.</summary>
    public static MapValue Defaults(this ConfigurationRole role) => role switch
    {
        ConfigurationRole.Minion => ConfigurationTables.Minion(),
        ConfigurationRole.Proxy => ConfigurationTables.Minion().Over(ConfigurationTables.Proxy()),
        ConfigurationRole.Api => ConfigurationTables.Api().Over(ConfigurationTables.Master()),
        ConfigurationRole.Cloud => ConfigurationTables.Master().Over(ConfigurationTables.Cloud()),
        ConfigurationRole.Spm => ConfigurationTables.Master().Over(ConfigurationTables.Spm()),
        _ => ConfigurationTables.Master(),
    };
}
