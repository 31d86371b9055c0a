using System.Text;
using SaltActors.Core.Functions;
using SaltActors.Core.Values;

namespace SaltActors.States.Pillars;

/// <summary><c>csvpillar</c>: the row of a table whose <c>idkey</c> is the minion's id.</summary>
/// <remarks>Follows Salt 3006, salt/pillar/csvpillar.py, and RFC 4180.</remarks>
internal sealed class TablePillar : IExternalPillar
{
    public string Name => "csvpillar";

    public MapValue Compile(PillarScene scene, MapValue pillar, Value settings)
    {
        if (settings is not MapValue map || map.TextOf("path") is not { Length: > 0 } path) throw new CommandFailed("path is not given");
        if (!File.Exists(path)) throw new CommandFailed($"{path} does not exist");
        var rows = Rows(File.ReadAllText(path)).ToList();
        var given = map.Get("fieldnames") as ListValue;
        var names = given is not null ? [.. given.Select(n => n.ToString())] : rows.FirstOrDefault() ?? [];
        var idKey = map.TextOf("idkey") ?? "id";
        if (!names.Contains(idKey)) throw new CommandFailed($"{path} has no column '{idKey}'; it has {string.Join(", ", names)}");
        foreach (var row in given is null ? rows.Skip(1) : rows)
        {
            var entry = new MapValue.Builder();
            for (var i = 0; i < names.Count; i++) entry[names[i]] = i < row.Count ? row[i] : map.Get("restval") ?? Value.Null;
            if (row.Count > names.Count) entry[map.Get("restkey") ?? Value.Null] = ListValue.OfTexts(row.Skip(names.Count));
            var made = entry.Build();
            if (made.TextOf(idKey) != scene.Minion.Id.Text) continue;
            return map.TextOf("namespace") is { Length: > 0 } place ? MapValue.Of((place, made)) : made;
        }
        return MapValue.Empty;
    }

    private static IEnumerable<List<string>> Rows(string text)
    {
        var (row, field, isQuoted, hasField) = (new List<string>(), new StringBuilder(), false, false);
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            if (isQuoted)
            {
                if (c != '"') field.Append(c);
                else if (i + 1 < text.Length && text[i + 1] == '"') field.Append(text[i++]);
                else isQuoted = false;
                continue;
            }
            switch (c)
            {
                case '"':
                    (isQuoted, hasField) = (true, true);
                    break;
                case ',':
                    row.Add(field.ToString());
                    field.Clear();
                    hasField = true;
                    break;
                case '\r': break;
                case '\n':
                    if (hasField || field.Length > 0)
                    {
                        row.Add(field.ToString());
                        yield return row;
                    }
                    (row, hasField) = ([], false);
                    field.Clear();
                    break;
                default:
                    field.Append(c);
                    hasField = true;
                    break;
            }
        }
        if (!hasField && field.Length == 0) yield break;
        row.Add(field.ToString());
        yield return row;
    }
}
