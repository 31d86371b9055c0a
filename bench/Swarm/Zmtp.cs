using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace SaltActors.Bench.Swarm;

/// <summary>A peer that is no ZeroMQ 3 peer, or not the one that was expected; the message says what was found.</summary>
internal sealed class ZmtpBroken(string message) : Exception(message);

/// <summary>One ZeroMQ connection over TCP (ZMTP 3.0, mechanism NULL), as a minion's REQ or SUB socket makes it.</summary>
/// <remarks>
/// Written for a swarm: it costs one file descriptor and a few hundred bytes, where a socket of a library costs several descriptors
/// and its place in a poller. Steps and packets are those of a real socket: greeting, READY, then messages. One caller at a time.
/// </remarks>
internal sealed class Zmtp : IDisposable
{
    private const byte More = 1, Long = 2, Command = 4;
    private const int GreetingBytes = 64, LargestFrame = 64 * 1024 * 1024;
    private static readonly byte[] Greeting = MakeGreeting();
    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private byte[] _buffer = new byte[256];
    private int _start, _end;

    private Zmtp() { }

    /// <param name="kind"><c>REQ</c> or <c>SUB</c>.</param>
    /// <param name="identity">The socket identity; empty for none.</param>
    /// <exception cref="SocketException">Nobody listens there.</exception>
    /// <exception cref="ZmtpBroken">Who listens there does not speak ZMTP 3.</exception>
    public static async Task<Zmtp> OpenAsync(IPEndPoint there, string kind, string identity, CancellationToken stop)
    {
        var connection = new Zmtp();
        try
        {
            await connection._socket.ConnectAsync(there, stop).ConfigureAwait(false);
            await connection.WriteAsync(Greeting, stop).ConfigureAwait(false);
            await connection.FillAsync(GreetingBytes, stop).ConfigureAwait(false);
            if (connection._buffer[0] != 0xff || connection._buffer[10] < 3)
                throw new ZmtpBroken($"{there} greets with {Convert.ToHexStringLower(connection._buffer.AsSpan(0, 11))}, expected ff … 7f and a version from 3 on");
            connection._start += GreetingBytes;
            await connection.WriteAsync(Ready(kind, identity), stop).ConfigureAwait(false);
            await connection.ExpectAsync("READY", stop).ConfigureAwait(false);
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>Subscribes to everything, and returns when the peer has read the subscription: it answers a PING that stands behind it.</summary>
    public async Task SubscribeAsync(CancellationToken stop)
    {
        await WriteAsync((byte[])[0, 1, 1], stop).ConfigureAwait(false);
        await WriteAsync((byte[])[Command, 7, 4, .. "PING"u8, 0, 0], stop).ConfigureAwait(false);
        await ExpectAsync("PONG", stop).ConfigureAwait(false);
    }

    /// <summary>Sends a request as a REQ does, and waits for its reply.</summary>
    public async Task<ReadOnlyMemory<byte>> RequestAsync(ReadOnlyMemory<byte> body, CancellationToken stop)
    {
        var isLong = body.Length > byte.MaxValue;
        var frames = new byte[(isLong ? 11 : 4) + body.Length];
        (frames[0], frames[2]) = (More, isLong ? Long : (byte)0);
        if (isLong) BinaryPrimitives.WriteInt64BigEndian(frames.AsSpan(3), body.Length);
        else frames[3] = (byte)body.Length;
        body.CopyTo(frames.AsMemory(frames.Length - body.Length));
        await WriteAsync(frames, stop).ConfigureAwait(false);
        return await ReceiveAsync(stop).ConfigureAwait(false);
    }

    /// <summary>The last frame of the next message; what stands before it is a reply's empty frame.</summary>
    /// <exception cref="ZmtpBroken">The peer hung up.</exception>
    public async Task<ReadOnlyMemory<byte>> ReceiveAsync(CancellationToken stop)
    {
        while (true)
        {
            var (flags, body) = await ReadFrameAsync(stop).ConfigureAwait(false);
            if ((flags & Command) != 0) await AnswerAsync(body, stop).ConfigureAwait(false);
            else if ((flags & More) == 0) return body;
        }
    }

    private async Task ExpectAsync(string command, CancellationToken stop)
    {
        while (true)
        {
            var (flags, body) = await ReadFrameAsync(stop).ConfigureAwait(false);
            if ((flags & Command) == 0) throw new ZmtpBroken($"the peer sent a message of {body.Length} bytes, expected the command {command}");
            var name = Name(body);
            if (name == command) return;
            if (name == "ERROR") throw new ZmtpBroken($"the peer refuses: {Encoding.ASCII.GetString(body.AsSpan(1 + name.Length))}");
            await AnswerAsync(body, stop).ConfigureAwait(false);
        }
    }

    // PING: two bytes of lifetime, then a context that PONG gives back.
    private async Task AnswerAsync(byte[] command, CancellationToken stop)
    {
        if (Name(command) == "PING") await WriteAsync((byte[])[Command, (byte)(command.Length - 2), 4, .. "PONG"u8, .. command.AsSpan(7)], stop).ConfigureAwait(false);
    }

    private static string Name(byte[] command) => command.Length > 0 && command[0] < command.Length ? Encoding.ASCII.GetString(command, 1, command[0]) : "";

    private async Task<(byte Flags, byte[] Body)> ReadFrameAsync(CancellationToken stop)
    {
        await FillAsync(2, stop).ConfigureAwait(false);
        var flags = _buffer[_start];
        long length = _buffer[_start + 1];
        var header = 2;
        if ((flags & Long) != 0)
        {
            header = 9;
            await FillAsync(header, stop).ConfigureAwait(false);
            length = BinaryPrimitives.ReadInt64BigEndian(_buffer.AsSpan(_start + 1));
            if (length is < 0 or > LargestFrame) throw new ZmtpBroken($"a frame of {length} bytes, expected at most {LargestFrame}");
        }
        await FillAsync(header + (int)length, stop).ConfigureAwait(false);
        var body = _buffer.AsSpan(_start + header, (int)length).ToArray();
        _start += header + (int)length;
        return (flags, body);
    }

    private async ValueTask FillAsync(int bytes, CancellationToken stop)
    {
        if (_end - _start >= bytes) return;
        if (_start > 0)
        {
            _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
            (_start, _end) = (0, _end - _start);
        }
        if (_buffer.Length < bytes) Array.Resize(ref _buffer, Math.Max(bytes, _buffer.Length * 2));
        while (_end < bytes)
        {
            var read = await _socket.ReceiveAsync(_buffer.AsMemory(_end), stop).ConfigureAwait(false);
            if (read == 0) throw new ZmtpBroken("the peer hung up");
            _end += read;
        }
    }

    private async ValueTask WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken stop)
    {
        while (!bytes.IsEmpty) bytes = bytes[await _socket.SendAsync(bytes, stop).ConfigureAwait(false)..];
    }

    private static byte[] MakeGreeting()
    {
        var greeting = new byte[GreetingBytes];
        (greeting[0], greeting[9], greeting[10]) = (0xff, 0x7f, 3);
        "NULL"u8.CopyTo(greeting.AsSpan(12));
        return greeting;
    }

    private static byte[] Ready(string kind, string identity)
    {
        byte[] body = [5, .. "READY"u8, .. Property("Socket-Type", kind), .. Property("Identity", identity)];
        return body.Length <= byte.MaxValue ? [Command, (byte)body.Length, .. body]
            : throw new ArgumentException($"the identity '{identity}' is too long for a READY of one short frame", nameof(identity));
    }

    private static byte[] Property(string name, string value) =>
        [(byte)name.Length, .. Encoding.ASCII.GetBytes(name), 0, 0, 0, (byte)value.Length, .. Encoding.ASCII.GetBytes(value)];

    public void Dispose() => _socket.Dispose();
}
