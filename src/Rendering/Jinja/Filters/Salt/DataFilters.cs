using System.Text.RegularExpressions;
using SaltActors.Core.Functions;
using SaltActors.Core.Values;
using SaltActors.Rendering.Jinja.Errors;
using SaltActors.Rendering.Jinja.Objects;
using SaltActors.Rendering.Yaml;

namespace SaltActors.Rendering.Jinja.Filters.Salt;

/// <summary>Salt's filters that find, compare and change data. Salt: salt/utils/data.py, dictupdate.py, stringutils.py.</summary>
internal static class DataFilters
{
    internal static readonly Native[] All =
    [
        new("traverse", "key default? delimiter?", static (_, s, a) => Traverse(s, a[0]!, a.Text(2, ":")) ?? a[1] ?? Obj.None),
        new("json_query", "expression", static (run, s, a) => Query.JsonQuery.Search(run, a.Text(0), s)),
        new("compare_dicts", "new", static (_, s, a) => CompareMaps(Map(s), Map(a[0]!))),
        new("compare_lists", "new", static (_, s, a) => CompareLists(s, a[0]!)),
        new("set_dict_key_value", "keys value delimiter? ordered_dict?", static (_, s, a) =>
        {
            var (into, key) = Last(s, a);
            into.Entries[key] = a[1]!;
            return s;
        }),
        new("update_dict_key_value", "keys value delimiter? ordered_dict?", static (_, s, a) =>
        {
            var (into, key) = Last(s, a);
            var inside = Present(into, key, () => new DictObj(isOrdered: a.Flag(3, false)));
            if (inside is not DictObj map) throw new JinjaFault(FaultKind.Function, $"The last key contains a {inside.TypeName}, which cannot update.");
            Methods.DictMethods.Update(map, a[1]!);
            return s;
        }),
        new("append_dict_key_value", "keys value delimiter? ordered_dict?", static (_, s, a) =>
        {
            var (into, key) = Last(s, a);
            (Present(into, key, () => new ListObj([])) as ListObj ?? throw new JinjaFault(FaultKind.Function, $"The last key contains a {into.Entries[key].TypeName}, which cannot append."))
                .List.Add(a[1]!);
            return s;
        }),
        new("extend_dict_key_value", "keys value delimiter? ordered_dict?", static (_, s, a) =>
        {
            var (into, key) = Last(s, a);
            (Present(into, key, () => new ListObj([])) as ListObj ?? throw new JinjaFault(FaultKind.Function, $"The last key contains a {into.Entries[key].TypeName}, which cannot extend."))
                .List.AddRange(a[1]!.Iterate()?.ToArray() ?? throw new JinjaFault(FaultKind.Function, $"Cannot extend {into.Entries[key].TypeName} with a {a[1]!.TypeName}."));
            return s;
        }),
        new("mysql_to_dict", "key", static (_, s, a) => Rows(s, a.Text(0))),
        new("check_whitelist_blacklist", "whitelist? blacklist?", static (_, s, a) =>
        {
            var (allowed, refused) = (Patterns(a[0]), Patterns(a[1]));
            var text = s.ToString();
            return !refused.Exists(p => IsMatch(text, p)) && (allowed.Count == 0 || allowed.Exists(p => IsMatch(text, p)));
        }),
    ];

    private static DictObj Map(Obj obj)
    {
        UndefinedObj.Refuse(obj);
        return obj as DictObj ?? throw JinjaFault.Other($"a map was expected, found {obj.TypeName}");
    }

    /// <summary>Salt's way down a path: in a list a number is a place, any other word a key of the first map that has it; in a map a word may be a YAML scalar.</summary>
    internal static Obj? Traverse(Obj data, Obj path, string delimiter)
    {
        UndefinedObj.Refuse(data);
        var steps = path is TextObj text ? text.Text.Split(delimiter).Select(p => (Obj)p) : path.Iterate() ?? [path];
        foreach (var step in steps)
        {
            Obj? next = null;
            if (data is ListObj { IsTuple: false } list)
            {
                var place = step.Whole ?? Methods.MethodTables.ParseWhole(step.ToString(), 10);
                Obj key = place is { } number ? number : step;
                next = list.List.OfType<DictObj>().Select(m => m.Item(key)).FirstOrDefault(v => v is not null) ?? (place is null ? null : list.Item(key));
            }
            else if (data is DictObj map)
            {
                next = map.Item(step);
                if (next is null && step is TextObj word && YamlScalars.Resolve(word.Text) is var read and not TextValue) next = map.Item(Conversion.ToObj(read));
            }
            if (next is null) return null;
            data = next;
        }
        return data;
    }

    private static DictObj CompareMaps(DictObj old, DictObj now)
    {
        var differences = new DictObj();
        foreach (var key in old.Entries.Keys.Concat(now.Entries.Keys.Where(k => !old.Entries.ContainsKey(k))))
        {
            var (before, after) = (old.Entries.GetValueOrDefault(key), now.Entries.GetValueOrDefault(key));
            if (before is not null && after is not null && before.Equals(after)) continue;
            differences.Entries[key] = new DictObj(new OrderedDictionary<Obj, Obj>(after is null ? [new("new", ""), new("old", before!)] : [new("old", before ?? ""), new("new", after)]));
        }
        return differences;
    }

    private static DictObj CompareLists(Obj old, Obj now)
    {
        var differences = new DictObj();
        var (before, after) = (old.Items().ToList(), now.Items().ToList());
        if (after.Where(o => !before.Contains(o)).ToList() is { Count: > 0 } added) differences.Entries["new"] = new ListObj(added);
        if (before.Where(o => !after.Contains(o)).ToList() is { Count: > 0 } gone) differences.Entries["old"] = new ListObj(gone);
        return differences;
    }

    // The map that holds the last key of a path; levels that are missing or no map are made.
    private static (DictObj Into, Obj Key) Last(Obj self, Bound a)
    {
        var into = Map(self);
        var keys = a.Text(0).Split(a.Text(2, ":"));
        foreach (var key in keys[..^1]) into = into.Get(key) as DictObj ?? (DictObj)(into.Entries[key] = new DictObj(isOrdered: a.Flag(3, false)));
        return (into, keys[^1]);
    }

    private static Obj Present(DictObj into, Obj key, Func<Obj> otherwise) =>
        into.Entries.TryGetValue(key, out var there) && !there.IsNone ? there : into.Entries[key] = otherwise();

    private static DictObj Rows(Obj self, string key)
    {
        var rows = new DictObj();
        string[]? headers = null;
        foreach (var line in self.Items().Select(PatternFilters.Subject))
        {
            if (line.Length == 0 || line[0] == '+') continue;
            var cells = line.Split('|').Select(Output.PythonLines.Trim).ToArray();
            if (headers is not { Length: > 1 })
            {
                headers = cells;
                continue;
            }
            var row = new DictObj();
            for (var i = 1; i < headers.Length - 1; i++) row.Entries[headers[i]] = i < cells.Length ? FilterTable.Find("to_num")!.Body(null!, cells[i], new Bound([], [], [])) : "";
            rows.Entries[row.Get(key) ?? throw JinjaFault.Other(PythonText.Repr(key))] = row;
        }
        return rows;
    }

    private static List<string> Patterns(Obj? given) => given switch
    {
        null or { IsTruthy: false } => [],
        TextObj text => [text.Text],
        _ => [.. given.Items().Select(o => o.ToString())],
    };

    // Equal, or a glob, or a whole regular expression.
    private static bool IsMatch(string text, string pattern)
    {
        if (text == pattern || NamePattern.Matches(pattern, text)) return true;
        var translated = new Core.Targets.PythonRegexTranslation(pattern);
        if (translated.Problem is not null) return false;
        try
        {
            return new Regex(translated.Text + @"\z", RegexOptions.CultureInvariant | translated.Options, TimeSpan.FromSeconds(5)).IsMatch(text);
        }
        catch (RegexParseException)
        {
            // What is no pattern matches nothing, as in Salt.
            return false;
        }
    }
}
