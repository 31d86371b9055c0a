using SaltActors.Core.Functions;
using SaltActors.Core.Values;

namespace SaltActors.States.Pillars;

/// <summary>A minion's pillar: top file → SLS files → sources from outside → what the call lays over it.</summary>
/// <remarks>Follows Salt 3006, salt/pillar/__init__.py, compile_pillar(). It reads files and may run programs: call it on a thread that may wait.</remarks>
public static class PillarCompiler
{
    /// <summary>The whole pillar. What could not be rendered stands in its <c>_errors</c>; nothing throws but a cancellation.</summary>
    public static MapValue Compile(PillarScene scene)
    {
        if (scene.PillarEnv is null && scene.SaltEnv is { } saltenv && scene.Options.Get("pillarenv_from_saltenv") is { IsTruthy: true }) scene = scene with { PillarEnv = saltenv };
        List<string> errors = [], topErrors = [];
        MapValue pillar;
        if (scene.Options.Get("ext_pillar_first") is { IsTruthy: true })
        {
            var outside = ExternalPillars.Over(scene, scene.Override, errors);
            scene = scene with { Call = scene.Call.ForInnerCalls(outside), Minion = scene.Minion with { Pillar = outside } };
            pillar = scene.Merge(outside, Tree(scene, errors, topErrors));
        }
        else pillar = ExternalPillars.Over(scene, Tree(scene, errors, topErrors), errors);
        errors.AddRange(topErrors);
        if (scene.Options.Get("pillar_opts") is { IsTruthy: true }) pillar = pillar.With("master", scene.Options.Without("grains"));
        if (scene.Underneath.Count > 0) pillar = scene.Merge(scene.Underneath, pillar);
        if (errors.Count > 0)
        {
            foreach (var error in errors) scene.Log?.Write(LogSeverity.Critical, $"Pillar render error: {error}");
            pillar = pillar.With("_errors", ListValue.OfTexts(errors));
        }
        return scene.Override.Count > 0 ? scene.Merge(pillar, scene.Override) : pillar;
    }

    private static MapValue Tree(PillarScene scene, List<string> errors, List<string> topErrors)
    {
        var tree = new PillarTree(scene, errors);
        return tree.RenderAll(new PillarTop(scene, tree, topErrors).Matches());
    }
}
