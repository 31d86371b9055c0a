using Akka.Actor;
using Akka.Util;
using Hyperion;
using SaltActors.Core.Values;
using SaltActors.Transport.Payload;

namespace SaltActors.Actors.Master.Cluster;

/// <summary>Marks a message that may travel to another node of the cluster.</summary>
public interface ICrossesNodes;

/// <summary>Hyperion with a closed list of types: what is not listed is neither written nor read.</summary>
/// <remarks>
/// The filter of the library compares short names with assembly-qualified ones and so refuses everything; <see cref="ClosedTypeList"/> compares normalised names.
/// References are not preserved and versions not tolerated: all nodes of a cluster run the same messages.
/// </remarks>
public sealed class ClosedHyperionSerializer : Akka.Serialization.Serializer
{
    private readonly Hyperion.Serializer _serializer;

    public ClosedHyperionSerializer(ExtendedActorSystem system) : base(system)
    {
        var references = Surrogate.Create<ISurrogated, ISurrogate>(from => from.ToSurrogate(system), to => to.FromSurrogate(system));
        _serializer = new Hyperion.Serializer(SerializerOptions.Default
            .WithPreserveObjectReferences(false)
            .WithVersionTolerance(false)
            .WithDisallowUnsafeType(true)
            .WithTypeFilter(ClosedTypeList.Default)
            .WithSurrogates([references, Surrogate.Create<Value, PackedValue>(PackedValue.Of, packed => packed.Open())]));
    }

    /// <summary>A value as it travels between nodes: in the form of every other wire, which checks what it reads.</summary>
    public sealed class PackedValue
    {
        public byte[] Bytes { get; init; } = [];

        public static PackedValue Of(Value value) => new() { Bytes = Msgpack.Pack(value, MsgpackDialect.Local) };
        public Value Open() => Msgpack.Unpack(Bytes, MsgpackDialect.Local);
    }

    public override int Identifier => 4200;
    public override bool IncludeManifest => false;

    public override byte[] ToBinary(object obj)
    {
        using var bytes = new MemoryStream(512);
        _serializer.Serialize(obj, bytes);
        return bytes.ToArray();
    }

    public override object FromBinary(byte[] bytes, Type type)
    {
        using var stream = new MemoryStream(bytes);
        return _serializer.Deserialize<object>(stream);
    }
}
