using System.Globalization;
using System.Numerics;
using SaltActors.Core.Values;
using SaltActors.Rendering.Jinja.Errors;
using SaltActors.Rendering.Jinja.Evaluation;
using SaltActors.Rendering.Jinja.Methods;
using SaltActors.Rendering.Jinja.Objects;

namespace SaltActors.Rendering.Jinja.Filters;

/// <summary>Jinja's filters of numbers, and what makes numbers of text.</summary>
internal static class NumberFilters
{
    internal static readonly Native[] All =
    [
        new("abs", "", static (_, s, _) => s.Whole is { } whole ? BigInteger.Abs(whole) : s.Number is { } number ? Math.Abs(number) : throw Bad(s, $"bad operand type for abs(): '{s.TypeName}'")),
        new("int", "default? base?", Int),
        new("float", "default?", static (_, s, a) => Real(s) is { } number ? number : a[0] ?? 0.0),
        new("round", "precision? method?", Round),
        new("filesizeformat", "binary?", static (_, s, a) => TextObj.Of(FileSize(Real(s) ?? throw Bad(s, $"could not convert string to float: {s.Repr()}"), a.Flag(0, false)))),
    ];

    private static JinjaFault Bad(Obj self, string problem)
    {
        UndefinedObj.Refuse(self);
        return JinjaFault.Other(problem);
    }

    private static double? Real(Obj self)
    {
        UndefinedObj.Refuse(self);
        return self is TextObj text ? MethodTables.ParseReal(text.Text) : self.Number;
    }

    private static Obj Int(RenderRun run, Obj self, Bound a)
    {
        UndefinedObj.Refuse(self);
        if (self is TextObj text && (a[1]?.Whole ?? (a[1] is null ? 10 : -1)) is var radix && MethodTables.ParseWhole(text.Text, (int)BigInteger.Max(-1, BigInteger.Min(radix, 99))) is { } parsed) return parsed;
        if (self.Whole is { } whole) return whole;
        return Real(self) is { } number && double.IsFinite(number) ? new BigInteger(Math.Truncate(number)) : a[0] ?? 0;
    }

    private static Obj Round(RenderRun run, Obj self, Bound a)
    {
        var method = a.Text(1, "common");
        if (method is not ("common" or "ceil" or "floor")) throw JinjaFault.Runtime("method must be common, ceil or floor");
        var precision = a.Int(0, 0);
        if (method != "common")
        {
            var number = self.Number ?? throw Bad(self, $"must be real number, not {self.TypeName}");
            var factor = Math.Pow(10, precision);
            return (method == "ceil" ? Math.Ceiling(number * factor) : Math.Floor(number * factor)) / factor;
        }
        if (self.Whole is { } whole)
        {
            if (precision >= 0) return whole;
            var unit = BigInteger.Pow(10, Math.Min(-precision, 4300));
            var down = whole - ((whole % unit + unit) % unit);
            var rest = (whole - down) * 2;
            return rest > unit || rest == unit && !(down / unit).IsEven ? down + unit : down;
        }
        return self.Number is { } real ? ExactDecimal.Round(real, precision) : throw Bad(self, $"type {self.TypeName} doesn't define __round__ method");
    }

    private static string FileSize(double bytes, bool isBinary)
    {
        double unit = isBinary ? 1024 : 1000;
        string[] prefixes = isBinary ? ["KiB", "MiB", "GiB", "TiB", "PiB", "EiB", "ZiB", "YiB"] : ["kB", "MB", "GB", "TB", "PB", "EB", "ZB", "YB"];
        if (bytes == 1) return "1 Byte";
        if (bytes < unit) return $"{PythonText.Str(new BigInteger(Math.Truncate(bytes)))} Bytes";
        for (var i = 0; ; i++)
        {
            var above = Math.Pow(unit, i + 2);
            if (bytes < above || i == prefixes.Length - 1) return string.Create(CultureInfo.InvariantCulture, $"{ExactDecimal.Fixed(unit * bytes / above, 1)} {prefixes[i]}");
        }
    }
}
