using SaltActors.CommandLine.Options;
using SaltActors.Core.Values;
using SaltActors.Modules.Commands;
using SaltActors.Transport.Crypto;
using SaltActors.Transport.Keys;

namespace SaltActors.Hosts.Salt.Keys;

/// <summary>Key pairs and signatures that <c>salt-key</c> makes as files, without a master.</summary>
/// <remarks>Follows Salt 3006, salt/key.py, gen_keys() and gen_keys_signature(), and salt/crypt.py.</remarks>
internal static class KeyPairs
{
    /// <summary>Makes <c>NAME.pem</c> and <c>NAME.pub</c> for a minion that is to be accepted before it asks. A pair that is there stays.</summary>
    /// <returns>The public key's fingerprint.</returns>
    internal static async Task<Value> MakeAsync(ParsedCommandLine parsed, HostConfiguration configuration)
    {
        var folder = Path.GetFullPath(parsed.Text("gen_keys_dir") ?? ".");
        if (!Directory.Exists(folder)) throw new DirectoryNotFoundException($"there is no folder {folder} for the new key pair (--gen-keys-dir)");
        var files = Make(folder, parsed.Text("gen_keys")!, Size(parsed), null);
        if (parsed.IsTyped("user") && parsed.Text("user") is { } user) await ProcessOwner.BecomeAsync(user, [files.Private, files.Public], CancellationToken.None);
        return Fingerprints.Of(await File.ReadAllTextAsync(files.Public), configuration.Options.TextOf("hash_type") ?? "sha256");
    }

    /// <summary>Signs the master's public key, so that minions with <c>verify_master_pubkey_sign</c> trust it.</summary>
    /// <returns>True; false where a signature is there already; or a text that says which key is missing.</returns>
    internal static async Task<Value> SignAsync(ParsedCommandLine parsed, HostConfiguration configuration)
    {
        var options = configuration.Options;
        var pki = options.TextOf("pki_dir")!;
        var passphrase = options.TextOf("signing_key_pass") is { Length: > 0 } secret ? secret : null;
        if (parsed.Text("pub") is { } givenPublic && !File.Exists(givenPublic)) return $"Public-key {givenPublic} does not exist";
        if (parsed.Text("priv") is { } givenPrivate && !File.Exists(givenPrivate)) return $"Private-key {givenPrivate} does not exist";
        var signing = options.TextOf("master_sign_key_name") is { Length: > 0 } name ? name : "master_sign";
        var privateFile = parsed.Text("priv") ?? Found(Path.Combine(pki, signing + ".pem"));
        if (privateFile is null && !parsed.Flag("auto_create")) return "No usable private-key found";
        privateFile ??= Make(pki, signing, Size(parsed), passphrase).Private;
        if ((parsed.Text("pub") ?? Found(Path.Combine(pki, "master.pub"))) is not { } publicFile) return "No usable public-key found";

        var folder = parsed.Text("signature_path") ?? pki;
        Directory.CreateDirectory(folder);
        var signature = Path.Combine(folder, options.TextOf("master_pubkey_signature") is { Length: > 0 } file ? file : "master_pubkey_signature");
        if (File.Exists(signature)) return false;
        // base64(RSA PKCS1 v1.5 with SHA-1 over the file of the public key), and a line feed: salt/crypt.py, gen_signature.
        var key = RsaKeyPair.Load(await File.ReadAllTextAsync(privateFile), passphrase);
        var signed = key.Sign(SignatureScheme.Pkcs1Sha1, await File.ReadAllBytesAsync(publicFile));
        await File.WriteAllTextAsync(signature, Convert.ToBase64String(signed) + "\n");
        return true;
    }

    private static (string Private, string Public) Make(string folder, string name, int bits, string? passphrase)
    {
        var files = (Private: Path.Combine(folder, name + ".pem"), Public: Path.Combine(folder, name + ".pub"));
        if (File.Exists(files.Private)) return files;
        var pair = RsaKeyPair.Generate(bits);
        PrivateFiles.Write(files.Private, passphrase is null ? pair.PrivatePem : pair.ProtectedPem(passphrase), isReadOnly: true);
        File.WriteAllText(files.Public, pair.PublicPem);
        return files;
    }

    private static int Size(ParsedCommandLine parsed) => (int)(parsed.Options.Get("keysize")?.AsInteger() ?? 2048);

    private static string? Found(string path) => File.Exists(path) ? path : null;
}
