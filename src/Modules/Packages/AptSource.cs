using System.Collections.Immutable;
using SaltActors.Core.Functions;

namespace SaltActors.Modules.Packages;

/// <summary>One line of apt's sources: <c>deb [signed-by=…] URI DIST COMPONENTS</c>.</summary>
internal sealed record AptSource(string Type, ImmutableArray<KeyValuePair<string, string>> Options, string Uri, string Dist, ImmutableArray<string> Components, string Comment, bool IsDisabled)
{
    /// <summary>Null for what is no source: a comment, an empty line.</summary>
    public static AptSource? Of(string line)
    {
        var text = line.Trim();
        var isDisabled = text.StartsWith('#');
        text = text.TrimStart('#').Trim();
        var comment = "";
        if (text.IndexOf('#') is > 0 and var hash) (comment, text) = (text[(hash + 1)..].Trim(), text[..hash].Trim());
        var options = ImmutableArray<KeyValuePair<string, string>>.Empty;
        if (text.IndexOf('[') is > 0 and var open && text.IndexOf(']') is var close && close > open)
        {
            options = [.. text[(open + 1)..close].Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(o => o.Split('=', 2)).Where(o => o.Length == 2).Select(o => KeyValuePair.Create(o[0], o[1]))];
            text = text[..open] + text[(close + 1)..];
        }
        var words = text.Split((char[])[' ', '\t'], StringSplitOptions.RemoveEmptyEntries);
        if (words is not ["deb" or "deb-src", var uri, var dist, ..] || !uri.Contains(':')) return null;
        return new(words[0], options, uri.TrimEnd('/'), dist, [.. words[3..]], comment, isDisabled);
    }

    /// <exception cref="CommandFailed">It is no source.</exception>
    public static AptSource Needed(string line) =>
        Of(line) is { IsDisabled: false } source ? source : throw new CommandFailed($"Name {line} is not valid. This must be the complete repo entry as seen in the sources file");

    public string? Option(string name) => Options.Where(o => o.Key == name).Select(o => o.Value).FirstOrDefault();
    public bool IsSamePlace(AptSource other) => Type == other.Type && Uri == other.Uri && Dist == other.Dist;
    public bool IsSame(AptSource other) => IsSamePlace(other) && IsDisabled == other.IsDisabled && Components.SequenceEqual(other.Components) && Options.Order(ByKey).SequenceEqual(other.Options.Order(ByKey)) && Comment == other.Comment;

    public override string ToString() =>
        $"{(IsDisabled ? "# " : "")}{Type}{(Options.IsEmpty ? "" : $" [{string.Join(' ', Options.Select(o => $"{o.Key}={o.Value}"))}]")} {Uri} {Dist}{string.Concat(Components.Select(c => " " + c))}{(Comment.Length == 0 ? "" : $" #{Comment}")}";

    private static readonly Comparer<KeyValuePair<string, string>> ByKey = Comparer<KeyValuePair<string, string>>.Create((a, b) => string.CompareOrdinal(a.Key, b.Key));
}
