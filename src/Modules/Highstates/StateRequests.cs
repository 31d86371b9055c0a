using System.Text;
using SaltActors.Core.Functions;
using SaltActors.Core.Values;
using SaltActors.Modules.Files.Managed;
using SaltActors.Rendering.Json;

namespace SaltActors.Modules.Highstates;

/// <summary>Runs that were tried in test mode and kept for later: a file below the cache.</summary>
internal sealed class StateRequests(CallContext context)
{
    private readonly string _file = Path.Combine(context.Options.TextOf("cachedir") ?? throw new CommandFailed("cachedir has no value, so there is no place for requests"), "req_state.json");

    public MapValue Read()
    {
        try
        {
            return File.Exists(_file) ? JsonText.Read(File.ReadAllText(_file)) as MapValue ?? MapValue.Empty : MapValue.Empty;
        }
        catch (JsonRefused broken)
        {
            throw new CommandFailed($"{_file} cannot be read: {broken.Message}");
        }
    }

    public void Write(MapValue requests)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(_file)!);
        FileReplacement.Write(_file, Encoding.UTF8.GetBytes(JsonText.Write(requests)), 0x180u);
    }
}
