using SaltActors.Core.Values;
using SaltActors.Rendering.Jinja.Errors;
using SaltActors.Rendering.Jinja.Evaluation;
using SaltActors.Rendering.Jinja.Objects;
using static SaltActors.Rendering.Jinja.Filters.Salt.PatternFilters;

namespace SaltActors.Rendering.Jinja.Filters.Salt;

/// <summary>Salt's filters that ask the machine which renders; they do so through the host. Salt: salt/utils/files.py, path.py, user.py.</summary>
internal static class MachineFilters
{
    private const int LookedAt = 512;

    internal static readonly Native[] All =
    [
        new("path_join", "*parts **options", static (_, s, a) => TextObj.Of(Join([s, .. a.Rest]))),
        new("which", "", static (run, s, _) => Machine(run, "which").Which(Subject(s)) is { } path ? path : Obj.None),
        new("list_files", "", static (run, s, _) => ListObj.Of(Machine(run, "list_files").ListFiles(Subject(s)).Select(f => (Obj)f))),
        new("is_empty", "", static (run, s, _) => Machine(run, "is_empty").ReadFile(Subject(s)) is { Length: 0 }),
        new("is_bin_file", "", static (run, s, _) => Machine(run, "is_bin_file").ReadFile(Subject(s)) is { } bytes && IsBinary(bytes)),
        new("is_text_file", "", static (run, s, _) => Machine(run, "is_text_file").ReadFile(Subject(s)) is { } bytes && !IsBinary(bytes)),
        new("file_hashsum", "form? chunk_size?", static (run, s, a) => Machine(run, "file_hashsum").ReadFile(Subject(s)) is { } bytes ? HashFilters.Hex(a.Text(0, "sha256"), bytes)
            : throw JinjaFault.Other($"[Errno 2] No such file or directory: {s.Repr()}")),
        new("get_uid", "", static (run, s, _) => Machine(run, "get_uid").UserId(s.ToString()) is { } id ? id : Obj.None),
        new("dns_check", "port? safe? ipv6?", static (run, s, _) => Machine(run, "dns_check").Resolve(Subject(s)) is [var first, ..] ? first
            : throw JinjaFault.Other($"DNS lookup or connection check of '{s}' failed.")),
        new("http_query", "**options", static (run, s, a) =>
            Conversion.ToObj(Machine(run, "http_query").Query(Subject(s), MapValue.From(a.Keywords.Select(k => KeyValuePair.Create(k.Key, Conversion.ToValue(k.Value))))))),
    ];

    private static ITemplateMachine Machine(RenderRun run, string filter) =>
        run.Host.Machine ?? throw JinjaFault.Runtime($"the filter {filter} asks the machine, which templates may not do here");

    private static bool IsBinary(byte[] bytes) => bytes.AsSpan(0, Math.Min(bytes.Length, LookedAt)).Contains((byte)0)
        || bytes.AsSpan(0, Math.Min(bytes.Length, LookedAt)) is var head && head.Length > 0 && Count(head) > head.Length * 0.3;

    private static int Count(ReadOnlySpan<byte> head)
    {
        var others = 0;
        foreach (var b in head)
            if (b is not (>= 32 and < 127 or (byte)'\n' or (byte)'\r' or (byte)'\t' or (byte)'\b' or >= 128)) others++;
        return others;
    }

    // Absolute parts do not start anew: their slash goes.
    private static string Join(Obj[] parts)
    {
        var whole = string.Join('/', parts.Select((p, i) => i == 0 ? Subject(p) : Subject(p).TrimStart('/')));
        var names = new List<string>();
        var isAbsolute = whole.StartsWith('/');
        foreach (var name in whole.Split('/'))
            switch (name)
            {
                case "" or ".": break;
                case ".." when names.Count > 0 && names[^1] != "..": names.RemoveAt(names.Count - 1); break;
                case ".." when isAbsolute: break;
                default: names.Add(name); break;
            }
        return isAbsolute ? "/" + string.Join('/', names) : names.Count == 0 ? "." : string.Join('/', names);
    }
}
