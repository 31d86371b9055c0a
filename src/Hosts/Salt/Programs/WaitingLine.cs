namespace SaltActors.Hosts.Salt.Programs;

/// <summary>Who is still out, as one line: names while they fit, or a bar where <c>--progress</c> asks for it.</summary>
internal sealed class WaitingLine(StatusLine status, string functions, bool isBar)
{
    private const int BarWidth = 40;
    private readonly SortedSet<string> _out = new(StringComparer.Ordinal);
    private int _all, _tenths = -1;

    internal void Expect(IEnumerable<string> minions)
    {
        foreach (var id in minions)
            if (_out.Add(id)) _all++;
        Show();
    }

    internal void Done(string minion)
    {
        _out.Remove(minion);
        Show();
    }

    internal void End() => status.Erase();

    private void Show()
    {
        if (_all == 0) return;
        var done = _all - _out.Count;
        if (isBar) ShowBar(done);
        else if (_out.Count == 0) status.Erase();
        else status.Show($"{done} of {_all}; {functions} runs on {string.Join(", ", _out.Take(8))}{(_out.Count > 8 ? $" and {_out.Count - 8} more" : "")}");
    }

    // Where there is no terminal, each tenth of the way is a line.
    private void ShowBar(int done)
    {
        var filled = done * BarWidth / _all;
        var text = $"[{new string('#', filled)}{new string(' ', BarWidth - filled)}] {done}/{_all} {100 * done / _all}%";
        if (!Console.IsErrorRedirected) status.Show(text);
        else if (10 * done / _all is var tenths && tenths > _tenths)
        {
            _tenths = tenths;
            Console.Error.WriteLine(text);
        }
    }
}
