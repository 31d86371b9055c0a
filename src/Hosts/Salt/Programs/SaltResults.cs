using SaltActors.Client.Commands;
using SaltActors.CommandLine.Options;
using SaltActors.Core.Identity;
using SaltActors.Core.Values;

namespace SaltActors.Hosts.Salt.Programs;

/// <summary>What <c>salt</c> prints while results arrive, and what it ends with.</summary>
internal sealed class SaltResults(ParsedCommandLine parsed, HostConfiguration configuration, bool isDocumentation)
{
    private const string Rule = "-------------------------------------------";
    private const string Hint = "The minions may not have all finished running and any remaining minions will return upon completion. To look up the return data for this job later, run the following command:";
    private readonly Printer _printer = new(parsed, configuration);
    private readonly MapValue.Builder _collected = new();
    private readonly MapValue.Builder _documentation = new();
    private readonly List<string> _failed = [], _notConnected = [], _notResponding = [];
    private readonly bool _isStatic = configuration.Setting(parsed, "static") is { IsTruthy: true };
    private Jid? _jid;
    private int _targeted, _returned, _exit;
    private bool _hasFailed, _isNobody;

    private bool ShowsSilence => configuration.Setting(parsed, "show_timeout") is not { IsTruthy: false } && !_isStatic;

    internal void Take(CommandUpdate update)
    {
        switch (update)
        {
            case CommandUpdate.Published p:
                (_jid, _targeted) = (p.Jid, p.Minions.Length);
                if (parsed.Flag("verbose")) _printer.Line($"Executing job with jid {p.Jid}\n{Rule}\n");
                else if (parsed.Flag("show_jid")) _printer.Line($"jid: {p.Jid}");
                break;
            case CommandUpdate.Returned r:
                TakeReturn(r.Return);
                break;
            case CommandUpdate.StillRunning s when parsed.Flag("verbose"):
                _printer.Line($"Execution is still running on {string.Join(", ", s.Minions)}");
                break;
            case CommandUpdate.Silent s:
                TakeSilence(s);
                break;
            case CommandUpdate.NobodyMatched:
                _printer.Line("No minions matched the target. No command was sent, no jid was assigned.");
                _isNobody = true;
                break;
            case CommandUpdate.Refused r:
                _printer.Line(r.Message);
                if (r.Name is not ("AuthenticationError" or "AuthorizationError")) _exit = 2;
                break;
            case CommandUpdate.Broken b:
                Console.Error.WriteLine($"ERROR: {b.Message}");
                _exit = 2;
                break;
        }
    }

    /// <summary>The end of the output, and the exit status.</summary>
    internal int End()
    {
        if (_isNobody)
        {
            Console.Error.WriteLine("ERROR: No return received");
            return 2;
        }
        if (_isStatic && _collected.Count > 0) _printer.Print(_collected.Build(), null, _hasFailed ? 1 : 0);
        if (isDocumentation) PrintDocumentation();
        if (configuration.Setting(parsed, "cli_summary") is { IsTruthy: true } && !_printer.IsChosen && !isDocumentation) PrintSummary();
        if (!_hasFailed) return _exit;
        Console.Error.WriteLine("ERROR: Minions returned with non-zero exit code");
        return _exit != 0 ? _exit : 1;
    }

    /// <summary>What is said where the user did not wait.</summary>
    internal int Interrupted()
    {
        Console.Error.WriteLine(_jid is { } jid
            ? $"\nExiting gracefully on Ctrl-c\nThis job's jid is: {jid}\nThe minions may not have all finished running and any remaining minions will return upon completion. To look up the return data for this job later, run the following command:\n\nsalt-run jobs.lookup_jid {jid}"
            : "\nExiting gracefully on Ctrl-c");
        return 1;
    }

    private void TakeReturn(Core.Jobs.MinionReturn answer)
    {
        _returned++;
        if (answer.Retcode != 0)
        {
            _hasFailed = true;
            _failed.Add(answer.Id.Text);
        }
        if (isDocumentation)
        {
            // The same documentation from every minion is one documentation.
            if (answer.Return is MapValue docs)
                foreach (var (name, doc) in docs) _documentation[name] = doc;
        }
        else if (_isStatic) _collected[answer.Id.Text] = answer.Return;
        else _printer.Print(MapValue.Of((answer.Id.Text, answer.Return)), answer.Outputter, (int)answer.Retcode);
    }

    private void TakeSilence(CommandUpdate.Silent silent)
    {
        (silent.Reason == SilenceReason.NotConnected ? _notConnected : _notResponding).Add(silent.Id);
        if (silent.Reason != SilenceReason.NoKey && !ShowsSilence) return;
        _hasFailed = true;
        var text = silent.Reason switch
        {
            SilenceReason.NotConnected => "Minion did not return. [Not connected]",
            SilenceReason.NoKey => "Minion did not return. [No response]\nNo accepted key has this name; salt-key -L shows those that are known.",
            _ => $"Minion did not return. [No response]\n{Hint}\n\nsalt-run jobs.lookup_jid {_jid}",
        };
        if (_isStatic) _collected[silent.Id] = text;
        else _printer.Print(MapValue.Of((silent.Id, text)), null, 1);
    }

    private void PrintDocumentation()
    {
        var docs = _documentation.Build();
        if (_printer.IsChosen)
        {
            if (docs.Count > 0) _printer.Print(docs, null);
            return;
        }
        foreach (var (name, doc) in docs.OrderBy(d => d.Key.ToString(), StringComparer.Ordinal))
            _printer.Line($"{name}:\n{doc.ToString().Replace(".. code-block:: bash\n\n", "", StringComparison.Ordinal)}\n");
    }

    private void PrintSummary()
    {
        _printer.Line($"\n{Rule}\nSummary\n{Rule}");
        _printer.Line($"# of minions targeted: {_targeted}");
        _printer.Line($"# of minions returned: {_returned}");
        _printer.Line($"# of minions that did not return: {_notConnected.Count + _notResponding.Count}");
        _printer.Line($"# of minions with errors: {_failed.Count}");
        if (parsed.Flag("verbose"))
        {
            if (_notConnected.Count > 0) _printer.Line($"Minions not connected: {string.Join(' ', _notConnected)}");
            if (_notResponding.Count > 0) _printer.Line($"Minions not responding: {string.Join(' ', _notResponding)}");
            if (_failed.Count > 0) _printer.Line($"Minions with failures: {string.Join(' ', _failed)}");
        }
        _printer.Line(Rule);
    }
}
