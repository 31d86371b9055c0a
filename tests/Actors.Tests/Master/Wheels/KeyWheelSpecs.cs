using SaltActors.Actors.Tests.Master.Hostile;
using SaltActors.Core.Values;
using SaltActors.Transport.Crypto;

namespace SaltActors.Actors.Tests.Master.Wheels;

/// <summary>The wheel functions <c>key</c> at a whole master, by the wheel command.</summary>
public sealed class KeyWheelSpecs
{
    private static async Task<MasterBench> Bench(params (string, Value)[] options)
    {
        var master = await MasterBench.Start(null, options);
        foreach (var (state, id) in ((string, string)[])[("minions", "web1"), ("minions", "Web2"), ("minions_pre", "db1"), ("minions_pre", "db2"), ("minions_rejected", "old"), ("minions_denied", "web1")])
            File.WriteAllText(master.Under("pki", state, id), MasterBench.MinionKeys.PublicPem);
        return master;
    }

    private static async Task<string> Call(MasterBench master, string function, params (string, Value)[] arguments)
    {
        var answer = await master.Wheel(function, arguments);
        Assert.Equal(true, answer.Get("success"));
        return answer.Get("return")!.ToString();
    }

    [Fact]
    public async Task Lists_keys_by_their_state_in_Salt_s_order()
    {
        await using var master = await Bench();
        Assert.Equal("{'minions': ['web1', 'Web2']}", await Call(master, "key.list", ("match", "accepted")));
        Assert.Equal("{'minions_pre': ['db1', 'db2']}", await Call(master, "key.list", ("match", "un")));
        Assert.Equal("{'minions_rejected': ['old']}", await Call(master, "key.list", ("match", "rej")));
        Assert.Equal("{'minions_denied': ['web1']}", await Call(master, "key.list", ("match", "den")));
        Assert.Equal("{}", await Call(master, "key.list", ("match", "other")));
        var all = "{'minions': ['web1', 'Web2'], 'minions_pre': ['db1', 'db2'], 'minions_rejected': ['old'], 'minions_denied': ['web1'], 'local': ['master.pem', 'master.pub']}";
        Assert.Equal(all, await Call(master, "key.list_all"));
        Assert.Equal(all, await Call(master, "key.list", ("match", "all")));
        Assert.Equal("{'minions': ['web1'], 'minions_pre': ['db1'], 'minions_denied': ['web1']}", await Call(master, "key.name_match", ("match", "web1,db1")));
    }

    [Fact]
    public async Task Accepts_and_rejects_what_a_glob_means_and_tells_the_bus()
    {
        await using var master = await Bench();
        var heard = await master.HeardWhile(async () =>
        {
            Assert.Equal("{'minions': ['db1']}", await Call(master, "key.accept", ("match", "db1")));
            Assert.Equal("{'minions_rejected': ['db2']}", await Call(master, "key.reject", ("match", "db2")));
        });
        Assert.Equal(["{'result': True, 'act': 'accept', 'id': 'db1'}", "{'result': True, 'act': 'reject', 'id': 'db2'}"],
            heard.Where(e => e.Tag == "salt/key").Select(e => e.Data.Without("_stamp").ToString()));
        Assert.Contains(heard, e => e.Tag.StartsWith("salt/wheel/", StringComparison.Ordinal) && e.Tag.EndsWith("/new", StringComparison.Ordinal) && e.Data.TextOf("fun") == "wheel.key.accept");

        // What is rejected stays so, until it is asked for by name of its state.
        Assert.Equal("{'minions_rejected': ['old']}", await Call(master, "key.accept", ("match", "old")));
        Assert.Equal("{'minions': ['old']}", await Call(master, "key.accept", ("match", "old"), ("include_rejected", true)));
        Assert.Equal("{'minions': ['web1'], 'minions_denied': ['web1']}", await Call(master, "key.reject", ("match", "web1")));
        Assert.Equal("{'minions_rejected': ['web1'], 'minions_denied': ['web1']}", await Call(master, "key.reject", ("match", "web1"), ("include_accepted", true)));
    }

    [Fact]
    public async Task Takes_keys_by_name_and_state()
    {
        await using var master = await Bench();
        Assert.Equal("{'minions': ['db1']}", await Call(master, "key.accept_dict", ("match", MapValue.Of(("minions_pre", ListValue.OfTexts(["db1", "gone"]))))));
        Assert.Equal("{'minions_rejected': ['db2']}", await Call(master, "key.reject_dict", ("match", MapValue.Of(("minions_pre", ListValue.OfTexts(["db2"]))))));
        // Only the accepted key goes; the denied one of the same name stays.
        Assert.Equal("{'minions_denied': ['web1']}", await Call(master, "key.delete_dict", ("match", MapValue.Of(("minions", ListValue.OfTexts(["web1"]))))));
        Assert.False(File.Exists(master.Under("pki", "minions", "web1")));
        Assert.True(File.Exists(master.Under("pki", "minions_denied", "web1")));
    }

    [Fact]
    public async Task Deletes_in_every_state_with_what_was_remembered()
    {
        await using var master = await Bench();
        Directory.CreateDirectory(master.Under("cache", "minions", "web1"));
        Directory.CreateDirectory(master.Under("cache", "minions", "Web2"));
        Assert.Equal("{}", await Call(master, "key.delete", ("match", "web1")));
        Assert.Equal("{'minions': ['Web2'], 'minions_pre': ['db1', 'db2'], 'minions_rejected': ['old']}", await Call(master, "key.name_match", ("match", "*")));
        Assert.False(Directory.Exists(master.Under("cache", "minions", "web1")));
        Assert.True(Directory.Exists(master.Under("cache", "minions", "Web2")));
    }

    [Fact]
    public async Task A_deletion_of_many_changes_the_AES_key_once()
    {
        await using var master = await Bench();
        var rotated = await master.HeardWhile(() => Call(master, "key.delete", ("match", "*")), until: e => e.Tag == "key");
        Assert.Single(rotated, e => e.Tag == "key");
        Assert.Equal(6, rotated.Count(e => e.Tag == "salt/key"));
    }

    [Fact]
    public async Task The_AES_key_stays_where_it_is_told_to_or_where_nobody_was_let_out()
    {
        await using (var master = await Bench(("rotate_aes_key", false)))
            Assert.DoesNotContain(await master.HeardWhile(() => Call(master, "key.delete", ("match", "web1"))), e => e.Tag == "key");
        await using (var master = await Bench())
            Assert.DoesNotContain(await master.HeardWhile(() => Call(master, "key.delete", ("match", "db*"))), e => e.Tag == "key");
    }

    [Fact]
    public async Task A_key_that_is_none_is_not_accepted()
    {
        await using var master = await Bench();
        File.WriteAllText(master.Under("pki", "minions_pre", "db1"), "no key");
        Assert.Equal("{'minions': ['db2'], 'minions_pre': ['db1']}", await Call(master, "key.accept", ("match", "db*")));
    }

    [Fact]
    public async Task Shows_keys_and_fingerprints()
    {
        await using var master = await Bench();
        var (pem, masterPem) = (MasterBench.MinionKeys.PublicPem, File.ReadAllText(master.Under("pki", "master.pub")));
        foreach (var name in (string[])["key.print", "key.key_str"])
            Assert.Equal(MapValue.Of(("minions_pre", MapValue.Of(("db1", pem)))), (await master.Wheel(name, ("match", "db1"))).Get("return"));
        Assert.Equal(MapValue.Of(("local", MapValue.Of(("master.pub", masterPem)))), (await master.Wheel("key.master_key_str")).Get("return"));
        Assert.Equal(MapValue.Of(("minions_pre", MapValue.Of(("db1", Fingerprints.Of(pem, "sha256"))))), (await master.Wheel("key.finger", ("match", "db1"))).Get("return"));
        Assert.Equal(MapValue.Of(("minions_pre", MapValue.Of(("db1", Fingerprints.Of(pem, "md5"))))), (await master.Wheel("key.finger", ("match", "db1"), ("hash_type", "md5"))).Get("return"));
        Assert.Equal(MapValue.Of(("local", MapValue.Of(("master.pub", Fingerprints.Of(masterPem, "sha256"))))), (await master.Wheel("key.finger_master")).Get("return"));
        Assert.True(((MapValue)(await master.Wheel("key.finger", ("match", "*"))).Get("return")!).MapOf("local").Has("master.pem"));
    }

    [Fact]
    public async Task Makes_keys_and_accepts_them_where_it_is_told_to()
    {
        await using var master = await Bench();
        var before = master.Picture("pki");
        var pair = (MapValue)(await master.Wheel("key.gen")).Get("return")!;
        Assert.Equal(pair.TextOf("pub"), RsaKeyPair.Load(pair.TextOf("priv")!).PublicPem);
        Assert.Equal(before, master.Picture("pki"));

        var accepted = (MapValue)(await master.Wheel("key.gen_accept", ("id_", "fresh"))).Get("return")!;
        Assert.Equal(accepted.TextOf("pub"), File.ReadAllText(master.Under("pki", "minions", "fresh")));
        Assert.Equal("{}", await Call(master, "key.gen_accept", ("id_", "fresh")));
        var forced = (MapValue)(await master.Wheel("key.gen_accept", ("id_", "fresh"), ("force", true))).Get("return")!;
        Assert.Equal(forced.TextOf("pub"), File.ReadAllText(master.Under("pki", "minions", "fresh")));
        foreach (var id in (string[])["../x", "a/b", ""])
            Assert.Equal(false, (await master.Wheel("key.gen_accept", ("id_", id))).Get("success"));
        Assert.Equal(Fingerprints.Of(MasterBench.MinionKeys.PublicPem, "sha256").Length, (await Call(master, "key.gen_keys", ("keyname", "spare"))).Length);
        Assert.True(File.Exists(master.Under("pki", "spare.pem")));
        Assert.Equal(false, (await master.Wheel("key.gen_keys", ("keyname", "../spare"))).Get("success"));
    }

    [Fact]
    public async Task Signs_the_master_s_key_once()
    {
        await using var master = await Bench();
        (string, Value)[] arguments = [("priv", ""), ("pub", ""), ("signature_path", "")];
        Assert.Equal("No usable private-key found", await Call(master, "key.gen_signature", arguments));
        Assert.Equal("True", await Call(master, "key.gen_signature", [.. arguments, ("auto_create", true)]));
        Assert.Equal("False", await Call(master, "key.gen_signature", [.. arguments, ("auto_create", true)]));
        var signing = RsaKeyPair.Load(File.ReadAllText(master.Under("pki", "master_sign.pem")));
        Assert.True(signing.Public.Verify(SignatureScheme.Pkcs1Sha1, File.ReadAllBytes(master.Under("pki", "master.pub")), Convert.FromBase64String(File.ReadAllText(master.Under("pki", "master_pubkey_signature")))));
        Assert.Equal("Public-key /nowhere.pub does not exist", await Call(master, "key.gen_signature", ("priv", ""), ("pub", "/nowhere.pub"), ("signature_path", "")));
    }
}
