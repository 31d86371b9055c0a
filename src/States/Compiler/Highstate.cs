using System.Collections.Immutable;
using SaltActors.Core.Values;

namespace SaltActors.States.Compiler;

/// <summary>From top files to low chunks, in four steps: top → SLS → high data → low chunks. Each step takes a value and gives one.</summary>
/// <remarks>It reads files and may run programs: call it on a thread that may wait.</remarks>
public static class Highstate
{
    /// <summary>SLS names to high data as it was written: what <c>state.show_sls</c> shows.</summary>
    /// <exception cref="CompileFailed">A file is missing, or is not what it should be.</exception>
    public static HighData Render(SlsTree tree, IReadOnlyList<KeyValuePair<string, IReadOnlyList<string>>> matches)
    {
        var errors = new List<string>();
        var high = new HighBuilder(tree, errors, [.. matches.Select(m => m.Key)]).Build(matches);
        return errors.Count == 0 ? high : throw new CompileFailed(errors);
    }

    /// <summary>High data to what runs: extended, checked, requisites at their places, without what is excluded.</summary>
    /// <exception cref="CompileFailed">The data is not formed as it must be.</exception>
    /// <exception cref="StateDataBroken">Nobody can say what was meant.</exception>
    public static ImmutableArray<LowChunk> Compile(HighData high, string? orchestrationJid = null)
    {
        PadFunctions(high);
        var exclusions = new Exclusions(high.Excludes);
        var errors = new List<string>();
        Extensions.Apply(high, high.Extends.Where(e => !exclusions.HasSls(e.Sls)), errors);
        errors.AddRange(Verification.Check(high));
        if (errors.Count > 0) throw new CompileFailed(errors);
        RequisitesIn.Apply(high, errors);
        if (errors.Count > 0) throw new CompileFailed(errors);
        exclusions.Apply(high);
        return Chunks.Of(high, orchestrationJid);
    }

    /// <summary>High data to chunks without extensions, requisites of others, and exclusions: what <c>state.show_low_sls</c> shows.</summary>
    public static ImmutableArray<LowChunk> Show(HighData high)
    {
        var errors = Verification.Check(high);
        return errors.Count == 0 ? Chunks.Of(high) : throw new CompileFailed(errors);
    }

    // A state without a function has one that nobody knows: it fails when it runs, and the others go on.
    private static void PadFunctions(HighData high)
    {
        foreach (var id in high.Ids)
            foreach (var (module, arguments) in id.WellFormed.ToArray())
                if (!module.StartsWith("__", StringComparison.Ordinal) && !arguments.Any(a => a is TextValue)) id.Modules[module] = arguments.Add("__call__");
    }
}
