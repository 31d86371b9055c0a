using SaltActors.Core.Functions;
using SaltActors.Core.Values;

namespace SaltActors.Modules.MasterFiles;

/// <summary>The wheel functions <c>file_roots</c>: the master's own folders of states.</summary>
/// <remarks>Follows Salt 3006, salt/wheel/file_roots.py. A path that leads out of its folder is not followed, also not by a link.</remarks>
public static class FileRootsWheel
{
    /// <summary>Where a file lies in the folders of an environment.</summary>
    /// <param name="path">The file, relative to the folders.</param>
    /// <param name="saltenv">The environment.</param>
    /// <returns>A list of maps: whole path to <c>txt</c> or <c>bin</c>.</returns>
    /// <example><code>wheel.cmd('file_roots.find', ['top.sls'])</code></example>
    [SaltWheel("file_roots.find")]
    public static ListValue Find(CallContext context, string path, string saltenv = "base") => Folders(context).Find(path, saltenv);

    /// <summary>All files of an environment.</summary>
    /// <param name="saltenv">The environment.</param>
    /// <returns>Folder to a tree of maps; a file is <c>f</c>.</returns>
    /// <example><code>wheel.cmd('file_roots.list_env')</code></example>
    [SaltWheel("file_roots.list_env")]
    public static MapValue ListEnvironment(CallContext context, string saltenv = "base") => Folders(context).ListEnvironment(saltenv);

    /// <summary>All files of all environments.</summary>
    /// <returns>Environment to a list with one map, as <c>list_env</c> gives it.</returns>
    /// <example><code>wheel.cmd('file_roots.list_roots')</code></example>
    [SaltWheel("file_roots.list_roots")]
    public static MapValue ListRoots(CallContext context) => Folders(context).ListAll();

    /// <summary>The content of a text file, from each folder that has it.</summary>
    /// <param name="path">The file, relative to the folders.</param>
    /// <param name="saltenv">The environment.</param>
    /// <returns>A list of maps: whole path to content. Binary files are left out.</returns>
    /// <example><code>wheel.cmd('file_roots.read', ['top.sls'])</code></example>
    [SaltWheel("file_roots.read")]
    public static ListValue Read(CallContext context, string path, string saltenv = "base") => Folders(context).Read(path, saltenv);

    /// <summary>Writes a file.</summary>
    /// <param name="data">The content.</param>
    /// <param name="path">The file, relative to the folder.</param>
    /// <param name="saltenv">The environment.</param>
    /// <param name="index">Which of the environment's folders; the first is 0.</param>
    /// <returns>A text that says what was written, or why not.</returns>
    /// <example><code>wheel.cmd('file_roots.write', ['base: {}', 'top.sls'])</code></example>
    [SaltWheel("file_roots.write")]
    public static string Write(CallContext context, string data, string path, string saltenv = "base", int index = 0) => Folders(context).Write(data, path, saltenv, index);

    private static RootFolders Folders(CallContext context) => new(context.Options, "file_roots");
}
