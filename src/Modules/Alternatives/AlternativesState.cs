using SaltActors.Core.Functions;
using SaltActors.Core.Values;

namespace SaltActors.Modules.Alternatives;

/// <summary>The states of <c>alternatives</c>: programs of which one stands for a name.</summary>
/// <remarks>Follows Salt 3006, salt/states/alternatives.py.</remarks>
public static class AlternativesState
{
    /// <summary>Keeps a program among those for a name.</summary>
    /// <param name="name">The name.</param>
    /// <param name="path">The program.</param>
    /// <param name="priority">The higher wins.</param>
    /// <param name="link">The link.</param>
    [SaltState("alternatives.install")]
    public static async Task<MapValue> Install(CallContext context, string name, string? path = null, long? priority = null, string? link = null)
    {
        if (path is null || priority is null || link is null) return StateResult.Failed(name, "alternatives.install needs link, path and priority");
        if (await AlternativesModule.CheckExists(context, name, path).ConfigureAwait(false)) return StateResult.Of(name, true, $"Alternative {path} for {name} is already registered");
        if (context.IsTest) return StateResult.Of(name, null, $"Alternative will be set for {name} to {path} with priority {priority}");
        var said = await AlternativesModule.Install(context, name, link, path, priority.Value).ConfigureAwait(false);
        return await AlternativesModule.CheckExists(context, name, path).ConfigureAwait(false)
            ? StateResult.Of(name, true, $"Alternative for {name} set to path {path} with priority {priority}", MapValue.Of(("name", name), ("link", link), ("path", path), ("priority", priority.Value)))
            : StateResult.Failed(name, $"Alternative for {name} not installed: {said}");
    }

    /// <summary>Keeps a program away from those for a name.</summary>
    /// <param name="name">The name.</param>
    /// <param name="path">The program.</param>
    [SaltState("alternatives.remove")]
    public static async Task<MapValue> Remove(CallContext context, string name, string path)
    {
        if (!await AlternativesModule.CheckExists(context, name, path).ConfigureAwait(false))
            return AlternativesModule.ShowCurrent(name) is TextValue now ? StateResult.Of(name, true, $"Alternative for {name} is set to it's default path {now}") : StateResult.Of(name, true, $"Alternative for {name} doesn't exist");
        if (context.IsTest) return StateResult.Of(name, null, $"Alternative for {name} will be removed");
        var said = await AlternativesModule.Remove(context, name, path).ConfigureAwait(false);
        if (await AlternativesModule.CheckExists(context, name, path).ConfigureAwait(false)) return StateResult.Failed(name, $"Alternative for {name} not removed: {said}");
        return AlternativesModule.ShowCurrent(name) is TextValue rest ? StateResult.Of(name, true, $"Alternative for {name} removed. Falling back to path {rest}", MapValue.Of(("path", rest)))
            : StateResult.Of(name, true, $"Alternative for {name} removed", MapValue.Of(("path", "")));
    }

    /// <summary>Keeps the program with the highest priority for a name.</summary>
    /// <param name="name">The name.</param>
    [SaltState("alternatives.auto")]
    public static async Task<MapValue> Auto(CallContext context, string name)
    {
        var shown = await AlternativesModule.Display(context, name).ConfigureAwait(false);
        if (shown.Contains(" auto mode", StringComparison.Ordinal)) return StateResult.Of(name, true, $"{name} already in auto mode");
        if (AlternativesModule.ShowCurrent(name) is not TextValue) return StateResult.Failed(name, $"Alternative for {name} doesn't exist");
        if (context.IsTest) return StateResult.Of(name, null, $"{name} will be put in auto mode");
        return StateResult.Of(name, true, "", MapValue.Of(("result", await AlternativesModule.Auto(context, name).ConfigureAwait(false))));
    }

    /// <summary>Keeps this program for a name.</summary>
    /// <param name="name">The name.</param>
    /// <param name="path">The program.</param>
    [SaltState("alternatives.set")]
    public static async Task<MapValue> Set(CallContext context, string name, string path)
    {
        if (AlternativesModule.ShowCurrent(name) is TextValue { Text: var now } && now == path) return StateResult.Of(name, true, $"Alternative for {name} already set to {path}");
        if (!await AlternativesModule.CheckExists(context, name, path).ConfigureAwait(false)) return StateResult.Failed(name, $"Alternative {path} for {name} doesn't exist");
        if (context.IsTest) return StateResult.Of(name, null, $"Alternative for {name} will be set to path {path}");
        var said = await AlternativesModule.Set(context, name, path).ConfigureAwait(false);
        return AlternativesModule.CheckInstalled(name, path) ? StateResult.Of(name, true, $"Alternative for {name} set to path {path}", MapValue.Of(("path", path))) : StateResult.Failed(name, $"Alternative for {name} not updated: {said}");
    }
}
