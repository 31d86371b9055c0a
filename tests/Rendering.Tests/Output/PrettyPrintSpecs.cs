using SaltActors.Core.Values;
using SaltActors.Rendering.Output;
using SaltActors.Rendering.Tests.Recorded;

namespace SaltActors.Rendering.Tests.Output;

/// <summary>pprint.json and textwrap.json were written by CPython 3.11.</summary>
public sealed class PrettyPrintSpecs
{
    [Theory]
    [InlineData("plain", 1, 80)]
    [InlineData("indent4", 4, 80)]
    [InlineData("narrow", 1, 30)]
    public void Lays_out_as_pprint(string form, int indent, int width) =>
        RecordedCases.Check("Output/pprint.json", form, value => PrettyPrint.Format(value, indent, width));

    [Fact]
    public void An_ordered_map_that_is_too_wide_is_a_list_of_pairs() => Assert.Equal(
        "OrderedDict([('b', 'xxxxxxxxxx'),\n             ('a', 'yyyyyyyyyy')])",
        PrettyPrint.Format(MapValue.Of(("b", "xxxxxxxxxx"), ("a", "yyyyyyyyyy")).AsOrdered(), width: 40));

    [Fact]
    public void Long_bytes_are_cut_in_parts_of_four() => Assert.Equal(
        "(b'abcdabcdabcd'\n b'abcdabcdabcd'\n b'ab')",
        PrettyPrint.Format("abcdabcdabcdabcdabcdabcdab"u8.ToArray(), width: 18));

    [Fact]
    public void Wraps_as_textwrap()
    {
        foreach (var one in RecordedCases.Read("Output/textwrap.json"))
            Assert.Equal(one.GetProperty("filled").GetString(), PythonLines.Fill(one.GetProperty("text").GetString()!, 80, new string(' ', 14)));
    }
}
