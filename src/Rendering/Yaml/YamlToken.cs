namespace SaltActors.Rendering.Yaml;

/// <summary>The words of YAML, in the scanner's sense.</summary>
internal enum TokenKind
{
    StreamEnd, VersionDirective, TagDirective, DocumentStart, DocumentEnd, BlockSequenceStart, BlockMappingStart, BlockEnd,
    FlowSequenceStart, FlowSequenceEnd, FlowMappingStart, FlowMappingEnd, BlockEntry, FlowEntry, Key, Value, Alias, Anchor, Tag, Scalar,
}

/// <param name="Text">An alias's or anchor's name, a scalar's text, a tag's suffix, a directive's prefix.</param>
/// <param name="Handle">A tag's handle, as <c>!!</c>.</param>
/// <param name="IsPlain">True for a scalar without quotes.</param>
internal sealed record Token(TokenKind Kind, YamlMark Start, YamlMark End, string Text = "", string Handle = "", bool IsPlain = false);
