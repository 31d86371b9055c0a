using CsCheck;
using SaltActors.Core.Values;
using SaltActors.Transport.Crypto;
using SaltActors.Transport.Payload;
using SaltActors.Transport.Tests.Payload;

namespace SaltActors.Transport.Tests.Crypto;

public sealed class CrypticleSpecs
{
    private static readonly Crypticle Key = new(Crypticle.NewKeyString()), Other = new(Crypticle.NewKeyString());

    [Fact]
    public void Opens_and_seals_every_recorded_message() => Recorded.Every("crypticle", one => !one.Has("expected"), (_, one) =>
    {
        var key = new Crypticle(one.Text("key_string"));
        Assert.Equal(CrypticleResult.Opened, key.TryOpen(one.Bytes("ciphertext_b64"), one.TextOrNull("nonce"), out var payload));
        Recorded.Same(one.Value("object"), payload);
        var packed = Msgpack.Pack(one.Value("object"), MsgpackDialect.Wire);
        Assert.Equal(one.Text("ciphertext_b64"), Convert.ToBase64String(key.SealPacked(packed, one.TextOrNull("nonce"), Convert.FromHexString(one.Text("iv_hex")))));
    });

    [Fact]
    public void Tells_another_key_from_another_nonce() => Recorded.Every("crypticle", one => one.Has("expected"), (_, one) =>
    {
        var result = new Crypticle(one.Text("key_string")).TryOpen(one.Bytes("ciphertext_b64"), one.TextOrNull("nonce"), out var payload);
        Assert.Equal(one.Text("observed") == "AuthenticationError" ? CrypticleResult.WrongKey : CrypticleResult.WrongNonce, result);
        Assert.True(payload.IsNull);
    });

    [Fact]
    public void Opens_what_it_sealed() => Gen.Select(MsgpackSpecs.AnyValue(MsgpackDialect.Wire, 2), Gen.Bool).Sample((value, hasNonce) =>
    {
        var nonce = hasNonce ? Crypticle.NewNonce() : null;
        return Key.TryOpen(Key.Seal(value, nonce), nonce, out var opened) == CrypticleResult.Opened && PythonText.Repr(opened) == PythonText.Repr(value);
    }, iter: 500);

    [Fact]
    public void One_changed_byte_is_enough_to_refuse() => Gen.Select(Gen.Int[0, 95], Gen.Byte.Where(b => b != 0)).Sample((place, change) =>
    {
        var message = Key.Seal("something to hide, of a few blocks");
        message[place] ^= change;
        return Key.TryOpen(message, out _) == CrypticleResult.WrongKey;
    }, iter: 300);

    [Fact]
    public void Another_key_opens_nothing() => Assert.Equal(CrypticleResult.WrongKey, Other.TryOpen(Key.Seal(1), out _));

    [Fact]
    public void A_reply_without_a_nonce_does_not_answer_a_question()
    {
        Assert.Equal(CrypticleResult.WrongNonce, Key.TryOpen(Key.Seal(Value.Null), Crypticle.NewNonce(), out _));
        Assert.Equal(CrypticleResult.WrongNonce, Key.TryOpen(Key.Seal(new string('a', 100)), Crypticle.NewNonce(), out _));
    }

    [Fact]
    public void The_serial_stays_in_the_value()
    {
        Key.TryOpen(Key.Seal(MapValue.Of(("fun", "test.ping"), ("serial", 7))), out var load);
        Recorded.Same(MapValue.Of(("fun", "test.ping"), ("serial", 7)), load);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("not base64 !")]
    [InlineData("YWJj")]
    public void What_is_no_key_string_is_refused(string? text)
    {
        Assert.False(Crypticle.TryParse(text, out _));
        Assert.Throws<FormatException>(() => new Crypticle(text!));
    }

    [Fact]
    public void New_keys_and_nonces_have_Salts_form()
    {
        Assert.Equal(76, Crypticle.NewKeyString().Length);
        Assert.Matches("^[0-9a-f]{32}$", Crypticle.NewNonce());
        Assert.NotEqual(Crypticle.NewNonce(), Crypticle.NewNonce());
    }
}
