using SaltActors.Bench.Swarm;
using SaltActors.Core.Identity;
using SaltActors.Core.Values;

const string Usage = """
    swarm: thousands of minions in one process, on real sockets, against any Salt master.

      swarm keys    --pki DIR --key FILE --minions N [--prefix m]     writes their accepted keys into the master's pki_dir
      swarm signin  --master IP:PORT --key FILE --minions N           each signs in, --rounds times
      swarm returns --master … --jid JID [--jid …] [--size 200]       each returns to each published job, --fresh or --kept connections
      swarm events  --master … [--rounds R] [--size 200]              each fires R events, --fresh or --kept
      swarm serve   --master …                                        they stay, and answer test.ping; each line on standard input prints
                                                                      the counts, its end stops them

    Also: --protocol 2|3, --concurrency 64, --timeout 60 (seconds), --wait (print a line when set up, begin when a line comes in).
    Prints lines of JSON: operations, seconds, lost. Ends with 1 where something was lost.
    """;

SwarmOptions options;
try
{
    options = SwarmOptions.Parse(args);
}
catch (UsageBroken wrong)
{
    Console.Error.WriteLine($"swarm: {wrong.Message}\n\n{Usage}");
    return 64;
}
try
{
    return await RunAsync(options);
}
catch (UsageBroken wrong)
{
    Console.Error.WriteLine($"swarm: {wrong.Message}\n\n{Usage}");
    return 64;
}
catch (Exception cause) when (SwarmMinion.IsExpected(cause) || cause is IOException or UnauthorizedAccessException or FormatException)
{
    Console.Error.WriteLine($"swarm {options.Command} at {options.Requests}: {cause.Message}");
    return 1;
}

static Task<int> RunAsync(SwarmOptions options) => options.Command switch
{
    "keys" => Task.FromResult(WriteKeys(options)),
    "signin" => MeasureAsync(options, mustSignIn: false, crowd => crowd.SignInAsync(options.Rounds)),
    "returns" => ReturnsAsync(options),
    "events" => MeasureAsync(options, mustSignIn: true, crowd => EventsAsync(crowd, options)),
    "serve" => ServeAsync(options),
    _ => throw new UsageBroken($"unknown command '{options.Command}'"),
};

// All minions have one key, so their files have one content.
static int WriteKeys(SwarmOptions options)
{
    if (options.PkiDir.Length == 0) throw new UsageBroken("keys needs --pki");
    var accepted = Path.Combine(options.PkiDir, "minions");
    Directory.CreateDirectory(accepted);
    var pem = Crowd.LoadOrMake(options.KeyFile).PublicPem;
    for (var i = 0; i < options.Minions; i++) File.WriteAllText(Path.Combine(accepted, options.IdOf(i).Text), pem);
    return 0;
}

static Task<int> ReturnsAsync(SwarmOptions options)
{
    if (options.Jids.Count == 0) throw new UsageBroken("returns needs --jid: the job that is answered must have been published, because masters refuse or complain about others");
    foreach (var jid in options.Jids)
        if (!Jid.TryParse(jid, out _)) throw new UsageBroken($"--jid: '{jid}' is no jid");
    var value = TextValue.Of(new string('x', options.Size));
    return MeasureAsync(options, mustSignIn: true, crowd => crowd.EachAsync(options.Jids.Count,
        (minion, round, stop) => minion.SendAsync(minion.ReturnOf(options.Jids[round], "test.ping", value, ListValue.Empty), stop)));
}

static Task<Tally> EventsAsync(Crowd crowd, SwarmOptions options)
{
    var data = MapValue.Of(("text", new string('x', options.Size)));
    return crowd.EachAsync(options.Rounds, (minion, round, stop) => minion.SendAsync(minion.EventOf($"bench/{minion.Id}/{round}", data), stop));
}

static async Task<int> MeasureAsync(SwarmOptions options, bool mustSignIn, Func<Crowd, Task<Tally>> measure)
{
    using var crowd = Crowd.Gather(options);
    await crowd.MeetMasterAsync();
    var setUp = mustSignIn ? await crowd.SignInAsync() : await crowd.EachAsync(1, static (_, _, _) => Task.CompletedTask);
    if (mustSignIn && options.IsKept) await crowd.EachAsync(1, static (minion, _, stop) => minion.ConnectAsync(stop));
    if (options.IsWaiting)
    {
        Report.Ready(options.Minions, setUp);
        await Console.In.ReadLineAsync();
    }
    var tally = await measure(crowd);
    Report.Result(options.Command, tally);
    return tally.Lost == 0 && setUp.Lost == 0 ? 0 : 1;
}

static async Task<int> ServeAsync(SwarmOptions options)
{
    using var crowd = Crowd.Gather(options);
    await crowd.MeetMasterAsync();
    var setUp = await crowd.SignInAsync();
    using var service = new Service(crowd, options);
    var (subscribing, running) = await service.StartAsync();
    Report.Ready(options.Minions, setUp with { Lost = setUp.Lost + subscribing.Lost, Time = setUp.Time + subscribing.Time, Reason = setUp.Reason ?? subscribing.Reason });
    while (await Console.In.ReadLineAsync() is not null) service.Print();
    service.Stop();
    await running;
    service.Print();
    return 0;
}
