using SaltActors.Client.Batches;
using SaltActors.Core.Identity;
using SaltActors.Core.Values;
using SaltActors.Golden;

namespace SaltActors.Actors.Tests.Client;

public sealed class BatchPlanSpecs
{
    private static readonly DateTimeOffset Now = new(2026, 11, 23, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Reads_every_recorded_size()
    {
        var failed = ((ListValue)GoldenValues.Read(GoldenData.Read("cli/batch-sizes.json").RootElement)).Items.Cast<MapValue>()
            .Where(c => (c.Get("size") is { IsNull: false } size ? size.AsInteger() : null) != BatchSize.Of(c.Get("batch")!.ToString(), (int)c.Get("minions")!.AsInteger()!))
            .Select(c => c.ToString()).ToList();
        Assert.True(failed.Count == 0, string.Join('\n', failed));
    }

    [Fact]
    public void Never_has_more_minions_at_work_than_places()
    {
        var (plan, group) = Plan(2, TimeSpan.Zero, "a", "b", "c").Start(Now);
        Assert.Equal(["a", "b"], group.Select(i => i.Text));
        Assert.Empty(plan.Start(Now).Group);
        Assert.Equal("c", Assert.Single(plan.Done(MinionId.Parse("b"), Now).Start(Now).Group).Text);
    }

    [Fact]
    public void Holds_the_place_of_a_finished_minion_for_a_while()
    {
        var plan = Plan(1, TimeSpan.FromSeconds(5), "a", "b").Start(Now).Next.Done(MinionId.Parse("a"), Now);
        Assert.Empty(plan.Start(Now.AddSeconds(4)).Group);
        Assert.Equal(Now.AddSeconds(5), plan.NextPlace);
        Assert.Equal("b", Assert.Single(plan.Start(Now.AddSeconds(5)).Group).Text);
    }

    [Fact]
    public void Is_done_when_everybody_was_and_takes_a_second_end_of_one_minion_for_nothing()
    {
        var id = MinionId.Parse("a");
        var plan = Plan(1, TimeSpan.FromSeconds(5), "a").Start(Now).Next.Done(id, Now);
        Assert.True(plan.IsDone);
        Assert.Same(plan, plan.Done(id, Now));
    }

    private static BatchPlan Plan(int size, TimeSpan hold, params string[] ids) => BatchPlan.Of(size, hold, ids.Select(MinionId.Parse));
}
