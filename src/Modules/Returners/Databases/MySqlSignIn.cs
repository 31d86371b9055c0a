using System.Security.Cryptography;
using System.Text;
using SaltActors.Core.Returners;
using SaltActors.Modules.Returners.Wire;

namespace SaltActors.Modules.Returners.Databases;

/// <summary>The way into MySQL and MariaDB: by <c>mysql_native_password</c> or <c>caching_sha2_password</c>.</summary>
internal static class MySqlSignIn
{
    private const string Native = "mysql_native_password", Sha2 = "caching_sha2_password", Clear = "mysql_clear_password";
    private const uint LongPassword = 1, LongFlag = 4, WithDatabase = 8, Protocol41 = 0x200, Ssl = 0x800, Transactions = 0x2000,
        SecureConnection = 0x8000, PluginAuth = 0x80000;
    private const uint Wanted = LongPassword | LongFlag | WithDatabase | Protocol41 | Transactions | SecureConnection | PluginAuth;
    private const byte Utf8Mb4 = 45, FastDone = 3, FullWanted = 4, KeyWanted = 2;
    private const uint LargestPacket = 1024 * 1024 * 1024;

    /// <exception cref="ReturnerFailed">The server cannot be reached, or does not let us in.</exception>
    internal static async Task<MySqlPackets> OpenAsync(MySqlLogin login, CancellationToken stop)
    {
        var packets = new MySqlPackets(await login.Server.ConnectAsync(login.Returner, stop).ConfigureAwait(false));
        try
        {
            await SignInAsync(login, packets, stop).ConfigureAwait(false);
            return packets;
        }
        catch
        {
            await packets.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    private static async Task SignInAsync(MySqlLogin login, MySqlPackets packets, CancellationToken stop)
    {
        var (abilities, plugin, nonce) = ReadGreeting(login, await packets.NextAsync(stop).ConfigureAwait(false));
        var flags = Wanted;
        if (login.Tls is { } tls)
        {
            if ((abilities & Ssl) == 0) throw Refused(login, "the server has no TLS, and ssl_ca, ssl_cert or ssl_key asks for it");
            flags |= Ssl;
            await packets.SendAsync(Head(flags), stop).ConfigureAwait(false);
            packets.Over(await TlsChannel.OverAsync(packets.Stream, login.Returner, login.Server, tls, stop).ConfigureAwait(false));
        }
        var isPrivate = login.Tls is not null || login.Server.IsLocalSocket;
        if (plugin is not (Native or Sha2)) plugin = Native;   // the server switches to the user's own
        var proof = ProofFor(login, plugin, nonce, isPrivate);
        await packets.SendAsync(Head(flags).ZeroEnded(login.User).Byte((byte)proof.Length).Bytes(proof).ZeroEnded(login.Database).ZeroEnded(plugin), stop).ConfigureAwait(false);
        while (true)
        {
            var answer = await packets.NextAsync(stop).ConfigureAwait(false);
            switch (answer[0])
            {
                case MySqlPackets.Ok: return;
                case MySqlPackets.Error: throw Refused(login, MySqlPackets.ReadError(answer).Message);
                case MySqlPackets.SwitchOrEnd:
                    var fields = new MySqlFields(answer);
                    fields.Skip(1);
                    (plugin, nonce) = (fields.ZeroEnded(), fields.Bytes(20));
                    await packets.SendAsync(new WireBuffer().Bytes(ProofFor(login, plugin, nonce, isPrivate)), stop).ConfigureAwait(false);
                    break;
                case MySqlPackets.More when answer is [_, FastDone]: break;
                case MySqlPackets.More when answer is [_, FullWanted]:
                    await packets.SendAsync(isPrivate ? new WireBuffer().ZeroEnded(login.Password) : new WireBuffer().Byte(KeyWanted), stop).ConfigureAwait(false);
                    break;
                case MySqlPackets.More:
                    await packets.SendAsync(new WireBuffer().Bytes(Encrypted(login, nonce, Encoding.ASCII.GetString(answer, 1, answer.Length - 1))), stop).ConfigureAwait(false);
                    break;
                default: throw Refused(login, $"it gave an answer that is none ({answer[0]})");
            }
        }
    }

    // Protocol 10: version, thread 4, eight bytes of nonce, 0, abilities 2, character set 1, status 2, abilities 2, length of the nonce 1, 10 reserved, the rest of the nonce, the plugin.
    private static (uint Abilities, string Plugin, byte[] Nonce) ReadGreeting(MySqlLogin login, byte[] greeting)
    {
        if (greeting[0] == MySqlPackets.Error) throw Refused(login, MySqlPackets.ReadError(greeting).Message);
        if (greeting[0] != 10) throw Refused(login, $"it speaks version {greeting[0]} of the protocol, where 10 was expected");
        var fields = new MySqlFields(greeting);
        fields.Skip(1);
        fields.ZeroEnded();
        fields.Skip(4);
        var first = fields.Bytes(8);
        fields.Skip(1);
        var abilities = (uint)fields.Little(2);
        fields.Skip(3);
        abilities |= (uint)fields.Little(2) << 16;
        fields.Skip(11);
        byte[] nonce = [.. first, .. fields.Bytes(12)];
        fields.Skip(1);
        return (abilities, fields.IsAtEnd ? Native : fields.ZeroEnded(), nonce);
    }

    private static WireBuffer Head(uint flags) => new WireBuffer().Little32(flags).Little32(LargestPacket).Byte(Utf8Mb4).Bytes(new byte[23]);

    private static byte[] ProofFor(MySqlLogin login, string plugin, byte[] nonce, bool isPrivate)
    {
        var password = Encoding.UTF8.GetBytes(login.Password);
        return plugin switch
        {
            _ when password.Length == 0 => [],
            Native => Mixed(SHA1.HashData(password), SHA1.HashData([.. nonce, .. SHA1.HashData(SHA1.HashData(password))])),
            Sha2 => Mixed(SHA256.HashData(password), SHA256.HashData([.. SHA256.HashData(SHA256.HashData(password)), .. nonce])),
            Clear when isPrivate => [.. password, 0],
            _ => throw Refused(login, $"the user '{login.User}' signs in by {plugin}, which is not known here{(plugin == Clear ? " without TLS" : "")}; {Native} and {Sha2} are"),
        };
    }

    private static byte[] Encrypted(MySqlLogin login, byte[] nonce, string pem)
    {
        try
        {
            using var key = RSA.Create();
            key.ImportFromPem(pem);
            byte[] password = [.. Encoding.UTF8.GetBytes(login.Password), 0];
            for (var i = 0; i < password.Length; i++) password[i] ^= nonce[i % nonce.Length];
            return key.Encrypt(password, RSAEncryptionPadding.OaepSHA1);
        }
        catch (Exception cause) when (cause is ArgumentException or CryptographicException)
        {
            throw Refused(login, $"its public key cannot be used: {cause.Message}");
        }
    }

    private static byte[] Mixed(byte[] left, byte[] right)
    {
        for (var i = 0; i < left.Length; i++) left[i] ^= right[i];
        return left;
    }

    private static ReturnerFailed Refused(MySqlLogin login, string why) => new($"the returner '{login.Returner}' cannot sign in to {login.Server}: {why}");
}
