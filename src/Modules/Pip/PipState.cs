using SaltActors.Core.Functions;
using SaltActors.Core.Values;
using SaltActors.Modules.Cp;

namespace SaltActors.Modules.Pip;

/// <summary>The states <c>pip.installed</c> and <c>pip.removed</c>.</summary>
/// <remarks>Follows Salt 3006, salt/states/pip_state.py.</remarks>
public static class PipState
{
    /// <summary>Keeps Python packages installed.</summary>
    /// <param name="name">The requirement, where <c>pkgs</c> and <c>requirements</c> name none.</param>
    /// <param name="pkgs">Requirements.</param>
    /// <param name="requirements">The address of a file of requirements; what is in it is left to pip.</param>
    /// <param name="binEnv">A virtual environment, or the path of a <c>pip</c>.</param>
    /// <param name="upgrade">To the newest version that fits.</param>
    /// <param name="forceReinstall">Install again what is there.</param>
    /// <param name="indexUrl">The index.</param>
    /// <param name="extraIndexUrl">One more index.</param>
    /// <param name="noDeps">Without what they need.</param>
    /// <param name="extraArgs">More arguments for pip.</param>
    /// <param name="user">Who runs the program.</param>
    /// <param name="cwd">Where.</param>
    /// <param name="kwargs"><c>saltenv</c> …</param>
    [SaltState("pip.installed")]
    public static async Task<MapValue> Installed(
        CallContext context, string name, ListValue? pkgs = null, string? requirements = null, string? binEnv = null, bool upgrade = false, bool forceReinstall = false, string? indexUrl = null,
        string? extraIndexUrl = null, bool noDeps = false, ListValue? extraArgs = null, string? user = null, string? cwd = null, [Keywords] MapValue? kwargs = null)
    {
        foreach (var (option, value) in kwargs ?? MapValue.Empty)
            if (option.AsText() is not ("saltenv" or "sfun") && !option.ToString().StartsWith("__", StringComparison.Ordinal) && value.IsTruthy) return StateResult.Failed(name, $"{option}: this option of pip is not there in this version; extra_args hands it to pip");
        try
        {
            string? file = null;
            if (requirements is not null)
            {
                var env = kwargs?.TextOf("__env__") ?? "base";
                file = await CpFiles.GetAsync(context, requirements, env).ConfigureAwait(false);
                if (file is null) return StateResult.Failed(name, $"Requirements file {requirements} not found in saltenv '{env}'");
            }
            var (wanted, lines) = (new List<PythonRequirement>(), new List<string>());
            foreach (var text in pkgs?.Select(p => p.ToString()) ?? (file is null ? [name] : []))
            {
                if (PythonRequirement.Of(text) is not { } requirement) return StateResult.Failed(name, $"pip raised an exception while parsing '{text}': Invalid requirement: '{text}'");
                wanted.Add(requirement);
            }
            var before = Normal(await PipModule.List(context, null, binEnv, user, cwd).ConfigureAwait(false));
            var missing = wanted.Where(w => forceReinstall || upgrade || before.Get(w.Name)?.AsText() is not { } version || !w.Fits(version)).ToList();
            lines.AddRange(wanted.Except(missing).Select(w => $"Python package {w.Text} was already installed"));
            if (missing.Count == 0 && file is null) return StateResult.Of(name, true, string.Join('\n', lines.Append("All specified packages are already installed")));
            if (context.IsTest)
            {
                lines.AddRange(missing.Select(w => $"Python package {w.Text} is set to be installed"));
                if (file is not null) lines.Add($"Requirements file '{requirements}' will be processed.");
                return StateResult.Of(name, null, string.Join('\n', lines));
            }
            var answer = await PipModule.Install(context, ListValue.OfTexts(missing.Select(m => m.Text)), file, binEnv, upgrade, indexUrl, extraIndexUrl, noDeps, forceReinstall, extraArgs, user, cwd).ConfigureAwait(false);
            if (answer.Get("retcode")?.AsInteger() != 0)
                return StateResult.Failed(name, $"Failed to install packages: {(file is null ? string.Join(", ", missing.Select(m => m.Text)) : requirements)}. Error: {answer.TextOf("stdout")} {answer.TextOf("stderr")}".TrimEnd());
            var after = Normal(await PipModule.List(context, null, binEnv, user, cwd).ConfigureAwait(false));
            var changes = MapValue.From(after.Where(p => !(before.Get(p.Key)?.Equals(p.Value) ?? false)).Select(p => KeyValuePair.Create((Value)$"{p.Key}=={p.Value}", (Value)"Installed")));
            if (forceReinstall) foreach (var each in missing.Where(m => after.Has(m.Name))) changes = changes.With($"{each.Name}=={after.Get(each.Name)}", "Installed");
            var failed = missing.Where(m => after.Get(m.Name)?.AsText() is not { } version || !m.Fits(version)).ToList();
            if (failed.Count > 0) return StateResult.Of(name, false, $"These packages are not there after all: {string.Join(", ", failed.Select(f => f.Text))}", changes);
            if (changes.Count == 0) return StateResult.Of(name, true, string.Join('\n', lines.Concat(missing.Select(w => $"Python package {w.Text} was already installed")).Append(file is null ? "All specified packages are already installed" : "Requirements were already installed.")));
            return StateResult.Of(name, true, string.Join('\n', lines.Append(file is null ? "All packages were successfully installed" : $"Successfully processed requirements file {requirements}.")), changes);
        }
        catch (CommandFailed failed)
        {
            return StateResult.Failed(name, failed.Message);
        }
    }

    /// <summary>Keeps a Python package away.</summary>
    /// <param name="name">The package.</param>
    /// <param name="binEnv">A virtual environment, or the path of a <c>pip</c>.</param>
    /// <param name="user">Who runs the program.</param>
    /// <param name="cwd">Where.</param>
    /// <param name="kwargs">Taken for compatibility.</param>
    [SaltState("pip.removed")]
    public static async Task<MapValue> Removed(CallContext context, string name, string? binEnv = null, string? user = null, string? cwd = null, [Keywords] MapValue? kwargs = null)
    {
        _ = kwargs;
        try
        {
            if (!Normal(await PipModule.List(context, null, binEnv, user, cwd).ConfigureAwait(false)).Has(PythonRequirement.Normal(name))) return StateResult.Of(name, true, "Package is not installed.");
            if (context.IsTest) return StateResult.Of(name, null, $"Package {name} is set to be removed");
            var answer = await PipModule.Uninstall(context, name, binEnv, user, cwd).ConfigureAwait(false);
            return answer.Get("retcode")?.AsInteger() == 0 ? StateResult.Of(name, true, "Package was successfully removed.", MapValue.Of((name, "Removed"))) : StateResult.Failed(name, $"Could not remove package: {answer.TextOf("stderr")}".TrimEnd());
        }
        catch (CommandFailed failed)
        {
            return StateResult.Failed(name, $"Error uninstalling '{name}': {failed.Message}");
        }
    }

    private static MapValue Normal(MapValue packages) => MapValue.From(packages.Select(p => KeyValuePair.Create((Value)PythonRequirement.Normal(p.Key.ToString()), p.Value)));
}
