using SaltActors.CommandLine.Options;
using SaltActors.Core.Configuration;
using SaltActors.Core.Values;
using SaltActors.Rendering.Configuration;

namespace SaltActors.Hosts;

/// <summary>From a command line to the whole configuration: which folder, what its files say, and what was typed over them.</summary>
internal sealed record HostConfiguration(MapValue Options, string ConfigDir)
{
    // What a typed option is called in the configuration, where the names differ or where it takes part at all.
    private static readonly string[] Overriding = ["log_level", "log_file", "log_level_logfile", "user", "pidfile", "timeout", "output", "no_color", "force_color", "state_output", "state_verbose", "id", "cachedir", "master"];

    /// <exception cref="ConfigurationBroken">A file cannot be used.</exception>
    internal static HostConfiguration Load(ConfigurationRole role, ParsedCommandLine parsed, TextWriter warnings)
    {
        var folder = FolderOf(parsed);
        if (!Directory.Exists(folder) && parsed.Typed.Contains("config_dir")) warnings.WriteLine($"WARNING: CONFIG '{folder}' directory does not exist.");
        var loaded = new ConfigurationReader(new DiskFiles()).Read(role, folder);
        if ((parsed.Text("log_level") ?? loaded.Options.TextOf("log_level")) is not "quiet")
            foreach (var warning in loaded.Warnings) warnings.WriteLine($"[WARNING ] {warning}");
        var options = loaded.Options;
        foreach (var name in Overriding)
            if (parsed.Typed.Contains(name) && parsed.Options.Get(name) is { } typed) options = options.With(name, typed);
        return new HostConfiguration(options, folder);
    }

    /// <summary>Typed, else from the configuration where it is set there, else the option's own default.</summary>
    internal Value? Setting(ParsedCommandLine parsed, string name) =>
        parsed.Typed.Contains(name) ? parsed.Options.Get(name) : Options.Get(name) is { IsNull: false } set ? set : parsed.Options.Get(name);

    /// <summary>The user that commands are sent as: through sudo, the one behind it.</summary>
    internal static string Caller()
    {
        var user = Environment.UserName;
        return user == "root" && Environment.GetEnvironmentVariable("SUDO_USER") is { Length: > 0 } behind && behind != "root" ? $"sudo_{behind}" : user;
    }

    private static string FolderOf(ParsedCommandLine parsed)
    {
        var folder = parsed.Typed.Contains("config_dir") ? parsed.Text("config_dir")! : Environment.GetEnvironmentVariable("SALT_CONFIG_DIR") is { Length: > 0 } set ? set : "/etc/salt";
        if (folder.StartsWith("~/", StringComparison.Ordinal)) folder = Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), folder[2..]);
        return Path.GetFullPath(folder);
    }
}
