namespace SaltActors.Actors.Master.Auth;

/// <summary>What the keeper of the epochs takes.</summary>
public static class AuthProtocol
{
    public interface IAuthMessage;

    /// <summary>Sent by maintenance, and when a key was deleted: is it time for a new AES key?</summary>
    public sealed record CheckRotation : IAuthMessage;
}

/// <summary>The epochs' part of the HOCON.</summary>
public sealed record AuthSettings(TimeSpan EpochGrace)
{
    public static AuthSettings From(Akka.Configuration.Config config) => new(new Daemon.Settings.HoconSection(config, "salt.auth").Time("epoch-grace"));
}
