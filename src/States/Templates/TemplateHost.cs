using SaltActors.Core.Functions;
using SaltActors.Core.Values;
using SaltActors.Rendering.Jinja;

namespace SaltActors.States.Templates;

/// <summary>What a template of Salt sees: grains, pillar, options, the place it stands in, and every execution function.</summary>
/// <remarks>Follows Salt 3006, salt/utils/templates.py, wrap_tmpl_func() and generate_sls_context().</remarks>
internal sealed class TemplateHost : ITemplateHost
{
    private readonly RenderTask _task;
    private readonly Dictionary<string, Value> _variables;
    private CallContext? _calls;

    public TemplateHost(RenderTask task)
    {
        _task = task;
        var call = task.Call;
        _variables = new(StringComparer.Ordinal)
        {
            ["grains"] = call.Grains,
            ["pillar"] = call.Pillar,
            ["opts"] = call.Options,
            ["saltenv"] = task.SaltEnv,
            ["sls"] = task.Sls,
        };
        foreach (var (name, value) in PlaceOf(task)) _variables[name] = value;
        foreach (var (name, value) in task.Variables) _variables[name.ToString()] = value;
    }

    public IReadOnlyDictionary<string, Value> Variables => _variables;

    public ITemplateMachine Machine
    {
        get
        {
            _task.Calling?.Invoke("a filter that asks the machine");
            return RenderingMachine.Local;
        }
    }

    public TemplateSource? Load(string path) => _task.Files.Load(path);

    public bool HasFunction(string name) => _task.Call.Functions.Find(FunctionKind.Execution, name) is not null;

    public bool HasModule(string name) => _task.Call.Functions.HasModule(FunctionKind.Execution, name);

    public Value Call(string name, ListValue arguments, MapValue keywords)
    {
        _task.Calling?.Invoke(name);
        _calls ??= _task.Call.ForInnerCalls();
        var running = _calls.Call(name, new CallArguments(arguments.Items, keywords));
        // A template is rendered from its first line to its last: this thread waits.
        return running.IsCompletedSuccessfully ? running.Result : running.AsTask().GetAwaiter().GetResult();
    }

    public bool ChangesItsFirstArgument(string name, MapValue keywords) => name switch
    {
        "slsutil.update" => true,
        "defaults.merge" or "defaults.update" => keywords.Get("in_place") is not { IsTruthy: false },
        _ => false,
    };

    private static IEnumerable<(string, Value)> PlaceOf(RenderTask task)
    {
        var path = task.Source.Path ?? task.Source.Name;
        var (file, stem) = (path.Replace('\\', '/'), task.Sls.Replace('.', '/'));
        // The path is cut to what lies below the root.
        string template;
        if (task.Sls.Length > 0 && EndsWithPath(file, stem + ".sls")) template = stem + ".sls";
        else if (task.Sls.Length > 0 && EndsWithPath(file, stem + "/init.sls")) template = stem + "/init.sls";
        else template = task.Sls.Length > 0 ? task.Source.Name : file[(file.LastIndexOf('/') + 1)..];
        var folder = template.LastIndexOf('/') is >= 0 and var slash ? template[..slash] : "";
        var slsFolder = EndsWithPath(file, stem + "/init.sls") ? stem : stem.LastIndexOf('/') is >= 0 and var last ? stem[..last] : "";
        yield return ("tplpath", path);
        yield return ("tplfile", template);
        yield return ("tpldir", folder.Length == 0 ? "." : folder);
        yield return ("tpldot", folder.Replace('/', '.'));
        yield return ("slspath", slsFolder);
        yield return ("slsdotpath", slsFolder.Replace('/', '.'));
        yield return ("slscolonpath", slsFolder.Replace('/', ':'));
        yield return ("sls_path", slsFolder.Replace('/', '_'));
    }

    private static bool EndsWithPath(string path, string end) => path == end || path.EndsWith('/' + end, StringComparison.Ordinal);
}
