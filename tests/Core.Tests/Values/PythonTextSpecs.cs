using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using CsCheck;
using SaltActors.Core.Values;

namespace SaltActors.Core.Tests.Values;

/// <summary>repr.json was written by CPython 3.11; so were the examples.</summary>
public sealed class PythonTextSpecs
{
    [Fact]
    public void Quotes_text_as_repr()
    {
        var failures = new StringBuilder();
        foreach (var one in JsonDocument.Parse(File.ReadAllText(Recorded())).RootElement.EnumerateArray())
        {
            var (expected, found) = (one.GetProperty("repr").GetString(), PythonText.Repr(one.GetProperty("text").GetString()));
            if (expected != found) failures.AppendLine($"expected {expected} found {found}");
        }
        Assert.True(failures.Length == 0, failures.ToString());
    }

    [Fact]
    public void A_lone_surrogate_is_escaped() => Assert.Equal("'\\ud800'", PythonText.Repr("\uD800"));

    [Theory]
    [InlineData(0.0, "0.0")]
    [InlineData(-0.0, "-0.0")]
    [InlineData(1.0, "1.0")]
    [InlineData(100.0, "100.0")]
    [InlineData(123456789.125, "123456789.125")]
    [InlineData(0.1, "0.1")]
    [InlineData(0.0001, "0.0001")]
    [InlineData(0.00001, "1e-05")]
    [InlineData(1.5e-7, "1.5e-07")]
    [InlineData(1e15, "1000000000000000.0")]
    [InlineData(1e16, "1e+16")]
    [InlineData(1.25e22, "1.25e+22")]
    [InlineData(9007199254740993.0, "9007199254740992.0")]
    [InlineData(5e-324, "5e-324")]
    [InlineData(1.7976931348623157e308, "1.7976931348623157e+308")]
    [InlineData(-2.5e-300, "-2.5e-300")]
    [InlineData(double.PositiveInfinity, "inf")]
    [InlineData(double.NegativeInfinity, "-inf")]
    [InlineData(double.NaN, "nan")]
    public void Floats_have_their_shortest_text(double number, string text) => Assert.Equal(text, PythonText.Float(number));

    [Fact]
    public void The_text_of_a_float_reads_back_the_same() =>
        Gen.Double.Where(double.IsFinite).Sample(n => double.Parse(PythonText.Float(n), System.Globalization.CultureInfo.InvariantCulture) == n);

    [Fact]
    public void Collections_print_as_in_Python()
    {
        var value = MapValue.Of(("l", ListValue.Create([1, "it's", Value.Null, true])), ("t", new ListValue([1], isTuple: true)), ("e", new ListValue([], isTuple: true)), ("m", MapValue.Empty));
        Assert.Equal("""{'l': [1, "it's", None, True], 't': (1,), 'e': (), 'm': {}}""", value.ToString());
    }

    [Fact]
    public void An_ordered_map_prints_its_pairs()
    {
        Assert.Equal("OrderedDict([('b', 1), ('a', OrderedDict())])", MapValue.Of(("b", 1), ("a", MapValue.Empty.AsOrdered())).AsOrdered().ToString());
    }

    [Theory]
    [InlineData(new byte[] { 0x61, 0x00, 0x0A, 0xFF }, @"b'a\x00\n\xff'")]
    [InlineData(new byte[] { 0x27 }, "b\"'\"")]
    [InlineData(new byte[] { 0x27, 0x22 }, "b'\\'\"'")]
    public void Bytes_print_with_their_prefix(byte[] bytes, string text) => Assert.Equal(text, new BytesValue(bytes).ToString());

    [Fact]
    public void Times_print_for_people_and_for_programs()
    {
        var time = new TimeValue(new DateTime(2001, 2, 3, 4, 5, 0).AddMicroseconds(60));
        Assert.Equal("2001-02-03 04:05:00.000060", PythonText.Str(time));
        Assert.Equal("datetime.datetime(2001, 2, 3, 4, 5, 0, 60)", PythonText.Repr(time));
        Assert.Equal("datetime.datetime(2001, 2, 3, 0, 0)", PythonText.Repr(new TimeValue(new(2001, 2, 3))));
        Assert.Equal("[datetime.date(2001, 2, 3)]", PythonText.Str(ListValue.Create([new TimeValue(new(2001, 2, 3), isDateOnly: true)])));
    }

    private static string Recorded([CallerFilePath] string here = "") => Path.Combine(Path.GetDirectoryName(here)!, "repr.json");
}
