using Akka.Configuration;
using SaltActors.Actors.Daemon.Settings;

namespace SaltActors.Actors.Master.Pillars;

/// <summary>How pillars are worked on: the section <c>salt.pillars</c> of the HOCON.</summary>
/// <param name="AtOnce">Pillars that are compiled at the same time.</param>
/// <param name="MostWaiting">Pillars that may wait; who asks beyond that is refused and asks again.</param>
public sealed record PillarSettings(int AtOnce, int MostWaiting)
{
    public static PillarSettings From(Config hocon)
    {
        var section = new HoconSection(hocon, "salt.pillars");
        return new(section.Number("at-once"), section.Number("most-waiting"));
    }
}
