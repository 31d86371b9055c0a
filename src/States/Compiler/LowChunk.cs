using SaltActors.Core.Values;

namespace SaltActors.States.Compiler;

/// <summary>One call of a state function: a state after all is said about it.</summary>
/// <param name="Data">All of it, as <c>state.show_lowstate</c> shows it.</param>
public sealed record LowChunk(MapValue Data)
{
    public string State { get; } = Data.TextOf("state") ?? "";
    public string Function { get; } = Data.TextOf("fun") ?? "";
    public string Name { get; } = Data.Get("name")?.ToString() ?? "";
    public string Id { get; } = Data.Get("__id__")?.ToString() ?? "";
    public string Sls { get; } = Data.TextOf("__sls__") ?? "";

    /// <summary>How its result is called: <c>module_|-id_|-name_|-function</c>.</summary>
    public string Tag { get; } = $"{Data.TextOf("state")}_|-{Data.Get("__id__")}_|-{Data.Get("name")}_|-{Data.TextOf("fun")}";

    public LowChunk With(string key, Value value) => new(Data.With(key, value));
}
