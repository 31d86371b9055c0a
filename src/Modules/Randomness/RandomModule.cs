using System.Numerics;
using System.Security.Cryptography;
using System.Text;
using SaltActors.Core.Functions;
using SaltActors.Core.Values;
using SaltActors.Modules.Hashing;

namespace SaltActors.Modules.Randomness;

/// <summary>The module <c>random</c>: random texts and numbers, and those that a seed decides.</summary>
/// <remarks>Follows Salt 3006, salt/modules/mod_random.py. Without a seed the numbers are fit for secrets.</remarks>
public static class RandomModule
{
    private const string Lower = "abcdefghijklmnopqrstuvwxyz", Upper = "ABCDEFGHIJKLMNOPQRSTUVWXYZ", Digits = "0123456789",
        Punctuation = "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~", White = " \t\n\r\v\f";

    /// <summary>The digest of a text.</summary>
    /// <param name="value">The text.</param>
    /// <param name="algorithm"><c>md5, sha1, sha256, sha384, sha512</c>, and SHA-3 where the system has it.</param>
    /// <returns>In hexadecimal.</returns>
    /// <example><code>salt '*' random.hash 'I am a string' md5</code></example>
    [SaltFunction("random.hash")]
    public static string Hash(Value value, string algorithm = "sha512") => Sha(value, algorithm);

    /// <summary>A text in another encoding.</summary>
    /// <param name="value">The text.</param>
    /// <param name="encoder"><c>base64</c>, or a character set as <c>utf-8</c>.</param>
    /// <example><code>salt '*' random.str_encode 'I am a new string' base64</code></example>
    [SaltFunction("random.str_encode")]
    public static Value StrEncode(Value value, string encoder = "base64")
    {
        if (value is not TextValue { Text: var text }) throw NotEncodable();
        return encoder switch
        {
            "base64" => Convert.ToBase64String(Encoding.UTF8.GetBytes(text)),
            "utf-8" or "utf8" or "utf_8" => text,
            "ascii" or "us-ascii" => text.All(char.IsAscii) ? text : throw NotEncodable(),
            "latin1" or "latin-1" or "iso-8859-1" => text.All(c => c < 256) ? HashInput.Text(Encoding.Latin1.GetBytes(text)) : throw NotEncodable(),
            _ => throw NotEncodable(),
        };
    }

    /// <summary>A random text.</summary>
    /// <param name="length">How many letters.</param>
    /// <param name="chars">The letters to choose from; the flags behind then say nothing.</param>
    /// <param name="lowercase">a to z among them.</param>
    /// <param name="uppercase">A to Z among them.</param>
    /// <param name="digits">0 to 9 among them.</param>
    /// <param name="punctuation">ASCII's punctuation among them.</param>
    /// <param name="whitespace">Blanks and line breaks among them.</param>
    /// <param name="printable">All of these.</param>
    /// <exception cref="CommandFailed">There is no letter to choose from.</exception>
    /// <example><code>salt '*' random.get_str 128 punctuation=False</code></example>
    [SaltFunction("random.get_str")]
    public static string GetStr(
        int length = 20, string? chars = null, bool lowercase = true, bool uppercase = true, bool digits = true, bool punctuation = true, bool whitespace = false, bool printable = false)
    {
        var letters = !string.IsNullOrEmpty(chars) ? chars
            : printable ? Digits + Lower + Upper + Punctuation + White
            : (lowercase ? Lower : "") + (uppercase ? Upper : "") + (digits ? Digits : "") + (punctuation ? Punctuation : "") + (whitespace ? White : "");
        if (letters.Length == 0) throw new CommandFailed("random.get_str: every kind of letter is switched off, so there is none to choose from");
        return RandomNumberGenerator.GetString(letters, Math.Max(0, length));
    }

    /// <summary>The hash of a password, as <c>/etc/shadow</c> keeps it.</summary>
    /// <param name="cryptSalt">The salt; a random one where it is not given.</param>
    /// <param name="password">The password; a random one of 64 letters where it is not given.</param>
    /// <param name="algorithm"><c>sha512, sha256, blowfish, md5, crypt</c>.</param>
    /// <example><code>salt '*' random.shadow_hash 'My5alT' 'MyP@asswd' md5</code></example>
    [SaltFunction("random.shadow_hash")]
    public static string ShadowHash(string? cryptSalt = null, string? password = null, string algorithm = "sha512") => ShadowText.Hash(cryptSalt, password, algorithm);

    /// <summary>A random whole number.</summary>
    /// <param name="start">The smallest.</param>
    /// <param name="end">The largest.</param>
    /// <param name="seed">Number or text that decides it.</param>
    /// <example><code>salt '*' random.rand_int 1 10 seed=web1</code></example>
    [SaltFunction("random.rand_int")]
    public static long RandInt(long start = 1, long end = 10, Value? seed = null)
    {
        if (end < start) throw new NamedError("ValueError", $"empty range for randrange() ({start}, {end + 1}, {end + 1 - start})");
        var width = (BigInteger)end - start + 1;
        return (long)(start + (seed is null ? Unseeded(width) : Seeded(seed).Below(width)));
    }

    /// <summary>A number that this minion gets every time: from 0 up to, but without, the range.</summary>
    /// <param name="range">The limit.</param>
    /// <param name="hash">The text that decides; the minion's id where it is not given.</param>
    /// <example><code>salt '*' random.seed 10 hash=None</code></example>
    [SaltFunction("random.seed")]
    public static long Seed(CallContext context, long range = 10, Value? hash = null)
    {
        if (range <= 0) throw new NamedError("ValueError", "empty range for randrange()");
        return (long)Seeded(hash is { IsTruthy: true } ? hash : context.MinionId).Below(range);
    }

    /// <summary>Some items of a list, none twice.</summary>
    /// <param name="value">The list.</param>
    /// <param name="size">How many.</param>
    /// <param name="seed">Text that decides which.</param>
    /// <exception cref="NamedError">The list has fewer items.</exception>
    /// <example><code>salt '*' random.sample '["one", "two"]' 1 seed="something"</code></example>
    [SaltFunction("random.sample")]
    public static ListValue Sample(ListValue value, int size, Value? seed = null)
    {
        if (size < 0 || size > value.Count) throw new NamedError("ValueError", "Sample larger than population or is negative");
        // The seed goes through SHA-512 first: Salt 3006, salt/utils/data.py, sample().
        var seeded = seed is null ? null : new MersenneTwister(Sha(seed, "sha512"));
        BigInteger Below(int limit) => seeded?.Below(limit) ?? Unseeded(limit);
        var picked = new Value[size];
        // CPython, Lib/random.py, sample(): a pool that shrinks for small lists, else places drawn until one is new.
        var limit = 21.0;
        if (size > 5) limit += Math.Pow(4, Math.Ceiling(Math.Log(size * 3, 4)));
        if (value.Count <= limit)
        {
            var pool = value.ToArray();
            for (var i = 0; i < size; i++)
            {
                var at = (int)Below(value.Count - i);
                picked[i] = pool[at];
                pool[at] = pool[value.Count - i - 1];
            }
            return ListValue.From(picked);
        }
        var taken = new HashSet<int>();
        for (var i = 0; i < size; i++)
        {
            int at;
            do at = (int)Below(value.Count);
            while (!taken.Add(at));
            picked[i] = value[at];
        }
        return ListValue.From(picked);
    }

    /// <summary>A list in another order.</summary>
    /// <param name="value">The list.</param>
    /// <param name="seed">Text that decides the order.</param>
    /// <example><code>salt '*' random.shuffle '["one", "two"]' seed="something"</code></example>
    [SaltFunction("random.shuffle")]
    public static ListValue Shuffle(ListValue value, Value? seed = null) => Sample(value, value.Count, seed);

    private static string Sha(Value value, string algorithm) =>
        HashInput.Hex(algorithm, HashInput.Bytes(value)) ?? throw new NamedError("SaltException", "You must specify a valid algorithm.");

    private static MersenneTwister Seeded(Value seed) => seed switch
    {
        IntegerValue number => new(number.Number),
        BoolValue flag => new(flag.IsTrue ? 1 : 0),
        TextValue text => new(text.Text),
        _ => throw new NamedError("TypeError", "The only supported seed types are: None, int, float, str, bytes, and bytearray."),
    };

    // Bytes enough that what is too large to be fair is drawn again at most half of the time.
    private static BigInteger Unseeded(BigInteger limit)
    {
        var bits = (int)limit.GetBitLength();
        BigInteger number;
        do number = new BigInteger(RandomNumberGenerator.GetBytes((bits + 7) / 8), isUnsigned: true) & ((BigInteger.One << bits) - 1);
        while (number >= limit);
        return number;
    }

    private static NamedError NotEncodable() => new("SaltInvocationError", "Value must be an encode-able string");
}
