using System.Numerics;
using CsCheck;
using SaltActors.Core.Values;

namespace SaltActors.Core.Tests.Values;

public sealed class ValueSpecs
{
    private static readonly Gen<Value> Scalar = Gen.OneOf(
        Gen.Const(Value.Null), Gen.Bool.Select(b => (Value)b), Gen.Int[-3, 3].Select(n => (Value)n), Gen.Int[-3, 3].Select(n => (Value)(double)n),
        Gen.Long.Select(n => (Value)n), Gen.Long.Select(n => (Value)(double)n), Gen.Long.Select(n => (Value)(new BigInteger(n) * 3)),
        Gen.String.Select(t => (Value)t));

    private static readonly Gen<Value> Number = Gen.OneOf(
        Gen.Long.Select(n => (Value)n), Gen.Double.Where(double.IsFinite).Select(n => (Value)n), Gen.Bool.Select(b => (Value)b),
        Gen.Long.Select(n => (Value)(new BigInteger(n) * n)), Gen.Long.Select(n => (Value)(double)n));

    [Fact]
    public void Numbers_and_truth_are_equal_across_their_kinds()
    {
        Assert.Equal<Value>(1, 1.0);
        Assert.Equal<Value>(1, true);
        Assert.Equal<Value>(0.0, false);
        Assert.Equal<Value>(1e20, BigInteger.Pow(10, 20));
        Assert.NotEqual<Value>(9007199254740993, 9007199254740992.0);
        Assert.NotEqual<Value>(1, "1");
        Assert.NotEqual<Value>("a", "a"u8.ToArray());
        Assert.NotEqual<Value>(double.NaN, double.NaN);
    }

    [Fact]
    public void A_tuple_is_no_list() => Assert.False(new ListValue([1], isTuple: true).Equals(ListValue.Create([1])));

    [Fact]
    public void What_is_equal_has_the_same_hash() =>
        Gen.Select(Scalar, Scalar).Sample((a, b) => !a.Equals(b) || a.GetHashCode() == b.GetHashCode());

    [Fact]
    public void Equality_has_no_direction() => Gen.Select(Scalar, Scalar).Sample((a, b) => a.Equals(b) == b.Equals(a));

    [Fact]
    public void Maps_ignore_order_and_kind_of_map() =>
        Assert.True(MapValue.Of(("a", 1), ("b", 2)).Equals(MapValue.Of(("b", 2), ("a", 1)).AsOrdered()));

    [Fact]
    public void A_key_of_one_is_also_a_key_of_true()
    {
        var map = MapValue.From([KeyValuePair.Create<Value, Value>(1, "one"), KeyValuePair.Create<Value, Value>(true, "true")]);
        Assert.Equal("{1: 'true'}", map.ToString());
    }

    [Fact]
    public void A_map_finds_every_key_it_was_given() =>
        Gen.Select(Scalar.Array[0, 30], Scalar.Array[0, 30]).Sample((keys, others) =>
        {
            var map = MapValue.From(keys.Select((k, i) => KeyValuePair.Create<Value, Value>(k, i)));
            return keys.All(k => map.Has(k) && ((IntegerValue)map.Get(k)!).Long == Array.FindLastIndex(keys, o => o.Equals(k)))
                && others.All(o => map.Has(o) == keys.Any(k => k.Equals(o)));
        });

    [Fact]
    public void Removing_and_adding_again_moves_a_key_to_the_end()
    {
        var builder = MapValue.From(Enumerable.Range(0, 12).Select(n => KeyValuePair.Create<Value, Value>(n, n))).ToBuilder();
        Assert.True(builder.Remove(3));
        builder[3] = "back";
        var map = builder.Build();
        Assert.Equal("back", map.Get((Value)3)!.AsText());
        Assert.Equal<Value>(3, map[11].Key);
    }

    [Fact]
    public void Numbers_have_one_order_across_their_kinds() =>
        Gen.Select(Number, Number, Number).Sample((a, b, c) =>
            Math.Sign(PythonOrder.Compare(a, b)) == -Math.Sign(PythonOrder.Compare(b, a))
            && (PythonOrder.Compare(a, b) == 0) == a.Equals(b)
            && (PythonOrder.Compare(a, b) > 0 || PythonOrder.Compare(b, c) > 0 || PythonOrder.Compare(a, c) <= 0));

    [Fact]
    public void Text_is_ordered_by_code_point() =>
        Gen.Select(Gen.String, Gen.String).Where((a, b) => IsWhole(a) && IsWhole(b)).Sample((a, b) =>
            Math.Sign(PythonOrder.CompareText(a, b)) == Math.Sign(CodePoints(a).AsSpan().SequenceCompareTo(CodePoints(b))));

    [Fact]
    public void A_rocket_stands_behind_the_last_of_the_basic_plane() => Assert.True(PythonOrder.CompareText("🚀", "\uFFFD") > 0);

    [Fact]
    public void Lists_are_ordered_by_their_first_difference()
    {
        Assert.True(PythonOrder.Compare(ListValue.Create([1, "a"]), ListValue.Create([1, "b"])) < 0);
        Assert.True(PythonOrder.Compare(ListValue.Create([1]), ListValue.Create([1, Value.Null])) < 0);
        Assert.Equal(0, PythonOrder.Compare(ListValue.Create([Value.Null]), ListValue.Create([Value.Null])));
    }

    [Fact]
    public void Unlike_kinds_have_no_order() => Assert.Equal(
        "'<' not supported between instances of 'int' and 'str'", Assert.Throws<UnorderableValues>(() => PythonOrder.Compare(1, "a")).Message);

    [Fact]
    public void Sorting_keeps_the_order_of_equals()
    {
        Value[] items = [2, 1.0, true, 1];
        Assert.True(PythonOrder.TrySort(items, v => v));
        Assert.Equal("[1.0, True, 1, 2]", ListValue.Create(items).ToString());
    }

    [Fact]
    public void Sorting_what_has_no_order_moves_nothing()
    {
        Value[] items = [2, 1, "a"];
        Assert.False(PythonOrder.TrySort(items, v => v));
        Assert.Equal("[2, 1, 'a']", ListValue.Create(items).ToString());
    }

    private static bool IsWhole(string text) => text.EnumerateRunes().All(r => r.Value != 0xFFFD);
    private static int[] CodePoints(string text) => [.. text.EnumerateRunes().Select(r => r.Value)];
}
