using SaltActors.Core.Functions;
using SaltActors.Core.Values;
using SaltActors.Rendering.Jinja;
using SaltActors.States.Templates;

namespace SaltActors.States.Compiler;

/// <summary>SLS names to high data: renders each file once, what it includes before itself.</summary>
/// <remarks>Follows Salt 3006, salt/state.py, render_state() and render_highstate().</remarks>
public sealed class HighBuilder
{
    private readonly SlsTree _tree;
    private readonly List<string> _errors;
    private readonly SlsReader _reader;
    private readonly HashSet<string> _done = [];
    private readonly IReadOnlyCollection<string> _matched;

    /// <param name="matched">The environments that the run is about, for includes that do not say theirs.</param>
    public HighBuilder(SlsTree tree, List<string> errors, IReadOnlyCollection<string> matched)
    {
        (_tree, _errors, _matched) = (tree, errors, matched);
        _reader = new SlsReader(new AutoOrder(tree.Call.Options.Get("state_auto_order") is not { IsTruthy: false }), errors);
    }

    /// <param name="matches">Environment → names or patterns of SLS files.</param>
    public HighData Build(IEnumerable<KeyValuePair<string, IReadOnlyList<string>>> matches)
    {
        var high = new HighData();
        foreach (var (saltenv, patterns) in matches)
            foreach (var pattern in patterns)
            {
                var names = _tree.Expand(saltenv, pattern).ToList();
                if (names.Count == 0) names.Add(pattern);
                foreach (var name in names)
                {
                    if (_done.Contains($"{saltenv}:{name}")) continue;
                    foreach (var id in Read(saltenv, name, isIncluded: false, high)) Merge(high, id);
                }
            }
        return high;
    }

    private List<HighId> Read(string saltenv, string sls, bool isIncluded, HighData high)
    {
        var read = new List<HighId>();
        if (_tree.Find(saltenv, sls) is not { } source)
        {
            _errors.Add(isIncluded ? $"Specified SLS {sls} in saltenv {saltenv} is not available on the salt master or through a configured fileserver" : $"No matching sls found for '{sls}' in env '{saltenv}'");
            return read;
        }
        _done.Add($"{saltenv}:{sls}");
        if (Render(saltenv, sls, source) is not { } data) return read;
        var included = new List<HighId>();
        if (data.TryGet("include", out var includes)) Include(saltenv, sls, source, includes, included, high);
        if (data.TryGet("extend", out var extend)) Extend(saltenv, sls, extend, high);
        if (data.TryGet("exclude", out var exclude)) Exclude(saltenv, sls, exclude, high);
        // A list that is none stays where it stood: it is an id as bad as any.
        if (data.Get("include") is { } bad and not ListValue) _reader.Read("include", bad, sls, saltenv);
        read.AddRange(_reader.Ids(data, sls, saltenv));
        read.AddRange(included);
        return read;
    }

    private MapValue? Render(string saltenv, string sls, TemplateSource source)
    {
        Value? made;
        try
        {
            made = _tree.Render(saltenv, sls, source);
        }
        catch (RenderFailed failed)
        {
            _tree.Call.Services.Log?.Write(LogSeverity.Critical, $"Rendering SLS '{saltenv}:{sls}' failed: {failed.Detail}");
            _errors.Add($"Rendering SLS '{saltenv}:{sls}' failed: {failed.Message}");
            return null;
        }
        if (made is null or NullValue) return null;
        if (made is MapValue map) return map;
        _errors.Add($"SLS {sls} does not render to a dictionary");
        _errors.Add($"Error when rendering state with contents: {made}");
        return null;
    }

    private void Include(string saltenv, string sls, TemplateSource source, Value includes, List<HighId> read, HighData high)
    {
        if (includes is not ListValue list)
        {
            _errors.Add($"Include Declaration in SLS {sls} is not formed as a list");
            return;
        }
        const string AnyEnvironment = "_xenv";
        foreach (var item in list)
        {
            var (wanted, env) = (item.ToString(), saltenv);
            if (item is MapValue { Count: 1 } map) (env, wanted) = (map[0].Key.ToString(), map[0].Value.ToString());
            if (wanted.StartsWith('.'))
            {
                if (Relative(sls, source, wanted) is not { } absolute)
                {
                    _errors.Add($"Attempted relative include of '{wanted}' within SLS '{saltenv}:{sls}' goes beyond top level package ");
                    continue;
                }
                wanted = absolute;
            }
            if (env == AnyEnvironment)
            {
                var places = _matched.Where(e => _tree.Available(e).Contains(wanted)).ToList();
                if (places.Count != 1)
                {
                    _errors.Add(places.Count == 0 ? $"Unknown include: Specified SLS {wanted} is not available in any matched environment"
                        : $"Ambiguous include: Specified SLS {wanted} is available on the salt master in multiple available environments: {string.Join(", ", places)}");
                    continue;
                }
                env = places[0];
            }
            if (env != saltenv && !_tree.Environments.Contains(env))
            {
                _errors.Add($"Nonexistent saltenv '{env}' found in include of '{wanted}' within SLS '{saltenv}:{sls}'");
                continue;
            }
            var names = _tree.Expand(env, wanted).ToList();
            if (names.Count == 0) names.Add(wanted);
            foreach (var name in names)
                if (!_done.Contains($"{env}:{name}")) read.AddRange(Read(env, name, isIncluded: true, high));
        }
    }

    // One dot is the package itself, each further one a level up. An init.sls is its package.
    private static string? Relative(string sls, TemplateSource source, string wanted)
    {
        var dots = wanted.TakeWhile(c => c == '.').Count();
        var package = sls.Split('.').ToList();
        if (source.Name.EndsWith("/init.sls", StringComparison.Ordinal)) package.Add("init");
        if (dots > package.Count) return null;
        return string.Join('.', [.. package[..(package.Count - dots)], wanted[dots..]]);
    }

    private void Extend(string saltenv, string sls, Value extend, HighData high)
    {
        if (extend is not MapValue map)
        {
            _errors.Add($"Extension name in SLS '{sls}' is not a dictionary");
            return;
        }
        foreach (var (id, body) in map)
            if (body is not MapValue) _errors.Add($"Extension name '{id}' in SLS '{sls}' is not a dictionary");
            else if (_reader.Read(id, body, sls, saltenv) is { } read) high.Extends.Add(read);
    }

    private void Exclude(string saltenv, string sls, Value exclude, HighData high)
    {
        _ = saltenv;
        if (exclude is ListValue list) high.Excludes.AddRange(list);
        else _errors.Add($"Exclude Declaration in SLS {sls} is not formed as a list");
    }

    private void Merge(HighData high, HighId id)
    {
        if (high.TryAdd(id)) return;
        var there = high.Find(id.Id)!;
        _errors.Add($"Detected conflicting IDs, SLS IDs need to be globally unique.\n    The conflicting ID is '{id.Id}' and is found in SLS '{there.SaltEnv}:{there.Sls}' and SLS '{id.SaltEnv}:{id.Sls}'");
    }
}
