using SaltActors.Core.Functions;
using SaltActors.Transport.Crypto;

namespace SaltActors.Transport.Keys;

/// <summary>New key pairs and signatures for an operator, in files as Salt lays them.</summary>
public static class KeyMaking
{
    /// <summary>A pair that is kept nowhere.</summary>
    public static KeyPairText Make(int bits)
    {
        var pair = RsaKeyPair.Generate(bits);
        return new KeyPairText(pair.PrivatePem, pair.PublicPem);
    }

    /// <summary>Makes <c>NAME.pem</c> (0400) and <c>NAME.pub</c>; a pair that is there already stays.</summary>
    /// <returns>The public key's fingerprint, sha256.</returns>
    /// <exception cref="CommandFailed">The name is a path, or the folder cannot be written.</exception>
    public static string MakeFiles(string folder, string name, int bits)
    {
        if (name.Length == 0 || name != Path.GetFileName(name) || name[0] == '.') throw new CommandFailed($"'{name}' is no name for a key pair: a file name without a folder was expected");
        var (privateFile, publicFile) = (Path.Combine(folder, name + ".pem"), Path.Combine(folder, name + ".pub"));
        try
        {
            if (!Directory.Exists(folder)) throw new CommandFailed($"the folder {folder} does not exist");
            if (!File.Exists(privateFile))
            {
                var pair = RsaKeyPair.Generate(bits);
                PrivateFiles.Write(privateFile, pair.PrivatePem, isReadOnly: true);
                File.WriteAllText(publicFile, pair.PublicPem);
            }
            return Fingerprints.Of(File.ReadAllText(publicFile), "sha256");
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException)
        {
            throw new CommandFailed($"the key pair {name} could not be kept in {folder}: {cause.Message}");
        }
    }

    /// <summary>Signs a public key file, as minions check it with <c>verify_master_pubkey_sign</c>: RSA, PKCS#1 v1.5, SHA-1, base64.</summary>
    /// <exception cref="CommandFailed">A file cannot be read, or the private one holds no key that can be opened.</exception>
    public static string Sign(string privateFile, string publicFile, string? passPhrase)
    {
        try
        {
            var signing = RsaKeyPair.Load(File.ReadAllText(privateFile), passPhrase);
            return Convert.ToBase64String(signing.Sign(SignatureScheme.Pkcs1Sha1, File.ReadAllBytes(publicFile)));
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException or FormatException)
        {
            throw new CommandFailed($"{publicFile} could not be signed with {privateFile}: {cause.Message}");
        }
    }
}
