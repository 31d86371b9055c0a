using SaltActors.Actors.Master.Jobs.Archive;
using SaltActors.Core.Identity;
using SaltActors.Core.Returners;
using SaltActors.Core.Values;
using SaltActors.Golden;
using SaltActors.Transport.Payload;
using static SaltActors.Actors.Tests.Master.Fixtures;

namespace SaltActors.Actors.Tests.Master.Returners;

public sealed class LocalCacheReturnerSpecs : IDisposable
{
    private static readonly ReturnerContext Context = new() { Options = MapValue.Empty };
    private readonly TemporaryFolder _folder = new();
    private readonly LocalCacheFolder _files;

    public LocalCacheReturnerSpecs()
    {
        _files = new LocalCacheFolder(_folder.Path, "sha256");
        Returner = new LocalCacheReturner(_files);
    }

    private IReturner Returner { get; }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Leaves_the_files_of_the_recorded_job_and_reads_them_back()
    {
        using var golden = GoldenData.Read("cli/jobcache.json");
        var jid = Jid.Parse("20240102030405678901");
        var files = golden.RootElement.GetProperty("job_dir_of_real_job").GetProperty("files").EnumerateArray()
            .ToDictionary(f => f.GetProperty("path").GetString()!, f => (Content: Filled(GoldenValues.Read(f.GetProperty("content"))), Mode: f.GetProperty("mode").GetString()!));
        await Returner.SaveLoadAsync(Context, jid, (MapValue)files[".load.p"].Content, ["m1", "m2"], default);
        await Returner.ReturnAsync(Context, [ReturnOf("m1"), ReturnOf("m2")], default);

        var folder = _files.FolderOf(jid);
        Assert.Equal(files.Keys.Order(StringComparer.Ordinal), Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Select(f => Path.GetRelativePath(folder, f)).Order(StringComparer.Ordinal));
        foreach (var (path, (content, mode)) in files)
        {
            var written = Path.Combine(folder, path);
            Assert.Equal(content, path == "jid" ? await File.ReadAllTextAsync(written) : Msgpack.Unpack(await File.ReadAllBytesAsync(written), MsgpackDialect.Local));
            Assert.Equal(mode, "0" + Convert.ToString((int)File.GetUnixFileMode(written), 8));
        }

        Assert.Equal<Value>(((MapValue)files[".load.p"].Content).With("Minions", ListValue.OfTexts(["m1", "m2"])), await Returner.GetLoadAsync(Context, jid, default));
        var returns = await Returner.GetJidAsync(Context, jid, default);
        Assert.Equal<Value>(((MapValue)files["m1/return.p"].Content).With("out", "highstate"), returns.MapOf("m1"));
        Assert.Equal([jid.Text], (await Returner.GetJidsAsync(Context, default)).Keys.Select(k => k.ToString()));
        Assert.Equal(["m1", "m2"], (await Returner.GetMinionsAsync(Context, default)).AsEnumerable());
        Assert.Equal(["m1", "m2"], (await Returner.GetFunAsync(Context, "state.apply", default)).Keys.Select(k => k.ToString()));

        MapValue ReturnOf(string id) => ((MapValue)files[$"{id}/return.p"].Content).With("id", id).With("jid", jid.Text).With("out", "highstate");
        Value Filled(Value value) => value switch
        {
            TextValue { Text: "<JID>" } => jid.Text,
            MapValue map => MapValue.From(map.Select(e => KeyValuePair.Create(e.Key, Filled(e.Value)))),
            _ => value,
        };
    }

    [Fact]
    public async Task Keeps_the_first_return_of_a_minion()
    {
        await Returner.SaveLoadAsync(Context, Ping, PingLoad, ["web1"], default);
        await Returner.ReturnAsync(Context, [Answer(Ping, Web1, "first").Load], default);
        await Returner.ReturnAsync(Context, [Answer(Ping, Web1, "second").Load], default);
        Assert.Equal("first", (await Returner.GetJidAsync(Context, Ping, default)).MapOf("web1").Get("return"));
    }

    [Fact]
    public async Task Counts_the_minions_of_lower_masters_too()
    {
        await Returner.SaveLoadAsync(Context, Ping, PingLoad, ["web2"], default);
        await Returner.SaveMinionsAsync(Context, Ping, ["below1"], "syndic1", default);
        Assert.Equal(["below1", "web2"], (await Returner.GetLoadAsync(Context, Ping, default))!.ListOf("Minions").Items.Select(i => i.ToString()));
    }

    [Theory]
    [InlineData("../../etc")]
    [InlineData("")]
    public async Task Refuses_a_minion_whose_id_is_a_path(string id)
    {
        var refused = await Assert.ThrowsAsync<ReturnerFailed>(() => Returner.ReturnAsync(Context, [Answer(Ping, Web1, 1).Load.With("id", id)], default));
        Assert.True(refused.IsRefusal);
    }

    [Fact]
    public async Task Deletes_what_is_old()
    {
        await Returner.SaveLoadAsync(Context, Ping, PingLoad, ["web1"], default);
        await Returner.CleanOldJobsAsync(Context, DateTimeOffset.UtcNow.AddHours(-1), default);
        Assert.NotNull(await Returner.GetLoadAsync(Context, Ping, default));
        await Returner.CleanOldJobsAsync(Context, DateTimeOffset.UtcNow.AddHours(1), default);
        Assert.Null(await Returner.GetLoadAsync(Context, Ping, default));
        Assert.Empty(await Returner.GetJidsAsync(Context, default));
    }
}
