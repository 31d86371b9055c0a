using System.Collections.Concurrent;
using System.Collections.Frozen;
using System.Collections.Immutable;
using SaltActors.Core.Functions;
using SaltActors.Core.Identity;
using SaltActors.Core.Targets;
using SaltActors.Core.Values;
using SaltActors.States.Files;

namespace SaltActors.States.Pillars;

/// <summary>How many pillars were rendered, and how many were as they had been.</summary>
public readonly record struct PillarCounts(long Rendered, long Reused);

/// <summary>Compiles the pillars of many minions, and renders only what changed. Safe from every thread; it reads disks and may run programs.</summary>
/// <remarks>
/// A pillar is kept with what it was made from: files, lists of files, grains. One whose templates called a function that looks at the world
/// (<c>cmd.run</c>, <c>mine.get</c> …), or that has sources from outside (<c>ext_pillar</c>), is made anew every time.
/// With <c>pillar_cache</c> whatever was made is given for <c>pillar_cache_ttl</c> seconds, as Salt does.
/// </remarks>
/// <param name="surroundings">Functions and doors; options, grains and pillar of it are not used.</param>
public sealed class PillarWorkshop(MapValue options, CallContext surroundings)
{
    private const int MostKept = 20_000;
    // What these answer follows from grains, pillar, options and arguments alone.
    private static readonly FrozenSet<string> PureModules = new[] { "grains", "pillar", "match", "slsutil", "defaults", "hashutil", "config" }.ToFrozenSet();
    private static readonly FrozenSet<string> ImpureFunctions = new[] { "slsutil.renderer", "slsutil.file_exists", "slsutil.dir_exists", "slsutil.path_exists", "slsutil.findup", "defaults.get", "grains.setval", "grains.setvals",
        "grains.append", "grains.remove", "grains.delval", "grains.delkey", "grains.set", "pillar.items", "pillar.ls", "pillar.obfuscate", "pillar.file_exists", "hashutil.digest_file", "config.gather_bootstrap_script" }.ToFrozenSet();
    private static readonly FrozenSet<string> PureFunctions = new[] { "test.echo", "test.ping", "test.true", "test.false", "network.calc_net", "network.convert_cidr", "network.is_private", "network.is_loopback" }.ToFrozenSet();

    private readonly record struct Key(MinionId Id, string? SaltEnv, string? PillarEnv);
    private sealed record Kept(MapValue Pillar, PillarDependencies? Dependencies, DateTimeOffset Made);

    private readonly FileRoots _roots = new(options.MapOf("pillar_roots"), new FileFilter(options, _ => { }));
    private readonly ConcurrentDictionary<Key, Kept> _kept = new();
    private readonly bool _isCached = options.Get("pillar_cache") is { IsTruthy: true };
    private readonly TimeSpan _ttl = TimeSpan.FromSeconds(options.Get("pillar_cache_ttl")?.AsInteger() ?? 3600);
    private long _rendered, _reused;

    public PillarCounts Counts => new(Interlocked.Read(ref _rendered), Interlocked.Read(ref _reused));

    /// <summary>The pillar of a minion. What could not be rendered stands in its <c>_errors</c>.</summary>
    public MapValue Compile(PillarQuestion question, CancellationToken stop)
    {
        var key = new Key(question.Id, question.SaltEnv, question.PillarEnv);
        if (question.Override.Count > 0) return Render(question, out _, stop);
        if (_kept.TryGetValue(key, out var kept) && IsFresh(kept, question))
        {
            Interlocked.Increment(ref _reused);
            return kept.Pillar;
        }
        var pillar = Render(question, out var dependencies, stop);
        if (dependencies is null && !_isCached) _kept.TryRemove(key, out _);
        else
        {
            if (_kept.Count >= MostKept) _kept.Clear();
            _kept[key] = new Kept(pillar, dependencies, surroundings.Clock.GetUtcNow());
        }
        return pillar;
    }

    /// <summary>Forgets what was made for a minion, or for all. True where there was something.</summary>
    public bool Forget(MinionId? id)
    {
        var keys = _kept.Keys.Where(k => id is null || k.Id == id).ToArray();
        foreach (var key in keys) _kept.TryRemove(key, out _);
        return keys.Length > 0;
    }

    /// <summary>What is kept, by minion.</summary>
    public ImmutableDictionary<MinionId, MapValue> Known => _kept.GroupBy(k => k.Key.Id).ToImmutableDictionary(g => g.Key, g => g.First().Value.Pillar);

    private bool IsFresh(Kept kept, PillarQuestion question) =>
        _isCached ? surroundings.Clock.GetUtcNow() - kept.Made < _ttl : kept.Dependencies is { } made && made.Hold(_roots, question.Grains);

    private MapValue Render(PillarQuestion question, out PillarDependencies? dependencies, CancellationToken stop)
    {
        Interlocked.Increment(ref _rendered);
        var tree = new RecordingTree(_roots);
        var isPure = options.ListOf("ext_pillar").Count == 0;
        var pillar = PillarCompiler.Compile(new PillarScene
        {
            Call = new CallContext
            {
                Functions = surroundings.Functions,
                Options = options.With("id", question.Id.Text).With("file_client", "local").With("saltenv", question.SaltEnv is { } env ? env : Value.Null)
                    .With("pillarenv", question.PillarEnv is { } pillarenv ? pillarenv : Value.Null),
                Grains = question.Grains,
                Clock = surroundings.Clock,
                Stopped = stop,
                Services = surroundings.Services,
            },
            Roots = tree,
            Minion = new MinionFacts(question.Id, question.Grains, MapValue.Empty),
            SaltEnv = question.SaltEnv,
            PillarEnv = question.PillarEnv,
            Override = question.Override,
            Calling = name => isPure &= PureFunctions.Contains(name) || PureModules.Contains(name.Split('.')[0]) && !ImpureFunctions.Contains(name),
        });
        dependencies = isPure ? tree.Dependencies(question.Grains) : null;
        return pillar;
    }
}
