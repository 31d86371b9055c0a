using System.Text.Json;
using SaltActors.Core.Functions;
using SaltActors.Core.Identity;
using SaltActors.Core.Values;
using SaltActors.Golden;
using SaltActors.States.Files;
using SaltActors.States.Pillars;

namespace SaltActors.Modules.Tests.Recorded;

/// <summary>The minion of a recorded case: no master, the case's folders as its roots, the grains that all cases share.</summary>
internal sealed class RecordedMinion : IDisposable
{
    private const string Grains = """
        {"os": "Debian", "os_family": "Debian", "osrelease": "12", "osmajorrelease": 12, "oscodename": "bookworm", "osfinger": "Debian-12", "osfullname": "Debian",
         "kernel": "Linux", "cpuarch": "x86_64", "osarch": "amd64", "fqdn": "golden.example.test", "host": "golden", "domain": "example.test", "nodename": "golden",
         "localhost": "golden", "init": "systemd", "num_cpus": 4, "mem_total": 2048, "virtual": "kvm", "shell": "/bin/sh", "roles": ["web", "db"], "id": "golden-minion"}
        """;

    private static readonly FunctionTable Functions = new(DeclaredFunctions.All);
    private readonly CallServices _services;
    private readonly MapValue _grains;
    private readonly MapValue _options;

    public RecordedMinion(string folder, JsonElement setUp)
    {
        Sandbox = Path.Combine(Directory.CreateTempSubdirectory("salt-golden-").FullName, "sandbox");
        Directory.CreateDirectory(Sandbox);
        if (setUp.TryGetProperty("sandbox_files", out var files))
            foreach (var file in files.EnumerateObject()) File.WriteAllText(Path.Combine(Sandbox, file.Name), file.Value.GetString());
        Root = folder;
        _options = MapValue.Of(("id", "golden-minion"), ("file_client", "local"), ("renderer", "jinja|yaml"), ("cachedir", Path.Combine(Sandbox, "cache")), ("hash_type", "sha256"),
            ("state_top", "top.sls"), ("file_roots", Roots(setUp, "file_roots", "states")), ("pillar_roots", Roots(setUp, "pillar_roots", "pillar")), ("pillar_source_merging_strategy", "smart"));
        if (setUp.TryGetProperty("config", out var config)) _options = _options.Over((MapValue)Filled(GoldenValues.Read(config)));
        if (setUp.TryGetProperty("pillar_safe_render_error", out var safe)) _options = _options.With("pillar_safe_render_error", safe.GetBoolean());
        _grains = ((MapValue)GoldenValues.Read(JsonDocument.Parse(Grains).RootElement)).With("sandbox", Sandbox);
        if (setUp.TryGetProperty("grains", out var more)) _grains = _grains.Over((MapValue)Filled(GoldenValues.Read(more)));
        var services = new CallServices { Files = new LocalFiles(FileServer.From(_options, _ => { }), _options) };
        _services = services = services with { Pillars = new LocalPillars(() => new CallContext { Functions = Functions, Options = _options, Services = services }, _options) };
        // As a minion that starts: the pillar is compiled once before anybody calls.
        Pillar = Compile();
    }

    public string Sandbox { get; }
    public string Root { get; }
    public MapValue Pillar { get; }

    public async Task<CallOutcome> Call(JsonElement call) =>
        await Invocation.RunAsync(Context(), FunctionKind.Execution, call.GetProperty("fun").GetString()!, Arguments(call));

    /// <summary>The answer alone; what the function throws is thrown.</summary>
    public async Task<Value> Answer(JsonElement call) => await Context().Call(call.GetProperty("fun").GetString()!, Arguments(call));

    /// <summary>The answer and the code that the call leaves; what the function throws is thrown.</summary>
    public async Task<CallOutcome> Outcome(JsonElement call)
    {
        var context = Context();
        return new(await context.Call(call.GetProperty("fun").GetString()!, Arguments(call)), context.Retcode, null);
    }

    /// <summary>A case whose calls write into its folders: it works on a copy of them.</summary>
    public static RecordedMinion Copied(string folder, JsonElement setUp)
    {
        var copy = Directory.CreateTempSubdirectory("salt-case-").FullName;
        foreach (var file in Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories))
        {
            var target = Path.Combine(copy, Path.GetRelativePath(folder, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target);
        }
        return new RecordedMinion(copy, setUp) { _isCopy = true };
    }

    /// <summary>True where the call only writes a file, which it has then done.</summary>
    public bool Wrote(JsonElement call)
    {
        const string Write = "write:";
        if (!call.GetProperty("fun").GetString()!.StartsWith(Write, StringComparison.Ordinal)) return false;
        File.WriteAllText(Filled(call.GetProperty("fun").GetString()![Write.Length..]).ToString(), Filled(call.GetProperty("content").GetString()!).ToString());
        return true;
    }

    private bool _isCopy;

    private CallContext Context() => new() { Functions = Functions, Options = _options, Grains = _grains, Pillar = Pillar, Services = _services };

    private CallArguments Arguments(JsonElement call) => new(
        call.TryGetProperty("arg", out var places) ? ((ListValue)Filled(GoldenValues.Read(places))).Items : [],
        call.TryGetProperty("kwarg", out var names) ? (MapValue)Filled(GoldenValues.Read(names)) : MapValue.Empty);

    /// <summary>A recorded value with the folders of this run in it.</summary>
    public Value Filled(Value value) => value switch
    {
        TextValue { Text: var text } => text.Replace("{SANDBOX}", Sandbox, StringComparison.Ordinal).Replace("{ROOT}", Root, StringComparison.Ordinal),
        ListValue list => new ListValue([.. list.Select(Filled)], list.IsTuple),
        MapValue map => MapValue.From(map.Select(e => KeyValuePair.Create(Filled(e.Key), Filled(e.Value)))),
        _ => value,
    };

    public void Dispose()
    {
        Directory.Delete(Sandbox, recursive: true);
        if (_isCopy) Directory.Delete(Root, recursive: true);
    }

    private MapValue Compile() => _services.Pillars!.CompileAsync(new PillarQuestion(MinionId.Parse("golden-minion"), _grains, null, null, MapValue.Empty), default).GetAwaiter().GetResult();

    private MapValue Roots(JsonElement setUp, string name, string standard) => setUp.TryGetProperty(name, out var given)
        ? MapValue.From(given.EnumerateObject().Select(e => KeyValuePair.Create(e.Name, (Value)ListValue.OfTexts(e.Value.EnumerateArray().Select(f => Path.Combine(Root, f.GetString()!))))))
        : MapValue.Of(("base", ListValue.OfTexts([Path.Combine(Root, standard)])));
}
