using SaltActors.Core.Events;
using SaltActors.Core.Identity;
using SaltActors.Core.Returners;
using SaltActors.Core.Values;

namespace SaltActors.Modules.Tests.Returners;

/// <summary>What every returner must do that can be a job cache.</summary>
public abstract class ReturnerContract
{
    protected static readonly Jid First = Jid.Parse("20261123054200000001"), Second = Jid.Parse("20261123054200000002");
    protected static readonly MapValue Load = MapValue.Of(("fun", "test.ping"), ("arg", ListValue.Create([1, "é"])), ("tgt", "*"), ("tgt_type", "glob"), ("jid", First.Text), ("user", "root"));
    private static readonly ReturnerTable Table = SaltActors.Modules.Returners.BuiltInReturners.Table();

    /// <summary>False where its server is not wanted on this machine.</summary>
    protected abstract bool IsHere { get; }
    protected abstract string Name { get; }
    /// <summary>The configuration with which it can be reached.</summary>
    protected abstract MapValue Options { get; }
    /// <summary>True where <c>GetJid</c> gives the whole return, not only what the function answered.</summary>
    protected virtual bool KeepsWhole => true;
    /// <summary>A return as the returner can keep it: without what its columns cannot hold.</summary>
    protected virtual Value Kept(Value value) => value;

    protected IReturner Returner => Table.Find(Name)!;
    protected ReturnerContext Context => new() { Options = Options };

    protected static MapValue Answer(Jid jid, string id, Value value, string function = "test.ping", bool success = true) => MapValue.Of(
        ("id", id), ("success", success), ("return", value), ("retcode", success ? 0 : 1), ("jid", jid.Text), ("fun", function), ("fun_args", ListValue.Create(["a"])));

    protected Task Return(params MapValue[] returns) => Returner.ReturnAsync(Context, returns, default);

    [Fact]
    public async Task Gives_back_the_returns_to_a_job()
    {
        if (!IsHere) return;
        await Return(Answer(First, "web2", "two"), Answer(First, "web1", true), Answer(Second, "web1", false));
        var returns = await Returner.GetJidAsync(Context, First, default);
        Assert.Equal(["web1", "web2"], returns.Keys.Select(k => k.ToString()));
        Assert.Equal("two", returns.MapOf("web2").Get("return"));
        if (KeepsWhole) Assert.Equal<Value>(Answer(First, "web1", true), returns.MapOf("web1"));
    }

    [Fact]
    public async Task Gives_back_a_load()
    {
        if (!IsHere) return;
        await Returner.SaveLoadAsync(Context, First, Load, ["web1"], default);
        Assert.Equal<Value>(Load, await Returner.GetLoadAsync(Context, First, default));
    }

    [Fact]
    public async Task Takes_a_load_that_is_there_already_without_an_error()
    {
        if (!IsHere) return;
        await Returner.SaveLoadAsync(Context, First, Load, ["web1"], default);
        await Returner.SaveLoadAsync(Context, First, Load, ["web1"], default);
        Assert.Single(await Returner.GetJidsAsync(Context, default));
    }

    [Fact]
    public async Task Keeps_a_return_once_that_is_delivered_twice()
    {
        if (!IsHere) return;
        await Return(Answer(First, "web1", 1));
        await Return(Answer(First, "web1", 1), Answer(First, "web2", 2));
        Assert.Equal(2, (await Returner.GetJidAsync(Context, First, default)).Count);
    }

    [Fact]
    public async Task Finds_nothing_of_a_job_that_it_never_had()
    {
        if (!IsHere) return;
        Assert.Null(await Returner.GetLoadAsync(Context, First, default));
        Assert.Empty(await Returner.GetJidAsync(Context, First, default));
    }

    [Fact]
    public async Task Gives_the_last_return_of_each_minion_to_a_function()
    {
        if (!IsHere) return;
        await Return(Answer(First, "web1", "old"), Answer(First, "web2", "only"));
        await Return(Answer(Second, "web1", "new"));
        await Return(Answer(Second, "web3", "other", "test.echo"));
        var last = await Returner.GetFunAsync(Context, "test.ping", default);
        Assert.Equal(["web1", "web2"], last.Keys.Select(k => k.ToString()));
        Assert.Equal("new", last.MapOf("web1").Get("return"));
        Assert.Equal("only", last.MapOf("web2").Get("return"));
    }

    [Fact]
    public async Task Lists_jobs_in_the_order_of_their_ids_and_the_minions_it_knows()
    {
        if (!IsHere) return;
        await Returner.SaveLoadAsync(Context, Second, Load.With("jid", Second.Text), [], default);
        await Returner.SaveLoadAsync(Context, First, Load, [], default);
        await Return(Answer(First, "web2", 1), Answer(First, "web1", 1));
        var jobs = await Returner.GetJidsAsync(Context, default);
        Assert.Equal([First.Text, Second.Text], jobs.Keys.Select(k => k.ToString()));
        Assert.Equal<Value>(Load, jobs.MapOf(First.Text));
        Assert.Equal(["web1", "web2"], (await Returner.GetMinionsAsync(Context, default)).AsEnumerable());
    }

    [Fact]
    public async Task Keeps_values_that_are_hard_to_write_down()
    {
        if (!IsHere) return;
        var odd = MapValue.Of(
            ("quotes", "it's \"so\" \\ `x` $1 ? %s; DROP TABLE jids; --"), ("wide", "Zoë 漢字 🧂"), ("lines", "a\r\n\tb"), ("zero", "a\0b"), ("half", "a\ud800b"),
            ("big", Value.Null), ("number", 12345678901234L), ("float", 1.5), ("list", ListValue.Create([1, true, Value.Null])), ("long", new string('x', 300_000)), ("empty", ""));
        await Return(Answer(First, "web1", odd));
        Assert.Equal(Kept(odd), (await Returner.GetJidAsync(Context, First, default)).MapOf("web1").Get("return"));
    }

    [Fact]
    public async Task Takes_the_return_of_a_compound_call()
    {
        if (!IsHere) return;
        var compound = Answer(First, "web1", MapValue.Of(("a.b", 1), ("c.d", 2)), "x").With("fun", ListValue.Create(["a.b", "c.d"])).With("success", MapValue.Of(("a.b", true), ("c.d", false)));
        await Return(compound);
        Assert.Equal(compound.Get("return"), (await Returner.GetJidAsync(Context, First, default)).MapOf("web1").Get("return"));
        Assert.Single(await Returner.GetFunAsync(Context, "a.b,c.d", default));
    }

    [Fact]
    public async Task Gives_a_job_the_id_that_was_asked_for_or_a_new_one()
    {
        var clock = new JidClock(TimeProvider.System);
        Assert.Equal(First, Returner.PrepJid(First, clock));
        Assert.NotEqual(First, Returner.PrepJid(null, clock));
        await Task.CompletedTask;
    }

    [Fact]
    public async Task Refuses_what_it_has_no_place_for()
    {
        if (!IsHere || Returner.Abilities.HasFlag(ReturnerAbilities.EventReturn)) return;
        var refused = await Assert.ThrowsAsync<ReturnerFailed>(async () => await Returner.EventReturnAsync(Context, [new SaltEvent("a", MapValue.Empty)], default));
        Assert.Contains(Name, refused.Message);
    }
}
