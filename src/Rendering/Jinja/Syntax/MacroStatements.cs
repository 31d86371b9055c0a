using System.Text;
using SaltActors.Rendering.Jinja.Errors;
using SaltActors.Rendering.Jinja.Evaluation;
using SaltActors.Rendering.Jinja.Objects;

namespace SaltActors.Rendering.Jinja.Syntax;

/// <summary>What a macro or a call block takes and does.</summary>
/// <param name="Defaults">Null where a parameter has none.</param>
/// <param name="Catches">Which of <c>varargs</c>, <c>kwargs</c> and <c>caller</c> the body mentions.</param>
public sealed record MacroCode(string? Name, string[] Parameters, Expression?[] Defaults, HashSet<string> Catches, Statement[] Body, int Line);

public sealed class MacroStatement(MacroCode code) : Statement(code.Line)
{
    public override Flow Run(Frame frame)
    {
        frame.Set(code.Name!, new MacroObj(code, frame));
        return Flow.Next;
    }
}

/// <summary><c>{% call(parameters) macro(arguments) %}…{% endcall %}</c></summary>
public sealed class CallBlockStatement(CallExpression call, MacroCode caller) : Statement(caller.Line)
{
    public override Flow Run(Frame frame)
    {
        var result = call.Invoke(frame, new MacroObj(caller, frame));
        if (!frame.Sink.IsShut) result.AppendOutput(frame.Sink.Text);
        return Flow.Next;
    }
}

/// <summary>A macro with the scope it was made in.</summary>
public sealed class MacroObj(MacroCode code, Frame frame) : Obj
{
    public override string TypeName => "Macro";
    public override string ObjectName => "jinja2.runtime.Macro object";
    public override bool IsCallable => true;
    public override void AppendRepr(StringBuilder text) => text.Append("<Macro ").Append(code.Name is { } name ? $"'{name}'" : "anonymous").Append('>');

    public override Obj? Attribute(string name) => name switch
    {
        "name" => code.Name is { } own ? own : None,
        "arguments" => ListObj.Tuple(code.Parameters.Select(p => (Obj)p)),
        "catch_varargs" => code.Catches.Contains("varargs"),
        "catch_kwargs" => code.Catches.Contains("kwargs"),
        "caller" => code.Catches.Contains("caller"),
        "explicit_caller" => code.Parameters.Contains("caller"),
        _ => null,
    };

    public override Obj Call(RenderRun run, CallArguments arguments)
    {
        var (given, keywords) = arguments;
        var scope = frame.Inner(new Sink());
        var used = 0;
        var asked = run.At;
        run.Enter(frame.Context.Template, code.Name is null ? "call block" : $"macro {code.Name}");
        run.Top.Line = code.Line;
        for (var i = 0; i < code.Parameters.Length; i++)
        {
            var name = code.Parameters[i];
            Obj? value = null;
            if (i < given.Length) value = given[i];
            else if (Array.FindIndex(keywords, k => k.Key == name) is >= 0 and var place)
            {
                value = keywords[place].Value;
                used++;
            }
            scope.Set(name, value ?? code.Defaults[i]?.Evaluate(scope) ?? run.Undefined($"parameter '{name}' was not provided"));
        }
        if (code.Catches.Contains("caller") && !code.Parameters.Contains("caller"))
        {
            var place = Array.FindIndex(keywords, k => k.Key == "caller");
            if (place >= 0) used++;
            scope.Set("caller", place >= 0 ? keywords[place].Value : run.Undefined("No caller defined"));
        }
        if (code.Catches.Contains("kwargs"))
        {
            var others = new OrderedDictionary<Obj, Obj>();
            foreach (var (name, value) in keywords)
                if ((!code.Parameters.Contains(name) || Array.IndexOf(code.Parameters, name) < given.Length) && (name != "caller" || !code.Catches.Contains("caller"))) others[name] = value;
            scope.Set("kwargs", new DictObj(others));
        }
        else if (used < keywords.Length)
        {
            run.Leave();
            run.At = asked;
            var extra = keywords.First(k => Array.IndexOf(code.Parameters, k.Key) is var at && (at < 0 || at < given.Length) && (k.Key != "caller" || !code.Catches.Contains("caller"))).Key;
            throw JinjaFault.Other(extra == "caller"
                ? $"macro '{code.Name}' was invoked with two values for the special caller argument. This is most likely a bug."
                : $"macro {(code.Name is { } own ? $"'{own}'" : "None")} takes no keyword argument '{extra}'");
        }
        if (code.Catches.Contains("varargs")) scope.Set("varargs", ListObj.Tuple(given.Skip(code.Parameters.Length)));
        else if (given.Length > code.Parameters.Length)
        {
            run.Leave();
            run.At = asked;
            throw JinjaFault.Other($"macro {(code.Name is { } own ? $"'{own}'" : "None")} takes not more than {code.Parameters.Length} argument(s)");
        }
        run.Tick();
        Statement.RunAll(code.Body, scope);
        run.Leave();
        var text = scope.Sink.Text.ToString();
        return frame.EscapesOutput ? TextObj.Markup(text) : text;
    }
}
