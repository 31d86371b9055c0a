using SaltActors.Core.Configuration;
using SaltActors.Core.Values;
using SaltActors.Rendering.Configuration;

namespace SaltActors.Rendering.Tests.Configuration;

public sealed class ConfigurationReaderSpecs
{
    [Fact]
    public void Says_where_the_main_file_is_broken()
    {
        var broken = Assert.Throws<ConfigurationBroken>(() => Read(("etc/salt/master", "interface: 0.0.0.0\ntimeout: 5: 6\n")));
        Assert.Equal("/etc/salt/master:2:11: mapping values are not allowed in this context\n    timeout: 5: 6\n              ^", broken.Message);
    }

    [Fact]
    public void Wants_a_map_in_the_main_file() =>
        Assert.Equal("/etc/salt/master: the file must hold options as 'name: value', found a list", Assert.Throws<ConfigurationBroken>(() => Read(("etc/salt/master", "- a\n"))).Message);

    [Fact]
    public void Refuses_an_option_that_nothing_can_be_made_of() =>
        Assert.Equal("/etc/salt/master: the option 'cachedir' must be text, found list ['/c']", Assert.Throws<ConfigurationBroken>(() => Read(("etc/salt/master", "cachedir: [/c]\n"))).Message);

    [Fact]
    public void Warns_of_a_value_of_the_wrong_kind() => Assert.Equal(
        ["/etc/salt/master: the option 'worker_threads' is a list ([5]), where a whole number was expected", "/etc/salt/master: the option 'ping_on_rotate' is text ('maybe'), where true or false was expected"],
        Read(("etc/salt/master", "worker_threads: [5]\nping_on_rotate: maybe\npublish_port: '4505'\nuser: sdb://x/y\n")).Warnings.AsEnumerable());

    [Fact]
    public void Asks_whether_a_similar_option_was_meant()
    {
        var loaded = Read(("etc/salt/master", "interfce: 10.0.0.1\nmysql.user: salt\nour_own_thing: 1\n"));
        Assert.Equal(["/etc/salt/master: the option 'interfce' is not known; did you mean 'interface'? It is kept, but changes nothing by itself"], loaded.Warnings.AsEnumerable());
        Assert.Equal("10.0.0.1", loaded.Options.TextOf("interfce"));
    }

    [Fact]
    public void Says_which_included_file_is_passed_over_and_goes_on()
    {
        var loaded = Read(("etc/salt/master", "include: nothing/*.conf\n"), ("etc/salt/master.d/a.conf", "a: [1\n"), ("etc/salt/master.d/b.conf", "timeout: 9\n"));
        Assert.Equal(9, loaded.Options.Get("timeout")!.AsInteger());
        Assert.Equal(2, loaded.Warnings.Length);
        Assert.StartsWith("an included file is passed over: /etc/salt/master.d/a.conf:2:1: while parsing a flow sequence", loaded.Warnings[0]);
        Assert.Equal("/etc/salt/master: 'include' names '/etc/salt/nothing/*.conf', which matches no file", loaded.Warnings[1]);
        Assert.Equal(["/etc/salt/master", "/etc/salt/master.d/b.conf"], loaded.Files.AsEnumerable());
    }

    [Fact]
    public void Stops_where_files_include_each_other()
    {
        var loaded = Read(("etc/salt/master", "include: a.conf\n"), ("etc/salt/a.conf", "include: a.conf\ntimeout: 4\n"));
        Assert.Equal(4, loaded.Options.Get("timeout")!.AsInteger());
        Assert.Contains("include each other", Assert.Single(loaded.Warnings));
    }

    [Fact]
    public void Takes_another_main_file_from_the_environment_only_in_place_of_the_standard_one()
    {
        var files = new MemoryFiles(("etc/salt/minion", "id: a\n"), ("x/minion", "id: b\n"), ("y/minion", "id: c\n"));
        ConfigurationReader Reader(params (string, string)[] set) => new(files, Surroundings(set));
        Assert.Equal("b", Reader(("SALT_MINION_CONFIG", "/x/minion")).Read(ConfigurationRole.Minion, "/etc/salt").Options.TextOf("id"));
        Assert.Equal("c", Reader(("SALT_MINION_CONFIG", "/x/minion")).Read(ConfigurationRole.Minion, "/y").Options.TextOf("id"));
        Assert.Equal("a", Reader(("SALT_MINION_CONFIG", "/nowhere")).Read(ConfigurationRole.Minion, "/etc/salt").Options.TextOf("id"));
        Assert.Equal(["/x", "/z", "/etc/salt", "/home/me/c"], [
            Reader(("SALT_CONFIG_DIR", "/x")).Folder(null), Reader(("SALT_CONFIG_DIR", "/x")).Folder("/z"), Reader().Folder(null), Reader().Folder("~/c")]);
    }

    [Fact]
    public void Passes_over_a_token_that_is_too_old()
    {
        var files = new MemoryFiles(("home/me/salt_token", "abc\n"));
        LoadedConfiguration At(int hours) => new ConfigurationReader(files, Surroundings() with { Clock = new Clock(MemoryFiles.Written.AddHours(hours)) }).Read(ConfigurationRole.Client, "/etc/salt");
        Assert.Equal("abc", At(11).Options.TextOf("token"));
        Assert.Null(At(13).Options.TextOf("token"));
    }

    [Theory]
    [InlineData("web1.example.org", "web1", "", "web1.example.org")]
    [InlineData("localhost.localdomain", "web1", "", "web1")]
    [InlineData("localhost", "localhost", "real\n", "real")]
    [InlineData("ip6-localhost", "", "# none\n", "10.0.0.9")]
    [InlineData("../evil", "ok", "", "ok")]
    public void Finds_a_name_that_is_the_machines_own(string full, string host, string hostnameFile, string expected)
    {
        var names = new MinionName(new MemoryFiles(("etc/hostname", hostnameFile)), () => host, () => full, () => ["127.0.0.1", "10.0.0.9"]);
        Assert.Equal((expected, true), names.Of(MapValue.Empty, "/etc/salt"));
    }

    [Fact]
    public void Takes_this_machines_names_from_the_hosts_file() =>
        Assert.Equal("db7.example.org", new MinionName(new MemoryFiles(("etc/hosts", "# comment\n10.0.0.1 other\n127.0.0.1 localhost db7.example.org db7\n")), () => "localhost", () => "").Of(MapValue.Empty, "/x").Id);

    [Fact]
    public void Shapes_only_a_name_that_was_found()
    {
        var names = new MinionName(new MemoryFiles(), () => "Web1", () => "Web1.Example.org");
        var shaping = MapValue.Of(("minion_id_lowercase", true), ("minion_id_remove_domain", "EXAMPLE.org"));
        Assert.Equal("web1", names.Of(shaping, "/x").Id);
        Assert.Equal("web1.dc", names.Of(shaping.With("append_domain", "dc"), "/x").Id);
        Assert.Equal("Web1", names.Of(MapValue.Of(("minion_id_remove_domain", true)), "/x").Id);
        Assert.Equal(("Web9.Example.org", false), names.Of(shaping.With("id", "Web9.Example.org"), "/x"));
        Assert.Equal("Web1.Example.org_master", names.OfMaster(MapValue.Empty, "/x"));
        Assert.Equal("boss", names.OfMaster(MapValue.Of(("id", "boss")), "/x"));
    }

    [Fact]
    public void Keeps_the_name_that_it_once_had_unless_told_otherwise()
    {
        var names = new MinionName(new MemoryFiles(("etc/salt/minion_id", "\ufeffold.name\nrest\n")), () => "new", () => "new.name");
        Assert.Equal(("old.name", false), names.Of(MapValue.Empty, "/etc/salt"));
        Assert.Equal(("new.name", true), names.Of(MapValue.Of(("minion_id_caching", false)), "/etc/salt"));
    }

    [Fact]
    public void Refuses_an_id_that_is_no_file_name() =>
        Assert.Contains("the option 'id' is 'a/b'", Assert.Throws<ConfigurationBroken>(() => new MinionName(new MemoryFiles(), () => "", () => "").Of(MapValue.Of(("id", "a/b")), "/x")).Message);

    private static LoadedConfiguration Read(params (string, string)[] files) => new ConfigurationReader(new MemoryFiles(files), Surroundings()).Read(ConfigurationRole.Master, "/etc/salt");

    private static ConfigurationSurroundings Surroundings(params (string Name, string Value)[] set) =>
        new(name => set.Where(v => v.Name == name).Select(v => v.Value).FirstOrDefault(), "/home/me", TimeProvider.System);

    private sealed class Clock(DateTimeOffset now) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => now;
    }

    private sealed class MemoryFiles(params (string Path, string Text)[] all) : IConfigurationFiles
    {
        internal static readonly DateTimeOffset Written = new(2024, 1, 1, 0, 0, 0, TimeSpan.Zero);
        private readonly SortedDictionary<string, string> _files = new(all.ToDictionary(f => "/" + f.Path, f => f.Text), StringComparer.Ordinal);

        public string? Read(string path) => _files.GetValueOrDefault(path);
        public IReadOnlyList<string> Match(string glob) => [.. _files.Keys.Where(path => System.IO.Enumeration.FileSystemName.MatchesSimpleExpression(glob, path, ignoreCase: false))];
        public bool HasFolder(string path) => _files.Keys.Any(f => f.StartsWith(path + "/", StringComparison.Ordinal));
        public DateTimeOffset? LastWrite(string path) => _files.ContainsKey(path) ? Written : null;
    }
}
