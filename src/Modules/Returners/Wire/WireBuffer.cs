using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace SaltActors.Modules.Returners.Wire;

/// <summary>A message on its way to a server, built piece by piece.</summary>
internal sealed class WireBuffer
{
    private readonly ArrayBufferWriter<byte> _bytes = new(256);

    internal int Count => _bytes.WrittenCount;
    internal ReadOnlyMemory<byte> Written => _bytes.WrittenMemory;

    internal WireBuffer Byte(byte value) => Bytes([value]);

    internal WireBuffer Bytes(ReadOnlySpan<byte> value)
    {
        _bytes.Write(value);
        return this;
    }

    internal WireBuffer Text(string value) => Bytes(Encoding.UTF8.GetBytes(value));

    /// <summary>Text that ends with a zero byte, as both databases want it.</summary>
    internal WireBuffer ZeroEnded(string value) => Text(value).Byte(0);

    internal WireBuffer Big16(int value)
    {
        BinaryPrimitives.WriteInt16BigEndian(_bytes.GetSpan(2), (short)value);
        _bytes.Advance(2);
        return this;
    }

    internal WireBuffer Big32(int value)
    {
        BinaryPrimitives.WriteInt32BigEndian(_bytes.GetSpan(4), value);
        _bytes.Advance(4);
        return this;
    }

    internal WireBuffer Little32(uint value)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(_bytes.GetSpan(4), value);
        _bytes.Advance(4);
        return this;
    }
}
