using System.Text;
using SaltActors.Core.Values;
using SaltActors.Rendering.Tests.Recorded;
using SaltActors.Rendering.Yaml;

namespace SaltActors.Rendering.Tests.YamlDump;

/// <summary>pyyaml.json was written by PyYAML 6.0 over libyaml 0.2.5 (CSafeDumper).</summary>
public sealed class YamlDumperSpecs
{
    public static TheoryData<string> Form() => ["block", "flow", "leaves", "indent4ascii"];

    [Theory]
    [MemberData(nameof(Form))]
    public void Writes_what_PyYAML_writes(string form)
    {
        var options = form switch
        {
            "flow" => YamlLayout.Default with { Flow = YamlFlow.Always },
            "leaves" => YamlLayout.Default with { Flow = YamlFlow.Leaves },
            "indent4ascii" => YamlLayout.Default with { Indent = 4, AllowUnicode = false },
            _ => YamlLayout.Default,
        };
        RecordedCases.Check("YamlDump/pyyaml.json", form, value => YamlDumper.Dump(value, options));
    }

    [Fact]
    public void Bytes_are_base64_under_their_tag() =>
        Assert.Equal("a: !!binary |\n  aGVsbG//\n", YamlDumper.Dump(MapValue.Of(("a", new byte[] { 0x68, 0x65, 0x6C, 0x6C, 0x6F, 0xFF }))));

    [Fact]
    public void No_bytes_at_all_are_an_empty_text_under_the_tag() => Assert.Equal("!!binary \"\"\n", YamlDumper.Dump(Array.Empty<byte>()));

    [Fact]
    public void Long_bytes_have_lines_of_76_columns() =>
        Assert.Equal($"- !!binary |\n  {Encoded(57)}\n  {Encoded(43)}\n", YamlDumper.Dump(ListValue.Create([Encoding.ASCII.GetBytes(new string('x', 100))])));

    [Fact]
    public void A_list_as_key_stands_behind_a_question_mark() =>
        Assert.Equal("? - 1\n  - 2\n: 3\n", YamlDumper.Dump(MapValue.From([KeyValuePair.Create<Value, Value>(new ListValue([1, 2], isTuple: true), 3)])));

    [Fact]
    public void An_ordered_map_keeps_its_order() =>
        Assert.Equal("b: 1\na: 2\n", YamlDumper.Dump(MapValue.Of(("b", 1), ("a", 2)).AsOrdered()));

    [Fact]
    public void Times_are_plain() =>
        Assert.Equal("- 2001-02-03 04:05:06\n- 2001-02-03\n", YamlDumper.Dump(ListValue.Create([new TimeValue(new(2001, 2, 3, 4, 5, 6)), new TimeValue(new(2001, 2, 3), isDateOnly: true)])));

    private static string Encoded(int count) => Convert.ToBase64String(Encoding.ASCII.GetBytes(new string('x', count)));
}
