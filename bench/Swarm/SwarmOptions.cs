using System.Globalization;
using System.Net;
using SaltActors.Core.Identity;

namespace SaltActors.Bench.Swarm;

/// <summary>A word of the command line that cannot be used; the message says which.</summary>
internal sealed class UsageBroken(string message) : Exception(message);

/// <summary>What a swarm was asked to be.</summary>
internal sealed record SwarmOptions
{
    public required string Command { get; init; }
    /// <summary>The master's request port (4506).</summary>
    public required IPEndPoint Requests { get; init; }
    public int Minions { get; init; } = 100;
    /// <summary>Minions are called <c>PREFIX00000</c> and so on.</summary>
    public string Prefix { get; init; } = "m";
    /// <summary>The private key that all minions share; made where it is missing.</summary>
    public string KeyFile { get; init; } = "swarm.pem";
    /// <summary>The master's <c>pki_dir</c>, for <c>keys</c>.</summary>
    public string PkiDir { get; init; } = "";
    /// <summary>2 (Salt up to 3006.8) or 3.</summary>
    public int Protocol { get; init; } = 2;
    /// <summary>Operations a minion.</summary>
    public int Rounds { get; init; } = 1;
    /// <summary>Operations that are under way at the same time.</summary>
    public int Concurrency { get; init; } = 64;
    /// <summary>One connection for each minion that stays, instead of a new one for each request.</summary>
    public bool IsKept { get; init; }
    /// <summary>Bytes of text in a return or an event.</summary>
    public int Size { get; init; } = 200;
    /// <summary>Jobs that were published and are answered, each by all minions.</summary>
    public IReadOnlyList<string> Jids { get; init; } = [];
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(60);
    /// <summary>Print a line when all is set up, and begin when a line comes in.</summary>
    public bool IsWaiting { get; init; }

    public MinionId IdOf(int number) => MinionId.Parse($"{Prefix}{number:00000}");

    /// <exception cref="UsageBroken">A word is unknown, or its value cannot be read.</exception>
    public static SwarmOptions Parse(string[] words)
    {
        if (words.Length == 0) throw new UsageBroken("no command");
        var options = new SwarmOptions { Command = words[0], Requests = new IPEndPoint(IPAddress.Loopback, 4506) };
        for (var i = 1; i < words.Length; i++)
        {
            var option = words[i];
            string Next() => ++i < words.Length ? words[i] : throw new UsageBroken($"{option} needs a value");
            int Number(int least) => int.TryParse(Next(), NumberStyles.None, CultureInfo.InvariantCulture, out var n) && n >= least ? n
                : throw new UsageBroken($"{option}: found '{words[i]}', expected a number from {least} on");
            options = option switch
            {
                "--master" => options with { Requests = IPEndPoint.TryParse(Next(), out var there) ? there : throw new UsageBroken($"--master: found '{words[i]}', expected an IPv4 address and the request port, as 127.0.0.1:4506") },
                "--minions" => options with { Minions = Number(1) },
                "--prefix" => options with { Prefix = Next() },
                "--key" => options with { KeyFile = Next() },
                "--pki" => options with { PkiDir = Next() },
                "--protocol" => options with { Protocol = Number(2) },
                "--rounds" => options with { Rounds = Number(1) },
                "--concurrency" => options with { Concurrency = Number(1) },
                "--fresh" => options with { IsKept = false },
                "--kept" => options with { IsKept = true },
                "--size" => options with { Size = Number(0) },
                "--jid" => options with { Jids = [.. options.Jids, Next()] },
                "--timeout" => options with { Timeout = TimeSpan.FromSeconds(Number(1)) },
                "--wait" => options with { IsWaiting = true },
                _ => throw new UsageBroken($"unknown option {option}"),
            };
        }
        return options;
    }
}
