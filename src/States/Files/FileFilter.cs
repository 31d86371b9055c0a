using System.Collections.Immutable;
using System.Text.RegularExpressions;
using SaltActors.Core.Functions;
using SaltActors.Core.Targets;
using SaltActors.Core.Values;

namespace SaltActors.States.Files;

/// <summary>Files that no minion is to see: <c>file_ignore_regex</c> (found anywhere in the relative path) and <c>file_ignore_glob</c> (for the whole of it).</summary>
public sealed class FileFilter
{
    private readonly ImmutableArray<Regex> _expressions;
    private readonly ImmutableArray<string> _globs;

    public FileFilter(MapValue options, Action<string> warn)
    {
        _globs = [.. Texts(options.Get("file_ignore_glob"))];
        var expressions = ImmutableArray.CreateBuilder<Regex>();
        foreach (var text in Texts(options.Get("file_ignore_regex")))
            if (PythonRegex.CompileSearch(text, out var problem) is { } regex) expressions.Add(regex);
            else warn($"file_ignore_regex: '{text}' is no regular expression and hides nothing: {problem}");
        _expressions = expressions.ToImmutable();
    }

    public bool Hides(string path) => _expressions.Any(e => Finds(e, path)) || _globs.Any(g => NamePattern.Matches(g, path));

    // An expression that takes too long hides: better one file too few than one that was to be kept back.
    private static bool Finds(Regex expression, string path)
    {
        try
        {
            return expression.IsMatch(path);
        }
        catch (RegexMatchTimeoutException)
        {
            return true;
        }
    }

    private static IEnumerable<string> Texts(Value? option) => option switch
    {
        TextValue { Text.Length: > 0 } text => [text.Text],
        ListValue list => list.Select(i => i.ToString()),
        _ => [],
    };
}
