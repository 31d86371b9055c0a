namespace SaltActors.Rendering.Jinja;

/// <summary>A template before it is read.</summary>
/// <param name="Name">From the root of the file or pillar roots, as <c>web/map.jinja</c>.</param>
/// <param name="Text">The template itself.</param>
/// <param name="Path">Where it lies on this machine, for errors; null where it is no file.</param>
public sealed record TemplateSource(string Name, string Text, string? Path = null);
