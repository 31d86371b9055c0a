using System.Collections.Immutable;
using System.Text;
using SaltActors.Core.Values;

namespace SaltActors.Modules.Cron;

/// <summary>One job of a table: five fields of time, or a special one as <c>@daily</c>.</summary>
internal sealed record CronJob(string Time, string Command, string? Identifier, string? Comment, bool IsCommented)
{
    public bool IsSpecial => Time.StartsWith('@');
    public ImmutableArray<string> Fields => [.. Time.Split(' ')];

    public bool Is(string command, string? identifier) => identifier is not null && Identifier is not null ? Identifier == identifier : Command == command;

    public MapValue ToValue()
    {
        MapValue more = MapValue.Of(("identifier", Text(Identifier)), ("cmd", Command), ("comment", Text(Comment)), ("commented", IsCommented));
        if (IsSpecial) return MapValue.Of(("spec", Time)).Over(more);
        var fields = Fields;
        return MapValue.Of(("minute", fields[0]), ("hour", fields[1]), ("daymonth", fields[2]), ("month", fields[3]), ("dayweek", fields[4])).Over(more);
    }

    private static Value Text(string? text) => text is null ? Value.Null : text;
}

/// <summary>A user's table: what somebody else wrote above a mark is kept, what is below it is managed.</summary>
/// <remarks>The form is Salt's, so that either can go on with what the other wrote.</remarks>
internal sealed record CronTab(ImmutableArray<string> Before, ImmutableArray<KeyValuePair<string, string>> Variables, ImmutableArray<CronJob> Jobs)
{
    private const string Mark = "# Lines below here are managed by Salt, do not edit", IdentifierMark = "SALT_CRON_IDENTIFIER:", Disabled = "#DISABLED#";

    public static CronTab Read(string text)
    {
        var (before, variables, jobs) = (new List<string>(), new List<KeyValuePair<string, string>>(), new List<CronJob>());
        var (isManaged, comment, identifier) = (false, (string?)null, (string?)null);
        foreach (var line in text.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            if (line == Mark) isManaged = true;
            else if (!isManaged) before.Add(line);
            else if (line.StartsWith('#') && !line.StartsWith(Disabled, StringComparison.Ordinal))
            {
                var said = line.TrimStart('#').Trim();
                if (said.IndexOf(IdentifierMark, StringComparison.Ordinal) is >= 0 and var at) (identifier, said) = (said[(at + IdentifierMark.Length)..], said[..at].Trim());
                if (said.Length > 0) comment = comment is null ? said : comment + "\n" + said;
            }
            else
            {
                var isCommented = line.StartsWith(Disabled, StringComparison.Ordinal);
                var body = isCommented ? line[Disabled.Length..] : line;
                var words = body.Split(' ', 6);
                if (body.StartsWith('@')) jobs.Add(new(words[0], body[(words[0].Length)..].TrimStart(), identifier, comment, isCommented));
                else if (words[0].IndexOf('=') is > 0 and var equals) variables.Add(new(words[0][..equals], body[(equals + 1)..]));
                else if (words.Length == 6) jobs.Add(new(string.Join(' ', words[..5]), words[5], identifier, comment, isCommented));
                else before.Add(line);
                (comment, identifier) = (null, null);
            }
        }
        return new([.. before], [.. variables], [.. jobs]);
    }

    public override string ToString()
    {
        var text = new StringBuilder();
        foreach (var line in Before) text.Append(line).Append('\n');
        text.Append(Mark).Append('\n');
        foreach (var (name, value) in Variables) text.Append(name).Append('=').Append(value).Append('\n');
        foreach (var job in Jobs.OrderBy(j => j.IsSpecial))
        {
            if (job.Comment is not null || job.Identifier is not null)
                text.Append('#').Append(job.Comment is { } comment ? " " + comment.Replace("\n", "\n# ", StringComparison.Ordinal) : "").Append(job.Identifier is { } id ? $" {IdentifierMark}{id}" : "").Append('\n');
            text.Append(job.IsCommented ? Disabled : "").Append(job.Time).Append(' ').Append(job.Command).Append('\n');
        }
        return text.ToString();
    }

    public CronJob? Find(string command, string? identifier) => Jobs.FirstOrDefault(j => j.Is(command, identifier));
    public CronTab With(CronJob job, CronJob? old) => this with { Jobs = old is null ? Jobs.Add(job) : Jobs.Replace(old, job) };
    public CronTab Without(CronJob job) => this with { Jobs = Jobs.Remove(job) };
}
