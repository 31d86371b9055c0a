using SaltActors.Core.Identity;
using SaltActors.Transport.Payload;

namespace SaltActors.Transport.Tests.Payload;

public sealed class WireNamesSpecs
{
    [Fact]
    public void Ids_give_their_topics_and_socket_names() => Recorded.Every("names-and-jobcache", one => one.Has("id"), (_, one) =>
    {
        Assert.Equal(one.Text("zmq_filter_topic"), WireNames.Topic(MinionId.Parse(one.Text("id"))));
        Assert.Equal(one.Text("minion_event_pub_socket"), WireNames.MinionEventPublish(one.Text("id"), "sha256"));
        Assert.Equal(one.Text("minion_event_pull_socket"), WireNames.MinionEventPull(one.Text("id"), "sha256"));
    });

    [Fact]
    public void Jids_are_told_from_other_text() => Recorded.Every("names-and-jobcache", one => one.Has("is_jid") || one.Says("is_jid"), (_, one) =>
    {
        Assert.Equal(one.Says("is_jid"), Jid.TryParse(one.Text("jid"), out var jid));
        if (one.Says("is_jid")) Assert.Equal(one.TextOrNull("jid_to_time") ?? "", jid.StartTime);
        Assert.Equal(one.Text("job_dir"), WireNames.JobFolder(one.Text("jid"), "sha256"));
    });

    [Fact]
    public void Jobs_have_their_folders() => Recorded.Every("names-and-jobcache", one => one.Has("relative_dir"), (_, one) =>
        Assert.Equal(one.Text("relative_dir"), WireNames.JobFolder(one.Text("jid"), "sha256")));

    [Fact]
    public void An_unknown_digest_is_named() =>
        Assert.Contains("'sha3'", Assert.Throws<ArgumentException>(() => WireNames.HashHex("sha3", "x"u8)).Message, StringComparison.Ordinal);
}
