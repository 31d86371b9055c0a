using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace SaltActors.Core.Identity;

/// <summary>The name a minion signs in with. Always a legal one: it becomes a file name on the master.</summary>
/// <remarks>
/// Refused: empty text, <c>/</c>, <c>\</c>, NUL and every other control character, <c>.</c> and <c>..</c>, a leading dot
/// (the key store keeps its own files under such names), unpaired surrogates, more than 255 bytes of UTF-8.
/// </remarks>
public readonly record struct MinionId
{
    private const int LongestFileNameBytes = 255;
    private readonly string? _text;
    private MinionId(string text) => _text = text;

    public string Text => _text ?? throw new InvalidOperationException("a minion id that was never set");

    public static bool TryParse([NotNullWhen(true)] string? text, out MinionId id)
    {
        id = default;
        if (string.IsNullOrEmpty(text) || text[0] == '.' || text.Length > LongestFileNameBytes) return false;
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            if (c is '/' or '\\' || char.IsControl(c)) return false;
            if (char.IsSurrogate(c) && !Rune.TryGetRuneAt(text, i, out _) && (i == 0 || !char.IsSurrogatePair(text[i - 1], c))) return false;
        }
        if (Encoding.UTF8.GetByteCount(text) > LongestFileNameBytes) return false;
        id = new MinionId(text);
        return true;
    }

    /// <exception cref="FormatException">The text is no legal id; the message says why it matters.</exception>
    public static MinionId Parse(string text) =>
        TryParse(text, out var id) ? id : throw new FormatException($"'{text}' is no legal minion id: it must be a file name without '/', '\\', control characters or a leading dot, at most {LongestFileNameBytes} bytes");

    public override string ToString() => Text;
}
