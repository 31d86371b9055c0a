using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;

namespace SaltActors.Actors.Master.Access;

/// <summary>Whether a password is the one behind a hash of an htpasswd file.</summary>
internal static partial class PasswordHashes
{
    private const string Alphabet = "./0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

    // struct crypt_data of libcrypt: 32 KiB, zeroed; and room for those of other systems.
    private const int CryptDataBytes = 131_232;

    internal static bool Matches(string password, string hash)
    {
        var computed = hash switch
        {
            "" or ['*', ..] or ['!', ..] => null,
#pragma warning disable CA5350 // The file's own form, made by others.
            ['{', 'S', 'H', 'A', '}', ..] => "{SHA}" + Convert.ToBase64String(SHA1.HashData(Encoding.UTF8.GetBytes(password))),
#pragma warning restore CA5350
            ['$', 'a', 'p', 'r', '1', '$', ..] => Apache(password, hash),
            _ => System(password, hash),
        };
        return computed is not null && CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(computed), Encoding.UTF8.GetBytes(hash));
    }

    private static string? System(string password, string hash)
    {
        if (!OperatingSystem.IsLinux()) return null;
        var data = Marshal.AllocHGlobal(CryptDataBytes);
        try
        {
            unsafe
            {
                new Span<byte>((void*)data, CryptDataBytes).Clear();
            }
            // Failure is said by a text that begins with a star, which is no hash.
            return Marshal.PtrToStringUTF8(Crypt(password, hash, data)) is [not '*', ..] made ? made : null;
        }
        catch (DllNotFoundException cause)
        {
            throw new AuthenticatorBroken("external_auth: file: this hash needs the system's libcrypt.so.1, which is not installed", cause);
        }
        finally
        {
            Marshal.FreeHGlobal(data);
        }
    }

    // MD5 in a thousand rounds, with Apache's own mark. Its description: httpd.apache.org/docs/2.4/misc/password_encryptions.html
    private static string Apache(string password, string hash)
    {
        const string Mark = "$apr1$";
        var salt = hash[Mark.Length..].Split('$')[0];
        if (salt.Length > 8) salt = salt[..8];
        byte[] key = Encoding.UTF8.GetBytes(password), salted = Encoding.UTF8.GetBytes(salt);
#pragma warning disable CA5351 // The file's own form, made by others.
        var inner = MD5.HashData([.. key, .. salted, .. key]);
        var mix = new List<byte>([.. key, .. Encoding.UTF8.GetBytes(Mark), .. salted]);
        for (var left = key.Length; left > 0; left -= 16) mix.AddRange(inner.AsSpan(0, Math.Min(16, left)));
        for (var n = key.Length; n > 0; n >>= 1) mix.Add((n & 1) != 0 ? (byte)0 : key[0]);
        var digest = MD5.HashData([.. mix]);
        for (var round = 0; round < 1000; round++)
        {
            var turn = new List<byte>();
            turn.AddRange((round & 1) != 0 ? key : digest);
            if (round % 3 != 0) turn.AddRange(salted);
            if (round % 7 != 0) turn.AddRange(key);
            turn.AddRange((round & 1) != 0 ? digest : key);
            digest = MD5.HashData([.. turn]);
        }
#pragma warning restore CA5351
        var text = new StringBuilder(Mark).Append(salt).Append('$');
        foreach (var (a, b, c) in ((int, int, int)[])[(0, 6, 12), (1, 7, 13), (2, 8, 14), (3, 9, 15), (4, 10, 5)])
            Append(digest[a] << 16 | digest[b] << 8 | digest[c], 4);
        Append(digest[11], 2);
        return text.ToString();

        void Append(int bits, int letters)
        {
            for (; letters > 0; letters--, bits >>= 6) text.Append(Alphabet[bits & 63]);
        }
    }

    [LibraryImport("libcrypt.so.1", EntryPoint = "crypt_r", StringMarshalling = StringMarshalling.Utf8)]
    private static partial nint Crypt(string password, string setting, nint data);
}
