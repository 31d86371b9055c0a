using System.Globalization;
using SaltActors.Core.Values;

namespace SaltActors.Modules.Network;

/// <summary>Reads what <c>ethtool -g</c> says about ring buffers.</summary>
internal static class RingBuffers
{
    /// <returns><c>"rx"</c>, <c>"tx"</c> …: the size now, and <c>"rx-max"</c> …: the largest one.</returns>
    public static MapValue Parse(string output)
    {
        var sizes = new MapValue.Builder();
        var suffix = "";
        foreach (var line in output.Split('\n'))
        {
            if (line.StartsWith("Pre-set maximums", StringComparison.Ordinal)) suffix = "-max";
            else if (line.StartsWith("Current hardware", StringComparison.Ordinal)) suffix = "";
            else if (line.Split(':') is [var name, var size] && long.TryParse(size.Trim(), CultureInfo.InvariantCulture, out var number))
                sizes[name.Trim().ToLowerInvariant().Replace(' ', '-') + suffix] = number;
        }
        return sizes.Build();
    }
}
