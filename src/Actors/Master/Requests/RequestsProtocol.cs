using SaltActors.Transport;

namespace SaltActors.Actors.Master.Requests;

/// <summary>What the request side says to its workers.</summary>
public static class RequestsProtocol
{
    /// <summary>A request for one of the workers; <paramref name="Done"/> is called once, when it was answered.</summary>
    public sealed record Admitted(InboundRequest Request, Action Done);
}

/// <summary>The request side's part of the HOCON.</summary>
public sealed record RequestSettings(int InFlight, TimeSpan AnswerWithin)
{
    public static RequestSettings From(Akka.Configuration.Config config)
    {
        var section = new Daemon.Settings.HoconSection(config, "salt.requests");
        return new(section.Number("in-flight"), section.Time("answer-within"));
    }
}
