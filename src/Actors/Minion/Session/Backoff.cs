namespace SaltActors.Actors.Minion.Session;

/// <summary>How long to wait before the next try: doubled each time up to a limit, and never the same for two minions.</summary>
/// <param name="First">The first wait.</param>
/// <param name="AtMost">The longest; zero keeps the first one for ever, as Salt does without <c>acceptance_wait_time_max</c>.</param>
public sealed record Backoff(TimeSpan First, TimeSpan AtMost)
{
    private const double Jitter = 0.25;

    /// <param name="tries">Tries that have failed already, from 1.</param>
    /// <param name="chance">Between 0 and 1.</param>
    public TimeSpan After(int tries, double chance)
    {
        var doubled = AtMost > First ? First * Math.Pow(2, Math.Min(tries - 1, 16)) : First;
        var bounded = AtMost > First && doubled > AtMost ? AtMost : doubled;
        return bounded * (1 - Jitter + 2 * Jitter * chance);
    }
}
