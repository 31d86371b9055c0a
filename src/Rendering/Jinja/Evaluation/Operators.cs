using System.Numerics;
using System.Text;
using SaltActors.Core.Values;
using SaltActors.Rendering.Jinja.Errors;
using SaltActors.Rendering.Jinja.Methods;
using SaltActors.Rendering.Jinja.Objects;

namespace SaltActors.Rendering.Jinja.Evaluation;

/// <summary>Python's operators over objects.</summary>
public static class Operators
{
    private const int LargestPowerBits = 1 << 20;

    public static Obj Add(RenderRun run, Obj left, Obj right)
    {
        switch (left, right)
        {
            case (Scalar { Value: IntegerValue { IsLong: true, Long: var l } }, Scalar { Value: IntegerValue { IsLong: true, Long: var r } }):
                var sum = unchecked(l + r);
                return ((l ^ sum) & (r ^ sum)) < 0 ? (BigInteger)l + r : sum;
            case (TextObj l, TextObj r):
                run.CheckText((long)l.Text.Length + r.Text.Length);
                return l.IsMarkup || r.IsMarkup ? TextObj.Markup(Escaping.Escape(l) + Escaping.Escape(r)) : TextObj.Of(l.Text + r.Text);
            case (ListObj l, ListObj r) when l.IsTuple == r.IsTuple:
                run.CheckItems((long)l.Count + r.Count);
                return new ListObj([.. l.List, .. r.List], l.IsTuple);
            case (Scalar { Value: BytesValue l }, Scalar { Value: BytesValue r }): return new Scalar(new BytesValue((byte[])[.. l.Bytes.Span, .. r.Bytes.Span]));
            case (TextObj, _): throw Refuse("+", left, right, () => left is TextObj { IsMarkup: false } ? $"can only concatenate str (not \"{right.TypeName}\") to str" : null);
            case (ListObj l, _): throw Refuse("+", left, right, () => $"can only concatenate {l.TypeName} (not \"{right.TypeName}\") to {l.TypeName}");
        }
        return Arithmetic("+", left, right, static (l, r) => l + r, static (l, r) => l + r);
    }

    public static Obj Subtract(RenderRun run, Obj left, Obj right) => (left, right) switch
    {
        (SetObj l, SetObj r) => new SetObj(l.Items().Where(o => !r.Has(o))),
        (DictView { Part: not DictPart.Values } l, _) when right.Iterate() is { } others => new SetObj(l.Items().Except(others)),
        _ => Arithmetic("-", left, right, static (l, r) => l - r, static (l, r) => l - r),
    };

    public static Obj Multiply(RenderRun run, Obj left, Obj right)
    {
        if (left is TextObj or ListObj or Scalar { Value: BytesValue } && right.Whole is { } count) return Repeat(run, left, count);
        if (right is TextObj or ListObj or Scalar { Value: BytesValue } && left.Whole is { } times) return Repeat(run, right, times);
        if (left is TextObj or ListObj || right is TextObj or ListObj)
            throw Refuse("*", left, right, () => $"can't multiply sequence by non-int of type '{(left is TextObj or ListObj ? right : left).TypeName}'");
        return Arithmetic("*", left, right, static (l, r) => l * r, static (l, r) => l * r);
    }

    private static Obj Repeat(RenderRun run, Obj what, BigInteger count)
    {
        var times = count <= 0 ? 0 : (int)BigInteger.Min(count, int.MaxValue);
        switch (what)
        {
            case TextObj text:
                run.CheckText((long)text.Text.Length * times);
                return text.Like(new StringBuilder().Insert(0, text.Text, times).ToString());
            case ListObj list:
                run.CheckItems((long)list.Count * times);
                return new ListObj([.. Enumerable.Repeat(list.List, times).SelectMany(l => l)], list.IsTuple);
            default:
                var bytes = ((BytesValue)((Scalar)what).Value).Bytes;
                run.CheckText((long)bytes.Length * times);
                return new Scalar(new BytesValue(Enumerable.Repeat(bytes.ToArray(), times).SelectMany(b => b).ToArray()));
        }
    }

    public static Obj Divide(RenderRun run, Obj left, Obj right) => Arithmetic("/", left, right,
        static (l, r) => r.IsZero ? throw JinjaFault.Other("division by zero") : Quotient(l, r),
        static (l, r) => r == 0 ? throw JinjaFault.Other("float division by zero") : l / r);

    private static Obj Quotient(BigInteger left, BigInteger right)
    {
        if (BigInteger.Abs(left) < (BigInteger)1 << 53 && BigInteger.Abs(right) < (BigInteger)1 << 53) return (double)left / (double)right;
        // Enough bits for one rounding: scaled so that the whole quotient has 64 of them or more.
        var shift = (int)Math.Max(0, 66 - (left.GetBitLength() - right.GetBitLength()));
        return Math.ScaleB((double)((left << shift) / right), -shift);
    }

    public static Obj FloorDivide(RenderRun run, Obj left, Obj right) => Arithmetic("//", left, right,
        static (l, r) => r.IsZero ? throw JinjaFault.Other("integer division or modulo by zero") : Floor(l, r),
        static (l, r) => r == 0 ? throw JinjaFault.Other("float floor division by zero") : Math.Floor(Math.Round((l - FloatRemainder(l, r)) / r)));

    private static BigInteger Floor(BigInteger left, BigInteger right)
    {
        var quotient = BigInteger.DivRem(left, right, out var rest);
        return !rest.IsZero && rest.Sign != right.Sign ? quotient - 1 : quotient;
    }

    private static double FloatRemainder(double left, double right)
    {
        var rest = left % right;
        return rest != 0 && rest < 0 != right < 0 ? rest + right : rest;
    }

    public static Obj Modulo(RenderRun run, Obj left, Obj right)
    {
        if (left is TextObj text)
        {
            UndefinedObj.Refuse(right);
            return text.Like(PercentFormat.Format(run, text, right));
        }
        return Arithmetic("%", left, right,
            static (l, r) => r.IsZero ? throw JinjaFault.Other("integer modulo by zero") : l - Floor(l, r) * r,
            static (l, r) => r == 0 ? throw JinjaFault.Other("float modulo") : FloatRemainder(l, r));
    }

    public static Obj Power(RenderRun run, Obj left, Obj right) => Arithmetic("** or pow()", left, right, static (l, r) =>
    {
        if (r < 0) return l.IsZero ? throw JinjaFault.Other("0.0 cannot be raised to a negative power") : Math.Pow((double)l, (double)r);
        if (l.GetBitLength() * (double)r > LargestPowerBits && !l.IsOne && !l.IsZero && l != BigInteger.MinusOne)
            throw JinjaFault.Limit($"a number of about {l.GetBitLength() * (double)r} bits", $"{LargestPowerBits} bits");
        return l.IsOne || l.IsZero && !r.IsZero ? l : l == BigInteger.MinusOne ? r.IsEven ? 1 : -1 : BigInteger.Pow(l, (int)r);
    }, static (l, r) => l == 0 && r < 0 ? throw JinjaFault.Other("0.0 cannot be raised to a negative power") : Math.Pow(l, r));

    private static Obj Arithmetic(string sign, Obj left, Obj right, Func<BigInteger, BigInteger, Obj> whole, Func<double, double, Obj> real)
    {
        if (left.Whole is { } l && right.Whole is { } r) return whole(l, r);
        if (left.Number is { } lf && right.Number is { } rf) return real(lf, rf);
        throw Refuse(sign, left, right, () => null);
    }

    private static JinjaFault Refuse(string sign, Obj left, Obj right, Func<string?> words)
    {
        UndefinedObj.Refuse(left);
        UndefinedObj.Refuse(right);
        return JinjaFault.Other(words() ?? $"unsupported operand type(s) for {sign}: '{left.TypeName}' and '{right.TypeName}'");
    }

    public static Obj Negate(Obj operand)
    {
        if (operand.Whole is { } whole) return -whole;
        if (operand.Number is { } number) return -number;
        UndefinedObj.Refuse(operand);
        throw JinjaFault.Other($"bad operand type for unary -: '{operand.TypeName}'");
    }

    public static Obj Plus(Obj operand)
    {
        if (operand.Whole is { } whole) return whole;
        if (operand.Number is not null) return operand;
        UndefinedObj.Refuse(operand);
        throw JinjaFault.Other($"bad operand type for unary +: '{operand.TypeName}'");
    }

    /// <summary><c>item in container</c>.</summary>
    public static bool Contains(Obj container, Obj item)
    {
        switch (container)
        {
            case TextObj text:
                UndefinedObj.Refuse(item);
                return item is TextObj part ? text.Text.Contains(part.Text, StringComparison.Ordinal)
                    : throw JinjaFault.Other($"'in <string>' requires string as left operand, not {item.TypeName}");
            case DictObj dict: return dict.Entries.ContainsKey(item.AsKey());
            case SetObj set: return set.Has(item);
            case DictView view: return view.Has(item);
            case ListObj list: return list.List.Exists(o => AreEqual(o, item));
            case UndefinedObj undefined: return undefined.IsStrict ? throw undefined.Fault() : false;
            case Globals.FunctionsObj functions: return item is TextObj name && functions.Item(name) is not null;
            case RangeObj range when item.Whole is { } number:
                return range.Count > 0 && (number - range.Start) % range.Step == 0 && (number - range.Start) / range.Step is var place && place >= 0 && place < range.Count;
            default:
                return (container.Iterate() ?? throw JinjaFault.Other($"argument of type '{container.TypeName}' is not iterable")).Any(o => AreEqual(o, item));
        }
    }

    /// <summary><c>left == right</c>. Either side may be undefined, and then it is its own to say what equality is.</summary>
    public static bool AreEqual(Obj left, Obj right) => right is UndefinedObj ? right.Equals(left) : left.Equals(right);

    /// <summary><c>x[from:to:step]</c>; a null bound is none.</summary>
    public static Obj Slice(RenderRun run, Obj target, Obj? from, Obj? to, Obj? step)
    {
        UndefinedObj.Refuse(target);
        if (target is not (TextObj or ListObj or RangeObj or Scalar { Value: BytesValue }))
            return run.Undefined($"{target.ObjectName} has no element slice({Part(from)}, {Part(to)}, {Part(step)})");
        BigInteger count = target.Length!.Value;
        var by = Bound(step) ?? 1;
        if (by.IsZero) throw JinjaFault.Other("slice step cannot be zero");
        var first = Clamp(Bound(from), by > 0 ? 0 : count - 1);
        var end = Clamp(Bound(to), by > 0 ? count : -1);
        if (target is RangeObj whole) return new RangeObj(whole.Start + first * whole.Step, whole.Start + end * whole.Step, whole.Step * by);
        var items = target.Items() as IReadOnlyList<Obj> ?? [.. target.Items()];
        var picked = new List<Obj>();
        for (var i = first; by > 0 ? i < end : i > end; i += by) picked.Add(items[(int)i]);
        return target switch
        {
            TextObj text => text.Like(string.Concat(picked.Select(o => ((TextObj)o).Text))),
            ListObj list => new ListObj(picked, list.IsTuple),
            _ => new Scalar(new BytesValue(picked.Select(o => (byte)o.AsInt()).ToArray())),
        };

        BigInteger Clamp(BigInteger? bound, BigInteger otherwise)
        {
            if (bound is not { } at) return otherwise;
            if (at < 0) at += count;
            return by > 0 ? BigInteger.Max(0, BigInteger.Min(at, count)) : BigInteger.Max(-1, BigInteger.Min(at, count - 1));
        }

        static string Part(Obj? bound) => bound?.Repr() ?? "None";

        static BigInteger? Bound(Obj? bound)
        {
            if (bound is null or Scalar { Value: NullValue }) return null;
            UndefinedObj.Refuse(bound);
            return bound.Whole ?? throw JinjaFault.Other("slice indices must be integers or None or have an __index__ method");
        }
    }
}

/// <summary>HTML's dangerous characters, as markupsafe writes them.</summary>
public static class Escaping
{
    /// <summary>The text of an object, escaped where it is not markup already.</summary>
    public static string Escape(Obj obj) => obj is TextObj { IsMarkup: true } markup ? markup.Text : Escape(obj.ToString());

    public static string Escape(string text) => text.AsSpan().IndexOfAny("&<>'\"") < 0 ? text
        : text.Replace("&", "&amp;").Replace(">", "&gt;").Replace("<", "&lt;").Replace("'", "&#39;").Replace("\"", "&#34;");
}
