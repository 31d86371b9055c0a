using SaltActors.Core.Functions;
using SaltActors.Core.Values;

namespace SaltActors.Modules.Testing;

/// <summary>The functions of <c>test</c> that show what arguments arrived as.</summary>
/// <remarks>Follows Salt 3006, salt/modules/test.py.</remarks>
public static class TestArguments
{
    /// <summary>Answers with the arguments: <c>args</c> and <c>kwargs</c>.</summary>
    /// <param name="args">Anything in places.</param>
    /// <param name="kwargs">Anything by name. How the job was published is added, as <c>__pub_fun</c>.</param>
    /// <example><code>salt '*' test.arg 1 "two" 3.1 txt="hello" wow='{a: 1, b: "hello"}'</code></example>
    [SaltFunction("test.arg")]
    public static MapValue Arg([Rest] ListValue args, [Keywords] MapValue kwargs) => MapValue.Of(("args", args), ("kwargs", kwargs));

    /// <summary>Answers with the keywords.</summary>
    /// <param name="kwargs">Anything by name. How the job was published is added, as <c>__pub_fun</c>.</param>
    /// <example><code>salt '*' test.kwarg num=1 txt="two" env='{a: 1, b: "hello"}'</code></example>
    [SaltFunction("test.kwarg")]
    public static MapValue Kwarg([Keywords] MapValue kwargs) => kwargs;

    /// <summary>Answers with the kinds of the arguments, as Python names them.</summary>
    /// <param name="args">Anything in places.</param>
    /// <param name="kwargs">Anything by name.</param>
    /// <example><code>salt '*' test.arg_type 1 'int'</code></example>
    [SaltFunction("test.arg_type")]
    public static MapValue ArgType([Rest] ListValue args, [Keywords] MapValue kwargs) => MapValue.Of(
        ("args", ListValue.From(args.Items.Select(KindOf))),
        ("kwargs", MapValue.From(kwargs.Select(k => KeyValuePair.Create(k.Key, KindOf(k.Value))))));

    /// <summary>Answers with the arguments as Python prints them.</summary>
    /// <param name="args">Anything in places.</param>
    /// <param name="kwargs">Anything by name.</param>
    /// <example><code>salt '*' test.arg_repr 1 "two" 3.1 txt="hello" wow='{a: 1, b: "hello"}'</code></example>
    [SaltFunction("test.arg_repr")]
    public static MapValue ArgRepr([Rest] ListValue args, [Keywords] MapValue kwargs) => MapValue.Of(
        ("args", PythonText.Repr(new ListValue(args.Items, isTuple: true))), ("kwargs", PythonText.Repr(kwargs)));

    /// <summary>Answers with the arguments as <c>test.arg</c> does, without what the job's publishing added.</summary>
    /// <param name="args">Anything in places.</param>
    /// <param name="kwargs">Anything by name.</param>
    /// <example><code>salt '*' test.arg_clean 1 "two" 3.1 txt="hello" wow='{a: 1, b: "hello"}'</code></example>
    [SaltFunction("test.arg_clean")]
    public static MapValue ArgClean([Rest] ListValue args, [Keywords] MapValue kwargs) =>
        MapValue.Of(("args", args), ("kwargs", WithoutPublishFields(kwargs)));

    /// <summary>Answers with what it was given, and asks for the outputter <c>txt</c>.</summary>
    /// <param name="data">Anything.</param>
    /// <example><code>salt '*' test.outputter foobar</code></example>
    [SaltFunction("test.outputter", Outputter = "txt")]
    public static Value Outputter(Value data) => data;

    /// <summary>The keywords that a person gave: those whose name does not begin with two underscores.</summary>
    internal static MapValue WithoutPublishFields(MapValue keywords) =>
        MapValue.From(keywords.Where(k => k.Key.AsText()?.StartsWith("__", StringComparison.Ordinal) != true));

    private static Value KindOf(Value value) => $"<class '{value switch
    {
        TimeValue t => t.IsDateOnly ? "datetime.date" : "datetime.datetime",
        MapValue { IsOrdered: true } => "collections.OrderedDict",
        _ => value.KindName,
    }}'>";
}
