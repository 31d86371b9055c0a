using SaltActors.CommandLine.Options;
using SaltActors.Core.Configuration;
using SaltActors.Core.Values;
using SaltActors.Rendering.Configuration;

namespace SaltActors.Hosts;

/// <summary>From a command line to the whole configuration: which folder, what its files say, and what was typed over them.</summary>
internal sealed record HostConfiguration(MapValue Options, string ConfigDir)
{
    /// <exception cref="ConfigurationBroken">A file cannot be used.</exception>
    internal static HostConfiguration Load(ConfigurationRole role, ParsedCommandLine parsed, TextWriter warnings)
    {
        var folder = parsed.Text("config_dir") ?? "/etc/salt";
        foreach (var warning in parsed.Warnings) warnings.WriteLine(warning);
        var loaded = new ConfigurationReader(new DiskFiles()).Read(role, folder);
        if ((parsed.Text("log_level") ?? loaded.Options.TextOf("log_level")) is not "quiet")
            foreach (var warning in loaded.Warnings) warnings.WriteLine($"[WARNING ] {warning}");
        var options = loaded.Options;
        // What was typed, or set by the Saltfile, wins over the files; so does what the environment says of the folder.
        foreach (var name in parsed.Typed)
            if (parsed.Options.Get(name) is { } typed) options = options.With(name, typed);
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
}
