using SaltActors.Core.Functions;
using SaltActors.Core.Targets;
using SaltActors.Core.Values;
using SaltActors.States.Files;

namespace SaltActors.States.Pillars;

/// <summary>Pillars from folders of this machine, for itself: <c>file_client: local</c>.</summary>
/// <remarks>What was compiled before lies underneath, unless <c>ssh_merge_pillar</c> is off: Salt's masterless minion does so.</remarks>
/// <param name="surroundings">Functions, options and doors, without grains.</param>
public sealed class LocalPillars(Func<CallContext> surroundings, MapValue options) : IPillarSource
{
    private MapValue _before = MapValue.Empty;

    public Task<MapValue> CompileAsync(PillarQuestion question, CancellationToken stop) => Task.Run(() =>
    {
        var outer = surroundings();
        var pillar = PillarCompiler.Compile(new PillarScene
        {
            Call = new CallContext { Functions = outer.Functions, Options = options, Grains = question.Grains, Pillar = _before, Clock = outer.Clock, Stopped = stop, Services = outer.Services },
            Roots = new FileRoots(options.MapOf("pillar_roots"), new FileFilter(options, _ => { })),
            Minion = new MinionFacts(question.Id, question.Grains, _before),
            SaltEnv = question.SaltEnv,
            PillarEnv = question.PillarEnv,
            Override = question.Override,
            Underneath = options.Get("ssh_merge_pillar") is { IsTruthy: false } ? MapValue.Empty : _before,
        });
        _before = pillar;
        return pillar;
    }, stop);
}
