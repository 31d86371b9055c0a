using SaltActors.Core.Values;
using SaltActors.Transport.Payload;

namespace SaltActors.Transport.Ipc;

/// <summary>Makes an event fit <c>max_event_size</c>: values larger than half the limit are replaced, then 40 %, 30 % … until it fits.</summary>
/// <remarks>Nested maps are walked, lists are not. Salt counts about 33 bytes more than the packed length.</remarks>
public static class EventTrimming
{
    private const int Overhead = 33;
    private static readonly Value Trimmed = TextValue.Of("VALUE_TRIMMED");

    public static bool Fits(int packedBytes, int maxEventBytes) => maxEventBytes <= 0 || packedBytes + Overhead <= maxEventBytes;

    public static MapValue Trim(MapValue data, int maxEventBytes)
    {
        for (var percent = 50; percent > 0; percent -= 10)
        {
            var trimmed = TrimValues(data, maxEventBytes * (long)percent / 100);
            if (Fits(Msgpack.Pack(trimmed, MsgpackDialect.Local).Length, maxEventBytes)) return trimmed;
        }
        return TrimValues(data, 0);
    }

    private static MapValue TrimValues(MapValue map, long largest)
    {
        var trimmed = new MapValue.Builder(map.Count);
        foreach (var (key, value) in map)
            trimmed[key] = value is MapValue inner ? TrimValues(inner, largest) : Msgpack.Pack(value, MsgpackDialect.Local).Length > largest ? Trimmed : value;
        return trimmed.Build();
    }
}
