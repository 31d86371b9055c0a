using SaltActors.Core.Values;

namespace SaltActors.States.Compiler;

/// <summary>Numbers states in the order in which they are met, over all SLS files of a run.</summary>
public sealed class AutoOrder(bool isOn)
{
    private const int First = 10000;
    private int _next = First;

    /// <summary>The arguments with a number at their end, unless they bring an order of their own.</summary>
    public ListValue Number(ListValue arguments) =>
        !isOn || arguments.Any(a => a is MapValue map && map.Has("order")) ? arguments : arguments.Add(MapValue.Of(("order", _next++)));
}

/// <summary>Rendered data of one SLS to ids: short forms become long ones, each state gets its number.</summary>
/// <remarks>Follows Salt 3006, salt/state.py, _handle_state_decls() and _handle_iorder().</remarks>
public sealed class SlsReader(AutoOrder order, List<string> errors)
{
    public IEnumerable<HighId> Ids(MapValue data, string sls, string saltenv)
    {
        var ids = new List<HighId>();
        foreach (var (id, body) in data)
        {
            if (id.AsText() is "include" or "extend" or "exclude") continue;
            if (Read(id, body, sls, saltenv) is { } read) ids.Add(read);
        }
        foreach (var id in ids) Number(id);
        return ids;
    }

    /// <summary>One id; null where it is no map, which is told.</summary>
    public HighId? Read(Value id, Value body, string sls, string saltenv)
    {
        var read = new HighId(id, sls, saltenv) { IsMap = body is MapValue };
        if (body is TextValue { Text: var text } && text.Split('.') is [var module, var function, ..])
        {
            read.Modules[module] = ListValue.Create([function]);
            return read;
        }
        if (body is not MapValue map)
        {
            errors.Add($"ID {id} in SLS {sls} is not a dictionary");
            return null;
        }
        var seen = new HashSet<string>();
        foreach (var (key, arguments) in map)
        {
            var name = key.ToString();
            if (key is not TextValue || name.StartsWith('_') || arguments is not ListValue list)
            {
                read.Modules[key] = arguments;
                continue;
            }
            if (name.Split('.') is not [var first, var fun, ..])
            {
                seen.Add(name);
                read.Modules[key] = list;
            }
            else if (!seen.Add(first)) errors.Add($"ID '{id}' in SLS '{sls}' contains multiple state declarations of the same type");
            else read.Modules[first] = list.Add(fun);
        }
        return read;
    }

    private void Number(HighId id)
    {
        foreach (var (module, arguments) in id.WellFormed.ToArray())
            if (!module.StartsWith('_')) id.Modules[module] = order.Number(arguments);
    }
}
