using SaltActors.Core.Functions;
using SaltActors.Core.Values;

namespace SaltActors.States.Compiler;

/// <summary><c>exclude</c>: what is left out of the run, by SLS or by id.</summary>
public sealed class Exclusions
{
    private readonly List<string> _sls = [], _ids = [];

    /// <param name="entries">A text is an SLS; a map says which of both it is.</param>
    public Exclusions(IEnumerable<Value> entries)
    {
        foreach (var entry in entries)
            if (entry is TextValue text) _sls.Add(text.Text);
            else if (entry is MapValue { Count: 1 } map && map.TextOf("sls") is { } sls) _sls.Add(sls);
            else if (entry is MapValue { Count: 1 } other && other.TextOf("id") is { } id) _ids.Add(id);
    }

    public bool HasSls(string sls) => _sls.Any(p => NamePattern.Matches(p, sls));

    public void Apply(HighData high)
    {
        foreach (var id in high.Ids)
            if (HasSls(id.Sls) || _ids.Contains(id.Id.ToString())) high.Remove(id.Id);
    }
}
