using System.Runtime.InteropServices;
using System.Security.Cryptography;
using SaltActors.Core.Functions;

namespace SaltActors.Modules.Randomness;

/// <summary>Passwords as <c>/etc/shadow</c> keeps them, from the system's own <c>crypt</c>.</summary>
internal static partial class ShadowText
{
    private const string SaltLetters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789./", PasswordLetters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
    private const int RandomPassword = 64;
    private static readonly Lock OneAtATime = new();

    /// <param name="salt">Null for a random one of the algorithm's full length.</param>
    /// <param name="password">Null for a random one.</param>
    /// <exception cref="NamedError">There is no such algorithm.</exception>
    /// <exception cref="FunctionUnavailable">The system has no <c>libcrypt</c>.</exception>
    public static string Hash(string? salt, string? password, string algorithm)
    {
        var (prefix, length) = algorithm switch
        {
            "sha512" => ("$6$", 16),
            "sha256" => ("$5$", 16),
            "blowfish" => ("$2b$05$", 22),
            "md5" => ("$1$", 8),
            "crypt" => ("", 2),
            _ => throw new NamedError("SaltInvocationError", $"Cannot hash using '{algorithm}' hash algorithm. Supported algorithms are: ['sha512', 'sha256', 'blowfish', 'md5', 'crypt']."),
        };
        salt ??= RandomNumberGenerator.GetString(SaltLetters, length);
        return Crypt(password ?? RandomNumberGenerator.GetString(PasswordLetters, RandomPassword), prefix + salt);
    }

    private static string Crypt(string password, string setting)
    {
        try
        {
            // The library answers in a buffer of its own, which the next call overwrites.
            lock (OneAtATime) return Marshal.PtrToStringUTF8(Crypted(password, setting)) ?? throw new CommandFailed($"crypt refused the setting '{setting}'");
        }
        catch (DllNotFoundException)
        {
            throw new FunctionUnavailable("libcrypt.so.1 is not installed");
        }
    }

    [LibraryImport("libcrypt.so.1", EntryPoint = "crypt", StringMarshalling = StringMarshalling.Utf8)]
    private static partial nint Crypted(string key, string setting);
}
