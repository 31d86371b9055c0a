using SaltActors.Client.Commands;
using static SaltActors.Actors.Tests.Master.Fixtures;

namespace SaltActors.Actors.Tests.Client;

public sealed class CommandProgressSpecs
{
    private static readonly CommandProgress Two = new CommandProgress().Expect([Web1, Web2]);

    [Fact]
    public void Is_complete_when_everybody_expected_has_returned()
    {
        Assert.False(Two.With(Web1).IsComplete);
        Assert.True(Two.With(Web1).With(Web2).IsComplete);
    }

    [Fact]
    public void Counts_a_minion_that_nobody_expected()
    {
        var progress = Two.With(Db1);
        Assert.Contains(Db1, progress.Returned);
        Assert.False(progress.IsComplete);
    }

    [Fact]
    public void Is_the_same_value_after_a_second_return() => Assert.Same(Two.With(Web1) is var once ? once : null, once.With(Web1));

    [Fact]
    public void Gives_up_who_does_not_say_that_it_runs_the_job()
    {
        var (next, givenUp) = Two.Ask(Other).SaysItRuns(Web1).EndRound();
        Assert.Equal([Web2], givenUp.AsEnumerable());
        Assert.Equal([Web1], next.Outstanding);
        Assert.Null(next.Asking);
    }

    [Fact]
    public void Needs_no_longer_wait_when_all_who_are_out_have_said_something()
    {
        var asking = Two.Ask(Other).SaysItRuns(Web1);
        Assert.False(asking.IsRoundAnswered);
        Assert.True(asking.With(Web2).IsRoundAnswered);
        Assert.True(asking.SaysItRuns(Web2).IsRoundAnswered);
    }

    [Fact]
    public void Waits_for_minions_that_a_syndic_tells_of_later()
    {
        var progress = new CommandProgress().Expect([Web1]).With(Web1).Expect([Db1]);
        Assert.False(progress.IsComplete);
        Assert.Equal([Db1], progress.Outstanding);
    }
}
