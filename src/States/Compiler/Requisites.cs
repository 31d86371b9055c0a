using System.Collections.Frozen;
using SaltActors.Core.Values;

namespace SaltActors.States.Compiler;

/// <summary>The words by which states lean on each other.</summary>
public static class Requisites
{
    /// <summary>Those that stand at the one that leans.</summary>
    public static readonly FrozenSet<string> All = new[]
    {
        "onchanges", "onchanges_any", "onfail", "onfail_any", "onfail_all", "onfail_stop", "prereq", "prerequired", "watch", "watch_any", "require", "require_any", "listen",
    }.ToFrozenSet();

    /// <summary>Those that stand at the one that is leant on; <c>listen_in</c> is read when the run ends.</summary>
    public static readonly FrozenSet<string> In = new[]
    {
        "onchanges_in", "onchanges_any_in", "onfail_in", "onfail_any_in", "prereq_in", "watch_in", "watch_any_in", "require_in", "require_any_in", "use_in", "use",
    }.ToFrozenSet();

    /// <summary>Every argument of a state that is not its function's, unless the function declares it.</summary>
    public static readonly FrozenSet<string> Internal = All.Concat(In).Concat(All.Select(r => r + "_in")).Concat(
    [
        "fun", "state", "order", "failhard", "onlyif", "unless", "creates", "check_cmd", "retry", "parallel", "reload_modules", "reload_grains", "reload_pillar", "runas", "runas_password",
        "fire_event", "saltenv", "umask", "cmd_opts_exclude", "cmd_opts_stdin", "timeout", "aggregate", "provider", "beacon", "__id__", "__sls__", "__env__", "__reqs__", "__prereq__", "sfun", "name_order",
        "__orchestration_jid__", "__prerequired__", "__state_ran__", "__pub_user", "__pub_arg", "__pub_jid", "__pub_fun", "__pub_tgt", "__pub_ret", "__pub_pid", "__pub_tgt_type",
    ]).ToFrozenSet();

    /// <summary>What one reference means: module and name, where a bare text is any module's.</summary>
    public static IEnumerable<(string Module, Value Name)> References(Value references)
    {
        foreach (var reference in references is ListValue list ? list : ListValue.Create([references]))
            switch (reference)
            {
                case MapValue { Count: > 0 } map: yield return (map[0].Key.ToString().Split('.')[0], map[0].Value); break;
                case TextValue text: yield return ("id", text); break;
            }
    }
}
