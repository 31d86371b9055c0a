using System.Collections.Immutable;
using Akka.Actor;
using Akka.TestKit.Xunit2;
using SaltActors.Actors.Daemon.Settings;
using SaltActors.Actors.Master.Cluster;
using SaltActors.Actors.Master.Jobs;
using SaltActors.Actors.Master.Keys;
using SaltActors.Actors.Master.Presence;
using SaltActors.Actors.Master.Publisher;
using SaltActors.Core.Identity;
using SaltActors.Core.Jobs;
using SaltActors.Core.Values;

namespace SaltActors.Actors.Tests.Master.Cluster;

/// <summary>What travels between the nodes of a cluster, through the serializer that the product configures.</summary>
public sealed class ClosedHyperionSpecs() : TestKit(HoconLayers.Load("test", "master"))
{
    private static readonly MapValue Tree = MapValue.Of(
        ("text", "héllo"), ("n", 5), ("big", long.MaxValue), ("float", 1.5), ("none", Value.Null), ("yes", true), ("bytes", new byte[] { 0, 255 }), ("list", ListValue.Create([1, "two", MapValue.Of(("three", 3))])));
    private static readonly JobRequest Request = new() { Function = ListValue.Create(["test.ping", "test.echo"]), Arguments = ListValue.Create([ListValue.Empty, ListValue.Create(["x"])]), Target = "web*", User = "root", Timeout = 5, Extras = Tree };
    private static readonly ImmutableArray<MinionId> Ids = [Fixtures.Web1, Fixtures.Web2];

    // One of each: a message that is marked and does not stand here fails the test.
    private static readonly object[] Samples =
    [
        new JobStoreProtocol.FileJob(Fixtures.Ping, Tree, Ids), new JobStoreProtocol.MinionReturned(Fixtures.Answer(Fixtures.Ping, Fixtures.Web1, Tree)), new JobStoreProtocol.LookUp(Fixtures.Ping),
        new JobStoreProtocol.JobFiled(Fixtures.Ping), new JobStoreProtocol.ReturnFiled(Fixtures.Ping, Fixtures.Web1, true), new JobStoreProtocol.NotFiled(Fixtures.Ping, "full"), new JobStoreProtocol.NotFiled(null, "full"),
        new JobStoreProtocol.JobUnknown(Fixtures.Ping),
        new PublisherProtocol.Publish(Request, Fixtures.Ping, Tree), new PublisherProtocol.Publish(Request, null, null), new PublisherProtocol.Published(Fixtures.Ping, Ids, ["db9"]), new PublisherProtocol.NobodyMatched(["db9"]),
        new PublisherProtocol.NotPublished("no"), new PublisherProtocol.Match(ListValue.Create(["web1"]), "list", ":", true), new PublisherProtocol.TargetMatched(Ids, []),
        new KeysProtocol.KeyOffered(Fixtures.Web1, "PEM", Tree), new KeysProtocol.KeyDecided(SignInVerdict.Full), new KeysProtocol.ListKeys(),
        new PresenceProtocol.WhoIsConnected(), new PresenceProtocol.Connected(Ids),
    ];

    [Fact]
    public void Every_message_that_crosses_nodes_arrives_as_it_was()
    {
        Assert.Empty(ClosedTypeList.MessageTypes().Except(Samples.Select(s => s.GetType())).Select(t => t.Name));
        foreach (var sample in Samples)
        {
            var serializer = Assert.IsType<ClosedHyperionSerializer>(Sys.Serialization.FindSerializerFor(sample));
            var arrived = serializer.FromBinary(serializer.ToBinary(sample), sample.GetType());
            Assert.Equal(sample.GetType(), arrived.GetType());
            Assert.Equal(Shown(sample), Shown(arrived));
        }
    }

    // Records print their parts; arrays do not, so they are shown here.
    private static string Shown(object? part) => part switch
    {
        null => "null",
        Value value => PythonText.Repr(value),
        string or ValueType and not System.Collections.IEnumerable => part.ToString()!,
        System.Collections.IEnumerable many => "[" + string.Join(", ", many.Cast<object>().Select(Shown)) + "]",
        _ => part.GetType().Name + "(" + string.Join(", ", part.GetType().GetProperties().Where(p => p.GetIndexParameters().Length == 0).Select(p => Shown(p.GetValue(part)))) + ")",
    };

    [Fact]
    public void What_is_not_on_the_list_is_neither_read_nor_made()
    {
        var open = new Hyperion.Serializer(Hyperion.SerializerOptions.Default.WithDisallowUnsafeType(false));
        using var bytes = new MemoryStream();
        open.Serialize(new Canary { Text = "sing" }, bytes);
        Canary.Made = 0;
        var closed = new ClosedHyperionSerializer((ExtendedActorSystem)Sys);
        Assert.ThrowsAny<Exception>(() => closed.FromBinary(bytes.ToArray(), typeof(object)));
        Assert.Equal(0, Canary.Made);
    }

    [Fact]
    public void A_broken_payload_is_an_error_and_nothing_else()
    {
        var closed = new ClosedHyperionSerializer((ExtendedActorSystem)Sys);
        var good = closed.ToBinary(Samples[0]);
        for (var length = 0; length < good.Length; length += 3)
            Assert.ThrowsAny<Exception>(() => closed.FromBinary(good[..length], typeof(object)));
    }

    public sealed class Canary
    {
        public static int Made { get; set; }
        public Canary() => Made++;
        public string Text { get; set; } = "";
    }
}
