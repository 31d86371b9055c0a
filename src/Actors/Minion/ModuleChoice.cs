using SaltActors.Core.Functions;
using SaltActors.Core.Returners;
using SaltActors.Core.Values;

namespace SaltActors.Actors.Minion;

/// <summary>Which modules a minion has: all that are built in, but those of <c>disable_modules</c>; with <c>whitelist_modules</c> those alone.</summary>
/// <remarks>Salt names files there (<c>cmdmod</c>), most users modules (<c>cmd</c>): both are understood.</remarks>
public static class ModuleChoice
{
    // Files of Salt 3006's modules whose name is not the module's.
    private static readonly Dictionary<string, string> FileNames = new()
    {
        ["cmdmod"] = "cmd",
        ["sysmod"] = "sys",
        ["mod_random"] = "random",
        ["hashutil"] = "hash",
        ["aptpkg"] = "pkg",
        ["yumpkg"] = "pkg",
        ["zypperpkg"] = "pkg",
        ["systemd_service"] = "service",
        ["debian_service"] = "service",
        ["rh_service"] = "service",
        ["useradd"] = "user",
        ["groupadd"] = "group",
        ["linux_shadow"] = "shadow",
        ["debian_ip"] = "ip",
        ["rh_ip"] = "ip",
        ["linux_sysctl"] = "sysctl",
        ["dockermod"] = "docker",
        ["test_virtual"] = "test",
        ["virtualenv_mod"] = "virtualenv",
        ["data"] = "data",
        ["statemod"] = "state",
        ["localemod"] = "locale",
        ["pkg_resource"] = "pkg_resource",
        ["linux_lvm"] = "lvm",
        ["mdadm_raid"] = "raid",
    };

    public static FunctionTable Of(FunctionTable functions, MapValue options)
    {
        var (disabled, allowed) = (NamesOf(options, "disable_modules"), NamesOf(options, "whitelist_modules"));
        return disabled.Count == 0 && allowed.Count == 0 ? functions
            : new FunctionTable(functions.All.Where(f => f.Kind != FunctionKind.Execution || (!disabled.Contains(f.Module) && (allowed.Count == 0 || allowed.Contains(f.Module)))));
    }

    public static ReturnerTable Of(ReturnerTable returners, MapValue options)
    {
        var disabled = options.ListOf("disable_returners").Items.Select(n => n.ToString()).ToHashSet();
        return disabled.Count == 0 ? returners : new ReturnerTable(returners.Names.Where(n => !disabled.Contains(n)).Select(n => returners.Find(n)!));
    }

    private static HashSet<string> NamesOf(MapValue options, string option) =>
        [.. options.ListOf(option).Items.Select(n => n.ToString()).SelectMany(n => FileNames.TryGetValue(n, out var module) ? new[] { n, module } : [n])];
}
