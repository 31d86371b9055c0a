using System.Text;
using SaltActors.Core.Functions;
using SaltActors.Core.Values;
using SaltActors.Rendering.Jinja.Errors;
using SaltActors.Rendering.Jinja.Objects;
using CallArguments = SaltActors.Rendering.Jinja.Objects.CallArguments;

namespace SaltActors.Rendering.Jinja.Globals;

/// <summary>What the host gives, as templates see it.</summary>
internal static class HostObjects
{
    private const string PillarName = "salt.utils.context.NamespacedDictWrapper object";

    /// <summary>A variable of the host. The pillar calls itself otherwise in errors, as Salt's does.</summary>
    internal static Obj ToObj(string name, Value value) => name == "pillar" && value is MapValue pillar ? new DictObj(pillar, PillarName) : Conversion.ToObj(value);

    /// <summary>The maps of functions.</summary>
    internal static Obj? Find(string name, ITemplateHost host) => name switch
    {
        "salt" => new FunctionsObj(host.HasFunction, host.HasModule, host.Call, host.ChangesItsFirstArgument),
        "proxy" => new FunctionsObj(host.HasProxyFunction, m => host.HasProxyFunction(m + "."), host.CallProxy),
        _ => null,
    };
}

/// <summary><c>salt</c>: functions by name, as <c>salt['mod.fun']</c> or <c>salt.mod.fun</c>.</summary>
public sealed class FunctionsObj(Func<string, bool> has, Func<string, bool> hasModule, Func<string, ListValue, MapValue, Value> call, Func<string, MapValue, bool>? changesFirst = null) : Obj
{
    public override string TypeName => "AliasedLoader";
    public override string ObjectName => "salt.utils.templates.AliasedLoader object";

    public override Obj? Attribute(string name) => name == "get"
        ? new DelegateObj("get", (_, a) => (a.Positional.Length > 0 ? Item(a.Positional[0]) : null) ?? (a.Positional.Length > 1 ? a.Positional[1] : None))
        : hasModule(name) ? new ModuleFunctionsObj(this, name) : null;

    public override Obj? Item(Obj key) => key is TextObj { Text: var name } && has(name) ? new DelegateObj(name, (_, a) => Call(name, a)) : null;
    public override void AppendRepr(StringBuilder text) => text.Append("<salt.utils.templates.AliasedLoader object at 0x7f0000000000>");

    private Obj Call(string name, CallArguments arguments)
    {
        var positional = ListValue.From(arguments.Positional.Select(Conversion.ToValue));
        var keywords = MapValue.From(arguments.Keywords.Select(k => KeyValuePair.Create(k.Key, Conversion.ToValue(k.Value))));
        try
        {
            var answer = call(name, positional, keywords);
            if (answer is MapValue changed && arguments.Positional is [DictObj first, ..] && changesFirst?.Invoke(name, keywords) == true)
            {
                first.Become(changed);
                return first;
            }
            return Conversion.ToObj(answer);
        }
        catch (Exception failed) when (failed is CommandFailed or FunctionUnavailable or NamedError { Kind: "CommandExecutionError" or "SaltInvocationError" or "CommandNotFoundError" })
        {
            throw new JinjaFault(FaultKind.Function, failed.Message, failed);
        }
        catch (Exception failed) when (failed is not (JinjaFault or OperationCanceledException))
        {
            throw new JinjaFault(FaultKind.Other, failed.Message, failed);
        }
    }

    private sealed class ModuleFunctionsObj(FunctionsObj all, string module) : Obj
    {
        public override string TypeName => "AliasedModule";
        public override string ObjectName => "salt.utils.templates.AliasedModule object";
        public override Obj? Attribute(string name) => all.Item($"{module}.{name}");
        public override void AppendRepr(StringBuilder text) => text.Append("<salt.utils.templates.AliasedModule object at 0x7f0000000000>");
    }
}
