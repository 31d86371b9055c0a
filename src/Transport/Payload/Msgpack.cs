using System.Buffers;
using System.Collections.Immutable;
using System.Globalization;
using System.Numerics;
using System.Text;
using System.Text.Unicode;
using MessagePack;
using SaltActors.Core.Values;

namespace SaltActors.Transport.Payload;

/// <summary>Salt packs the same values in two ways.</summary>
public enum MsgpackDialect
{
    /// <summary>The network: text and bytes alike as raw strings, never <c>str8</c> or <c>bin</c>. Read back, valid UTF-8 is text.</summary>
    Wire,
    /// <summary>Event sockets and cache files: bytes as <c>bin</c>, text as <c>str</c>.</summary>
    Local,
}

/// <summary>Bytes that are no msgpack, or more than a peer may send; the message says what was found.</summary>
public sealed class MsgpackBroken(string message, Exception? cause = null) : Exception(message, cause);

/// <summary>Values to msgpack and back, as Salt writes it.</summary>
/// <remarks>
/// Integers beyond 64 bits travel as decimal text; floats always in 64 bits; a date as extension 78 (ASCII, microseconds).
/// Reading is safe on hostile bytes: depth is bounded (extensions that hold values included), a declared length reserves next to nothing
/// before its items are there, and keys cannot be chosen so that a map becomes slow.
/// </remarks>
public static class Msgpack
{
    /// <summary>Maps and lists may stand this deep inside each other.</summary>
    public const int DepthLimit = 200;
    private const sbyte TimeExtension = 78, ConstantExtension = 79;
    private const int TimeBytes = 24;
    // What a header alone may reserve; lists and maps grow from there as their items are read.
    private const int ReservedItems = 256;
    private const string TimeFormat = "yyyyMMdd'T'HH:mm:ss.ffffff";

    public static byte[] Pack(Value value, MsgpackDialect dialect)
    {
        var bytes = new ArrayBufferWriter<byte>(256);
        Pack(bytes, value, dialect);
        return bytes.WrittenSpan.ToArray();
    }

    public static void Pack(IBufferWriter<byte> to, Value value, MsgpackDialect dialect)
    {
        var writer = new MessagePackWriter(to) { OldSpec = dialect == MsgpackDialect.Wire };
        Write(ref writer, value, 0);
        writer.Flush();
    }

    /// <exception cref="MsgpackBroken">The bytes are no msgpack, too deep, or more than one value.</exception>
    public static Value Unpack(ReadOnlyMemory<byte> bytes, MsgpackDialect dialect)
    {
        var reader = new MessagePackReader(bytes);
        var value = ReadWhole(ref reader, dialect);
        return reader.End ? value : throw new MsgpackBroken($"{bytes.Length - reader.Consumed} bytes stand after the value");
    }

    /// <summary>Takes the first value of a stream; false where it is not complete yet.</summary>
    /// <exception cref="MsgpackBroken">The bytes can never become msgpack.</exception>
    public static bool TryUnpackFirst(ReadOnlySequence<byte> buffer, MsgpackDialect dialect, out Value? value, out SequencePosition consumed)
    {
        (value, consumed) = (null, buffer.Start);
        if (buffer.IsEmpty) return false;
        var reader = new MessagePackReader(buffer);
        try
        {
            value = Read(ref reader, dialect, 0);
        }
        catch (EndOfStreamException)
        {
            return false;
        }
        catch (Exception cause) when (cause is MessagePackSerializationException or OverflowException or ArgumentOutOfRangeException)
        {
            throw Broken(cause);
        }
        consumed = reader.Position;
        return true;
    }

    private static void Write(ref MessagePackWriter writer, Value value, int depth)
    {
        if (depth > DepthLimit) throw new MsgpackBroken($"a value deeper than {DepthLimit} cannot be sent");
        switch (value)
        {
            case NullValue: writer.WriteNil(); break;
            case BoolValue b: writer.Write(b.IsTrue); break;
            case IntegerValue { IsLong: true } i: writer.Write(i.Long); break;
            case IntegerValue i when i.Number.Sign > 0 && i.Number <= ulong.MaxValue: writer.Write((ulong)i.Number); break;
            case IntegerValue i: writer.Write(i.Number.ToString(CultureInfo.InvariantCulture)); break;
            case FloatValue f: writer.Write(f.Number); break;
            case TextValue t: writer.Write(t.Text); break;
            case BytesValue b: writer.Write(b.Bytes.Span); break;
            case TimeValue t: WriteTime(ref writer, t); break;
            case ListValue list:
                writer.WriteArrayHeader(list.Count);
                foreach (var item in list) Write(ref writer, item, depth + 1);
                break;
            case MapValue map:
                writer.WriteMapHeader(map.Count);
                for (var i = 0; i < map.Count; i++)
                {
                    Write(ref writer, map[i].Key, depth + 1);
                    Write(ref writer, map[i].Value, depth + 1);
                }
                break;
            default: throw new InvalidOperationException($"a value of the unknown kind {value.GetType()}");
        }
    }

    private static void WriteTime(ref MessagePackWriter writer, TimeValue time)
    {
        var text = Encoding.ASCII.GetBytes(time.Time.ToString(TimeFormat, CultureInfo.InvariantCulture));
        writer.WriteExtensionFormat(new ExtensionResult(TimeExtension, new ReadOnlySequence<byte>(text)));
    }

    private static Value ReadWhole(ref MessagePackReader reader, MsgpackDialect dialect)
    {
        try
        {
            return Read(ref reader, dialect, 0);
        }
        // A length beyond 31 bits is an argument out of range to the library.
        catch (Exception cause) when (cause is MessagePackSerializationException or EndOfStreamException or OverflowException or ArgumentOutOfRangeException)
        {
            throw Broken(cause);
        }
    }

    // The reader takes a length of 2 GiB and more for a negative one.
    private static MsgpackBroken Broken(Exception cause) => new(cause switch
    {
        EndOfStreamException => "the bytes end in the middle of a value",
        ArgumentOutOfRangeException or OverflowException => "a length is larger than any message",
        _ => cause.Message,
    }, cause);

    private static Value Read(ref MessagePackReader reader, MsgpackDialect dialect, int depth)
    {
        if (depth > DepthLimit) throw new MsgpackBroken($"maps and lists stand more than {DepthLimit} deep inside each other");
        switch (reader.NextMessagePackType)
        {
            case MessagePackType.Nil: reader.ReadNil(); return Value.Null;
            case MessagePackType.Boolean: return reader.ReadBoolean();
            case MessagePackType.Float: return reader.ReadDouble();
            case MessagePackType.Integer: return ReadInteger(ref reader);
            case MessagePackType.String: return ReadRaw(ref reader, dialect, isText: true);
            case MessagePackType.Binary: return ReadRaw(ref reader, dialect, isText: false);
            case MessagePackType.Extension: return ReadExtension(ref reader, dialect, depth);
            case MessagePackType.Array: return ReadList(ref reader, dialect, depth);
            case MessagePackType.Map: return ReadMap(ref reader, dialect, depth);
            default: throw new MsgpackBroken($"the byte 0x{reader.NextCode:x2} begins no value");
        }
    }

    private static IntegerValue ReadInteger(ref MessagePackReader reader) =>
        reader.NextCode == MessagePackCode.UInt64 ? IntegerValue.Of(new BigInteger(reader.ReadUInt64())) : IntegerValue.Of(reader.ReadInt64());

    private static Value ReadRaw(ref MessagePackReader reader, MsgpackDialect dialect, bool isText)
    {
        var raw = isText ? reader.ReadStringSequence() : reader.ReadBytes();
        if (raw is not { } sequence) return Value.Null;
        var bytes = sequence.IsSingleSegment ? sequence.FirstSpan : sequence.ToArray();
        return dialect == MsgpackDialect.Local && !isText ? new BytesValue(bytes.ToArray()) : TextOrBytes(bytes);
    }

    // The network does not say which of the two it carries: what is valid UTF-8 is text.
    private static Value TextOrBytes(ReadOnlySpan<byte> bytes) =>
        Utf8.IsValid(bytes) ? TextValue.Of(Encoding.UTF8.GetString(bytes)) : new BytesValue(bytes.ToArray());

    private static Value ReadExtension(ref MessagePackReader reader, MsgpackDialect dialect, int depth)
    {
        var extension = reader.ReadExtensionFormat();
        if (extension.TypeCode == ConstantExtension) return ReadConstant(new MessagePackReader(extension.Data), dialect, depth + 1);
        var payload = extension.Data.ToArray();
        if (extension.TypeCode == TimeExtension && payload.Length == TimeBytes
            && DateTime.TryParseExact(Encoding.ASCII.GetString(payload), TimeFormat, CultureInfo.InvariantCulture, DateTimeStyles.None, out var time))
            return new TimeValue(time);
        return dialect == MsgpackDialect.Wire ? TextOrBytes(payload) : new BytesValue(payload);
    }

    // Salt's named constants: a name and a value, of which the value counts.
    private static Value ReadConstant(MessagePackReader reader, MsgpackDialect dialect, int depth) =>
        Read(ref reader, dialect, depth) is ListValue { Count: 2 } named && reader.End
            ? named[1]
            : throw new MsgpackBroken($"extension {ConstantExtension} is a list of a name and a value");

    private static ListValue ReadList(ref MessagePackReader reader, MsgpackDialect dialect, int depth)
    {
        var count = reader.ReadArrayHeader();
        if (count == 0) return ListValue.Empty;
        var items = ImmutableArray.CreateBuilder<Value>(Math.Min(count, ReservedItems));
        for (var i = 0; i < count; i++) items.Add(Read(ref reader, dialect, depth + 1));
        return new ListValue(items.DrainToImmutable());
    }

    private static MapValue ReadMap(ref MessagePackReader reader, MsgpackDialect dialect, int depth)
    {
        var count = reader.ReadMapHeader();
        var map = new MapValue.Builder(Math.Min(count, ReservedItems));
        for (var i = 0; i < count; i++)
        {
            var key = Read(ref reader, dialect, depth + 1);
            // NaN equals nothing, itself included: a map of many could only be searched from end to end.
            if (key is ListValue or MapValue or FloatValue { Number: double.NaN }) throw new MsgpackBroken($"a {(key is FloatValue ? "NaN" : key.KindName)} cannot be a key");
            map[key] = Read(ref reader, dialect, depth + 1);
        }
        return map.Build();
    }
}

/// <summary>Fields that really are bytes may arrive as text, where chance made them valid UTF-8.</summary>
public static class MsgpackBytes
{
    /// <summary>The bytes of a field, or null where it is neither bytes nor text.</summary>
    public static ReadOnlyMemory<byte>? BytesOf(Value? value) => value switch
    {
        BytesValue b => b.Bytes,
        TextValue t => Encoding.UTF8.GetBytes(t.Text),
        _ => (ReadOnlyMemory<byte>?)null,   // a bare null would become empty memory
    };
}
