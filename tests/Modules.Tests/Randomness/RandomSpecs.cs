using SaltActors.Core.Values;
using SaltActors.Modules.Randomness;

namespace SaltActors.Modules.Tests.Randomness;

public sealed class RandomSpecs
{
    private readonly Calls _calls = new() { Options = MapValue.Of(("id", "one")) };
    private static readonly ListValue Four = ListValue.From([1, 2, 3, 4]);

    [Fact]
    public async Task Gives_the_numbers_that_python_gives_for_a_seed()
    {
        Assert.Equal((Value)80, await _calls.Answer("random.rand_int", Calls.With(("seed", 5)), 1, 100));
        Assert.Equal((Value)9, await _calls.Answer("random.rand_int", 1, 10, "abc"));
        Assert.Equal((Value)5, await _calls.Answer("random.seed", Calls.With(("hash", "x")), 10));
        Assert.Equal((Value)8, await _calls.Answer("random.seed", Calls.With(("hash", "abc")), 10));
        Assert.Equal((Value)80, await _calls.Answer("random.seed", 100));
        Assert.Equal("[2, 3]", (await _calls.Answer("random.sample", Calls.With(("seed", "abc")), Four, 2)).ToString());
        Assert.Equal("[2, 3, 4, 1]", (await _calls.Answer("random.shuffle", Calls.With(("seed", "abc")), Four)).ToString());
        Assert.Equal("[90, 28, 87, 57, 34, 36]", (await _calls.Answer("random.sample", Calls.With(("seed", "abc")), ListValue.From(Enumerable.Range(0, 100).Select(Value (n) => n)), 6)).ToString());
    }

    [Fact]
    public async Task Gives_other_numbers_without_a_seed()
    {
        for (var i = 0; i < 50; i++) Assert.InRange((await _calls.Answer("random.rand_int", 3, 5)).AsInteger()!.Value, 3, 5);
        Assert.Equal(Four.Order(PythonOrder.ByValue), ((ListValue)await _calls.Answer("random.shuffle", Four)).Order(PythonOrder.ByValue));
        Assert.Equal(long.MaxValue, (await _calls.Answer("random.rand_int", long.MaxValue, long.MaxValue)).AsInteger());
    }

    [Fact]
    public async Task Makes_texts_of_the_letters_that_were_asked_for()
    {
        Assert.Matches("^[a-zA-Z0-9]{30}$", (await _calls.Answer("random.get_str", Calls.With(("punctuation", false)), 30)).ToString());
        Assert.Matches("^[ab]{5}$", (await _calls.Answer("random.get_str", Calls.With(("chars", "ab")), 5)).ToString());
        Assert.Equal((Value)"", await _calls.Answer("random.get_str", 0));
        Assert.StartsWith("ERROR: ", (await _calls.Failure("random.get_str", Calls.With(("lowercase", false), ("uppercase", false), ("digits", false), ("punctuation", false)))).Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("sha512", "$6$mysalt$.2Q/f6CLTJ7NFjKGQk.jKE5.cGgKx0pvxJTouBcj9c.QMvAmVybOayA.z2ZYDHtzYKlGvXURyRUQExUeqkbjy/")]
    [InlineData("sha256", "$5$mysalt$DTIYE3KpECnsp/xruMo9Co3DNnsrH.Rx/1/jdwdjTc8")]
    [InlineData("md5", "$1$mysalt$NGiHoaB55Akiz8nsOoh8J/")]
    [InlineData("crypt", "my2d8hTzLKr6k")]
    public async Task Hashes_passwords_as_the_system_does(string algorithm, string expected) =>
        Assert.Equal(expected, (await _calls.Answer("random.shadow_hash", "mysalt", "pw", algorithm)).ToString());

    [Fact]
    public async Task Refuses_what_cannot_be()
    {
        Assert.Contains("ValueError: empty range for randrange() (5, 2, -3)", (await _calls.Failure("random.rand_int", MapValue.Empty, 5, 1)).Text, StringComparison.Ordinal);
        Assert.Contains("ValueError: Sample larger than population or is negative", (await _calls.Failure("random.sample", MapValue.Empty, Four, 5)).Text, StringComparison.Ordinal);
        Assert.StartsWith("ERROR executing 'random.shadow_hash': Cannot hash using 'nope' hash algorithm.", (await _calls.Failure("random.shadow_hash", MapValue.Empty, "s", "p", "nope")).Text, StringComparison.Ordinal);
        Assert.Matches(@"^\$6\$[A-Za-z0-9./]{16}\$", ShadowText.Hash(null, null, "sha512"));
    }
}
