namespace SaltActors.States.Templates;

/// <summary>A text that could not be rendered. The message is what Salt shows for it.</summary>
/// <param name="detail">Place, line with a caret and the way there, for the log and for people; null where the message says it all.</param>
public sealed class RenderFailed(string message, string? detail = null, Exception? cause = null) : Exception(message, cause)
{
    public string Detail { get; } = detail ?? message;
}
