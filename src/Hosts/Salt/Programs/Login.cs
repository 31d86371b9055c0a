using SaltActors.Client.Link;
using SaltActors.CommandLine.Options;
using SaltActors.Core.Values;
using SaltActors.Transport;
using SaltActors.Transport.Keys;

namespace SaltActors.Hosts.Salt.Programs;

/// <summary>Nobody, or not who he says.</summary>
internal sealed class LoginFailed(string message) : Exception(message);

/// <summary>How a command proves who asks: an external system, a token of an earlier login, or the master's local key.</summary>
/// <remarks>Follows Salt 3006, salt/cli/salt.py and salt/auth, Resolver: who may read the local key needs no token.</remarks>
internal static class Login
{
    private static readonly TimeSpan TokenTime = TimeSpan.FromSeconds(30);

    /// <summary>A link to the master of this configuration, with the proof that the options ask for.</summary>
    /// <exception cref="LoginFailed">A name or password is missing, or the master gives no token for them.</exception>
    /// <exception cref="MasterUnreachable">No master listens.</exception>
    internal static async Task<MasterLink> OpenAsync(ITransport transport, ParsedCommandLine parsed, HostConfiguration configuration)
    {
        var address = MasterAddress.From(configuration.Options, HostConfiguration.Caller());
        if (configuration.Setting(parsed, "eauth") is TextValue { Text.Length: > 0 } backend)
        {
            var login = MapValue.Of(("eauth", backend), ("username", Asked(parsed, "username", isSecret: false)), ("password", Asked(parsed, "password", isSecret: true)));
            if (parsed.Flag("mktoken")) login = MapValue.Of(("token", await MakeTokenAsync(transport, address, login, configuration)));
            return await MasterLink.OpenAsync(transport, address, login, CancellationToken.None);
        }
        var proof = configuration.Options.TextOf("token") is { Length: > 0 } token && !MasterLink.HasKey(address) ? MapValue.Of(("token", token)) : MapValue.Empty;
        return await MasterLink.OpenAsync(transport, address, proof, CancellationToken.None);
    }

    private static async Task<string> MakeTokenAsync(ITransport transport, MasterAddress address, MapValue login, HostConfiguration configuration)
    {
        await using var link = await MasterLink.OpenAsync(transport, address, login, CancellationToken.None);
        var reply = await link.AskAsync(MapValue.Of(("cmd", "mk_token")), TokenTime, CancellationToken.None);
        if ((reply as MapValue)?.TextOf("token") is not { } token) throw new LoginFailed("Authentication failed");
        if (configuration.Options.TextOf("token_file") is { Length: > 0 } file)
            try
            {
                PrivateFiles.Write(file, token);
            }
            catch (Exception cause) when (cause is IOException or UnauthorizedAccessException)
            {
                throw new LoginFailed($"the token cannot be kept in {file}: {cause.Message}");
            }
        return token;
    }

    private static string Asked(ParsedCommandLine parsed, string option, bool isSecret)
    {
        if (parsed.Text(option) is { } typed) return typed;
        Console.Error.Write($"{option}: ");
        var answer = isSecret && !Console.IsInputRedirected ? ReadSecret() : Console.In.ReadLine();
        return answer is { Length: > 0 } ? answer : throw new LoginFailed($"Authentication failed: no {option} was given");
    }

    private static string ReadSecret()
    {
        var text = new System.Text.StringBuilder();
        while (Console.ReadKey(intercept: true) is { Key: not ConsoleKey.Enter } key)
            if (key.Key == ConsoleKey.Backspace) text.Length = Math.Max(0, text.Length - 1);
            else if (key.KeyChar != '\0') text.Append(key.KeyChar);
        Console.Error.WriteLine();
        return text.ToString();
    }
}
