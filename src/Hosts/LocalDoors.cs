using SaltActors.Core.Functions;
using SaltActors.Core.Values;
using SaltActors.States.Files;
using SaltActors.States.Pillars;

namespace SaltActors.Hosts;

/// <summary>Files and pillars for a minion from its own folders: <c>file_client: local</c>.</summary>
internal static class LocalDoors
{
    /// <summary>The doors of a minion without a master.</summary>
    internal static CallServices WithoutMaster(CallServices services, FunctionTable functions, MapValue options, Action<string> warn)
    {
        var files = new LocalFiles(FileServer.From(options, warn), options);
        services = services with { Files = files };
        return services with { Pillars = new LocalPillars(() => new CallContext { Functions = functions, Options = options, Services = services }, options) };
    }
}
