using System.Threading.Channels;
using SaltActors.Core.Events;
using SaltActors.Core.Values;

namespace SaltActors.Client.Link;

/// <summary>A local program's way to a master: it asks on the request port and listens on the event socket. Works with ours and with genuine Salt's.</summary>
public interface IMasterLink : IAsyncDisposable
{
    /// <summary>Sends a clear command with the master's local key added, and gives the reply as it came.</summary>
    /// <exception cref="MasterUnreachable">No answer within the time; the message says what to look at.</exception>
    Task<Value> AskAsync(MapValue load, TimeSpan timeout, CancellationToken stop);

    /// <summary>Every event from the moment the link was opened on; completed when the master goes away.</summary>
    ChannelReader<SaltEvent> Events { get; }
}

/// <summary>The master cannot be reached; the message names the place and what to do.</summary>
public class MasterUnreachable(string message, Exception? cause = null) : Exception(message, cause);

/// <summary>The master can be reached, and says no.</summary>
/// <param name="name">Salt's name of the error, as <c>EauthAuthenticationError</c>.</param>
public sealed class MasterRefused(string name, string message) : MasterUnreachable(message)
{
    public string Name { get; } = name;

    /// <summary>Reads the error out of a reply that carries one.</summary>
    /// <exception cref="MasterRefused">It carries one.</exception>
    public static void ThrowIfRefused(Value reply)
    {
        if ((reply as MapValue)?.Get("error") is not { } error) return;
        throw error is MapValue named ? new MasterRefused(named.TextOf("name") ?? "SaltClientError", named.TextOf("message") ?? "") : new MasterRefused("SaltClientError", error.ToString());
    }
}

/// <summary>The local key of the master cannot be read, so nothing may be asked of it.</summary>
public sealed class LocalKeyUnreadable(string message, Exception? cause = null) : Exception(message, cause);
