using System.Collections.Immutable;
using SaltActors.Core.Values;

namespace SaltActors.Actors.Master.Access;

/// <param name="Load">The whole request: a backend may need more than a name and a password. What it says must not choose how it is checked (CVE-2016-3176).</param>
public sealed record Login(string User, string Password, MapValue Load);

/// <param name="Groups">Groups the backend knows the user to be in, for rules of the form <c>group%</c>.</param>
public sealed record VouchedUser(string Name, ImmutableArray<string> Groups);

/// <summary>One backend of <c>external_auth</c>: says whether somebody is who he claims to be.</summary>
public interface IAuthenticator
{
    /// <summary>The backend's name under <c>external_auth</c>.</summary>
    string Name { get; }

    /// <summary>Null where the login is wrong. Never blocks its caller.</summary>
    /// <param name="options">The backend's own options (<c>^name</c>).</param>
    /// <exception cref="AuthenticatorBroken">The backend cannot decide: it is not reached, or not set up.</exception>
    Task<VouchedUser?> CheckAsync(Login login, MapValue options);
}

/// <summary>A backend cannot decide. Its message is for the operator; whoever wants in is told nothing of it.</summary>
public sealed class AuthenticatorBroken(string message, Exception? cause = null) : Exception(message, cause);
