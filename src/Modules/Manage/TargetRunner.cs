using SaltActors.Core.Functions;
using SaltActors.Core.Values;

namespace SaltActors.Modules.Manage;

/// <summary>The runner <c>target</c>: whom a target means, without a job.</summary>
public static class TargetRunner
{
    /// <summary>The minions that a job with this target would wait for. None of them is asked.</summary>
    /// <param name="tgt">The target; for <c>list</c> also a list of ids, for <c>compound</c> also a list of words.</param>
    /// <param name="tgtType">The kind of the target.</param>
    /// <param name="delimiter">Stands between the keys of a grain or pillar target.</param>
    /// <returns>
    /// Ids, sorted; a list target keeps its own order. Empty where nobody matches, and where the target means nothing.
    /// A minion of which nothing is known yet is among them where knowing would be needed, as it is for a job.
    /// </returns>
    /// <remarks>Answers <c>salt --preview-target</c>. Follows Salt 3006, salt/client/__init__.py, gather_minions(), which reads the master's folders instead.</remarks>
    /// <example><code>salt-run target.preview 'G@os:Debian and web*' tgt_type=compound</code></example>
    [SaltRunner("target.preview")]
    public static ListValue Preview(CallContext context, Value tgt, string tgtType = "glob", string delimiter = ":") =>
        ListValue.OfTexts(CallServices.Need(context.Services.Targets, "target.preview reads the minions of a running master").Match(tgt, tgtType, delimiter).Select(id => id.Text));
}
