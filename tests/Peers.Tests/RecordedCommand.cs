using System.Text.Json;
using System.Text.RegularExpressions;

namespace SaltActors.Peers.Tests;

/// <summary>One command line as genuine Salt ran it, and whether ours said the same.</summary>
internal sealed partial record RecordedCommand(string[] Arguments, int Exit, string Out, string Error, string? Input)
{
    private const string LeftOut = "<DOC TEXT LEFT OUT>";

    public string Name => string.Join(' ', Arguments);

    public static RecordedCommand[] All() => [.. JsonDocument.Parse(File.ReadAllBytes(Path.Combine(Programs.Repository, "tests/Golden/cli/commands.json"))).RootElement.EnumerateArray().Select(c => new RecordedCommand(
        [.. c.GetProperty("argv").EnumerateArray().Select(a => a.GetString()!)], c.GetProperty("exit").GetInt32(), c.GetProperty("stdout").GetString()!, c.GetProperty("stderr").GetString()!,
        c.TryGetProperty("stdin", out var input) ? input.GetString() : null))];

    /// <summary>What differs, or null.</summary>
    /// <param name="placeholders">What stands for something of this run in the recording: the text of this run, and the placeholder.</param>
    public string? Differs((int Exit, string Out, string Error) ran, IReadOnlyList<(string Text, string Placeholder)> placeholders)
    {
        var (said, error) = (Placeholders(ran.Out, placeholders), Placeholders(ran.Error, placeholders));
        if (ran.Exit != Exit) return $"exit {ran.Exit}, expected {Exit}: {said}{error}";
        if (!IsSame(WithoutTimes(Out), said)) return $"stdout\n{said}\nexpected\n{Out}\nstderr\n{error}";
        return IsSame(WithoutLog(Error), WithoutLog(error)) ? null : $"stderr\n{error}\nexpected\n{Error}";
    }

    // Minions are shown in the order of arrival, so the lines count and not their order; a text that was left out ends the comparison.
    private static bool IsSame(string expected, string actual)
    {
        var end = expected.IndexOf(LeftOut, StringComparison.Ordinal);
        if (end >= 0) return actual.StartsWith(expected[..end], StringComparison.Ordinal);
        return expected == actual || Lines(expected).SequenceEqual(Lines(actual));
    }

    private static IEnumerable<string> Lines(string text) => text.Split('\n').Select(l => l.TrimEnd(',')).Order(StringComparer.Ordinal);

    // Lines of the log, and Python's own warnings, tell a person more or less; they are no part of what a command answers.
    private static string WithoutLog(string error) => string.Concat(error.Split('\n').Where(l => l.Length > 0 && !l.StartsWith('[') && l != "  import crypt").Select(l => l + "\n"));

    private static string Placeholders(string text, IReadOnlyList<(string Text, string Placeholder)> placeholders)
    {
        foreach (var (own, placeholder) in placeholders) text = text.Replace(own, placeholder, StringComparison.Ordinal);
        text = JidText().Replace(text, "<JID>");
        text = PublicKey().Replace(text, "<PUBKEY>");
        return WithoutTimes(Fingerprint().Replace(text, "<FINGERPRINT>"));
    }

    // How long something took, and how many columns that needs, differs from run to run; a version names its product.
    private static string WithoutTimes(string text) => Version().Replace(TotalTime().Replace(Duration().Replace(Clock().Replace(text, "<CLOCK>"), "<DURATION> ms"), "Total run time: <DURATION>"), "${program} <VERSION>");

    [GeneratedRegex("(?<![0-9])20[0-9]{18}(?![0-9])")]
    private static partial Regex JidText();

    [GeneratedRegex("(?:[0-9a-f]{2}:){31}[0-9a-f]{2}")]
    private static partial Regex Fingerprint();

    [GeneratedRegex("-----BEGIN PUBLIC KEY-----.*?-----END PUBLIC KEY-----", RegexOptions.Singleline)]
    private static partial Regex PublicKey();

    [GeneratedRegex("[0-9]{2}:[0-9]{2}:[0-9]{2}\\.[0-9]{6}")]
    private static partial Regex Clock();

    [GeneratedRegex("(?<=Duration: )[0-9.e-]+ ms")]
    private static partial Regex Duration();

    [GeneratedRegex("Total run time: .*?(?=\\e|$)", RegexOptions.Multiline)]
    private static partial Regex TotalTime();

    [GeneratedRegex("^(?<program>salt[a-z-]*) 3006[^ ]* \\(.*\\)$", RegexOptions.Multiline)]
    private static partial Regex Version();
}
