using YamlDotNet.Core;
using Tokens = YamlDotNet.Core.Tokens;

namespace SaltActors.Rendering.Yaml;

/// <summary>The own scanner's tokens, as YamlDotNet's parser takes them. Nothing is read ahead of what the parser asks for.</summary>
internal sealed class YamlTokens(YamlScanner scanner) : IScanner
{
    private bool _hasStarted, _hasEnded, _endsNode;

    internal bool HasSeenDocumentEnd { get; private set; }
    public Mark CurrentPosition => Current?.Start ?? Mark.Empty;
    public Tokens.Token? Current { get; private set; }

    public bool MoveNext()
    {
        if (Current is not null) ConsumeCurrent();
        return MoveNextWithoutConsuming();
    }

    public bool MoveNextWithoutConsuming()
    {
        // The parser asks once more while it still holds the stream's end.
        if (_hasEnded || Current is Tokens.StreamEnd) return false;
        Current ??= _hasStarted ? Converted(scanner.Peek()) : new Tokens.StreamStart();
        return true;
    }

    public void ConsumeCurrent()
    {
        if (_hasStarted)
        {
            var kind = scanner.Take().Kind;
            // YamlDotNet lets a flow map do without the comma before a scalar; libyaml does not, and nowhere else do two nodes touch.
            if (_endsNode && kind == TokenKind.Scalar) throw new SemanticErrorException("a scalar stands right behind another node");
            _endsNode = kind is TokenKind.Scalar or TokenKind.Alias or TokenKind.FlowSequenceEnd or TokenKind.FlowMappingEnd;
            _hasEnded = kind == TokenKind.StreamEnd;
            HasSeenDocumentEnd |= kind == TokenKind.DocumentEnd;
        }
        _hasStarted = true;
        Current = null;
    }

    private static Tokens.Token Converted(Token token)
    {
        var (start, end) = (MarkOf(token.Start), MarkOf(token.End));
        return token.Kind switch
        {
            TokenKind.StreamEnd => new Tokens.StreamEnd(start, end),
            TokenKind.VersionDirective => new Tokens.VersionDirective(VersionOf(token.Text), start, end),
            TokenKind.TagDirective => new Tokens.TagDirective(token.Handle, token.Text, start, end),
            TokenKind.DocumentStart => new Tokens.DocumentStart(start, end),
            TokenKind.DocumentEnd => new Tokens.DocumentEnd(start, end),
            TokenKind.BlockSequenceStart => new Tokens.BlockSequenceStart(start, end),
            TokenKind.BlockMappingStart => new Tokens.BlockMappingStart(start, end),
            TokenKind.BlockEnd => new Tokens.BlockEnd(start, end),
            TokenKind.FlowSequenceStart => new Tokens.FlowSequenceStart(start, end),
            TokenKind.FlowSequenceEnd => new Tokens.FlowSequenceEnd(start, end),
            TokenKind.FlowMappingStart => new Tokens.FlowMappingStart(start, end),
            TokenKind.FlowMappingEnd => new Tokens.FlowMappingEnd(start, end),
            TokenKind.BlockEntry => new Tokens.BlockEntry(start, end),
            TokenKind.FlowEntry => new Tokens.FlowEntry(start, end),
            TokenKind.Key => new Tokens.Key(start, end),
            TokenKind.Value => new Tokens.Value(start, end),
            TokenKind.Alias => new Tokens.AnchorAlias(new AnchorName(token.Text), start, end),
            TokenKind.Anchor => new Tokens.Anchor(new AnchorName(token.Text), start, end),
            TokenKind.Tag => new Tokens.Tag(token.Handle, token.Text, start, end),
            _ => new Tokens.Scalar(token.Text, token.IsPlain ? ScalarStyle.Plain : ScalarStyle.DoubleQuoted, start, end),
        };
    }

    private static YamlDotNet.Core.Version VersionOf(string text)
    {
        var numbers = text.Split('.');
        return new YamlDotNet.Core.Version(int.Parse(numbers[0], System.Globalization.CultureInfo.InvariantCulture), int.Parse(numbers[1], System.Globalization.CultureInfo.InvariantCulture));
    }

    private static Mark MarkOf(YamlMark mark) => new(0, mark.Line, mark.Column);
}
