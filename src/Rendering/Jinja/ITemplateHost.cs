using SaltActors.Core.Values;

namespace SaltActors.Rendering.Jinja;

/// <summary>Everything a template meets outside itself. Called on the thread that renders.</summary>
public interface ITemplateHost
{
    /// <summary>The names that a template sees beside Jinja's own: <c>grains</c>, <c>pillar</c>, <c>opts</c>, <c>saltenv</c>, <c>sls</c>, <c>tpldir</c> …</summary>
    IReadOnlyDictionary<string, Value> Variables { get; }

    /// <summary>A template by its path from the root, as <c>web/map.jinja</c>, never with <c>..</c>; null where there is none.</summary>
    TemplateSource? Load(string path);

    /// <summary>Whether <c>salt['name']</c> is there.</summary>
    bool HasFunction(string name);

    /// <summary>Whether there is a function of this module.</summary>
    bool HasModule(string name);

    /// <summary>Calls an execution function.</summary>
    /// <exception cref="Core.Functions.CommandFailed">It failed for a reason the user must read; other exceptions are shown as such.</exception>
    Value Call(string name, ListValue arguments, MapValue keywords);

    /// <summary>Whether a function changes the map that it is given first, in place, and answers with it: then the template's own map becomes what is answered.</summary>
    bool ChangesItsFirstArgument(string name, MapValue keywords) => false;

    /// <summary>Whether <c>proxy['name']</c> is there.</summary>
    bool HasProxyFunction(string name) => false;
    Value CallProxy(string name, ListValue arguments, MapValue keywords) => throw new InvalidOperationException($"no proxy function {name}");

    /// <summary>What filters ask of the machine that renders: files, users, names, the network. Null where templates may not.</summary>
    ITemplateMachine? Machine => null;
}

/// <summary>What filters as <c>which</c> or <c>list_files</c> ask of the machine that renders.</summary>
public interface ITemplateMachine
{
    /// <summary>The full path of a program, or null.</summary>
    string? Which(string program);
    /// <summary>Everything below a folder, and the folder itself.</summary>
    IReadOnlyList<string> ListFiles(string folder);
    /// <summary>The content of a file; null where it cannot be read.</summary>
    byte[]? ReadFile(string path);
    /// <summary>The numeric id of a user; null where there is none.</summary>
    long? UserId(string name);
    /// <summary>The addresses of a name, the answers of <c>dns_check</c>.</summary>
    IReadOnlyList<string> Resolve(string name);
    /// <summary>What <c>http.query</c> answers.</summary>
    Value Query(string url, MapValue options);
}
