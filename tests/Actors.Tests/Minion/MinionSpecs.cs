using SaltActors.Core.Values;

namespace SaltActors.Actors.Tests.Minion;

/// <summary>Specs that each have a minion and a master of their own.</summary>
public abstract class MinionSpecs : IAsyncLifetime, IAsyncDisposable
{
    protected const string First = "20261123054300000001", Second = "20261123054300000002", Third = "20261123054300000003", Last = "20261123054300000099";

    private protected MinionBench Bench { get; } = new();
    private protected MasterDouble Master => Bench.Master;

    protected static ListValue List(params ReadOnlySpan<Value> items) => ListValue.Create(items);

    public Task InitializeAsync() => Task.CompletedTask;
    Task IAsyncLifetime.DisposeAsync() => DisposeAsync().AsTask();

    public async ValueTask DisposeAsync()
    {
        await Bench.DisposeAsync();
        GC.SuppressFinalize(this);
    }
}
