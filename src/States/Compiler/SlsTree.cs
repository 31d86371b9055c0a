using System.Collections.Immutable;
using SaltActors.Core.Functions;
using SaltActors.Core.Values;
using SaltActors.Rendering.Jinja;
using SaltActors.States.Files;
using SaltActors.States.Templates;

namespace SaltActors.States.Compiler;

/// <summary>Where SLS files come from, and how they are rendered. For one run, on one thread that may wait.</summary>
public sealed class SlsTree(CallContext call, IFileSource files)
{
    private readonly Dictionary<string, ImmutableArray<string>> _available = [];
    private ImmutableArray<string>? _environments;

    public CallContext Call => call;
    public string Renderer => call.Options.TextOf("renderer") ?? "jinja|yaml";
    public ImmutableArray<string> Environments => _environments ??= Wait(files.EnvironmentsAsync(call.Stopped));

    /// <summary>The names of all SLS files of an environment, in the order of their files.</summary>
    public ImmutableArray<string> Available(string saltenv)
    {
        if (_available.TryGetValue(saltenv, out var known)) return known;
        const string Ending = ".sls", Init = ".init";
        return _available[saltenv] = [.. Wait(files.ListAsync(FileListing.Files, saltenv, "", call.Stopped)).Where(f => f.EndsWith(Ending, StringComparison.Ordinal))
            .Select(f => f[..^Ending.Length].Replace('/', '.')).Select(n => n.EndsWith(Init, StringComparison.Ordinal) ? n[..^Init.Length] : n)];
    }

    /// <summary>What a pattern means; a name that is none means itself.</summary>
    public IEnumerable<string> Expand(string saltenv, string pattern) =>
        pattern.AsSpan().IndexOfAny("*?[") < 0 ? [pattern] : Available(saltenv).Where(n => NamePattern.Matches(pattern, n));

    /// <summary>A file of the tree, or null.</summary>
    public TemplateSource? File(string saltenv, string path) =>
        Wait(files.CacheAsync(FileUrl.Scheme + "|" + path, saltenv, call.Stopped)) is { } local ? TemplateText.Read(path, local) : null;

    /// <summary>The file of an SLS: <c>a/b.sls</c>, else <c>a/b/init.sls</c>.</summary>
    public TemplateSource? Find(string saltenv, string sls)
    {
        var path = sls.Replace('.', '/');
        return File(saltenv, path + ".sls") ?? File(saltenv, path + "/init.sls");
    }

    /// <exception cref="RenderFailed">It cannot be rendered.</exception>
    public Value? Render(string saltenv, string sls, TemplateSource source) => TemplateEngine.Render(new RenderTask
    {
        Call = call,
        Source = source,
        Files = new ServedTemplates(files, saltenv, call.Stopped),
        SaltEnv = saltenv,
        Sls = sls,
    }, Renderer);

    private static T Wait<T>(Task<T> task) => task.GetAwaiter().GetResult();
}
