using System.Numerics;
using System.Security.Cryptography;
using System.Text;
using SaltActors.Core.Functions;
using SaltActors.Core.Values;

namespace SaltActors.Modules.Testing;

/// <summary>The functions of <c>test</c> that compute something.</summary>
/// <remarks>Follows Salt 3006, salt/modules/test.py.</remarks>
public static class TestNumbers
{
    /// <summary>Answers with a number of the Fibonacci sequence, and with the seconds that it took.</summary>
    /// <param name="num">Which number; one below 2 is answered as it is.</param>
    /// <example><code>salt '*' test.fib 3</code></example>
    [SaltFunction("test.fib")]
    public static ListValue Fib(CallContext context, int num)
    {
        var started = context.Clock.GetTimestamp();
        BigInteger before = 0, number = num < 2 ? num : 1;
        for (var i = 1; i < num; i++)
        {
            context.Stopped.ThrowIfCancellationRequested();
            (before, number) = (number, before + number);
        }
        return [number, SecondsSince(context, started)];
    }

    /// <summary>Answers with the steps of the Collatz sequence down to 1, which is left out, and with the seconds that it took.</summary>
    /// <param name="start">Where to start: 1 or more.</param>
    /// <example><code>salt '*' test.collatz 3</code></example>
    [SaltFunction("test.collatz")]
    public static ListValue Collatz(CallContext context, long start)
    {
        if (start < 1) throw new CommandFailed($"collatz: start must be 1 or more, found {start}");
        var started = context.Clock.GetTimestamp();
        var steps = new List<Value>();
        for (BigInteger number = start; number != 1; number = number.IsEven ? number / 2 : number * 3 + 1)
        {
            context.Stopped.ThrowIfCancellationRequested();
            steps.Add(number);
        }
        return [ListValue.From(steps), SecondsSince(context, started)];
    }

    /// <summary>Answers with a hash of a random number.</summary>
    /// <param name="size">The largest number.</param>
    /// <param name="hashType"><c>md5</c>, <c>sha1</c>, <c>sha256</c>, <c>sha384</c> or <c>sha512</c>; the option <c>hash_type</c> where none is given.</param>
    /// <example><code>
    /// salt '*' test.random_hash
    /// salt '*' test.random_hash hash_type=sha512
    /// </code></example>
    [SaltFunction("test.random_hash")]
    [SaltFunction("test.rand_str")]
    public static string RandomHash(CallContext context, long size = 9999999999, string? hashType = null)
    {
        if (size < 0) throw new NamedError("ValueError", $"size must be non-negative, found {size}");
        var name = hashType ?? context.Options.TextOf("hash_type") ?? "sha256";
        var bytes = RandomNumberGenerator.GetBytes(16);
        var number = new BigInteger(bytes, isUnsigned: true) % (new BigInteger(size) + 1);
        var text = Encoding.ASCII.GetBytes(number.ToString(System.Globalization.CultureInfo.InvariantCulture));
        return Convert.ToHexStringLower(Hash(name, text));
    }

    [System.Diagnostics.CodeAnalysis.SuppressMessage("Security", "CA5351", Justification = "md5 is what the caller names; nothing is protected by it.")]
    private static byte[] Hash(string name, byte[] data) => name switch
    {
        "md5" => MD5.HashData(data),
        "sha1" => SHA1.HashData(data),
        "sha256" => SHA256.HashData(data),
        "sha384" => SHA384.HashData(data),
        "sha512" => SHA512.HashData(data),
        _ => throw new CommandFailed($"The hash type '{name}' is not known: expected md5, sha1, sha256, sha384 or sha512"),
    };

    private static double SecondsSince(CallContext context, long started) => context.Clock.GetElapsedTime(started).TotalSeconds;
}
