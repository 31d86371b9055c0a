using SaltActors.Core.Values;
using SaltActors.States.Files;
using SaltActors.Transport.Envelope;

namespace SaltActors.Actors.Master.Requests.Commands;

/// <summary><c>_master_opts</c>: the options of the master that minions follow when they run states. Nothing else of its configuration leaves it.</summary>
public sealed class MasterOptionsCommand(MapValue options) : ISealedCommand
{
    public string Name => "_master_opts";
    public bool NeedsIdentity => false;

    public Task<byte[]> AnswerAsync(SealedRequest request) =>
        Task.FromResult(request.SealReply(FileServerOptions.Of(options, request.Load.Get("env_only") is { IsTruthy: true })));
}

/// <summary><c>_master_tops</c>, in older minions <c>_ext_nodes</c>: states that programs beside the top file choose. There are none here; the master warns where some are configured.</summary>
public sealed class MasterTopsCommand(string name) : ISealedCommand
{
    public string Name => name;
    public bool NeedsIdentity => true;

    public Task<byte[]> AnswerAsync(SealedRequest request) => Task.FromResult(request.SealReply(MapValue.Empty));
}
