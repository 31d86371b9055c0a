using System.Collections.Immutable;
using SaltActors.Core.Functions;
using SaltActors.Core.Values;

namespace SaltActors.Modules.Tests;

/// <summary>Calls declared functions by name, as a job or as another function does.</summary>
internal sealed class Calls
{
    public static readonly FunctionTable Table = new(DeclaredFunctions.All);

    public MapValue Options { get; init; } = MapValue.Of(("id", "web1"));
    public MapValue Grains { get; init; } = MapValue.Of(("shell", "/bin/sh"));
    public MapValue Pillar { get; init; } = MapValue.Empty;
    /// <summary>Empty for a call that another function makes.</summary>
    public MapValue Publish { get; init; } = MapValue.Of(("fun", "x"), ("jid", "20261122232844198899"), ("tgt", "web1"));
    public CallServices Services { get; init; } = CallServices.None;
    public FunctionTable Functions { get; init; } = Table;
    public CancellationToken Stopped { get; init; }
    public TimeProvider Clock { get; init; } = TimeProvider.System;

    public Task<CallOutcome> Run(string function, params ReadOnlySpan<Value> positional) => Run(function, MapValue.Empty, positional);

    public Task<CallOutcome> Run(string function, MapValue keywords, params ReadOnlySpan<Value> positional)
    {
        ImmutableArray<Value> places = [.. positional];
        return Invocation.RunAsync(new CallContext
        {
            Functions = Functions,
            Options = Options,
            Grains = Grains,
            Pillar = Pillar,
            Publish = Publish,
            Services = Services,
            Stopped = Stopped,
            Clock = Clock,
        }, FunctionKind.Execution, function, new(places, keywords));
    }

    /// <summary>The answer of a call that must succeed.</summary>
    public async Task<Value> Answer(string function, MapValue keywords, params Value[] positional)
    {
        var outcome = await Run(function, keywords, positional);
        Assert.True(outcome.Success, $"{function} failed with {outcome.Retcode}: {outcome.Return}");
        return outcome.Return;
    }

    public Task<Value> Answer(string function, params Value[] positional) => Answer(function, MapValue.Empty, positional);

    /// <summary>A call whose failure is expected: the text, and the code.</summary>
    public async Task<(string Text, int Retcode)> Failure(string function, MapValue keywords, params Value[] positional)
    {
        var outcome = await Run(function, keywords, positional);
        return (outcome.Return.ToString(), outcome.Retcode);
    }

    public static MapValue With(params ReadOnlySpan<(string, Value)> keywords) => MapValue.Of(keywords);
}

/// <summary>A folder of one test.</summary>
internal sealed class TestFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("salt-modules-").FullName;
    public string File(string name, string content)
    {
        var path = System.IO.Path.Join(Path, name);
        System.IO.File.WriteAllText(path, content);
        return path;
    }

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
