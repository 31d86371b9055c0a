using System.ComponentModel;
using SaltActors.Core.Functions;
using SaltActors.Core.Values;

namespace SaltActors.Modules.Testing;

/// <summary>The states of <c>test</c>: they change nothing, and come to what they are told.</summary>
/// <remarks>Follows Salt 3006, salt/states/test.py.</remarks>
public static class TestState
{
    private static readonly MapValue Pretended = MapValue.Of(("testing", MapValue.Of(("old", "Unchanged"), ("new", "Something pretended to change"))));

    /// <summary>Does nothing; a place for requisites.</summary>
    /// <param name="name">A name.</param>
    /// <param name="kwargs">Anything.</param>
    [SaltState("test.nop")]
    public static MapValue Nop(string name, [Keywords] MapValue kwargs) => SucceedWithoutChanges(name, kwargs);

    /// <summary>Succeeds, and changes nothing.</summary>
    /// <param name="name">A name.</param>
    /// <param name="kwargs"><c>comment</c>: what it says.</param>
    [SaltState("test.succeed_without_changes")]
    public static MapValue SucceedWithoutChanges(string name, [Keywords] MapValue kwargs) => StateResult.Of(name, true, kwargs.TextOf("comment") ?? "Success!");

    /// <summary>Fails, and changes nothing.</summary>
    /// <param name="name">A name.</param>
    /// <param name="kwargs"><c>comment</c>: what it says.</param>
    [SaltState("test.fail_without_changes")]
    public static MapValue FailWithoutChanges(CallContext context, string name, [Keywords] MapValue kwargs) => context.IsTest
        ? StateResult.Of(name, false, "If we weren't testing, this would be a failure!") : StateResult.Failed(name, kwargs.TextOf("comment") ?? "Failure!");

    /// <summary>Succeeds, and says that something changed.</summary>
    /// <param name="name">A name.</param>
    /// <param name="kwargs"><c>comment</c>: what it says.</param>
    [SaltState("test.succeed_with_changes")]
    public static MapValue SucceedWithChanges(CallContext context, string name, [Keywords] MapValue kwargs) => context.IsTest
        ? StateResult.Of(name, null, "If we weren't testing, this would be successful with changes", Pretended)
        : StateResult.Of(name, true, kwargs.TextOf("comment") ?? "Success!", Pretended);

    /// <summary>Fails, and says that something changed.</summary>
    /// <param name="name">A name.</param>
    /// <param name="kwargs"><c>comment</c>: what it says.</param>
    [SaltState("test.fail_with_changes")]
    public static MapValue FailWithChanges(CallContext context, string name, [Keywords] MapValue kwargs) => context.IsTest
        ? StateResult.Of(name, null, "If we weren't testing, this would be failed with changes", Pretended)
        : StateResult.Of(name, false, kwargs.TextOf("comment") ?? "Failure!", Pretended);

    /// <summary>Comes to what it is told.</summary>
    /// <param name="name">A name.</param>
    /// <param name="changes">True or false, or <c>Random</c>.</param>
    /// <param name="result">True or false, or <c>Random</c>.</param>
    /// <param name="comment">What it says.</param>
    /// <param name="warnings">A text or a list of them.</param>
    /// <param name="allowTestModeFailure">Fail in test mode too where the result is false.</param>
    [SaltState("test.configurable_test_state")]
    public static MapValue Configurable(
        CallContext context, string name, [DefaultValue(true)] Value changes, [DefaultValue(true)] Value result, string comment = "", Value? warnings = null, bool allowTestModeFailure = false)
    {
        var (isChanged, isGood) = (Chosen(changes, "changes"), Chosen(result, "result"));
        var made = StateResult.Of(name, isGood, comment, isChanged ? Pretended : null);
        if (warnings is { IsTruthy: true }) made = made.With("warnings", warnings is ListValue list ? list : ListValue.Create([warnings]));
        if (!context.IsTest) return made;
        made = made.With("result", !isGood && allowTestModeFailure ? false : isChanged ? Value.Null : isGood);
        return comment.Length > 0 ? made : made.With("comment", "This is a test");
    }

    /// <summary>Says something.</summary>
    /// <param name="name">A name.</param>
    /// <param name="text">What it says.</param>
    /// <param name="kwargs">Anything.</param>
    [SaltState("test.show_notification")]
    public static MapValue ShowNotification(string name, string? text = null, [Keywords] MapValue? kwargs = null) =>
        string.IsNullOrEmpty(text) ? throw new NamedError("SaltInvocationError", "Missing required argument text.") : StateResult.Of(name, true, text);

    /// <summary>Called where a watched state changed.</summary>
    /// <param name="name">A name.</param>
    /// <param name="sfun">The function that watches.</param>
    /// <param name="kwargs">What changed.</param>
    [SaltState("test.mod_watch")]
    public static MapValue ModWatch(string name, string? sfun = null, [Keywords] MapValue? kwargs = null)
    {
        var changed = kwargs?.MapOf("__reqs__").ListOf("watch").OfType<MapValue>().Select(w => $"{w.Get("state")}: {w.Get("__id__")}") ?? [];
        return MapValue.Of(("name", name), ("result", true), ("comment", "Watch statement fired."), ("changes", MapValue.Of(("Requisites with changes", ListValue.OfTexts(changed)))));
    }

    /// <summary>Fails unless the pillar has what is asked for, of the kind that is asked for.</summary>
    /// <param name="name">A name.</param>
    /// <param name="present">Keys that must be there.</param>
    /// <param name="boolean">Keys of true or false.</param>
    /// <param name="integer">Keys of whole numbers.</param>
    /// <param name="string">Keys of text.</param>
    /// <param name="listing">Keys of lists.</param>
    /// <param name="dictionary">Keys of maps.</param>
    /// <param name="verbose">Say what was found, not only what was wrong.</param>
    [SaltState("test.check_pillar")]
    public static MapValue CheckPillar(
        CallContext context, string name, Value? present = null, Value? boolean = null, Value? integer = null, Value? @string = null, Value? listing = null, Value? dictionary = null, bool verbose = false)
    {
        (string Kind, Value? Keys, Func<Value, bool> Fits)[] checks =
        [
            ("present", present, _ => true), ("boolean", boolean, v => v is BoolValue), ("integer", integer, v => v is IntegerValue), ("string", @string, v => v is TextValue),
            ("listing", listing, v => v is ListValue), ("dictionary", dictionary, v => v is MapValue),
        ];
        var lines = new List<string>();
        foreach (var (kind, keys, fits) in checks)
        {
            var wrong = Keys(keys).Where(k => KeyPath.Find(context.Pillar, k) is not { } found || !fits(found)).ToList();
            if (wrong.Count > 0) lines.Add($"- {kind}: {string.Join(", ", wrong)}");
            else if (verbose && Keys(keys).Any()) lines.Add($"+ {kind}: {string.Join(", ", Keys(keys))}");
        }
        var isGood = !lines.Any(l => l.StartsWith('-'));
        return StateResult.Of(name, isGood, isGood && !verbose ? "" : string.Join('\n', lines));
    }

    private static IEnumerable<string> Keys(Value? keys) => keys switch { null or NullValue => [], ListValue list => list.Select(k => k.ToString()), _ => [keys.ToString()] };

    private static bool Chosen(Value value, string name) => value switch
    {
        BoolValue flag => flag.IsTrue,
        TextValue { Text: "Random" or "random" } => Random.Shared.Next(2) == 0,
        _ => throw new NamedError("SaltInvocationError", $"You have specified the state option '{name}' with invalid arguments. It must be either True, False, or 'Random'"),
    };
}
