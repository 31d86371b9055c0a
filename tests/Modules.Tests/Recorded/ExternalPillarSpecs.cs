using System.Net;
using SaltActors.Core.Functions;
using SaltActors.Core.Identity;
using SaltActors.Core.Values;
using SaltActors.States.Files;
using SaltActors.States.Pillars;

namespace SaltActors.Modules.Tests.Recorded;

/// <summary>Sources of pillar data beside the roots. What <c>stack</c> makes of its files was compared with Salt 3006.18.</summary>
public sealed class ExternalPillarSpecs : IDisposable
{
    private readonly TestFolder _folder = new();

    public ExternalPillarSpecs()
    {
        Put("pillar/top.sls", "base: {'*': [a]}\n");
        Put("pillar/a.sls", "v: 1\n");
    }

    [Fact]
    public async Task Folders_become_maps_and_files_texts_the_host_over_its_groups()
    {
        Put("tree/hosts/m1/app/password", "secret\n");
        Put("tree/hosts/other/app/password", "not mine\n");
        Put("tree/nodegroups/web/app/password", "of all\n");
        Put("tree/nodegroups/web/motd", "one\ntwo\n");
        Put("tree/nodegroups/db/motd", "not mine\n");
        var pillar = await Compile(MapValue.Of(("file_tree", MapValue.Of(("root_dir", Path.Combine(_folder.Path, "tree"))))));
        Assert.Equal("{'app': {'password': 'secret'}, 'motd': 'one\\ntwo', 'v': 1}", PythonText.Repr(Sorted(pillar)));
    }

    [Fact]
    public async Task The_groups_of_a_minion_are_named() =>
        Assert.Equal("['all', 'web']", PythonText.Repr((await Compile(MapValue.Of(("nodegroups", MapValue.Of(("pillar_name", "mine")))))).Get("mine")!));

    [Fact]
    public async Task A_row_of_a_table_is_found_by_the_id()
    {
        Put("t.csv", "id,role,x\nm0,db,1\nm1,\"web, \"\"q\"\"\nline\",2,more\n");
        var settings = MapValue.Of(("path", Path.Combine(_folder.Path, "t.csv")), ("namespace", "row"), ("restkey", "rest"));
        Assert.Equal("{'id': 'm1', 'role': 'web, \"q\"\\nline', 'x': '2', 'rest': ['more']}", PythonText.Repr((await Compile(MapValue.Of(("csvpillar", settings)))).Get("row")!));
        var broken = await Compile(MapValue.Of(("csvpillar", settings.With("idkey", "nope"))));
        Assert.Contains("Failed to load ext_pillar csvpillar", PythonText.Repr(broken.Get("_errors")!), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_stack_lays_its_files_over_one_another_as_they_say()
    {
        Put("stack/stack.cfg", "core.yml\n{{ minion_id }}.yml\nsub/*.yml\n{% if __grains__['kernel'] == 'Linux' %}linux.yml{% endif %}\nnope.yml\n");
        Put("stack/core.yml", "a: 1\nl: [1, 2]\nd: {x: 1, y: {z: 1}}\n");
        Put("stack/m1.yml", "a: 2\nl: [3]\nd:\n  __: merge-first\n  x: 9\n  w: {{ stack.a }}\n");
        Put("stack/sub/b.yml", "l:\n  - __: remove\n  - 2\nd:\n  y:\n    __: overwrite\n    q: 1\n");
        Put("stack/linux.yml", "l:\n - __: merge-first\n - 0\nnew:\n  __: overwrite\n  k: 1\nv2: {{ pillar.v }}\n");
        var pillar = await Compile(MapValue.Of(("stack", Path.Combine(_folder.Path, "stack/stack.cfg"))));
        Assert.Equal("{'a': 2, 'd': {'w': 1, 'x': 1, 'y': {'q': 1}}, 'l': [0, 1, 3], 'new': {'k': 1}, 'v': 1, 'v2': 1}", PythonText.Repr(Sorted(pillar)));
    }

    [Fact]
    public async Task A_server_answers_for_the_minion()
    {
        using var server = new HttpListener();
        var port = FreePort();
        server.Prefixes.Add($"http://127.0.0.1:{port}/");
        server.Start();
        var asked = new List<string?>();
        var serving = Task.Run(async () =>
        {
            for (var i = 0; i < 2; i++)
            {
                var request = await server.GetContextAsync();
                asked.Add(request.Request.RawUrl);
                request.Response.StatusCode = i == 0 ? 200 : 500;
                await request.Response.OutputStream.WriteAsync(i == 0 ? "{\"web\": [1]}"u8.ToArray() : ReadOnlyMemory<byte>.Empty);
                request.Response.Close();
            }
        });
        var pillar = await Compile(MapValue.Of(("http_json", MapValue.Of(("url", $"http://127.0.0.1:{port}/%s/<kernel>.json"), ("with_grains", true)))));
        Assert.Equal("[1]", PythonText.Repr(pillar.Get("web")!));
        var broken = await Compile(MapValue.Of(("http_yaml", MapValue.Of(("url", $"http://127.0.0.1:{port}/")))));
        Assert.Contains("answers 500", PythonText.Repr(broken.Get("_errors")!), StringComparison.Ordinal);
        await serving;
        Assert.Equal("/m1/Linux.json", asked[0]);
    }

    public void Dispose() => _folder.Dispose();

    private void Put(string name, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(_folder.Path, name))!);
        _folder.File(name, text);
    }

    private async Task<MapValue> Compile(MapValue source)
    {
        var grains = MapValue.Of(("kernel", "Linux"));
        var options = MapValue.Of(("id", "m1"), ("file_client", "local"), ("renderer", "jinja|yaml"), ("ext_pillar", ListValue.Create([source])),
            ("nodegroups", MapValue.Of(("web", "m1"), ("db", "m0"), ("all", "*"))), ("pillar_roots", MapValue.Of(("base", ListValue.OfTexts([Path.Combine(_folder.Path, "pillar")])))));
        var pillars = new LocalPillars(() => new CallContext { Functions = Calls.Table, Options = options, Grains = grains, Services = new CallServices { Files = new LocalFiles(FileServer.From(options, _ => { }), options) } }, options);
        return await pillars.CompileAsync(new PillarQuestion(MinionId.Parse("m1"), grains, null, null, MapValue.Empty), default);
    }

    private static MapValue Sorted(MapValue map) => MapValue.From(map.OrderBy(e => e.Key.ToString(), StringComparer.Ordinal).Select(e => KeyValuePair.Create(e.Key, e.Value is MapValue inner ? Sorted(inner) : e.Value))).AsOrdered(false);

    private static int FreePort()
    {
        using var probe = new System.Net.Sockets.TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port;
    }
}
