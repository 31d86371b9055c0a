using System.Text;

namespace SaltActors.Modules.Files.Editing;

/// <summary>Differences of two texts in the unified format, line by line as Python's <c>difflib</c> finds them.</summary>
internal static class UnifiedDiff
{
    private const int Context = 3, JunkFrom = 200;

    private readonly record struct Match(int A, int B, int Length);
    private readonly record struct Change(bool IsEqual, int A1, int A2, int B1, int B2);

    /// <summary>Empty where the two are the same.</summary>
    /// <param name="from">What stands behind <c>---</c>.</param>
    /// <param name="to">What stands behind <c>+++</c>.</param>
    public static string Of(IReadOnlyList<string> before, IReadOnlyList<string> after, string from = "", string to = "")
    {
        var text = new StringBuilder();
        foreach (var group in Groups(Changes(before, after)))
        {
            if (text.Length == 0) text.Append("--- ").Append(from).Append("\n+++ ").Append(to).Append('\n');
            text.Append("@@ -").Append(Range(group[0].A1, group[^1].A2)).Append(" +").Append(Range(group[0].B1, group[^1].B2)).Append(" @@\n");
            foreach (var change in group)
            {
                if (change.IsEqual)
                {
                    for (var i = change.A1; i < change.A2; i++) text.Append(' ').Append(before[i]);
                    continue;
                }
                for (var i = change.A1; i < change.A2; i++) text.Append('-').Append(before[i]);
                for (var i = change.B1; i < change.B2; i++) text.Append('+').Append(after[i]);
            }
        }
        return text.ToString();
    }

    public static string Of(string before, string after, string from = "", string to = "") => Of(TextLines.Split(before), TextLines.Split(after), from, to);

    private static string Range(int start, int end) => (end - start) switch
    {
        1 => $"{start + 1}",
        0 => $"{start},0",
        var length => $"{start + 1},{length}",
    };

    private static IEnumerable<List<Change>> Groups(List<Change> changes)
    {
        if (changes.Count == 0) yield break;
        if (changes[0].IsEqual) changes[0] = LastLines(changes[0]);
        if (changes[^1].IsEqual) changes[^1] = FirstLines(changes[^1]);
        var group = new List<Change>();
        foreach (var change in changes)
        {
            var rest = change;
            if (change.IsEqual && change.A2 - change.A1 > 2 * Context)
            {
                group.Add(FirstLines(change));
                yield return group;
                group = [];
                rest = LastLines(change);
            }
            group.Add(rest);
        }
        if (group.Count > 0 && !(group.Count == 1 && group[0].IsEqual)) yield return group;
    }

    private static Change FirstLines(Change c) => c with { A2 = Math.Min(c.A2, c.A1 + Context), B2 = Math.Min(c.B2, c.B1 + Context) };
    private static Change LastLines(Change c) => c with { A1 = Math.Max(c.A1, c.A2 - Context), B1 = Math.Max(c.B1, c.B2 - Context) };

    private static List<Change> Changes(IReadOnlyList<string> a, IReadOnlyList<string> b)
    {
        var changes = new List<Change>();
        var (i, j) = (0, 0);
        foreach (var match in Matches(a, b))
        {
            if (i < match.A || j < match.B) changes.Add(new(false, i, match.A, j, match.B));
            (i, j) = (match.A + match.Length, match.B + match.Length);
            if (match.Length > 0) changes.Add(new(true, match.A, i, match.B, j));
        }
        return changes;
    }

    private static IEnumerable<Match> Matches(IReadOnlyList<string> a, IReadOnlyList<string> b)
    {
        var places = new Dictionary<string, List<int>>(StringComparer.Ordinal);
        for (var j = 0; j < b.Count; j++)
            if (places.TryGetValue(b[j], out var known)) known.Add(j);
            else places[b[j]] = [j];
        // In long texts, lines that occur in more than one of a hundred tell nothing about what belongs together.
        if (b.Count >= JunkFrom)
            foreach (var popular in places.Where(p => p.Value.Count > b.Count / 100 + 1).Select(p => p.Key).ToList()) places.Remove(popular);

        var found = new List<Match>();
        var open = new Stack<(int A1, int A2, int B1, int B2)>();
        open.Push((0, a.Count, 0, b.Count));
        while (open.TryPop(out var part))
        {
            var match = Longest(a, b, places, part.A1, part.A2, part.B1, part.B2);
            if (match.Length == 0) continue;
            found.Add(match);
            if (part.A1 < match.A && part.B1 < match.B) open.Push((part.A1, match.A, part.B1, match.B));
            if (match.A + match.Length < part.A2 && match.B + match.Length < part.B2)
                open.Push((match.A + match.Length, part.A2, match.B + match.Length, part.B2));
        }
        found.Sort((l, r) => l.A != r.A ? l.A.CompareTo(r.A) : l.B.CompareTo(r.B));
        Match? joined = null;
        foreach (var match in found)
            if (joined is { } last && last.A + last.Length == match.A && last.B + last.Length == match.B) joined = last with { Length = last.Length + match.Length };
            else
            {
                if (joined is { } done) yield return done;
                joined = match;
            }
        if (joined is { } final) yield return final;
        yield return new(a.Count, b.Count, 0);
    }

    private static Match Longest(IReadOnlyList<string> a, IReadOnlyList<string> b, Dictionary<string, List<int>> places, int a1, int a2, int b1, int b2)
    {
        var (bestA, bestB, best) = (a1, b1, 0);
        var lengths = new Dictionary<int, int>();
        for (var i = a1; i < a2; i++)
        {
            var next = new Dictionary<int, int>();
            if (places.TryGetValue(a[i], out var at))
                foreach (var j in at)
                {
                    if (j < b1) continue;
                    if (j >= b2) break;
                    var length = next[j] = lengths.GetValueOrDefault(j - 1) + 1;
                    if (length > best) (bestA, bestB, best) = (i - length + 1, j - length + 1, length);
                }
            lengths = next;
        }
        while (bestA > a1 && bestB > b1 && a[bestA - 1] == b[bestB - 1]) (bestA, bestB, best) = (bestA - 1, bestB - 1, best + 1);
        while (bestA + best < a2 && bestB + best < b2 && a[bestA + best] == b[bestB + best]) best++;
        return new(bestA, bestB, best);
    }
}
