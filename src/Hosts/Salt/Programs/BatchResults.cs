using SaltActors.Client.Batches;
using SaltActors.Core.Identity;
using SaltActors.Core.Jobs;
using SaltActors.Core.Values;

namespace SaltActors.Hosts.Salt.Programs;

/// <summary>What <c>salt</c> prints while a batch runs, and what it ends with: the highest code that a minion returned.</summary>
/// <param name="isQuiet">All returns are printed at the end, as one map, and nothing before (<c>--static</c>); then the status is 0, as Salt's.</param>
internal sealed class BatchResults(HostConfiguration configuration, Printer printer, WaitingLine waiting, bool isQuiet, bool isDocumentation)
{
    private readonly MapValue.Builder _collected = new();
    private Jid? _jid;
    private int _exit;
    private bool _isOver;

    internal Jid? Jid => _jid;

    internal void Take(BatchUpdate update)
    {
        switch (update)
        {
            case BatchUpdate.Nobody n: TakeNobody(n); break;
            case BatchUpdate.Down d: Tell($"Minion {d.Id} did not respond. No job will be sent."); break;
            case BatchUpdate.Started s:
                if (!isQuiet) printer.Line($"\nExecuting run on {PythonText.Repr(ListValue.OfTexts(s.Group.Select(i => i.Text).Order(StringComparer.Ordinal)))}\n");
                waiting.Expect(s.Group.Select(i => i.Text));
                break;
            case BatchUpdate.Published p: _jid = p.Jid; break;
            case BatchUpdate.Returned r:
                TakeReturn(r.Return);
                waiting.Done(r.Return.Id.Text);
                break;
            case BatchUpdate.Silent s:
                TakeSilence(s.Id);
                waiting.Done(s.Id);
                break;
            case BatchUpdate.FailedHard f:
                Error($"[ERROR   ] Minion {f.Id} returned with non-zero exit code. Batch run stopped due to failhard");
                break;
            case BatchUpdate.InvalidSize i:
                printer.Line(BatchSize.Invalid(i.Size));
                (_exit, _isOver) = (1, true);
                break;
            case BatchUpdate.Refused r:
                printer.Line(r.Message);
                (_exit, _isOver) = (r.Name is "AuthenticationError" or "AuthorizationError" ? 0 : 2, true);
                break;
            case BatchUpdate.Broken b:
                Error($"ERROR: {b.Message}");
                (_exit, _isOver) = (2, true);
                break;
        }
    }

    /// <summary>The end of the output, and the exit status.</summary>
    internal int End()
    {
        waiting.End();
        if (!isQuiet || _isOver) return _exit;
        if (isDocumentation) Documentation.Print(printer, Documentation.Merged(_collected.Build().Values));
        else printer.Print(_collected.Build(), null);
        if (_collected.Count > 0) return 0;
        Error("ERROR: No return received");
        return 2;
    }

    private void TakeNobody(BatchUpdate.Nobody nobody)
    {
        if (nobody.IsUnmatched) printer.Line(SaltResults.Nobody);
        if (!isQuiet && nobody.IsUnmatched) printer.Line("No minions matched the target.");
    }

    private void TakeReturn(MinionReturn answer)
    {
        _exit = Math.Max(_exit, (int)answer.Retcode);
        if (isQuiet) _collected[answer.Id.Text] = answer.Return;
        // Salt shows the whole answer: its code and job beside the return.
        else printer.Print(MapValue.Of(("retcode", answer.Load.Get("retcode") ?? 0), ("jid", answer.Jid.Text), (answer.Id.Text, answer.Return)), answer.Outputter);
    }

    private void TakeSilence(string id)
    {
        _exit = Math.Max(_exit, 1);
        if (isQuiet) _collected[id] = SaltResults.NoResponse;
        else printer.Print(MapValue.Of((id, SaltResults.NoResponse)), null, 1);
    }

    // With one map as the output, nothing else may stand there.
    private void Tell(string line)
    {
        if (isQuiet) Error(line);
        else printer.Line(line);
    }

    private void Error(string line)
    {
        waiting.End();
        if (configuration.Options.TextOf("log_level") is "quiet" && line.StartsWith('[')) return;
        Console.Error.WriteLine(line);
    }
}
