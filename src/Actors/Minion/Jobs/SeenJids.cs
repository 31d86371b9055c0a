namespace SaltActors.Actors.Minion.Jobs;

/// <summary>The latest jids, so that a publish that comes twice runs once.</summary>
/// <param name="atMost">How many are remembered (<c>minion_jid_queue_hwm</c>).</param>
public sealed class SeenJids(int atMost)
{
    private readonly Queue<string> _order = new();
    private readonly HashSet<string> _seen = [];

    /// <summary>False where it was there already.</summary>
    public bool Add(string jid)
    {
        if (!_seen.Add(jid)) return false;
        _order.Enqueue(jid);
        if (_order.Count > atMost) _seen.Remove(_order.Dequeue());
        return true;
    }
}
