using System.Collections.Immutable;
using SaltActors.Core.Values;
using SaltActors.States.Compiler;

namespace SaltActors.States.Run;

/// <summary><c>listen</c> and <c>listen_in</c>: who reacts, when all is done, to whose changes.</summary>
internal static class Listeners
{
    public static IEnumerable<(LowChunk Listener, List<(string Module, Value Name)> References)> Of(ImmutableArray<LowChunk> chunks)
    {
        var found = new OrderedDictionary<string, (LowChunk Listener, List<(string, Value)> References)>();
        foreach (var chunk in chunks)
        {
            if (chunk.Data.TryGet("listen", out var listen))
                foreach (var reference in Requisites.References(listen)) Add(chunk, reference);
            if (chunk.Data.TryGet("listen_in", out var listenIn))
                foreach (var (module, name) in Requisites.References(listenIn))
                    foreach (var other in chunks.Where(c => RequisiteReader.Fits(c, module, name))) Add(other, (chunk.State, TextValue.Of(chunk.Id)));
        }
        return found.Values;

        void Add(LowChunk listener, (string, Value) reference)
        {
            if (!found.TryGetValue(listener.Tag, out var entry)) found[listener.Tag] = entry = (listener, []);
            entry.References.Add(reference);
        }
    }
}
