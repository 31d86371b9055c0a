using SaltActors.Core.Functions;
using SaltActors.Core.Values;
using SaltActors.Modules.Grains.Functions;

namespace SaltActors.Modules.Tests.Grains;

public sealed class GrainsModuleSpecs
{
    private static readonly MapValue Minion = MapValue.Of(
        ("os", "Debian"), ("os_family", "Debian"), ("id", "web1.example.com"), ("serialnumber", "12345678"), ("empty", ""),
        ("roles", ListValue.Create(["web", "db"])), ("app", MapValue.Of(("port", 80), ("hosts", ListValue.Create([MapValue.Of(("name", "a")), "b"])))));

    private readonly MemoryFile _file = new();
    private CallContext Context => new() { Functions = new([]), Options = MapValue.Empty, Grains = Minion, Services = new() { GrainsFile = _file } };

    [Theory]
    [InlineData("os", "'Debian'")]
    [InlineData("app:port", "80")]
    [InlineData("roles:1", "'db'")]
    [InlineData("roles:-1", "'db'")]
    [InlineData("roles:7", "'none'")]
    [InlineData("app:hosts:name", "'a'")]
    [InlineData("app:nope", "'none'")]
    [InlineData("os:nope", "'none'")]
    public void Finds_nested_values(string key, string expected) => Assert.Equal(expected, PythonText.Repr(GrainsModule.Get(Context, key, "none")));

    [Fact]
    public void Answers_for_several_keys_at_once() => Assert.Equal(
        "{'os': 'Debian', 'nope': '', 'app:port': 80}",
        PythonText.Repr(GrainsModule.Item(Context, ListValue.Create(["os", "nope", "app:port"]), MapValue.Empty)));

    [Fact]
    public void Hides_who_the_machine_is()
    {
        var hidden = GrainsModule.Items(Context, sanitize: true);
        Assert.Equal(("MINION.DOMAINNAME", "123456XX", "Debian"), (hidden.TextOf("id"), hidden.TextOf("serialnumber"), hidden.TextOf("os")));
    }

    [Fact]
    public void Compares_texts_and_truth()
    {
        Assert.True(GrainsModule.Equals(Context, "app:port", "80"));
        Assert.False(GrainsModule.HasValue(Context, "empty"));
        Assert.Equal(["app", "empty", "id", "os", "os_family", "roles", "serialnumber"], GrainsModule.Ls(Context).Select(k => k.ToString()));
    }

    [Fact]
    public void Picks_by_glob_by_list_and_by_default()
    {
        var merge = MapValue.Of(("l", ListValue.Create([2])), ("d", MapValue.Of(("j", 2))));
        Assert.Equal("{'v': 1}", Pick("Deb*", MapValue.Of(("v", 1))));
        Assert.Equal("2", Pick("default", 2));
        Assert.Equal("None", Pick("X", 1));
        Assert.Equal("{'w': 1}", PythonText.Repr(GrainsModule.FilterBy(Context, MapValue.Of(("zz", 0), ("web", MapValue.Of(("w", 1)))), "roles")));
        Assert.Equal("{'l': [2], 'd': {'k': 1, 'j': 2}}", PythonText.Repr(GrainsModule.FilterBy(Context, MapValue.Of(("Debian", MapValue.Of(("l", ListValue.Create([1])), ("d", MapValue.Of(("k", 1)))))), merge: merge)));
        Assert.Equal(
            "{'a': 1, 'n': {'x': 1, 'y': 2}}",
            PythonText.Repr(GrainsModule.FilterBy(Context, MapValue.Of(("default", MapValue.Of(("a", 1), ("n", MapValue.Of(("x", 1))))), ("Debian", MapValue.Of(("n", MapValue.Of(("y", 2)))))), @base: "default")));

        string Pick(string key, Value value) => PythonText.Repr(GrainsModule.FilterBy(Context, MapValue.Of((key, value))));
    }

    [Fact]
    public void Refuses_to_merge_what_is_no_map()
    {
        Assert.Equal("filter_by merge argument must be a dictionary.", Assert.Throws<NamedError>(() => GrainsModule.FilterBy(Context, MapValue.Empty, merge: "x")).Message);
        Assert.Equal("setvals grains must be a dictionary.", Assert.Throws<NamedError>(() => { _ = GrainsModule.SetVals(Context, "x"); }).Message);
    }

    [Fact]
    public async Task Sets_a_nested_grain_and_leaves_the_file_s_others_alone()
    {
        _file.Grains = MapValue.Of(("kept", true));
        var outcome = await GrainsModule.Set(Context, "app:port", 8080);
        Assert.Equal("{'comment': '', 'changes': {'app': {'port': 8080, 'hosts': [{'name': 'a'}, 'b']}}, 'result': True}", PythonText.Repr(outcome));
        Assert.Equal("{'kept': True, 'app': {'port': 8080, 'hosts': [{'name': 'a'}, 'b']}}", PythonText.Repr(_file.Grains));
    }

    [Theory]
    [InlineData("os", "Debian", true, "Grain is already set")]
    [InlineData("roles", "x", false, "The key 'roles' exists but is a dict or a list. Use 'force=True' to overwrite.")]
    [InlineData("os:sub", "x", false, "The key 'os' value is 'Debian', which is different from the provided key 'sub'. Use 'force=True' to overwrite.")]
    public async Task Says_why_it_does_not_set(string key, string value, bool result, string comment)
    {
        var outcome = await GrainsModule.Set(Context, key, value);
        Assert.Equal((result, comment), (outcome.Get("result") == true, outcome.TextOf("comment")));
        Assert.Equal(MapValue.Empty, _file.Grains);
    }

    [Fact]
    public async Task Says_why_a_map_does_not_replace_a_text() => Assert.Equal(
        "The key 'os' exists and the given value is a dict or a list. Use 'force=True' to overwrite.",
        (await GrainsModule.Set(Context, "os", MapValue.Of(("a", 1)))).TextOf("comment"));

    [Theory]
    [InlineData("roles:web", "{'roles': [{'web': 1}, 'db']}")]
    [InlineData("roles:new", "{'roles': ['web', 'db', {'new': 1}]}")]
    [InlineData("a:b:c", "{'a': {'b': {'c': 1}}}")]
    public async Task Sets_into_lists_and_where_nothing_was(string key, string file)
    {
        await GrainsModule.Set(Context, key, 1);
        Assert.Equal(file, PythonText.Repr(_file.Grains));
    }

    [Fact]
    public async Task Drops_a_key_or_only_its_value()
    {
        _file.Grains = MapValue.Of(("os", "x"), ("id", "y"));
        await GrainsModule.DelKey(Context, "os");
        await GrainsModule.DelVal(Context, "id");
        Assert.Equal("{'id': None}", PythonText.Repr(_file.Grains));
        Assert.False((await GrainsModule.DelKey(Context, "app")).Get("result") == true);
        Assert.Equal("{'app': {'hosts': [{'name': 'a'}, 'b']}}", PythonText.Repr((await GrainsModule.DelKey(Context, "app:port")).MapOf("changes")));
    }

    [Fact]
    public async Task Appends_to_and_removes_from_lists()
    {
        Assert.Equal("{'roles': ['web', 'db', 'cache']}", PythonText.Repr(await GrainsModule.Append(Context, "roles", "cache")));
        Assert.Equal("{'roles': ['web', 'db', 'x', 'y']}", PythonText.Repr(await GrainsModule.Append(Context, "roles", ListValue.Create(["x", "y"]))));
        Assert.Equal("{'new': {'list': ['x']}}", PythonText.Repr(await GrainsModule.Append(Context, "new:list", "x")));
        Assert.Equal("{'os': ['Debian', 'x']}", PythonText.Repr(await GrainsModule.Append(Context, "os", "x", convert: true)));
        Assert.Equal("The val web was already in the list roles", (await GrainsModule.Append(Context, "roles", "web")).ToString());
        Assert.Equal("The key os is not a valid list", (await GrainsModule.Append(Context, "os", "x")).ToString());
        Assert.Equal("{'roles': ['db']}", PythonText.Repr(await GrainsModule.Remove(Context, "roles", "web")));
        Assert.Equal("The val x was not in the list roles", (await GrainsModule.Remove(Context, "roles", "x")).ToString());
    }

    [Fact]
    public async Task Needs_a_grains_file_to_set_anything()
    {
        var context = new CallContext { Functions = new([]), Options = MapValue.Empty };
        await Assert.ThrowsAsync<FunctionUnavailable>(() => GrainsModule.SetVal(context, "a", 1));
    }

    private sealed class MemoryFile : IGrainsFile
    {
        public MapValue Grains { get; set; } = MapValue.Empty;
        public MapValue Read() => Grains;
        public void Write(MapValue grains) => Grains = grains;
    }
}
