using System.Collections.Immutable;
using SaltActors.Core.Functions;
using SaltActors.Core.Identity;
using SaltActors.Core.Values;
using SaltActors.Transport.Crypto;

namespace SaltActors.Transport.Keys;

/// <summary>Where keys and what hangs on them lie, and what happens beside a change.</summary>
/// <param name="RotatesAesKey">Leave the mark that has the AES key changed when a minion is shut out (<c>rotate_aes_key</c>).</param>
/// <param name="KeepsMinionCache">Leave <c>cachedir/minions/ID</c> when the last key of an id goes (<c>preserve_minion_cache</c>).</param>
/// <param name="PassPhrase">Opens the master's signing key; null for none.</param>
public sealed record KeyCareSettings(string PkiDir, string CacheDir, bool RotatesAesKey = true, bool KeepsMinionCache = false, string? PassPhrase = null)
{
    /// <summary>From a master's configuration, all defaults filled in.</summary>
    public static KeyCareSettings From(MapValue options) => new(
        options.TextOf("pki_dir") ?? "/etc/salt/pki/master", options.TextOf("cachedir") ?? "/var/cache/salt/master",
        options.Get("rotate_aes_key") is not { IsTruthy: false }, options.Get("preserve_minion_cache") is { IsTruthy: true }, options.TextOf("key_pass"));
}

/// <summary>One key that was changed.</summary>
public sealed record ChangedKey(MinionId Id, KeyState From, KeyChange Change)
{
    /// <summary>The data of the event <c>salt/key</c>.</summary>
    public MapValue ToEventData() => MapValue.Of(("result", true), ("act", Change switch { KeyChange.Accept => "accept", KeyChange.Reject => "reject", _ => "delete" }), ("id", Id.Text));
}

/// <summary>What an operator does with keys: the one place for <c>salt-key</c>, the wheel functions and a minion that takes its own key back.</summary>
/// <remarks>Follows Salt 3006, salt/key.py. Answers of sections keep Salt's order: accepted, pending, rejected, denied. Not safe for two writers at once.</remarks>
public sealed class KeyCare(KeyStore store, KeyCareSettings settings, Action<string> warn)
{
    public const string LocalSection = "local";

    /// <summary>The order in which Salt shows the sections.</summary>
    public static readonly ImmutableArray<KeyState> Sections = [KeyState.Accepted, KeyState.Pending, KeyState.Rejected, KeyState.Denied];

    /// <summary>The sections a word means, of which only the first letters count; empty where it means none.</summary>
    public static ImmutableArray<KeyState> SectionsOf(string word) => word switch
    {
        _ when word.StartsWith("acc", StringComparison.Ordinal) => [KeyState.Accepted],
        _ when word.StartsWith("pre", StringComparison.Ordinal) || word.StartsWith("un", StringComparison.Ordinal) => [KeyState.Pending],
        _ when word.StartsWith("rej", StringComparison.Ordinal) => [KeyState.Rejected],
        _ when word.StartsWith("den", StringComparison.Ordinal) => [KeyState.Denied],
        _ when word.StartsWith("all", StringComparison.Ordinal) => Sections,
        _ => [],
    };

    /// <inheritdoc cref="IMasterKeys.List"/>
    public MapValue List(string word)
    {
        var sections = SectionsOf(word);
        var listed = MapValue.From(sections.Select(s => KeyValuePair.Create(s.Folder(), (Value)Texts(store.List(s)))));
        return sections.Length == Sections.Length ? listed.With(LocalSection, ListValue.OfTexts(LocalFiles())) : listed;
    }

    /// <inheritdoc cref="IMasterKeys.Match"/>
    public MapValue Match(KeyChoice choice) => choice.Listed is { } listed
        ? Gather(listed.SelectMany(s => Items(s.Value)).SelectMany(name => Sections.Where(s => Holds(s, name)).Select(s => (s, name))))
        : Gather(Chosen(choice).Select(k => (k.State, k.Id.Text)));

    /// <inheritdoc cref="IMasterKeys.Print"/>
    public MapValue Print(Value pattern) => Show(pattern, pem => pem, hasLocal: false);

    /// <inheritdoc cref="IMasterKeys.Fingers"/>
    public MapValue Fingers(Value pattern, string hashType) => Show(pattern, pem => Fingerprints.Of(pem, hashType), hasLocal: true);

    /// <summary>Changes the chosen keys. A key that cannot be read as one is not accepted.</summary>
    /// <returns>What was changed, so that the bus can be told.</returns>
    public ImmutableArray<ChangedKey> Change(KeyChange change, KeyChoice choice, MoreKeys more, bool? keepsMinionCache = null)
    {
        var from = SourcesOf(change, more);
        var changed = ImmutableArray.CreateBuilder<ChangedKey>();
        foreach (var (state, id) in Chosen(choice).ToList())
            if (from.Contains(state) && ChangeOne(change, state, id)) changed.Add(new ChangedKey(id, state, change));
        if (change != KeyChange.Accept)
        {
            if (!(keepsMinionCache ?? settings.KeepsMinionCache)) foreach (var id in changed.Select(c => c.Id).Distinct()) ForgetMinion(id);
            // Who is out must be out: the key that all minions share is changed. Once, however many went.
            if (settings.RotatesAesKey && changed.Any(c => c.From == KeyState.Accepted)) DropMark();
        }
        return changed.ToImmutable();
    }

    /// <summary>The keys that a choice means, each with its state, in Salt's order.</summary>
    public IEnumerable<(KeyState State, MinionId Id)> Chosen(KeyChoice choice) => choice.Listed is { } listed
        ? from section in listed
          from state in Sections
          where state.Folder() == section.Key.ToString()
          from name in Items(section.Value)
          where Holds(state, name)
          select (state, MinionId.Parse(name))
        : from state in Sections
          from id in store.List(state)
          where Patterns(choice.Pattern).Any(p => NamePattern.Matches(p, id.Text))
          select (state, id);

    /// <summary>The states that a change takes keys from.</summary>
    public static ImmutableArray<KeyState> SourcesOf(KeyChange change, MoreKeys more) => change == KeyChange.Delete ? Sections
        : [.. Sections.Where(s => s switch
        {
            KeyState.Pending => true,
            KeyState.Accepted => change != KeyChange.Accept && more.HasFlag(MoreKeys.Accepted),
            KeyState.Rejected => change != KeyChange.Reject && more.HasFlag(MoreKeys.Rejected),
            _ => more.HasFlag(MoreKeys.Denied),
        })];

    private bool ChangeOne(KeyChange change, KeyState state, MinionId id)
    {
        if (change == KeyChange.Reject) return store.Move(state, KeyState.Rejected, id);
        if (change == KeyChange.Delete)
        {
            store.Delete(state, id);
            return true;
        }
        if (RsaPublicKey.TryParse(store.Pem(state, id), out _)) return store.Move(state, KeyState.Accepted, id);
        warn($"the key of minion [{id}] was not accepted: {store.PathOf(state, id)} holds no RSA public key; delete it with salt-key -d {id}");
        return false;
    }

    private void ForgetMinion(MinionId id)
    {
        var folder = Path.Combine(settings.CacheDir, "minions", id.Text);
        if (Sections.Any(s => File.Exists(store.PathOf(s, id))) || !Directory.Exists(folder)) return;
        try
        {
            Directory.Delete(folder, recursive: true);
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException)
        {
            warn($"what is remembered of minion [{id}] could not be removed from {folder}: {cause.Message}");
        }
    }

    // The master believes a regular file of mode 0400 and nothing else.
    private void DropMark()
    {
        if (Directory.Exists(settings.CacheDir)) PrivateFiles.Write(Path.Combine(settings.CacheDir, ".dfn"), "", isReadOnly: true);
    }

    private MapValue Show(Value pattern, Func<string, string> what, bool hasLocal)
    {
        var shown = new MapValue.Builder();
        foreach (var section in Chosen(new KeyChoice(pattern)).GroupBy(k => k.State))
            shown[section.Key.Folder()] = MapValue.From(section.Select(k => (k.Id, Pem: store.Pem(k.State, k.Id))).Where(k => k.Pem is not null)
                .Select(k => KeyValuePair.Create(k.Id.Text, (Value)what(k.Pem!))));
        if (!hasLocal) return shown.Build();
        var local = LocalFiles().Where(name => Patterns(pattern).Any(p => NamePattern.Matches(p, name)))
            .Select(name => KeyValuePair.Create(name, (Value)what(File.ReadAllText(Path.Combine(settings.PkiDir, name))))).ToList();
        if (local.Count > 0) shown[LocalSection] = MapValue.From(local);
        return shown.Build();
    }

    /// <summary>The master's own key files.</summary>
    public IEnumerable<string> LocalFiles() => Directory.EnumerateFiles(settings.PkiDir).Select(f => Path.GetFileName(f)!)
        .Where(name => name.EndsWith(".pub", StringComparison.Ordinal) || name.EndsWith(".pem", StringComparison.Ordinal))
        .Order(Comparer<string>.Create(KeyStore.BySalt));

    private bool Holds(KeyState state, string name) => MinionId.TryParse(name, out var id) && File.Exists(store.PathOf(state, id));

    private static MapValue Gather(IEnumerable<(KeyState State, string Name)> keys)
    {
        var gathered = new MapValue.Builder();
        foreach (var section in keys.GroupBy(k => k.State)) gathered[section.Key.Folder()] = ListValue.OfTexts(section.Select(k => k.Name));
        return gathered.Build();
    }

    private static IEnumerable<string> Patterns(Value? pattern) => pattern switch
    {
        null or NullValue => [],
        ListValue several => several.Items.Select(p => p.ToString()),
        _ => pattern.ToString().Split(','),
    };

    private static IEnumerable<string> Items(Value ids) => ids is ListValue several ? several.Items.Select(i => i.ToString()) : [ids.ToString()];

    private static ListValue Texts(IEnumerable<MinionId> ids) => ListValue.OfTexts(ids.Select(i => i.Text));
}
