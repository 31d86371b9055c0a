using SaltActors.Core.Functions;
using SaltActors.Core.Values;
using SaltActors.Rendering.Jinja;
using SaltActors.States.Files;
using SaltActors.States.Pillars;
using SaltActors.States.Templates;

namespace SaltActors.Modules.Templates;

/// <summary>The module <c>slsutil</c>: what templates and their writers need.</summary>
/// <remarks>Follows Salt 3006, salt/modules/slsutil.py.</remarks>
public static class SlsUtilModule
{
    private const string NoFiles = "this reads files of the file server, and there is none here";

    /// <summary>Renders a file or a text through its pipe of renderers.</summary>
    /// <param name="path">The file: <c>salt://…</c>, or a path of this machine.</param>
    /// <param name="string">The text, where no file is given.</param>
    /// <param name="defaultRenderer">The pipe of a text that names none in its first line.</param>
    /// <param name="kwargs">Names that the templates see.</param>
    /// <returns>What the last renderer makes of it.</returns>
    /// <example><code>
    /// salt '*' slsutil.renderer salt://path/to/file
    /// salt '*' slsutil.renderer string='Inline template! {{ saltenv }}' default_renderer=jinja
    /// </code></example>
    [SaltFunction("slsutil.renderer")]
    public static async Task<Value> Renderer(CallContext context, string? path = null, string? @string = null, string defaultRenderer = "jinja|yaml", [Keywords] MapValue? kwargs = null)
    {
        if (string.IsNullOrEmpty(path) && string.IsNullOrEmpty(@string)) throw new NamedError("SaltInvocationError", "Must pass either path or string");
        var names = MapValue.From((kwargs ?? MapValue.Empty).Where(k => !k.Key.ToString().StartsWith("__pub_", StringComparison.Ordinal)));
        var saltenv = names.TextOf("saltenv") ?? context.Options.TextOf("saltenv") ?? "base";
        var source = string.IsNullOrEmpty(path) ? new TemplateSource("", @string!) : await SourceOf(context, path, saltenv).ConfigureAwait(false);
        ITemplateFiles files = context.Services.Files is { } server ? new ServedTemplates(server, saltenv, context.Stopped) : NoTemplates.Instance;
        try
        {
            return await Task.Run(() => TemplateEngine.Render(new RenderTask
            {
                Call = context,
                Source = source,
                Files = files,
                SaltEnv = saltenv,
                Sls = names.TextOf("sls") ?? "",
                Variables = names.Without("saltenv").Without("sls"),
            }, defaultRenderer) ?? MapValue.Empty, context.Stopped).ConfigureAwait(false);
        }
        catch (RenderFailed failed)
        {
            throw new NamedError("SaltRenderError", failed.Message);
        }
    }

    /// <summary>Lays one map over another.</summary>
    /// <param name="objA">The lower map.</param>
    /// <param name="objB">The upper one.</param>
    /// <param name="strategy"><c>smart</c>, <c>recurse</c>, <c>aggregate</c>, <c>overwrite</c> or <c>list</c>.</param>
    /// <param name="renderer">What <c>smart</c> looks at: <c>yamlex</c> makes it <c>aggregate</c>.</param>
    /// <param name="mergeLists">Join lists of the same key.</param>
    /// <example><code>salt '*' slsutil.merge '{foo: Foo}' '{bar: Bar}'</code></example>
    [SaltFunction("slsutil.merge")]
    public static Value Merge(MapValue objA, MapValue objB, string strategy = "smart", string renderer = "yaml", bool mergeLists = false) => Laid(objA, objB, strategy, renderer, mergeLists);

    /// <summary>Lays several maps over each other, the last on top.</summary>
    /// <param name="lst">The maps.</param>
    /// <param name="strategy">As for <c>slsutil.merge</c>.</param>
    /// <param name="renderer">As for <c>slsutil.merge</c>.</param>
    /// <param name="mergeLists">Join lists of the same key.</param>
    /// <example><code>salt '*' slsutil.merge_all '[{foo: Foo}, {foo: Bar}]'</code></example>
    [SaltFunction("slsutil.merge_all")]
    public static Value MergeAll(ListValue lst, string strategy = "smart", string renderer = "yaml", bool mergeLists = false) =>
        lst.Aggregate(MapValue.Empty, (all, one) => Laid(all, one as MapValue ?? throw new NamedError("TypeError", $"each item must be a map, found {one.KindName}"), strategy, renderer, mergeLists));

    /// <summary>Lays one map over another; called from a template, the first map itself is changed.</summary>
    /// <param name="dest">The lower map.</param>
    /// <param name="upd">The upper one.</param>
    /// <param name="recursiveUpdate">Go into maps; else a key of the upper map replaces all below it.</param>
    /// <param name="mergeLists">Join lists of the same key.</param>
    /// <example><code>salt '*' slsutil.update '{foo: Foo}' '{bar: Bar}'</code></example>
    [SaltFunction("slsutil.update")]
    public static Value Update(MapValue dest, MapValue upd, bool recursiveUpdate = true, bool mergeLists = false) => recursiveUpdate ? PillarMerge.Deep(dest, upd, mergeLists) : dest.Over(upd);

    /// <summary>Answers with one of two words.</summary>
    /// <param name="value">Anything: what is empty, zero or null is false.</param>
    /// <param name="true">The word for true.</param>
    /// <param name="false">The word for false.</param>
    /// <example><code>salt '*' slsutil.boolstr True yes no</code></example>
    [SaltFunction("slsutil.boolstr")]
    public static string Boolstr(Value value, string @true = "true", string @false = "false") => value.IsTruthy ? @true : @false;

    /// <summary>Writes a value as text.</summary>
    /// <param name="serializer"><c>json</c>, <c>yaml</c>, <c>python</c> …</param>
    /// <param name="obj">The value.</param>
    /// <param name="modKwargs">Settings of the writer, as <c>default_flow_style</c> or <c>indent</c>.</param>
    /// <example><code>salt '*' --no-parse=obj slsutil.serialize json obj="{'foo': 'Foo!'}"</code></example>
    [SaltFunction("slsutil.serialize")]
    public static Value Serialize(string serializer, Value obj, [Keywords] MapValue modKwargs) => Serializers.Write(serializer, obj, modKwargs);

    /// <summary>Reads a value from text.</summary>
    /// <param name="serializer"><c>json</c> or <c>yaml</c>.</param>
    /// <param name="streamOrString">The text.</param>
    /// <param name="modKwargs">Settings of the reader.</param>
    /// <example><code>salt '*' slsutil.deserialize json '{"foo": "Foo!"}'</code></example>
    [SaltFunction("slsutil.deserialize")]
    public static Value Deserialize(string serializer, Value streamOrString, [Keywords] MapValue modKwargs) => Serializers.Read(serializer, streamOrString.ToString(), modKwargs);

    /// <summary>Writes a box of comment lines, for the head of a managed file.</summary>
    /// <param name="width">Columns of the whole.</param>
    /// <param name="commentchar">What begins a line of comment.</param>
    /// <param name="borderchar">What the border is drawn with.</param>
    /// <param name="blockstart">What begins the block, a line of its own.</param>
    /// <param name="blockend">What ends the block, a line of its own.</param>
    /// <param name="title">The first line, in the middle.</param>
    /// <param name="text">The text, wrapped to the width.</param>
    /// <param name="newline">End with a line feed.</param>
    /// <example><code>salt '*' slsutil.banner</code></example>
    [SaltFunction("slsutil.banner")]
    public static string Banner(
        int width = 72, string commentchar = "#", string borderchar = "#", string? blockstart = null, string? blockend = null, string? title = null, string? text = null, bool newline = false)
    {
        const string Title = "THIS FILE IS MANAGED BY SALT - DO NOT EDIT";
        const string Text = "The contents of this file are managed by Salt. Any changes to this file may be overwritten automatically and without warning.";
        var inner = width - 2 * commentchar.Length;
        if (inner <= 0) throw new NamedError("ArgumentValueError", "Width is too small to render banner");
        var border = commentchar + new string(borderchar.Length > 0 ? borderchar[0] : '#', inner) + commentchar;
        var lines = new List<string>();
        if (blockstart is not null) lines.Add(blockstart);
        lines.Add(border);
        lines.Add(commentchar + new string(' ', inner) + commentchar);
        lines.Add(commentchar + Centred(title ?? Title, inner) + commentchar);
        lines.Add(commentchar + new string(' ', inner) + commentchar);
        foreach (var line in Wrapped(text ?? Text, inner - 2)) lines.Add($"{commentchar} {line.PadRight(inner - 2)} {commentchar}");
        lines.Add(border);
        if (blockend is not null) lines.Add(blockend);
        return string.Join('\n', lines) + (newline ? "\n" : "");
    }

    /// <summary>Whether the file server has a file.</summary>
    /// <param name="path">From the root.</param>
    /// <param name="saltenv">The environment.</param>
    /// <example><code>salt '*' slsutil.file_exists path/to/file</code></example>
    [SaltFunction("slsutil.file_exists")]
    public static async Task<bool> FileExists(CallContext context, string path, string saltenv = "base") => await HasAsync(context, FileListing.Files, path, saltenv).ConfigureAwait(false);

    /// <summary>Whether the file server has a folder.</summary>
    /// <param name="path">From the root.</param>
    /// <param name="saltenv">The environment.</param>
    /// <example><code>salt '*' slsutil.dir_exists path/to/directory</code></example>
    [SaltFunction("slsutil.dir_exists")]
    public static async Task<bool> DirExists(CallContext context, string path, string saltenv = "base") => await HasAsync(context, FileListing.Folders, path, saltenv).ConfigureAwait(false);

    /// <summary>Whether the file server has a file or a folder.</summary>
    /// <param name="path">From the root.</param>
    /// <param name="saltenv">The environment.</param>
    /// <example><code>salt '*' slsutil.path_exists path/to/dirorfile</code></example>
    [SaltFunction("slsutil.path_exists")]
    public static async Task<bool> PathExists(CallContext context, string path, string saltenv = "base") =>
        await FileExists(context, path, saltenv).ConfigureAwait(false) || await DirExists(context, path, saltenv).ConfigureAwait(false);

    /// <summary>Looks for a file on the way from a folder of the file server up to its root.</summary>
    /// <param name="startpath">The folder, or a file in it.</param>
    /// <param name="filenames">One name, or several: the first that is found.</param>
    /// <param name="saltenv">The environment.</param>
    /// <example><code>salt '*' slsutil.findup formulas/shared/nginx map.jinja</code></example>
    [SaltFunction("slsutil.findup")]
    public static async Task<string> Findup(CallContext context, string startpath, Value filenames, string saltenv = "base")
    {
        var names = filenames is ListValue list ? list.Select(n => n.ToString()).ToArray() : [filenames.ToString()];
        if (startpath.Length > 0 && !await PathExists(context, startpath, saltenv).ConfigureAwait(false)) throw new NamedError("SaltInvocationError", $"Starting path not found: {startpath}");
        var all = (await Listed(context, FileListing.Files, saltenv).ConfigureAwait(false)).ToHashSet();
        for (var folder = startpath.Trim('/'); ; folder = folder.Contains('/') ? folder[..folder.LastIndexOf('/')] : "")
        {
            foreach (var name in names)
                if ((folder.Length == 0 ? name : $"{folder}/{name}") is var path && all.Contains(path)) return path;
            if (folder.Length == 0) break;
        }
        throw new NamedError("CommandExecutionError", $"File pattern(s) not found in path ancestry: {PythonText.Repr(ListValue.OfTexts(names))}");
    }

    private static MapValue Laid(MapValue lower, MapValue upper, string strategy, string renderer, bool mergeLists) =>
        PillarMerge.Over(lower, upper, strategy, renderer.Split('|')[^1].Trim() == "yamlex", mergeLists);

    private static async Task<TemplateSource> SourceOf(CallContext context, string path, string saltenv)
    {
        if (!FileUrl.IsOne(path)) return File.Exists(path) ? TemplateText.Read(path, path) : throw new NamedError("CommandExecutionError", $"Path does not exist: {path}");
        if (await CallServices.Need(context.Services.Files, NoFiles).CacheAsync(path, saltenv, context.Stopped).ConfigureAwait(false) is { } local) return TemplateText.Read(FileUrl.Parse(path).Path, local);
        // Salt renders what the file server does not have as nothing; the log at least says so.
        context.Services.Log?.Write(LogSeverity.Error, $"slsutil.renderer: there is no {path} in the environment '{saltenv}'; nothing is rendered");
        return new TemplateSource(FileUrl.Parse(path).Path, "");
    }

    private static async Task<bool> HasAsync(CallContext context, FileListing what, string path, string saltenv) =>
        (await Listed(context, what, saltenv).ConfigureAwait(false)).Contains(path.Trim('/'));

    private static async Task<IEnumerable<string>> Listed(CallContext context, FileListing what, string saltenv) =>
        await CallServices.Need(context.Services.Files, NoFiles).ListAsync(what, saltenv, "", context.Stopped).ConfigureAwait(false);

    private static string Centred(string text, int width)
    {
        var left = (width - text.Length) / 2 + (width - text.Length & width & 1);
        return left <= 0 ? text.PadRight(width) : (new string(' ', left) + text).PadRight(width);
    }

    private static List<string> Wrapped(string text, int width)
    {
        var lines = new List<string>();
        foreach (var paragraph in text.Split('\n'))
        {
            var line = "";
            foreach (var word in paragraph.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            {
                if (line.Length > 0 && line.Length + 1 + word.Length > width)
                {
                    lines.Add(line);
                    line = word;
                }
                else line = line.Length == 0 ? word : $"{line} {word}";
            }
            lines.Add(line);
        }
        return lines;
    }
}
