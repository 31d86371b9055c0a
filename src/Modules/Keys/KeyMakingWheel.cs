using SaltActors.Core.Functions;
using SaltActors.Core.Identity;
using SaltActors.Core.Values;

namespace SaltActors.Modules.Keys;

/// <summary>The wheel functions <c>key.gen*</c>: key pairs that the master makes.</summary>
/// <remarks>Follows Salt 3006, salt/wheel/key.py.</remarks>
public static class KeyMakingWheel
{
    /// <summary>Makes a key pair of which the master keeps nothing.</summary>
    /// <param name="id">The name of the pair, in Salt <c>id_</c>, which is understood, too; it must be a legal id and has no other meaning.</param>
    /// <param name="keysize">Bits; at least 2048.</param>
    /// <param name="names">Where <c>id_</c> is looked for.</param>
    /// <returns><c>priv</c> and <c>pub</c>.</returns>
    /// <example><code>wheel.cmd('key.gen')</code></example>
    [SaltWheel("key.gen")]
    public static MapValue Gen(CallContext context, string? id = null, int keysize = 2048, [Keywords] MapValue? names = null)
    {
        if ((id ?? names?.TextOf("id_")) is { } name) Id(name);
        return Pair(KeyWheel.Keys(context).Make(keysize));
    }

    /// <summary>Makes a key pair and accepts its public key under an id. The private key is in the answer and nowhere else.</summary>
    /// <param name="id">The minion's id, in Salt <c>id_</c>, which is understood, too.</param>
    /// <param name="keysize">Bits; at least 2048.</param>
    /// <param name="force">Take the place of a key that is accepted under the id already.</param>
    /// <param name="names">Where <c>id_</c> is looked for.</param>
    /// <returns><c>priv</c> and <c>pub</c>; empty where a key is accepted already and <c>force</c> is not set.</returns>
    /// <example><code>wheel.cmd('key.gen_accept', ['foo'])</code></example>
    [SaltWheel("key.gen_accept")]
    public static async Task<MapValue> GenAccept(CallContext context, string? id = null, int keysize = 2048, bool force = false, [Keywords] MapValue? names = null)
    {
        var name = id ?? names?.TextOf("id_") ?? throw new ArgumentRefused("gen_accept() missing 1 required positional argument: 'id_'");
        var (minion, keys) = (Id(name), KeyWheel.Keys(context));
        var pair = keys.Make(keysize);
        return await keys.AcceptNewAsync(minion, pair.Public, force, context.Stopped).ConfigureAwait(false) ? Pair(pair) : MapValue.Empty;
    }

    /// <summary>Makes a key pair in files on the master. A pair that is there already stays.</summary>
    /// <param name="keydir">The folder; the master's <c>pki_dir</c> where it is not given.</param>
    /// <param name="keyname">The files' name; <c>minion</c> where it is not given.</param>
    /// <param name="keysize">Bits; the master's <c>keysize</c> where it is not given.</param>
    /// <param name="user">Accepted for compatibility: the files belong to the master's user.</param>
    /// <returns>The public key's fingerprint.</returns>
    /// <example><code>wheel.cmd('key.gen_keys')</code></example>
    [SaltWheel("key.gen_keys")]
    public static string GenKeys(CallContext context, string? keydir = null, string? keyname = null, int? keysize = null, string? user = null) =>
        KeyWheel.Keys(context).MakeFiles(keydir is { Length: > 0 } ? keydir : PkiDir(context), keyname is { Length: > 0 } ? keyname : "minion", keysize ?? KeySize(context));

    /// <summary>Signs the master's public key with its signing key, into a file that minions with <c>verify_master_pubkey_sign</c> are sent.</summary>
    /// <param name="priv">The signing key's file; <c>master_sign.pem</c> in <c>pki_dir</c> where it is empty.</param>
    /// <param name="pub">The public key's file; <c>master.pub</c> in <c>pki_dir</c> where it is empty.</param>
    /// <param name="signaturePath">The folder for <c>master_pubkey_signature</c>; <c>pki_dir</c> where it is empty.</param>
    /// <param name="autoCreate">Make the signing pair where there is none.</param>
    /// <param name="keysize">Bits of a new signing pair.</param>
    /// <returns>True where the signature was written, false where there is one already; a text that says what is missing.</returns>
    /// <example><code>wheel.cmd('key.gen_signature', ['', '', '', True])</code></example>
    [SaltWheel("key.gen_signature")]
    public static Value GenSignature(CallContext context, string? priv, string? pub, string? signaturePath, bool autoCreate = false, int? keysize = null)
    {
        var (keys, pki) = (KeyWheel.Keys(context), PkiDir(context));
        if (pub is { Length: > 0 } && !File.Exists(pub)) return $"Public-key {pub} does not exist";
        if (priv is { Length: > 0 } && !File.Exists(priv)) return $"Private-key {priv} does not exist";
        var publicFile = pub is { Length: > 0 } ? pub : Path.Combine(pki, "master.pub");
        var signName = context.Options.TextOf("master_sign_key_name") ?? "master_sign";
        var privateFile = priv is { Length: > 0 } ? priv : Path.Combine(pki, "master_sign.pem");
        if (!File.Exists(privateFile))
        {
            if (!autoCreate) return "No usable private-key found";
            keys.MakeFiles(pki, signName, keysize ?? KeySize(context));
            privateFile = Path.Combine(pki, signName + ".pem");
        }
        if (!File.Exists(publicFile)) return "No usable public-key found";
        var signature = Path.Combine(signaturePath is { Length: > 0 } ? signaturePath : pki, context.Options.TextOf("master_pubkey_signature") ?? "master_pubkey_signature");
        if (File.Exists(signature)) return false;
        try
        {
            File.WriteAllText(signature, keys.Sign(privateFile, publicFile) + "\n");
            return true;
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException)
        {
            throw new CommandFailed($"the signature could not be written to {signature}: {cause.Message}");
        }
    }

    private static MinionId Id(string text) => MinionId.TryParse(text, out var id) ? id : throw new NamedError("SaltValidationError", $"Input value for id_={text} is no legal minion id");

    private static MapValue Pair(KeyPairText pair) => MapValue.Of(("priv", pair.Private), ("pub", pair.Public));

    private static string PkiDir(CallContext context) => context.Options.TextOf("pki_dir") ?? "/etc/salt/pki/master";

    private static int KeySize(CallContext context) => (int)(context.Options.Get("keysize")?.AsInteger() ?? 2048);
}
