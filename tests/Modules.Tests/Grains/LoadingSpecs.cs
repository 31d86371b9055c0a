using SaltActors.Core.Functions;
using SaltActors.Core.Values;
using SaltActors.Modules.Grains.Loading;

namespace SaltActors.Modules.Tests.Grains;

public sealed class LoadingSpecs
{
    private static readonly MapValue Low = MapValue.Of(("role", "core"), ("os", "Debian"), ("app", MapValue.Of(("a", 1), ("b", 1))));
    private static readonly MapValue High = MapValue.Of(("role", "file"), ("app", MapValue.Of(("b", 2))));

    [Fact]
    public void Lays_the_configuration_over_the_file_over_the_core()
    {
        var grains = MinionGrains.Merge([Low, High], MapValue.Of(("grains", MapValue.Of(("role", "config")))));
        Assert.Equal(MapValue.Of(("role", "config"), ("os", "Debian"), ("app", MapValue.Of(("b", 2)))), grains);
    }

    [Fact]
    public void Merges_every_level_where_the_option_says_so() => Assert.Equal(
        MapValue.Of(("a", 1), ("b", 2)), MinionGrains.Merge([Low, High], MapValue.Of(("grains_deep_merge", true))).Get("app"));

    [Fact]
    public void Takes_blacklisted_grains_out_but_not_those_of_the_configuration()
    {
        var options = MapValue.Of(("grains_blacklist", ListValue.Create(["ro*", "o[rs]"])), ("grains", MapValue.Of(("role", "config"))));
        Assert.Equal("{'app': {'b': 2}, 'role': 'config'}", PythonText.Repr(MinionGrains.Merge([Low, High], options)));
    }

    [Fact]
    public async Task Skips_a_grains_file_that_cannot_be_read_and_says_so()
    {
        var lines = new List<string>();
        var origins = new GrainOrigins(new(new RecordedMachine())) { File = new BrokenFile(), Warn = lines.Add };
        var grains = await MinionGrains.LoadAsync(origins, MapValue.Of(("id", "m1")), false, CancellationToken.None);
        Assert.Equal("m1", grains.TextOf("id"));
        Assert.StartsWith("Bad syntax in grains file! Skipping.", Assert.Single(lines), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Answers_from_the_cache_until_it_expires_or_is_refreshed()
    {
        var folder = Directory.CreateTempSubdirectory("grains");
        try
        {
            var options = MapValue.Of(("grains_cache", true), ("grains_cache_expiration", 300), ("cachedir", folder.FullName));
            await Load("one", TimeSpan.Zero);
            Assert.Equal("one", await Load("two", TimeSpan.Zero));
            Assert.Equal("two", await Load("two", TimeSpan.Zero, refresh: true));
            Assert.Equal("three", await Load("three", TimeSpan.FromSeconds(301)));

            async Task<string?> Load(string host, TimeSpan later, bool refresh = false)
            {
                var machine = new RecordedMachine { Files = { ["/proc/sys/kernel/hostname"] = host } };
                var clock = new Later(later);
                return (await MinionGrains.LoadAsync(new(new(machine) { Clock = clock }), options, refresh, CancellationToken.None)).TextOf("nodename");
            }
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public void Writes_the_grains_file_in_one_step_and_keeps_its_mode()
    {
        var folder = Directory.CreateTempSubdirectory("grains");
        try
        {
            var path = Path.Combine(folder.FullName, "grains");
            var file = new StaticGrainsFile(path, new(text => MapValue.Of(("text", text)), value => PythonText.Repr(value)));
            Assert.Equal(MapValue.Empty, file.Read());
            File.WriteAllText(path, "old");
            if (OperatingSystem.IsWindows()) return;
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
            file.Write(MapValue.Of(("role", "web")));
            Assert.Equal("{'role': 'web'}", File.ReadAllText(path));
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(path));
            Assert.Equal([path], Directory.GetFiles(folder.FullName));
            Assert.Equal(path, StaticGrainsFile.PathFor(MapValue.Of(("conf_file", folder.FullName + "/minion"))));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private sealed class BrokenFile : IGrainsFile
    {
        public MapValue Read() => throw new CommandFailed("no YAML");
        public void Write(MapValue grains) => throw new CommandFailed("read only");
    }

    private sealed class Later(TimeSpan by) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => System.GetUtcNow() + by;
    }
}
