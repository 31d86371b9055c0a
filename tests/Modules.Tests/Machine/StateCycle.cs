using SaltActors.Core.Functions;
using SaltActors.Core.Values;
using SaltActors.States.Files;

namespace SaltActors.Modules.Tests.Machine;

/// <summary>The life of a state: told before, done once, clean the second time.</summary>
internal sealed class StateCycle
{
    public MapValue Grains { get; init; } = MapValue.Of(("kernel", "Linux"), ("os_family", "Debian"), ("os", "Debian"), ("shell", "/bin/sh"));
    public MapValue Options { get; init; } = MapValue.Of(("id", "web1"), ("file_client", "local"), ("cachedir", Path.GetTempPath()));
    public FunctionTable Functions { get; init; } = Calls.Table;

    public async Task<MapValue> Single(string state, string name, MapValue arguments, bool isTest = false)
    {
        var context = new CallContext { Functions = Functions, Options = Options, Grains = Grains, Services = new CallServices { Files = new LocalFiles(FileServer.From(Options, _ => { }), Options) } };
        var answer = await context.Call("state.single", new CallArguments([state, name], arguments.With("test", isTest)));
        return Assert.IsType<MapValue>(Assert.Single(Assert.IsType<MapValue>(answer)).Value);
    }

    /// <summary>Test mode tells that something would change, the first run changes it, the second run finds nothing to do.</summary>
    public async Task<MapValue> Changes(string state, string name, params (string, Value)[] arguments)
    {
        var all = MapValue.Of(arguments);
        var told = await Single(state, name, all, isTest: true);
        Assert.True(told.Get("result") is NullValue, $"{state} {name} in test mode: {PythonText.Repr(told)}");
        var done = await Single(state, name, all);
        Assert.True(done.Get("result") is BoolValue { IsTrue: true } && done.MapOf("changes").Count > 0, $"{state} {name}: {PythonText.Repr(done)}");
        await IsClean(state, name, arguments);
        return done;
    }

    public async Task IsClean(string state, string name, params (string, Value)[] arguments)
    {
        foreach (var isTest in new[] { true, false })
        {
            var again = await Single(state, name, MapValue.Of(arguments), isTest);
            Assert.True(again.Get("result") is BoolValue { IsTrue: true } && again.MapOf("changes").Count == 0, $"{state} {name} a second time: {PythonText.Repr(again)}");
        }
    }

    public async Task<string> Failure(string state, string name, params (string, Value)[] arguments)
    {
        var failed = await Single(state, name, MapValue.Of(arguments));
        Assert.True(failed.Get("result") is BoolValue { IsTrue: false }, $"{state} {name}: {PythonText.Repr(failed)}");
        return failed.TextOf("comment")!;
    }
}
