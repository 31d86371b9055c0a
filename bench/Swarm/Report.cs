using System.Text;
using System.Text.Json;

namespace SaltActors.Bench.Swarm;

/// <summary>Lines of JSON on standard output, one for each thing that the swarm has to say.</summary>
internal static class Report
{
    public static void Ready(int minions, Tally signIns) => Line(json =>
    {
        json.WriteBoolean("ready", true);
        json.WriteNumber("minions", minions);
        json.WriteNumber("seconds", Seconds(signIns.Time));
        Losses(json, signIns);
    });

    public static void Result(string scenario, Tally tally) => Line(json =>
    {
        json.WriteString("scenario", scenario);
        json.WriteNumber("operations", tally.Operations);
        json.WriteNumber("seconds", Seconds(tally.Time));
        json.WriteNumber("median_ms", Math.Round(tally.Median, 3));
        json.WriteNumber("p99_ms", Math.Round(tally.Slowest, 3));
        Losses(json, tally);
    });

    public static void Counts(IEnumerable<(string Name, long Count)> counts, string? reason) => Line(json =>
    {
        foreach (var (name, count) in counts) json.WriteNumber(name, count);
        if (reason is not null) json.WriteString("reason", reason);
    });

    private static void Losses(Utf8JsonWriter json, Tally tally)
    {
        json.WriteNumber("lost", tally.Lost);
        if (tally.Reason is { } reason) json.WriteString("reason", reason);
    }

    private static double Seconds(TimeSpan time) => Math.Round(time.TotalSeconds, 3);

    private static void Line(Action<Utf8JsonWriter> write)
    {
        using var bytes = new MemoryStream();
        using (var json = new Utf8JsonWriter(bytes))
        {
            json.WriteStartObject();
            write(json);
            json.WriteEndObject();
        }
        Console.Out.WriteLine(Encoding.UTF8.GetString(bytes.ToArray()));
        Console.Out.Flush();
    }
}
