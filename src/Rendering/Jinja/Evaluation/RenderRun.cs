using System.Runtime.CompilerServices;
using SaltActors.Rendering.Jinja.Errors;
using SaltActors.Rendering.Jinja.Globals;
using SaltActors.Rendering.Jinja.Lexing;
using SaltActors.Rendering.Jinja.Objects;
using SaltActors.Rendering.Jinja.Syntax;

namespace SaltActors.Rendering.Jinja.Evaluation;

/// <summary>One piece of template code that is running: a template's own code, a macro or a block.</summary>
/// <param name="CountsForLine">False in a block: Salt takes the line of the innermost code that is none.</param>
public sealed record RunningCode(Template Template, string What, bool CountsForLine)
{
    /// <summary>The line of the statement at work.</summary>
    public int Line { get; set; } = 1;
}

/// <summary>All that one rendering shares: host, limits, loaded templates, and what is running, innermost last.</summary>
public sealed class RenderRun(ITemplateHost host, RenderSettings settings, TemplateCache cache)
{
    private const int ClockEvery = 1024;
    private readonly Dictionary<string, Template> _loaded = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Obj> _globals = new(StringComparer.Ordinal);
    private readonly long _started = settings.Time.GetTimestamp();
    private readonly List<RunningCode> _running = [];
    private int _ticks;
    private string? _folder;

    public ITemplateHost Host => host;
    public RenderSettings Settings => settings;
    public RenderLimits Limits => settings.Limits;
    public bool IsStrict => !settings.AllowUndefined;
    public Random Random { get; } = settings.Random ?? Random.Shared;
    /// <summary>The expression at work, for the column of an error.</summary>
    public Expression? At { get; set; }
    /// <summary>The innermost of them; null only before the first.</summary>
    public RunningCode Top { get; private set; } = null!;
    public IReadOnlyList<RunningCode> Running => _running;

    public void Enter(Template template, string what, bool countsForLine = true)
    {
        if (_running.Count >= Limits.Depth || !RuntimeHelpers.TryEnsureSufficientExecutionStack())
            throw JinjaFault.Other("maximum recursion depth exceeded");
        Top = new(template, what, countsForLine);
        _running.Add(Top);
    }

    // Never in a finally: after a fault, what ran stays to be told.
    public void Leave()
    {
        _running.RemoveAt(_running.Count - 1);
        Top = _running.Count > 0 ? _running[^1] : null!;
    }

    public int Depth => _running.Count;

    /// <summary>Forgets what a fault left that was taken as an answer.</summary>
    public void LeaveDownTo(int depth)
    {
        while (_running.Count > depth) Leave();
    }

    /// <summary>Called in every loop: keeps the time limit and the cancellation.</summary>
    public void Tick()
    {
        if (++_ticks % ClockEvery != 0) return;
        settings.Cancellation.ThrowIfCancellationRequested();
        if (settings.Time.GetElapsedTime(_started) > Limits.Time) throw JinjaFault.Limit("the template renders too long", $"{Limits.Time.TotalSeconds} s");
    }

    public void CheckText(long chars)
    {
        if (chars > Limits.TextChars) throw JinjaFault.Limit($"a text of {chars} characters", $"{Limits.TextChars}");
    }

    public void CheckItems(long items)
    {
        if (items > Limits.ListItems) throw JinjaFault.Limit($"a list of {items} items", $"{Limits.ListItems}");
    }

    public UndefinedObj Undefined(string problem) => new(problem, IsStrict);
    public UndefinedObj Missing(string name) => new($"'{name}' is undefined", IsStrict);

    /// <summary>What the host or Jinja itself calls by this name, or null.</summary>
    public Obj? Global(string name)
    {
        if (_globals.TryGetValue(name, out var known)) return known;
        if ((host.Variables.TryGetValue(name, out var value) ? HostObjects.ToObj(name, value) : HostObjects.Find(name, host) ?? GlobalFunctions.Find(name)) is not { } made) return null;
        return _globals[name] = made;
    }

    /// <summary>Where Salt's loader believes to be: the place of what it loaded last, told to templates that are imported without context.</summary>
    /// <remarks>A relative name keeps the folder that was, and becomes the file's name as it is written: salt/utils/jinja.py, get_source().</remarks>
    public GivenNames? LastLoaded { get; private set; }

    /// <summary>The template of this name; one that was loaded under it before is not loaded again.</summary>
    /// <exception cref="JinjaFault">It is not there, or is no template.</exception>
    public Template Load(string name)
    {
        if (_loaded.TryGetValue(name, out var known)) return known;
        var isRelative = name.Split('/', 2)[0] is "." or "..";
        _folder ??= host.Variables.TryGetValue("tpldir", out var told) ? told.AsText() : null;
        var path = isRelative ? _folder is null ? null : Normal($"{_folder}/{name}") : Normal(name);
        if (path is null || host.Load(path) is not { } source) throw new JinjaFault(FaultKind.NotFound, name);
        if (!isRelative) _folder = path.LastIndexOf('/') is >= 0 and var slash ? path[..slash] : ".";
        LastLoaded = new(new(StringComparer.Ordinal)
        {
            ["tplfile"] = isRelative ? name : path,
            ["tpldir"] = _folder!,
            ["tpldot"] = _folder == "." ? "" : _folder!.Replace('/', '.'),
        }, null);
        return _loaded[name] = cache.Get(source, settings.Syntax);
    }

    // Null where the path leads above the root.
    private static string? Normal(string path)
    {
        var parts = new List<string>();
        foreach (var part in path.Split('/'))
            switch (part)
            {
                case "" or ".": break;
                case ".." when parts.Count == 0: return null;
                case "..": parts.RemoveAt(parts.Count - 1); break;
                default: parts.Add(part); break;
            }
        return parts.Count == 0 ? null : string.Join('/', parts);
    }
}

/// <summary>Templates that were read, by their content and syntax; one cache may serve all threads.</summary>
public sealed class TemplateCache(int capacity = 1024)
{
    private readonly System.Collections.Concurrent.ConcurrentDictionary<(TemplateSource, JinjaSyntax), Template> _templates = new();

    public Template Get(TemplateSource source, JinjaSyntax syntax)
    {
        if (_templates.TryGetValue((source, syntax), out var known)) return known;
        var template = Parsing.JinjaParser.Parse(source, syntax);
        // Content that changes for ever must not be kept for ever.
        if (_templates.Count >= capacity) _templates.Clear();
        return _templates.GetOrAdd((source, syntax), template);
    }
}
