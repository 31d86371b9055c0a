using System.Collections.Frozen;
using System.Numerics;
using SaltActors.Core.Values;
using SaltActors.Rendering.Jinja.Evaluation;
using SaltActors.Rendering.Jinja.Filters;
using SaltActors.Rendering.Jinja.Filters.Salt;
using SaltActors.Rendering.Jinja.Objects;
using SaltActors.Rendering.Jinja.Syntax;

namespace SaltActors.Rendering.Jinja.Tests;

/// <summary>Every test by name: Jinja's, and Salt's <c>match</c>, <c>equalto</c> and <c>list</c>.</summary>
public static class TestTable
{
    private static readonly FrozenDictionary<string, Native> Table = Native.Table(
    [
        new Native("defined", "", static (_, s, _) => s is not UndefinedObj),
        new Native("undefined", "", static (_, s, _) => s is UndefinedObj),
        new Native("none", "", static (_, s, _) => s.IsNone),
        new Native("boolean", "", static (_, s, _) => s is Scalar { Value: BoolValue }),
        new Native("true", "", static (_, s, _) => s is Scalar { Value: BoolValue { IsTrue: true } }),
        new Native("false", "", static (_, s, _) => s is Scalar { Value: BoolValue { IsTrue: false } }),
        new Native("integer", "", static (_, s, _) => s is Scalar { Value: IntegerValue }),
        new Native("float", "", static (_, s, _) => s is Scalar { Value: FloatValue }),
        new Native("number", "", static (_, s, _) => s is Scalar { Value: IntegerValue or FloatValue or BoolValue }),
        new Native("string", "", static (_, s, _) => s is TextObj),
        new Native("mapping", "", static (_, s, _) => s is DictObj),
        new Native("list", "", static (_, s, _) => s is ListObj { IsTuple: false }),
        new Native("sequence", "", static (_, s, _) => IsSequence(s)),
        new Native("iterable", "", static (_, s, _) => s is not UndefinedObj { IsStrict: true } ? s.Iterate() is not null : throw ((UndefinedObj)s).Fault()),
        new Native("callable", "", static (_, s, _) => s.IsCallable || s is UndefinedObj),
        new Native("escaped", "", static (_, s, _) => s is TextObj { IsMarkup: true }),
        new Native("lower", "", static (_, s, _) => Text(s) is var t && t.Any(char.IsLower) && !t.Any(char.IsUpper)),
        new Native("upper", "", static (_, s, _) => Text(s) is var t && t.Any(char.IsUpper) && !t.Any(char.IsLower)),
        new Native("odd", "", static (run, s, _) => Operators.Modulo(run, s, 2).Equals(1)),
        new Native("even", "", static (run, s, _) => Operators.Modulo(run, s, 2).Equals(0)),
        new Native("divisibleby", "num", static (run, s, a) => Operators.Modulo(run, s, a[0]!).Equals(0)),
        new Native("sameas", "other", static (_, s, a) => IsSame(s, a[0]!)),
        new Native("filter", "", static (_, s, _) => s is TextObj t && FilterTable.Find(t.Text) is not null),
        new Native("test", "", static (_, s, _) => s is TextObj t && Find(t.Text) is not null),
        new Native("match", "rgx ignorecase? multiline?", static (run, s, a) =>
            PatternFilters.Pattern(run, a[0]!, a.Flag(1, false), a.Flag(2, false)).Match(s.ToString()) is { Success: true, Index: 0 }),
        .. Comparisons(Comparison.Equal, "eq", "equalto", "=="),
        .. Comparisons(Comparison.Unequal, "ne", "!="),
        .. Comparisons(Comparison.Less, "lt", "lessthan", "<"),
        .. Comparisons(Comparison.LessOrEqual, "le", "<="),
        .. Comparisons(Comparison.Greater, "gt", "greaterthan", ">"),
        .. Comparisons(Comparison.GreaterOrEqual, "ge", ">="),
        .. Comparisons(Comparison.In, "in"),
    ]);

    public static Native? Find(string name) => Table.GetValueOrDefault(name);

    private static IEnumerable<Native> Comparisons(Comparison how, params string[] names) =>
        names.Select(n => new Native(n, "other", (_, s, a) => CompareExpression.Holds(how, s, a[0]!)));

    private static string Text(Obj self) => self.ToString();

    private static bool IsSequence(Obj self) => self switch
    {
        UndefinedObj { IsStrict: true } undefined => throw undefined.Fault(),
        TextObj or ListObj or DictObj or RangeObj or Scalar { Value: BytesValue } or UndefinedObj => true,
        _ => false,
    };

    // Python keeps one object of none, of either truth, of small whole numbers and of short words.
    private static bool IsSame(Obj left, Obj right)
    {
        if (ReferenceEquals(left, right)) return true;
        return (left, right) switch
        {
            (Scalar { Value: IntegerValue l }, Scalar { Value: IntegerValue r }) => l.Equals(r) && BigInteger.Abs(l.Number) <= 256,
            (Scalar { Value: BoolValue l }, Scalar { Value: BoolValue r }) => l.IsTrue == r.IsTrue,
            (Scalar { Value: NullValue }, Scalar { Value: NullValue }) => true,
            (TextObj l, TextObj r) => l.IsMarkup == r.IsMarkup && l.Text == r.Text,
            _ => false,
        };
    }
}
