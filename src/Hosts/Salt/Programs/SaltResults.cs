using SaltActors.Client.Commands;
using SaltActors.CommandLine.Options;
using SaltActors.Core.Identity;
using SaltActors.Core.Values;

namespace SaltActors.Hosts.Salt.Programs;

/// <summary>What <c>salt</c> prints while results arrive, and what it ends with.</summary>
internal sealed class SaltResults(ParsedCommandLine parsed, HostConfiguration configuration, Printer printer, WaitingLine waiting, bool isDocumentation)
{
    internal const string Nobody = "No minions matched the target. No command was sent, no jid was assigned.";
    internal const string NoResponse = "Minion did not return. [No response]";
    private const string Rule = "-------------------------------------------";
    private const string Hint = "The minions may not have all finished running and any remaining minions will return upon completion. To look up the return data for this job later, run the following command:";
    private readonly List<Value> _documentation = [];
    private readonly List<string> _failed = [], _notConnected = [], _notResponding = [];
    private Jid? _jid;
    private int _returned, _exit;
    private bool _hasFailed, _isNobody;

    private bool ShowsSilence => configuration.Setting(parsed, "show_timeout") is not { IsTruthy: false };

    internal void Take(CommandUpdate update)
    {
        switch (update)
        {
            case CommandUpdate.Published p:
                _jid = p.Jid;
                if (parsed.Flag("verbose")) printer.Line($"Executing job with jid {p.Jid}\n{Rule}\n");
                else if (parsed.Flag("show_jid")) printer.Line($"jid: {p.Jid}");
                waiting.Expect(p.Minions.Select(i => i.Text));
                break;
            case CommandUpdate.Returned r:
                TakeReturn(r.Return);
                waiting.Done(r.Return.Id.Text);
                break;
            case CommandUpdate.StillRunning s when parsed.Flag("verbose"):
                printer.Line($"Execution is still running on {string.Join(", ", s.Minions)}");
                break;
            case CommandUpdate.Silent s:
                TakeSilence(s);
                waiting.Done(s.Id);
                break;
            case CommandUpdate.NobodyMatched:
                printer.Line(Nobody);
                _isNobody = true;
                break;
            case CommandUpdate.Refused r:
                printer.Line(r.Message);
                if (r.Name is not ("AuthenticationError" or "AuthorizationError")) _exit = 2;
                break;
            case CommandUpdate.Broken b:
                waiting.End();
                Console.Error.WriteLine($"ERROR: {b.Message}");
                _exit = 2;
                break;
        }
    }

    /// <summary>The end of the output, and the exit status.</summary>
    internal int End()
    {
        waiting.End();
        if (_isNobody)
        {
            Console.Error.WriteLine(isDocumentation ? "No minions found to gather docs from" : "ERROR: No return received");
            return 2;
        }
        if (isDocumentation) Documentation.Print(printer, Documentation.Merged(_documentation));
        if (configuration.Setting(parsed, "cli_summary") is { IsTruthy: true } && !printer.IsChosen && !isDocumentation) PrintSummary();
        if (!_hasFailed) return _exit;
        Console.Error.WriteLine("ERROR: Minions returned with non-zero exit code");
        return _exit != 0 ? _exit : 1;
    }

    /// <summary>What is said where the user did not wait.</summary>
    internal int Interrupted() => Interrupted(waiting, _jid);

    internal static int Interrupted(WaitingLine waiting, Jid? job)
    {
        waiting.End();
        Console.Error.WriteLine(job is { } jid
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
        if (isDocumentation) _documentation.Add(answer.Return);
        else printer.Print(MapValue.Of((answer.Id.Text, answer.Return)), answer.Outputter, (int)answer.Retcode);
    }

    private void TakeSilence(CommandUpdate.Silent silent)
    {
        if (silent.Reason != SilenceReason.NoKey && !ShowsSilence) return;
        (silent.Reason == SilenceReason.NotConnected ? _notConnected : _notResponding).Add(silent.Id);
        _hasFailed = true;
        var text = silent.Reason switch
        {
            SilenceReason.NotConnected => "Minion did not return. [Not connected]",
            _ => $"{NoResponse}\n{Hint}\n\nsalt-run jobs.lookup_jid {_jid}",
        };
        printer.Print(MapValue.Of((silent.Id, text)), null, 1);
        if (silent.Reason == SilenceReason.NoKey) Console.Error.WriteLine($"[WARNING ] no accepted key has the name [{silent.Id}]; salt-key -L shows those that are known");
    }

    private void PrintSummary()
    {
        var silent = _notConnected.Count + _notResponding.Count;
        printer.Line($"\n\n{Rule}\nSummary\n{Rule}");
        printer.Line($"# of minions targeted: {_returned + silent}");
        printer.Line($"# of minions returned: {_returned}");
        printer.Line($"# of minions that did not return: {silent}");
        printer.Line($"# of minions with errors: {_failed.Count}");
        if (parsed.Flag("verbose"))
        {
            if (_notConnected.Count > 0) printer.Line($"Minions not connected: {string.Join(' ', _notConnected)}");
            if (_notResponding.Count > 0) printer.Line($"Minions not responding: {string.Join(' ', _notResponding)}");
            if (_failed.Count > 0) printer.Line($"Minions with failures: {string.Join(' ', _failed)}");
        }
        printer.Line(Rule);
    }
}
