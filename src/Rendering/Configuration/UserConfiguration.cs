using SaltActors.Core.Configuration;
using SaltActors.Core.Values;
using SaltActors.Rendering.Yaml;

namespace SaltActors.Rendering.Configuration;

/// <summary>The part of a client's configuration that is the user's own: <c>~/.saltrc</c>, the token, and where the master is reached from here.</summary>
/// <remarks>Where <c>$XDG_CONFIG_HOME/salt</c> (<c>~/.config/salt</c>) exists, the files are <c>saltrc</c> and <c>salt_token</c> in it. Follows Salt 3006, client_config().</remarks>
internal sealed class UserConfiguration(IConfigurationFiles files, ConfigurationSurroundings surroundings)
{
    private const double TokenSeconds = 43200;

    internal LoadedConfiguration Complete(ConfigurationRole role, MapValue given, ConfigurationPlace place, ConfigurationReader.Session session)
    {
        var xdg = Path.Join(surroundings.Variable("XDG_CONFIG_HOME") is { Length: > 0 } set ? set : Path.Join(surroundings.Home, ".config"), "salt");
        var (folder, file) = files.HasFolder(xdg) ? (xdg, "saltrc") : (surroundings.Home, ".saltrc");
        var own = ReadOwn(Path.Join(folder, file), session);

        var whole = ConfigurationReader.Complete(role, given, place, session);
        var options = whole.Options.Over(own);
        var tokenFile = Path.GetFullPath(surroundings.Expanded(options.TextOf("token_file") ?? Path.Join(folder, "salt_token")));
        options = options.With("token_file", tokenFile);
        if (Token(tokenFile, options.Get("token_expire")?.AsNumber() ?? TokenSeconds) is { } token) options = options.With("token", token);

        // Listening everywhere means: reachable right here.
        var master = options.TextOf("interface") switch { "0.0.0.0" => "127.0.0.1", "::" => "::1", var other => other ?? "" };
        options = options.With("interface", master);
        if (!options.Has("master_uri"))
            options = options.With("master_uri", $"tcp://{(master.Contains(':', StringComparison.Ordinal) && !master.StartsWith('[') ? $"[{master}]" : master)}:{options.Get("ret_port")}");
        return whole with { Options = options, Given = given.Over(own), Warnings = [.. session.Warnings, .. whole.Warnings.Skip(session.Warnings.Count)], Files = [.. session.Files] };
    }

    private MapValue ReadOwn(string standard, ConfigurationReader.Session session)
    {
        var path = surroundings.Variable("SALT_CLIENT_CONFIG") is { Length: > 0 } other && files.Read(other) is not null ? other : standard;
        try
        {
            return files.Read(path) is { } text ? ConfigurationReader.Map(text, path, session).With("conf_file", path) : MapValue.Empty;
        }
        catch (YamlBroken broken)
        {
            throw new ConfigurationBroken(broken.Message, broken);
        }
    }

    private string? Token(string path, double seconds) =>
        files.LastWrite(path) is { } written && written.AddSeconds(seconds) > surroundings.Clock.GetUtcNow() ? files.Read(path)?.Trim() : null;
}
