using SaltActors.Core.Values;

namespace SaltActors.States.Compiler;

/// <summary>Requisites that stand at the other end (<c>require_in</c> …), <c>use</c>, and the other end of <c>prereq</c>: all become arguments of the one that they mean.</summary>
/// <remarks>Follows Salt 3006, salt/state.py, requisite_in().</remarks>
public static class RequisitesIn
{
    private const string Suffix = "_in";

    public static void Apply(HighData high, List<string> errors)
    {
        // What is added now is looked at no more: the ids as they were.
        var found = (from id in high.Ids
                     from module in id.WellFormed
                     where !module.Module.StartsWith("__", StringComparison.Ordinal)
                     from argument in module.Arguments.OfType<MapValue>()
                     from pair in argument
                     select (Id: id, module.Module, Key: pair.Key.ToString(), pair.Value)).ToList();
        foreach (var (id, module, key, value) in found)
            if (key == "prereq") Prereq(high, id, module, value);
            else if (Requisites.In.Contains(key)) Expand(high, id, module, key, value, errors);
    }

    private static void Prereq(HighData high, HighId id, string module, Value references)
    {
        foreach (var (target, name) in Requisites.References(references))
            foreach (var (there, theirs) in Targets(high, target, name)) Add(there, theirs, "prerequired", module, id.Id);
    }

    private static void Expand(HighData high, HighId id, string module, string key, Value references, List<string> errors)
    {
        foreach (var reference in references is ListValue list ? list : ListValue.Create([references]))
        {
            var isMap = reference is MapValue { Count: > 0 };
            var (written, name) = reference is MapValue { Count: > 0 } map ? (map[0].Key.ToString(), map[0].Value) : ("id", reference);
            if (isMap && written.Contains('.'))
            {
                errors.Add($"Invalid requisite in {(key.EndsWith(Suffix, StringComparison.Ordinal) ? key[..^Suffix.Length] : key)}: {written} for {name}, in SLS '{id.Sls}'. Requisites must not contain dots, did you mean '{written.Split('.')[0]}'?");
                errors.Add(Extensions.Missing(name.ToString(), id));
                continue;
            }
            var targets = Targets(high, written, name).ToList();
            if (targets.Count == 0)
            {
                if (key != "use") errors.Add(Extensions.Missing(name.ToString(), id));
                continue;
            }
            foreach (var (there, theirs) in targets)
                switch (key)
                {
                    case "use": Use(there, theirs, id, module); break;
                    case "use_in": Use(id, module, there, theirs); break;
                    case "prereq_in":
                        Add(id, module, "prerequired", theirs, there.Id);
                        Add(there, theirs, "prereq", module, id.Id);
                        break;
                    default: Add(there, theirs, key[..^Suffix.Length], module, id.Id); break;
                }
        }
    }

    /// <summary>Whom a reference means: an id with that module, all of an SLS, any module of an id, or a state that goes by that name.</summary>
    private static IEnumerable<(HighId Id, string Module)> Targets(HighData high, string module, Value name)
    {
        if (module == "sls") return high.Ids.Where(i => i.Sls == name.AsText()).SelectMany(i => i.WellFormed.Take(1).Select(m => (i, m.Module)));
        if (high.Find(name) is { } id)
        {
            if (module == "id") return id.WellFormed.Take(1).Select(m => (id, m.Module));
            return id.Arguments(module) is not null ? [(id, module)] : [];
        }
        return module == "id"
            ? high.Ids.SelectMany(i => i.WellFormed.Where(m => m.Arguments.Any(a => a is MapValue map && map.Get("name") is { } n && n.Equals(name))).Select(m => (i, m.Module)))
            : Extensions.Named(high, name, module).Select(i => (i, module));
    }

    private static void Add(HighId target, string module, string requisite, string fromModule, Value fromId)
    {
        var arguments = target.Arguments(module)!;
        var entry = MapValue.Of((fromModule, fromId));
        for (var i = 0; i < arguments.Count; i++)
            if (arguments[i] is MapValue map && map.Get(requisite) is ListValue there)
            {
                if (!there.Contains(entry)) target.Modules[module] = new ListValue(arguments.Items.SetItem(i, map.With(requisite, there.Add(entry))));
                return;
            }
        target.Modules[module] = arguments.Add(MapValue.Of((requisite, ListValue.Create([entry]))));
    }

    // What the source says and the user of it does not.
    private static void Use(HighId source, string sourceModule, HighId user, string userModule)
    {
        var arguments = user.Arguments(userModule)!;
        var known = arguments.OfType<MapValue>().SelectMany(m => m.Keys).Select(k => k.ToString()).ToHashSet();
        foreach (var argument in source.Arguments(sourceModule)!.OfType<MapValue>())
            if (argument.Count == 1 && argument[0].Key.ToString() is var key && key is not ("name" or "names" or "order") && !Requisites.All.Contains(key) && !Requisites.In.Contains(key) && key != "listen_in" && known.Add(key))
                arguments = arguments.Add(argument);
        user.Modules[userModule] = arguments;
    }
}
