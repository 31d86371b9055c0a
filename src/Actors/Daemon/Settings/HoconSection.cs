using Akka.Configuration;

namespace SaltActors.Actors.Daemon.Settings;

/// <summary>One section of the HOCON, read once. A key that is missing or wrong fails with its path: Akka alone would answer zero.</summary>
public sealed class HoconSection(Config config, string path)
{
    public TimeSpan Time(string key) => Read(key, c => c.GetTimeSpan(key, null, false));
    public int Number(string key) => Read(key, c => c.GetInt(key, 0));
    public bool Flag(string key) => Read(key, c => c.GetBoolean(key, false));

    private T Read<T>(string key, Func<Config, T> read)
    {
        var section = config.GetConfig(path) ?? throw new ConfigurationException($"the actor system's settings have no section '{path}'");
        if (!section.HasPath(key)) throw new ConfigurationException($"the actor system's settings have no '{path}.{key}'");
        try
        {
            return read(section);
        }
        catch (Exception cause) when (cause is FormatException or OverflowException or InvalidOperationException)
        {
            throw new ConfigurationException($"'{path}.{key}' is '{section.GetString(key, "")}', which cannot be read: {cause.Message}", cause);
        }
    }
}

/// <summary>The HOCON files that are built into the programs, laid over each other.</summary>
public static class HoconLayers
{
    /// <summary>The named files, the nearest first, with <c>salt</c> (every key's default) beneath.</summary>
    public static Config Load(params ReadOnlySpan<string> names)
    {
        var config = Config.Empty;
        foreach (var name in names) config = config.SafeWithFallback(Read(name));
        return config.SafeWithFallback(Read("salt"));
    }

    private static Config Read(string name)
    {
        using var stream = typeof(HoconLayers).Assembly.GetManifestResourceStream($"hocon/{name}.conf")
            ?? throw new ConfigurationException($"the program was built without hocon/{name}.conf");
        using var reader = new StreamReader(stream);
        return ConfigurationFactory.ParseString(reader.ReadToEnd());
    }
}
