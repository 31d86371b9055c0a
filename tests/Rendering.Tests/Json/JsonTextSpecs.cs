using System.Globalization;
using System.Numerics;
using CsCheck;
using SaltActors.Core.Values;
using SaltActors.Rendering.Json;
using SaltActors.Rendering.Tests.Recorded;

namespace SaltActors.Rendering.Tests.Json;

/// <summary>dumps.json was written by json.dumps of CPython 3.11.</summary>
public sealed class JsonTextSpecs
{
    [Fact]
    public void Writes_one_line_as_Python() => RecordedCases.Check("Json/dumps.json", "line", value => JsonText.Write(value));

    [Fact]
    public void Writes_indented_ascii_as_Python() =>
        RecordedCases.Check("Json/dumps.json", "indent", value => JsonText.Write(value, JsonLayout.Indented with { EnsureAscii = true }));

    [Theory]
    [InlineData("")]
    [InlineData("  ")]
    public void Breaks_lines_with_the_given_indent(string indent) => Assert.Equal(
        $"{{\n{indent}\"a\": [\n{indent}{indent}1,\n{indent}{indent}{{}}\n{indent}]\n}}",
        JsonText.Write(MapValue.Of(("a", ListValue.Create([1, MapValue.Empty]))), new() { Indent = indent }));

    [Fact]
    public void Keys_become_text()
    {
        KeyValuePair<Value, Value>[] entries = [new(1, 1), new(2.5, 2), new(Value.Null, 3), new(false, 4)];
        Assert.Equal("""{"1": 1, "2.5": 2, "null": 3, "false": 4}""", JsonText.Write(MapValue.From(entries)));
    }

    [Fact]
    public void A_tuple_as_key_is_refused()
    {
        var map = MapValue.From([KeyValuePair.Create<Value, Value>(new ListValue([1], isTuple: true), 1)]);
        Assert.Equal("keys must be str, int, float, bool or None, not tuple", Assert.Throws<NotJson>(() => JsonText.Write(map)).Message);
    }

    [Fact]
    public void Bytes_are_refused_or_shown_as_repr()
    {
        Value bytes = new byte[] { 0x61, 0xFF };
        Assert.Equal("Object of type bytes is not JSON serializable", Assert.Throws<NotJson>(() => JsonText.Write(bytes)).Message);
        Assert.Equal("\"b'a\\\\xff'\"", JsonText.Write(bytes, new() { ReprForUnknown = true }));
    }

    [Fact]
    public void Sorted_keys_without_an_order_are_refused() =>
        Assert.Throws<NotJson>(() => JsonText.Write(MapValue.From([KeyValuePair.Create<Value, Value>(1, 1), KeyValuePair.Create<Value, Value>("a", 1)]), new() { SortKeys = true }));

    [Fact]
    public void Numbers_that_JSON_lacks_are_written_and_read()
    {
        Assert.Equal("[NaN, Infinity, -Infinity]", JsonText.Write(ListValue.Create([double.NaN, double.PositiveInfinity, double.NegativeInfinity])));
        var read = (ListValue)JsonText.Read("[NaN, Infinity, -Infinity]");
        Assert.Equal("[nan, inf, -inf]", read.ToString());
    }

    [Theory]
    [InlineData("123456789012345678901234567890")]
    [InlineData("-9223372036854775809")]
    public void Whole_numbers_have_any_size(string number)
    {
        Assert.Equal(BigInteger.Parse(number, CultureInfo.InvariantCulture), ((IntegerValue)JsonText.Read(number)).Number);
        Assert.Equal(number, JsonText.Write(JsonText.Read(number)));
    }

    // Recorded from json.loads of CPython 3.11.
    [Theory]
    [InlineData("", "Expecting value: line 1 column 1 (char 0)")]
    [InlineData("[1,", "Expecting value: line 1 column 4 (char 3)")]
    [InlineData("[1,]", "Expecting value: line 1 column 4 (char 3)")]
    [InlineData("[1 2]", "Expecting ',' delimiter: line 1 column 4 (char 3)")]
    [InlineData("{\"a\" 1}", "Expecting ':' delimiter: line 1 column 6 (char 5)")]
    [InlineData("{a: 1}", "Expecting property name enclosed in double quotes: line 1 column 2 (char 1)")]
    [InlineData("{\n \"a\": 1,\n}", "Expecting property name enclosed in double quotes: line 3 column 1 (char 11)")]
    [InlineData("\"abc", "Unterminated string starting at: line 1 column 1 (char 0)")]
    [InlineData("\"a\\x\"", "Invalid \\escape: line 1 column 3 (char 2)")]
    [InlineData("\"a\\u12\"", "Invalid \\uXXXX escape: line 1 column 4 (char 3)")]
    [InlineData("\"a\nb\"", "Invalid control character at: line 1 column 3 (char 2)")]
    [InlineData("1 2", "Extra data: line 1 column 3 (char 2)")]
    [InlineData("01", "Extra data: line 1 column 2 (char 1)")]
    [InlineData("nul", "Expecting value: line 1 column 1 (char 0)")]
    [InlineData("-", "Expecting value: line 1 column 1 (char 0)")]
    public void Refuses_in_the_words_of_Python(string text, string message) =>
        Assert.Equal(message, Assert.Throws<JsonRefused>(() => JsonText.Read(text)).Message);

    [Fact]
    public void Refuses_nesting_that_would_exhaust_the_stack() =>
        Assert.Throws<JsonRefused>(() => JsonText.Read(new string('[', 100_000)));

    [Fact]
    public void The_last_value_of_a_key_wins() => Assert.Equal("{'a': 2}", JsonText.Read("""{"a": 1, "a": 2}""").ToString());

    [Fact]
    public void Reads_what_it_wrote() =>
        Values().Sample(value => Assert.Equal(value, JsonText.Read(JsonText.Write(value))));

    private static Gen<Value> Values()
    {
        var scalar = Gen.OneOf(
            Gen.Const(Value.Null), Gen.Bool.Select(b => (Value)b), Gen.Long.Select(n => (Value)n),
            Gen.Double.Where(double.IsFinite).Select(n => (Value)n), Gen.String.Select(t => (Value)t));
        var list = scalar.Array[0, 5].Select(items => (Value)new ListValue([.. items]));
        var map = Gen.Select(Gen.String, Gen.OneOf(scalar, list)).Array[0, 12].Select(entries => (Value)MapValue.From(entries.Select(e => KeyValuePair.Create(e.Item1, e.Item2))));
        return Gen.OneOf(scalar, list, map);
    }
}
