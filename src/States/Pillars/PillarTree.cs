using SaltActors.Core.Functions;
using SaltActors.Core.Values;
using SaltActors.States.Files;
using SaltActors.States.Templates;

namespace SaltActors.States.Pillars;

/// <summary>Renders the SLS files of a pillar, with what they include.</summary>
/// <remarks>Follows Salt 3006, salt/pillar/__init__.py, render_pstate() and render_pillar().</remarks>
internal sealed class PillarTree(PillarScene scene, List<string> errors)
{
    private readonly HashSet<(string Environment, string Name)> _mayBeMissing = [];
    private readonly Dictionary<string, string[]> _available = [];

    internal void MayBeMissing(string environment, string name) => _mayBeMissing.Add((environment, name));

    internal FoundFile? FindSls(string environment, string name)
    {
        var path = name.Replace('.', '/');
        return scene.Roots.Find(environment, path + ".sls") ?? scene.Roots.Find(environment, path + "/init.sls");
    }

    /// <exception cref="RenderFailed">The file cannot be rendered.</exception>
    internal Value? Render(string environment, FoundFile file, string sls, MapValue defaults) => TemplateEngine.Render(new RenderTask
    {
        Call = scene.Call,
        Source = TemplateText.Read(file.Relative, file.Path),
        Files = new TreeTemplates(scene.Roots, environment),
        SaltEnv = environment,
        Sls = sls,
        Variables = defaults,
        Calling = scene.Calling,
    }, scene.Renderer);

    internal MapValue RenderAll(Dictionary<string, List<string>> matches)
    {
        var pillar = MapValue.Empty;
        foreach (var (environment, names) in matches)
        {
            var rendered = new Dictionary<string, MapValue?>();
            foreach (var name in names.SelectMany(n => Expand(environment, n)))
                if (RenderSls(environment, name, MapValue.Empty, rendered) is { } data) pillar = scene.Merge(pillar, data);
        }
        return pillar;
    }

    private MapValue? RenderSls(string environment, string sls, MapValue defaults, Dictionary<string, MapValue?> rendered)
    {
        rendered[sls] = null;   // one that includes itself ends here
        if (FindSls(environment, sls) is not { } file)
        {
            if (!_mayBeMissing.Contains((environment, sls)))
                errors.Add(scene.Roots.HasEnvironment(environment) ? $"Specified SLS '{sls}' in environment '{environment}' is not available on the salt master"
                    : $"Specified SLS '{sls}' in environment '{environment}' was not found. This environment does not exist on the salt master");
            return null;
        }
        Value? made;
        try
        {
            made = Render(environment, file, sls, defaults);
        }
        catch (RenderFailed failed)
        {
            scene.Log?.Write(LogSeverity.Critical, $"Rendering SLS '{sls}' failed, render error:\n{failed.Detail}");
            errors.Add(scene.Options.Get("pillar_safe_render_error") is { IsTruthy: false } ? $"Rendering SLS '{sls}' failed, render error:\n{failed.Message}"
                : $"Rendering SLS '{sls}' failed. Please see master log for details.");
            return null;
        }
        if (made is null or { IsTruthy: false }) return null;
        if (made is not MapValue data)
        {
            errors.Add($"SLS '{sls}' does not render to a dictionary");
            return null;
        }
        return rendered[sls] = data.TryGet("include", out var includes) ? WithIncluded(environment, sls, file, data.Without("include"), includes, defaults, rendered) : data;
    }

    // What is included comes first, so that the file has the last word; or the other way round.
    private MapValue WithIncluded(string environment, string sls, FoundFile file, MapValue own, Value includes, MapValue defaults, Dictionary<string, MapValue?> rendered)
    {
        if (includes is not ListValue list)
        {
            errors.Add($"Include Declaration in SLS '{sls}' is not formed as a list");
            return own;
        }
        var overrides = scene.Options.Get("pillar_includes_override_sls") is { IsTruthy: true };
        var (state, first) = (own, (MapValue?)null);
        foreach (var item in list)
        {
            string? key = null;
            var name = item.ToString();
            if (item is MapValue { Count: > 0 } map)
            {
                name = map[0].Key.ToString();
                if (map[0].Value is MapValue more)
                {
                    key = more.TextOf("key");
                    // They stay in force for what is included after.
                    defaults = more.MapOf("defaults");
                }
            }
            if (name.StartsWith('.')) name = Relative(sls, file, name);
            foreach (var one in Expand(environment, name))
            {
                if (!rendered.TryGetValue(one, out var data)) data = RenderSls(environment, one, defaults, rendered);
                if (data is null or { Count: 0 }) continue;
                if (key is not null)
                    foreach (var step in key.Split(':').Reverse()) data = MapValue.Of((step, data));
                if (overrides) state = scene.Merge(state, data);
                else first = first is null ? data : scene.Merge(first, data);
            }
        }
        return first is null ? state : scene.Merge(first, state);
    }

    private static string Relative(string sls, FoundFile file, string name)
    {
        var parts = sls.Split('.');
        var folder = file.Relative.EndsWith("/init.sls", StringComparison.Ordinal) ? parts : parts[..^1];
        return string.Join('.', [.. folder, name[1..]]);
    }

    // A name with wildcards means all that there are; one that means nobody is looked for as it stands, and then missed.
    private string[] Expand(string environment, string name)
    {
        name = name.Replace('/', '.');
        if (name.AsSpan().IndexOfAny("*?[") < 0) return [name];
        var found = Available(environment).Where(n => NamePattern.Matches(name, n)).ToArray();
        return found.Length > 0 ? found : [name];
    }

    private string[] Available(string environment)
    {
        if (_available.TryGetValue(environment, out var known)) return known;
        const string Ending = ".sls", Init = ".init";
        return _available[environment] = [.. scene.Roots.Files(environment, "").Where(f => f.EndsWith(Ending, StringComparison.Ordinal))
            .Select(f => f[..^Ending.Length].Replace('/', '.')).Select(n => n.EndsWith(Init, StringComparison.Ordinal) ? n[..^Init.Length] : n)];
    }
}
