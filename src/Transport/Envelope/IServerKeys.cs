using SaltActors.Core.Identity;
using SaltActors.Transport.Crypto;

namespace SaltActors.Transport.Envelope;

/// <summary>The keys that a master opens requests with. Asked from many threads; must not block for long.</summary>
public interface IServerKeys
{
    /// <summary>The AES epochs that are understood, the current one first.</summary>
    IReadOnlyList<Crypticle> Epochs { get; }

    /// <summary>The accepted key of a minion, or null.</summary>
    RsaPublicKey? Accepted(MinionId id);

    /// <summary>The session key of an accepted minion; null for everybody else, and never made for them.</summary>
    Crypticle? Session(MinionId id);
}

/// <summary>What a master asks of an envelope.</summary>
public sealed record EnvelopeSettings
{
    /// <summary>The oldest protocol that is let in (<c>minimum_auth_version</c>).</summary>
    public int MinimumAuthVersion { get; init; } = 3;
    /// <summary>How old a version 3 request may be (<c>request_server_ttl</c>); zero asks nothing.</summary>
    public TimeSpan RequestTtl { get; init; } = TimeSpan.Zero;
    public TimeProvider Clock { get; init; } = TimeProvider.System;
}
