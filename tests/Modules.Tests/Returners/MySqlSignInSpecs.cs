using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using SaltActors.Core.Returners;
using SaltActors.Modules.Returners.Databases;
using SaltActors.Modules.Returners.Wire;

namespace SaltActors.Modules.Tests.Returners;

/// <summary>The sign-in of MySQL 8 (<c>caching_sha2_password</c>), which MariaDB has not: checked as the server checks it, from the password's double hash alone.</summary>
public sealed class MySqlSignInSpecs
{
    private const string Password = "sälty";
    private static readonly byte[] Nonce = [.. Enumerable.Range(1, 20).Select(i => (byte)(i + 40))];
    private static readonly byte[] Stored = SHA256.HashData(SHA256.HashData(Encoding.UTF8.GetBytes(Password)));

    [Fact]
    public async Task Proves_that_it_knows_the_password()
    {
        var (said, open) = Begin(server => server.Send([1, 3]).Send([0, 0, 0, 2, 0, 0, 0]));
        await using (await open) { }
        Assert.True(IsProven(await said));
    }

    [Fact]
    public async Task Gives_the_password_itself_to_the_servers_key_alone()
    {
        using var key = RSA.Create(2048);
        byte[]? given = null;
        var (said, open) = Begin(server =>
        {
            server.Send([1, 4]);
            Assert.Equal([2], server.Take());
            server.Send([1, .. Encoding.ASCII.GetBytes(key.ExportSubjectPublicKeyInfoPem())]);
            given = key.Decrypt(server.Take(), RSAEncryptionPadding.OaepSHA1);
            server.Send([0, 0, 0, 2, 0, 0, 0]);
        });
        await using (await open) { }
        Assert.True(IsProven(await said));
        for (var i = 0; i < given!.Length; i++) given[i] ^= Nonce[i % Nonce.Length];
        Assert.Equal([.. Encoding.UTF8.GetBytes(Password), 0], given);
    }

    [Fact]
    public async Task Does_not_give_the_password_in_clear_text_to_a_stranger()
    {
        var (_, open) = Begin(server => server.Send([0xfe, .. "mysql_clear_password\0"u8]));
        Assert.Contains("without TLS", (await Assert.ThrowsAsync<ReturnerFailed>(() => open)).Message);
    }

    private static bool IsProven(byte[] proof)
    {
        var mask = SHA256.HashData([.. Stored, .. Nonce]);
        return SHA256.HashData([.. proof.Select((b, i) => (byte)(b ^ mask[i]))]).AsSpan().SequenceEqual(Stored);
    }

    /// <summary>A server that greets, hears the proof, and goes on as the spec says.</summary>
    private static (Task<byte[]> Said, Task<MySqlPackets> Open) Begin(Action<Server> after)
    {
        var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var said = Task.Run(() =>
        {
            using var client = listener.AcceptTcpClient();
            var server = new Server(client.GetStream());
            server.Send([10, .. "8.0.30\0"u8, 1, 0, 0, 0, .. Nonce[..8], 0, 0xff, 0xff, 45, 2, 0, 0xff, 0xc7, 21, .. new byte[10], .. Nonce[8..], 0, .. "caching_sha2_password\0"u8]);
            var answer = server.Take();
            var start = 32 + Array.IndexOf(answer[32..], (byte)0) + 1;
            var proof = answer.AsSpan(start + 1, answer[start]).ToArray();
            after(server);
            listener.Stop();
            return proof;
        });
        var login = new MySqlLogin("mysql", new ServerAddress("127.0.0.1", ((IPEndPoint)listener.LocalEndpoint).Port), "salt", Password, "salt", null);
        return (said, MySqlSignIn.OpenAsync(login, CancellationToken.None));
    }

    private sealed class Server(Stream stream)
    {
        private byte _number;

        internal Server Send(byte[] content)
        {
            stream.Write([(byte)content.Length, (byte)(content.Length >> 8), 0, _number++, .. content]);
            return this;
        }

        internal byte[] Take()
        {
            var head = new byte[4];
            stream.ReadExactly(head);
            var content = new byte[head[0] | head[1] << 8];
            stream.ReadExactly(content);
            _number = (byte)(head[3] + 1);
            return content;
        }
    }
}
