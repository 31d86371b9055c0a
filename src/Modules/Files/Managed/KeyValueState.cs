using System.Text;
using SaltActors.Core.Functions;
using SaltActors.Core.Values;
using SaltActors.Modules.Files.Editing;

namespace SaltActors.Modules.Files.Managed;

/// <summary>The state <c>file.keyvalue</c>: values behind keys in a file of lines.</summary>
/// <remarks>Follows Salt 3006, salt/states/file.py.</remarks>
public static class KeyValueState
{
    /// <summary>Keeps values behind their keys, <c>key=value</c> a line.</summary>
    /// <param name="name">The file.</param>
    /// <param name="key">One key.</param>
    /// <param name="value">Its value.</param>
    /// <param name="keyValues">Several, as a map.</param>
    /// <param name="separator">What stands between key and value.</param>
    /// <param name="appendIfNotFound">Add what is missing at the end.</param>
    /// <param name="prependIfNotFound">Add it at the beginning.</param>
    /// <param name="searchOnly">Only keys that are there: adds nothing.</param>
    /// <param name="showChanges">Tell the difference.</param>
    /// <param name="ignoreIfMissing">A missing file is no failure.</param>
    /// <param name="count">How many lines a key may have changed; 1 as standard, -1 for all.</param>
    /// <param name="uncomment">A sign in front of a key that is taken away.</param>
    /// <param name="keyIgnoreCase">Keys that differ by case are the same.</param>
    /// <param name="valueIgnoreCase">Values too.</param>
    /// <param name="createIfMissing">Make the file where there is none.</param>
    [SaltState("file.keyvalue")]
    public static MapValue KeyValue(
        CallContext context, string name, string? key = null, Value? value = null, MapValue? keyValues = null, string separator = "=", bool appendIfNotFound = false, bool prependIfNotFound = false,
        bool searchOnly = false, bool showChanges = true, bool ignoreIfMissing = false, int count = 1, string? uncomment = null, bool keyIgnoreCase = false, bool valueIgnoreCase = false, bool createIfMissing = false)
    {
        if (key is not null && keyValues is not null) return StateResult.Failed(name, "file.keyvalue can not combine key_values with key and value");
        if (keyValues is null && (key is null || value is null)) return StateResult.Failed(name, "file.keyvalue key and value not supplied and key_values is empty");
        var wanted = keyValues ?? MapValue.Of((key!, value!));
        if (!Path.IsPathRooted(name)) return StateResult.Failed(name, $"Specified file {name} is not an absolute path");
        var isThere = UnixFile.IsFile(name);
        if (!isThere && !createIfMissing) return StateResult.Of(name, ignoreIfMissing, $"unable to open {name}");
        try
        {
            var (text, encoding) = isThere ? TextLines.Read(name) : ("", new UTF8Encoding(false));
            var editing = new Editing(wanted, separator, uncomment, count, keyIgnoreCase, valueIgnoreCase);
            var lines = TextLines.Split(text).ConvertAll(editing.Line);
            if (editing.Missing is { Count: > 0 } missing && !searchOnly)
            {
                if (appendIfNotFound)
                {
                    if (lines.Count > 0 && !lines[^1].EndsWith('\n')) lines[^1] += "\n";
                    lines.AddRange(missing.Select(m => m + "\n"));
                    editing.Append(missing);
                }
                else if (prependIfNotFound)
                {
                    lines.InsertRange(0, missing.Select(m => m + "\n"));
                    editing.Prepend(missing);
                }
            }
            if (editing.Changed == 0) return StateResult.Of(name, true, "");
            var difference = editing.Difference;
            var changes = showChanges ? MapValue.Of(("diff", difference)) : MapValue.Of(("diff", "<show_changes=False>"));
            if (context.IsTest)
                return StateResult.Of(name, null, $"File {name} is set to be changed ({editing.Changed} lines)" + (showChanges ? "\nPredicted diff:\n" + string.Concat(difference.TrimEnd('\n').Split('\n').Select(l => $"\r\t\t{l}\n")) : ""), changes);
            FileReplacement.Write(name, encoding.GetBytes(string.Concat(lines)));
            return StateResult.Of(name, true, $"Changed {editing.Changed} lines", changes);
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            return StateResult.Failed(name, $"{name} not writable: {refused.Message}");
        }
    }

    // One pass over the lines: which keys were met, what changed.
    private sealed class Editing(MapValue wanted, string separator, string? uncomment, int count, bool keyIgnoreCase, bool valueIgnoreCase)
    {
        private readonly Dictionary<string, int> _met = new(keyIgnoreCase ? StringComparer.OrdinalIgnoreCase : StringComparer.Ordinal);
        private readonly StringBuilder _difference = new();

        public int Changed { get; private set; }
        public string Difference => _difference.ToString();
        public IReadOnlyList<string> Missing => [.. wanted.Where(e => !_met.ContainsKey(e.Key.ToString())).Select(e => $"{e.Key}{separator}{e.Value}")];

        public string Line(string line)
        {
            var bare = line.TrimEnd('\r', '\n');
            var body = uncomment is { Length: > 0 } && bare.StartsWith(uncomment, StringComparison.Ordinal) ? bare[uncomment.Length..].TrimStart() : bare;
            foreach (var (name, value) in wanted)
            {
                var key = name.ToString();
                if (!body.StartsWith(key + separator, keyIgnoreCase ? StringComparison.OrdinalIgnoreCase : StringComparison.Ordinal)) continue;
                var met = _met[key] = _met.GetValueOrDefault(key) + 1;
                if (count >= 0 && met > count) return line;
                var there = body[(key.Length + separator.Length)..].Trim();
                if (body.Length == bare.Length && string.Equals(there, value.ToString(), valueIgnoreCase ? StringComparison.OrdinalIgnoreCase : StringComparison.Ordinal)) return line;
                var now = $"{body[..key.Length]}{separator}{value}";
                _difference.Append("- ").Append(bare).Append("\n+ ").Append(now).Append(value is TextValue ? "" : $" (from {value.KindName} type)").Append('\n');
                Changed++;
                return now + line[bare.Length..];
            }
            return line;
        }

        public void Append(IReadOnlyList<string> missing)
        {
            _difference.Append("- <EOF>\n").AppendJoin("", missing.Select(m => $"+ {m}\n")).Append("+ <EOF>\n");
            Changed += missing.Count;
        }

        public void Prepend(IReadOnlyList<string> missing)
        {
            _difference.Append("  <SOF>\n").AppendJoin("", missing.Select(m => $"+ {m}\n"));
            Changed += missing.Count;
        }
    }
}
