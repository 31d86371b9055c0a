using System.Diagnostics.CodeAnalysis;
using System.Numerics;
using System.Text;
using SaltActors.Core.Values;
using SaltActors.Rendering.Jinja.Errors;
using SaltActors.Rendering.Jinja.Evaluation;

namespace SaltActors.Rendering.Jinja.Objects;

/// <summary>
/// What a template holds while it runs. Values of <c>Core</c> never change; a template changes lists and maps in place and shares them,
/// and knows kinds that no value has: undefined, macros, loops, iterators. Equality, hash and printing are Python's.
/// </summary>
public abstract class Obj : IEquatable<Obj>
{
    public static readonly Scalar None = new(Value.Null);
    public static readonly Scalar True = new(true), False = new(false);

    /// <summary>Python's <c>type(x).__name__</c>.</summary>
    public abstract string TypeName { get; }
    /// <summary>How errors call it: <c>dict object</c>.</summary>
    public virtual string ObjectName => TypeName + " object";
    public virtual bool IsTruthy => true;
    /// <summary>Python's <c>len(x)</c>, or null where it has none.</summary>
    public virtual int? Length => null;
    public virtual bool IsHashable => true;
    public virtual bool IsCallable => false;

    /// <summary>Python's <c>getattr</c>, or null where there is no such attribute.</summary>
    public virtual Obj? Attribute(string name) => null;
    /// <summary>Python's <c>x[key]</c>, or null where there is no such item.</summary>
    public virtual Obj? Item(Obj key) => null;
    /// <summary>The items one by one, or null where it is not iterable.</summary>
    public virtual IEnumerable<Obj>? Iterate() => null;
    public virtual Obj Call(RenderRun run, CallArguments arguments) => throw JinjaFault.Other($"'{TypeName}' object is not callable");

    public abstract void AppendRepr(StringBuilder text);
    public virtual void AppendText(StringBuilder text) => AppendRepr(text);
    /// <summary>What <c>{{ x }}</c> writes: Salt prints ordered maps as plain ones there, and only there.</summary>
    public virtual void AppendOutput(StringBuilder text) => AppendText(text);

    public virtual bool Equals(Obj? other) => ReferenceEquals(this, other);
    public sealed override bool Equals(object? obj) => obj is Obj other && Equals(other);
    public override int GetHashCode() => System.Runtime.CompilerServices.RuntimeHelpers.GetHashCode(this);

    public string Repr()
    {
        var text = new StringBuilder();
        AppendRepr(text);
        return text.ToString();
    }

    public override string ToString()
    {
        var text = new StringBuilder();
        AppendText(text);
        return text.ToString();
    }

    /// <summary>The items, or Python's TypeError.</summary>
    public IEnumerable<Obj> Items() => Iterate() ?? throw JinjaFault.Other($"'{TypeName}' object is not iterable");

    /// <summary>The key of a map must have a hash.</summary>
    public Obj AsKey() => IsHashable ? this : throw JinjaFault.Other($"unhashable type: '{TypeName}'");

    public static implicit operator Obj(string text) => TextObj.Of(text);
    public static implicit operator Obj(bool flag) => flag ? True : False;
    public static implicit operator Obj(int number) => new Scalar(number);
    public static implicit operator Obj(long number) => new Scalar(number);
    public static implicit operator Obj(BigInteger number) => new Scalar(number);
    public static implicit operator Obj(double number) => new Scalar(number);

    /// <summary>The whole number of an integer or bool, or null.</summary>
    public BigInteger? Whole => this is Scalar { Value: var v } ? v is IntegerValue i ? i.Number : v is BoolValue b ? b.IsTrue ? 1 : 0 : null : null;
    public double? Number => (this as Scalar)?.Value.AsNumber();
    public bool IsNone => this is Scalar { Value: NullValue };

    /// <summary>A whole number that fits an int, as widths and counts must.</summary>
    public int AsInt() => Whole is { } whole
        ? whole > int.MaxValue ? int.MaxValue : whole < int.MinValue ? int.MinValue : (int)whole
        : throw JinjaFault.Other($"'{TypeName}' object cannot be interpreted as an integer");
}

/// <summary>A value without parts that is no text: null, bool, number, bytes, time.</summary>
public sealed class Scalar(Value value) : Obj
{
    public Value Value { get; } = value;
    public override string TypeName => Value.KindName;
    public override string ObjectName => Value is NullValue ? "None" : Value is TimeValue ? $"datetime.{TypeName} object" : base.ObjectName;
    public override bool IsTruthy => Value.IsTruthy;
    public override int? Length => (Value as BytesValue)?.Bytes.Length;
    public override Obj? Attribute(string name) => Methods.MethodTables.Find(this, name);

    public override Obj? Item(Obj key)
    {
        if (Value is not BytesValue bytes || key.Whole is not { } at) return null;
        if (at < 0) at += bytes.Bytes.Length;
        return at >= 0 && at < bytes.Bytes.Length ? bytes.Bytes.Span[(int)at] : null;
    }

    public override IEnumerable<Obj>? Iterate() => Value is BytesValue bytes ? bytes.Bytes.ToArray().Select(b => (Obj)(int)b) : null;
    public override void AppendRepr(StringBuilder text) => text.Append(PythonText.Repr(Value));
    public override void AppendText(StringBuilder text) => text.Append(PythonText.Str(Value));
    public override bool Equals(Obj? other) => other is Scalar s && s.Value.Equals(Value);
    public override int GetHashCode() => Value.GetHashCode();
}

/// <summary>Text; <see cref="IsMarkup"/> is text that is taken as escaped already (markupsafe's <c>Markup</c>).</summary>
public sealed class TextObj : Obj
{
    public static readonly TextObj Empty = new("", false);
    private TextObj(string text, bool isMarkup) => (Text, IsMarkup) = (text, isMarkup);
    public static TextObj Of(string text) => text.Length == 0 ? Empty : new(text, false);
    public static TextObj Markup(string text) => new(text, true);

    public string Text { get; }
    public bool IsMarkup { get; }
    public override string TypeName => IsMarkup ? "Markup" : "str";
    public override string ObjectName => IsMarkup ? "markupsafe.Markup object" : "str object";
    public override bool IsTruthy => Text.Length > 0;
    public override int? Length => Output.PythonLines.Length(Text);
    public override Obj? Attribute(string name) => Methods.MethodTables.Find(this, name);

    /// <summary>This text's kind around another text.</summary>
    public TextObj Like(string text) => IsMarkup ? Markup(text) : Of(text);

    public override Obj? Item(Obj key)
    {
        if (key.Whole is not { } at) return null;
        var length = Length!.Value;
        if (at < 0) at += length;
        if (at < 0 || at >= length) return null;
        var place = length == Text.Length ? (int)at : Offset((int)at);
        return Like(Text.Substring(place, char.IsHighSurrogate(Text[place]) && place + 1 < Text.Length ? 2 : 1));
    }

    /// <summary>Where in the chars the code point number <paramref name="place"/> starts.</summary>
    public int Offset(int place)
    {
        var i = 0;
        for (; place > 0 && i < Text.Length; place--) i += char.IsHighSurrogate(Text[i]) && i + 1 < Text.Length && char.IsLowSurrogate(Text[i + 1]) ? 2 : 1;
        return i;
    }

    public override IEnumerable<Obj>? Iterate()
    {
        for (var i = 0; i < Text.Length; i++)
        {
            var pair = char.IsHighSurrogate(Text[i]) && i + 1 < Text.Length && char.IsLowSurrogate(Text[i + 1]);
            yield return Like(Text.Substring(i, pair ? 2 : 1));
            if (pair) i++;
        }
    }

    public override void AppendRepr(StringBuilder text)
    {
        if (IsMarkup) text.Append("Markup(");
        text.Append(PythonText.Repr(Text));
        if (IsMarkup) text.Append(')');
    }

    public override void AppendText(StringBuilder text) => text.Append(Text);
    public override bool Equals(Obj? other) => other is TextObj t && t.Text == Text;
    public override int GetHashCode() => Text.GetHashCode(StringComparison.Ordinal);
}

/// <summary>Something that is not there. Strict ones allow nothing but asking whether they are defined.</summary>
/// <param name="problem">What using it raises.</param>
public sealed class UndefinedObj(string problem, bool isStrict, FaultKind kind = FaultKind.Undefined) : Obj
{
    public string Problem { get; } = problem;
    public bool IsStrict { get; } = isStrict;
    public override string TypeName => IsStrict ? "StrictUndefined" : "Undefined";
    public override bool IsTruthy => IsStrict ? throw Fault() : false;
    public override int? Length => IsStrict ? throw Fault() : 0;
    public override Obj? Attribute(string name) => throw Fault();
    public override Obj? Item(Obj key) => throw Fault();
    public override IEnumerable<Obj>? Iterate() => IsStrict ? throw Fault() : [];
    public override Obj Call(RenderRun run, CallArguments arguments) => throw Fault();
    public override void AppendRepr(StringBuilder text) => text.Append("Undefined");
    public override void AppendText(StringBuilder text)
    {
        if (IsStrict) throw Fault();
    }
    public override bool Equals(Obj? other) => IsStrict || other is UndefinedObj { IsStrict: true } ? throw Fault() : other is UndefinedObj;
    public override int GetHashCode() => IsStrict ? throw Fault() : 0;

    public JinjaFault Fault() => new(kind, Problem);

    /// <summary>Throws where the object is undefined and cannot be worked with.</summary>
    public static void Refuse([NotNull] Obj? operand)
    {
        if (operand is UndefinedObj undefined) throw undefined.Fault();
        ArgumentNullException.ThrowIfNull(operand);
    }
}
