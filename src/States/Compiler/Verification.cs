using SaltActors.Core.Values;

namespace SaltActors.States.Compiler;

/// <summary>Whether high data is formed as it must be; every mistake is told.</summary>
/// <remarks>Follows Salt 3006, salt/state.py, verify_high(), in what it refuses and in its words.</remarks>
public static class Verification
{
    private static readonly string[] Lists = ["require", "watch", "prereq", "onchanges"];

    public static List<string> Check(HighData high)
    {
        var errors = new List<string>();
        // id → what it leans on, and as which module it does: two that lean on each other are told at once.
        var leaning = new Dictionary<Value, Dictionary<Value, string>>();
        foreach (var id in high.Ids)
        {
            if (id.Id is not TextValue) errors.Add($"ID '{id.Id}' in SLS '{id.Sls}' is not formed as a string, but is a {id.Id.KindName}. It may need to be quoted.");
            foreach (var (module, arguments) in id.Declared)
                if (arguments is NullValue)
                    errors.Add($"ID '{id.Id}' in SLS '{id.Sls}' contains a short declaration ({module}) with a trailing colon. When not passing any arguments to a state, the colon must be omitted.");
                else if (arguments is not ListValue list) errors.Add($"State '{id.Id}' in SLS '{id.Sls}' is not formed as a list");
                else CheckState(id, module.ToString(), list, leaning, errors);
        }
        return errors;
    }

    private static void CheckState(HighId id, string module, ListValue arguments, Dictionary<Value, Dictionary<Value, string>> leaning, List<string> errors)
    {
        var functions = 0;
        foreach (var argument in arguments)
            switch (argument)
            {
                case TextValue { Text: var function }:
                    functions++;
                    if (function.Trim().Contains(' '))
                        errors.Add($"The function \"{function}\" in state \"{id.Id}\" in SLS \"{id.Sls}\" has whitespace, a function with whitespace is not supported, perhaps this is an argument that is missing a \":\"");
                    break;
                case MapValue { Count: > 0 } map: CheckArgument(id, module, map, leaning, errors); break;
            }
        if (functions == 0 && module is not ("require" or "watch")) errors.Add($"No function declared in state '{module}' in SLS '{id.Sls}'");
        else if (functions > 1) errors.Add($"Too many functions declared in state '{module}' in SLS '{id.Sls}'");
    }

    private static void CheckArgument(HighId id, string module, MapValue argument, Dictionary<Value, Dictionary<Value, string>> leaning, List<string> errors)
    {
        var (name, value) = (argument[0].Key.ToString(), argument[0].Value);
        if (name == "names" && value is not ListValue) errors.Add($"The 'names' argument in state '{id.Id}' in SLS '{id.Sls}' needs to be formed as a list");
        if (!Lists.Contains(name)) return;
        if (value is not ListValue references)
        {
            errors.Add($"The {name} statement in state '{id.Id}' in SLS '{id.Sls}' needs to be formed as a list");
            return;
        }
        var leans = leaning[id.Id] = [];
        foreach (var reference in references)
        {
            var (key, target) = ("id", reference);
            if (reference is MapValue { Count: 1 } map) (key, target) = (map[0].Key.ToString(), map[0].Value);
            else if (reference is not TextValue)
            {
                errors.Add($"Requisite declaration {reference} in SLS {id.Sls} is not formed as a single key dictionary");
                continue;
            }
            if (key.Contains('.'))
                errors.Add($"Invalid requisite type '{key}' in state '{id.Id}', in SLS '{id.Sls}'. Requisite types must not contain dots, did you mean '{key[..key.IndexOf('.')]}'?");
            if (target is MapValue or ListValue) throw new StateDataBroken($"Could not locate requisite of [{key}] present in state with name [{id.Id}]");
            leans[target] = key;
            if (leaning.TryGetValue(target, out var theirs) && theirs.TryGetValue(id.Id, out var back) && back == module)
                errors.Add($"A recursive requisite was found, SLS \"{id.Sls}\" ID \"{id.Id}\" ID \"{target}\"");
        }
        if (argument.Count != 1) errors.Add($"Multiple dictionaries defined in argument of state '{id.Id}' in SLS '{id.Sls}'");
    }
}
