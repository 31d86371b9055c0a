using SaltActors.Core.Values;

namespace SaltActors.States.Compiler;

/// <summary><c>extend</c>: arguments of one SLS laid over a state of another.</summary>
/// <remarks>Follows Salt 3006, salt/state.py, reconcile_extend() and find_name().</remarks>
public static class Extensions
{
    public static void Apply(HighData high, IEnumerable<HighId> extends, List<string> errors)
    {
        foreach (var extension in extends)
        {
            var target = high.Find(extension.Id);
            if (target is null)
            {
                var module = extension.WellFormed.Select(m => m.Module).FirstOrDefault() ?? "";
                var named = Named(high, extension.Id, module).ToList();
                if (named.Count != 1)
                {
                    errors.Add(Missing(extension.Id.ToString(), extension));
                    continue;
                }
                target = named[0];
            }
            foreach (var (module, arguments) in extension.WellFormed)
                target.Modules[module] = target.Arguments(module) is { } there ? Extended(there, arguments) : arguments;
        }
    }

    internal static string Missing(string id, HighId at) =>
        $"Cannot extend ID '{id}' in '{at.SaltEnv}:{at.Sls}'. It is not part of the high state.\nThis is likely due to a missing include statement or an incorrectly typed ID.\nEnsure that a state with an ID of '{id}' is available\nin environment '{at.SaltEnv}' and to SLS '{at.Sls}'";

    /// <summary>The ids whose module has an argument of this value: states that are known by their name.</summary>
    internal static IEnumerable<HighId> Named(HighData high, Value name, string module) =>
        high.Ids.Where(id => id.Arguments(module) is { } arguments && arguments.Any(a => a is MapValue { Count: 1 } map && map[0].Value.Equals(name)));

    /// <summary>Argument by argument: a function takes the place of the function, a value that of its name; requisites are joined.</summary>
    internal static ListValue Extended(ListValue under, ListValue over)
    {
        var arguments = under.Items.ToBuilder();
        foreach (var argument in over)
        {
            var isPlaced = false;
            for (var i = 0; i < arguments.Count; i++)
                switch (argument, arguments[i])
                {
                    case (TextValue, TextValue):
                        arguments[i] = argument;
                        isPlaced = true;
                        break;
                    case (MapValue { Count: > 0 } more, MapValue { Count: > 0 } there) when more[0].Key.Equals(there[0].Key):
                        arguments[i] = Requisites.All.Contains(more[0].Key.ToString()) && there[0].Value is ListValue before && more[0].Value is ListValue added
                            ? MapValue.From([KeyValuePair.Create(there[0].Key, (Value)new ListValue(before.Items.AddRange(added.Items)))]) : more;
                        isPlaced = true;
                        break;
                    case (MapValue { Count: > 0 } more, MapValue { Count: > 0 } there) when more[0].Key.AsText() == "name" && there[0].Key.AsText() == "names":
                        arguments[i] = more;
                        isPlaced = true;
                        break;
                }
            if (!isPlaced) arguments.Add(argument);
        }
        return new ListValue(arguments.ToImmutable());
    }
}
