using SaltActors.Core.Values;
using SaltActors.Transport.Payload;

namespace SaltActors.Transport.Ipc;

/// <summary>Keeps an event below <c>max_event_size</c> as Salt does: the largest values are replaced by a text, the event still goes out.</summary>
/// <remarks>Follows Salt 3006, salt/utils/dicttrim.py. Sizes are those of CPython 3.11's objects, because that is what Salt compares.</remarks>
public static class EventSize
{
    /// <summary>What stands in place of a value that was too large.</summary>
    public const string Trimmed = "VALUE_TRIMMED";
    private const int FirstPercent = 50, StepPercent = 10;

    /// <summary>
    /// The data and its packed form, as they were where they fit. Otherwise values larger than 50 % of the limit are replaced, then
    /// 40 %, 30 %, 20 %, 10 %, until it fits. Maps inside are walked; a list counts as its own 8 bytes an item and is kept or
    /// replaced as a whole. What still does not fit then goes out as it is, as in Salt.
    /// </summary>
    /// <param name="maxEventBytes">Salt's <c>max_event_size</c>, compared with the packed length and the 33 bytes that Python adds to it.</param>
    public static (MapValue Data, byte[] Packed) Trim(MapValue data, long maxEventBytes)
    {
        var packed = Msgpack.Pack(data, MsgpackDialect.Local);
        if (SizeOfBytes(packed.Length) <= maxEventBytes) return (data, packed);
        for (var percent = FirstPercent; percent > 0; percent -= StepPercent)
        {
            data = TrimValues(data, maxEventBytes * (percent / 100.0));
            packed = Msgpack.Pack(data, MsgpackDialect.Local);
            if (SizeOfBytes(packed.Length) < maxEventBytes) break;
        }
        return (data, packed);
    }

    private static MapValue TrimValues(MapValue data, double largest)
    {
        var trimmed = new MapValue.Builder(data.Count) { IsOrdered = data.IsOrdered };
        foreach (var (key, value) in data)
            trimmed[key] = value is MapValue inner ? TrimValues(inner, largest) : SizeOf(value) > largest ? Trimmed : value;
        return trimmed.Build();
    }

    /// <summary>Python's <c>sys.getsizeof(value)</c> in bytes, not counting what a container holds.</summary>
    public static long SizeOf(Value value) => value switch
    {
        TextValue text => SizeOfText(text.Text),
        BytesValue bytes => SizeOfBytes(bytes.Bytes.Length),
        // Salt measures what came out of msgpack, and there a tuple has become a list.
        ListValue list => 56 + (8L * list.Count),
        IntegerValue integer => 24 + (4 * Math.Max(1, (System.Numerics.BigInteger.Abs(integer.Number).GetBitLength() + 29) / 30)),
        BoolValue => 28,
        FloatValue => 24,
        NullValue => 16,
        TimeValue => 48,
        _ => 64,
    };

    private static long SizeOfBytes(long length) => 33 + length;

    // CPython keeps a text with 1, 2 or 4 bytes a character, whichever its widest character needs.
    private static long SizeOfText(string text)
    {
        var (widest, characters) = (0, 0L);
        foreach (var rune in text.EnumerateRunes())
        {
            widest = Math.Max(widest, rune.Value);
            characters++;
        }
        return widest switch
        {
            < 0x80 => 49 + characters,
            < 0x100 => 73 + characters,
            < 0x10000 => 74 + (2 * characters),
            _ => 76 + (4 * characters),
        };
    }
}
