using System.Collections.Immutable;
using SaltActors.Core.Targets;
using SaltActors.Core.Values;

namespace SaltActors.Core.Configuration;

/// <summary>Where a configuration was read.</summary>
/// <param name="MainFile">The main file's path, whether it exists or not.</param>
/// <param name="Folder">Where the command looks for configuration.</param>
/// <param name="Expand">The paths that a path with wildcards names.</param>
public sealed record ConfigurationPlace(string MainFile, string Folder, Func<string, IReadOnlyList<string>> Expand);

/// <summary>A whole configuration, and what a person should know of it.</summary>
public sealed record CompleteConfiguration(MapValue Options, ImmutableArray<string> Warnings);

/// <summary>What configuration files say, laid over the defaults: the rules, without a file.</summary>
/// <remarks>Follows Salt 3006, salt/config/__init__.py. The id is not among it, because finding one may ask the network.</remarks>
public static class SaltConfiguration
{
    private const int FewestWorkersWithPeers = 3;
    private const int LongestSocketFolder = 10;
    private const long DynamicWriteBuffer = 631912755;

    /// <summary>The whole configuration: defaults, then the files' values, then what follows from them. Unknown keys are kept.</summary>
    /// <param name="given">What the files say.</param>
    /// <exception cref="InvalidOption">A value that nothing can be made of.</exception>
    public static CompleteConfiguration Complete(ConfigurationRole role, MapValue given, ConfigurationPlace place)
    {
        var defaults = role.Defaults();
        var build = new Build(role, WithLogFolder(given, defaults), defaults, place);
        build.Identity(place);
        build.Paths();
        build.Switches();
        build.Lists();
        build.Security();
        return build.Done();
    }

    /// <summary>The whole configuration of values that stand in no file.</summary>
    public static MapValue Complete(ConfigurationRole role, MapValue given, string configDir) =>
        Complete(role, given, new ConfigurationPlace(Join(configDir, role.FileName()), configDir, path => [path])).Options;

    /// <summary>The configuration of a minion whose name is known; the folders of <c>append_minionid_config_dirs</c> become its own.</summary>
    public static MapValue WithId(MapValue options, string id)
    {
        var whole = options.ToBuilder();
        whole["id"] = id;
        foreach (var name in options.ListOf("append_minionid_config_dirs").Items.Select(n => n.ToString()))
            if (options.TextOf(name) is { } path)
                switch (name)
                {
                    case "cachedir":
                        whole[name] = whole["__cachedir"] = Join(path, id);
                        break;
                    case "extension_modules":
                        whole[name] = Join(path, id);
                        if (options.Get("utils_dirs") is ListValue { Count: 1 } utils && utils[0].ToString().EndsWith("/extmods/utils", StringComparison.Ordinal))
                            whole["utils_dirs"] = ListValue.OfTexts([Join(utils[0].ToString()[..^"/utils".Length], id) + "/utils"]);
                        break;
                    case "pki_dir":
                        whole[name] = Join(path, id);
                        break;
                    case "default_include":
                        whole[name] = Path.Join(Path.GetDirectoryName(path), id, Path.GetFileName(path));
                        break;
                    case "pidfile":
                        whole[name] = Path.Join(Path.GetDirectoryName(path), "salt", id, Path.GetFileName(path));
                        break;
                }
        return whole.Build();
    }

    /// <summary>Lays one included file over another: maps grow together, lists take what they do not hold yet, everything else is replaced.</summary>
    public static MapValue MergeIncluded(MapValue below, MapValue above)
    {
        var merged = below.ToBuilder();
        foreach (var (key, value) in above)
            merged[key] = (below.Get(key), value) switch
            {
                // A job of the schedule is one thing: the later file's stands for it.
                (MapValue b, MapValue a) when key is TextValue { Text: "schedule" } => b.Over(a),
                (MapValue b, MapValue a) => MergeIncluded(b, a),
                (ListValue b, ListValue a) => Joined(b, a),
                _ => value,
            };
        return merged.Build();
    }

    private static ListValue Joined(ListValue below, ListValue above)
    {
        var items = below.Items.ToBuilder();
        foreach (var item in above)
            if (!items.Contains(item)) items.Add(item);
        return new ListValue(items.ToImmutable());
    }

    private static MapValue WithLogFolder(MapValue given, MapValue defaults)
    {
        if (given.TextOf("log_dir") is not { Length: > 0 } folder) return given;
        var file = given.TextOf("log_file") is { Length: > 0 } own ? own : Path.GetFileName(defaults.TextOf("log_file") ?? "");
        return given.With("log_file", file.StartsWith('/') ? file : Join(folder, file));
    }

    private static string Join(string folder, string name) => folder.TrimEnd('/') + "/" + name;

    private sealed class Build
    {
        private readonly ConfigurationRole _role;
        private readonly MapValue _given;
        private readonly ConfigurationPlace _place;
        private readonly ImmutableArray<string>.Builder _warnings = ImmutableArray.CreateBuilder<string>();
        private MapValue.Builder _options;

        internal Build(ConfigurationRole role, MapValue given, MapValue defaults, ConfigurationPlace place)
        {
            (_role, _given, _place) = (role, given, place);
            _options = defaults.Over(given).ToBuilder();
        }

        internal CompleteConfiguration Done() => new(_options.Build(), _warnings.ToImmutable());

        internal void Identity(ConfigurationPlace place)
        {
            _options["conf_file"] = place.MainFile;
            _options["config_dir"] = place.Folder;
            _options["__role"] = _role.IsMinion() ? "minion" : "master";
            if (Get("id") is { } id and not (TextValue or NullValue)) _options["id"] = PythonText.Str(id);
            if (_given.Get("environment") is not { } old) return;
            var isGiven = Get("saltenv") is { IsNull: false };
            _warnings.Add(isGiven ? $"{place.MainFile}: 'environment' and 'saltenv' cannot both be given; 'environment' is ignored"
                : $"{place.MainFile}: the option 'environment' is called 'saltenv' now; '{old}' is taken as that");
            if (isGiven) _options["environment"] = Get("saltenv")!;
            else _options["saltenv"] = old;
        }

        internal void Paths()
        {
            var cache = Text("cachedir");
            if (!_role.IsMinion())
            {
                _options["token_dir"] = Join(cache, "tokens");
                _options["syndic_dir"] = Join(cache, "syndics");
            }
            // A socket's path has to be short.
            if (Text("sock_dir").Length > cache.Length + LongestSocketFolder) _options["sock_dir"] = Join(cache, ".salt-unix");
            if (Get("extension_modules") is not { IsTruthy: true }) _options["extension_modules"] = Join(cache, "extmods");
            if (Get("utils_dirs") is not { IsTruthy: true }) _options["utils_dirs"] = ListValue.OfTexts([Join(Text("extension_modules"), "utils")]);
            if (_role == ConfigurationRole.Api) (_options["pidfile"], _options["log_file"]) = (Get("api_pidfile")!, Get("api_logfile")!);
            _options = RootFolder.Move(_role, _options.Build()).ToBuilder();
            if (_role.IsMinion()) _options["__cachedir"] = Text("cachedir");
        }

        internal void Switches()
        {
            // Nothing but a plain True opens the door.
            _options["open_mode"] = Get("open_mode") is BoolValue { IsTrue: true };
            _options["hash_type"] = Text("hash_type").ToLowerInvariant();
            _options["ipc_write_buffer"] = _given.Get("ipc_write_buffer") switch { null => 0, TextValue { Text: "dynamic" } => DynamicWriteBuffer, var size => size };
            if (_role.IsMinion())
            {
                if (Get("beacons") is null) _options["beacons"] = MapValue.Empty;
            }
            else
            {
                _options["auto_accept"] = Get("auto_accept") is BoolValue { IsTrue: true };
                if (Get("external_auth") is MapValue eauth && eauth.Has("rest") && Get("keep_acl_in_token") is not { IsTruthy: true })
                {
                    _options["keep_acl_in_token"] = true;
                    _warnings.Add($"{_place.MainFile}: external_auth 'rest' needs 'keep_acl_in_token: True'; it is taken as that");
                }
                if (Get("peer") is { IsTruthy: true } && Get("worker_threads")?.AsInteger() is < FewestWorkersWithPeers)
                {
                    _options["worker_threads"] = FewestWorkersWithPeers;
                    _warnings.Add($"{_place.MainFile}: 'worker_threads' must be at least {FewestWorkersWithPeers} where 'peer' is used; it is taken as that");
                }
            }
            if (Get("return") is ListValue returners) _options["return"] = string.Join(',', returners.Items);
        }

        internal void Lists()
        {
            if (Get("fileserver_backend") is ListValue backends)
                _options["fileserver_backend"] = ListValue.From(backends.Items.Select(Value (b) => b is TextValue { Text: "git" or "hg" or "svn" or "minion" } ? b + "fs" : b));
            Roots("file_roots");
            Roots("pillar_roots");
            if (_role.IsMinion()) return;
            if (Get("file_ignore_glob") is TextValue glob) _options["file_ignore_glob"] = ListValue.From([glob]);
            if (Get("file_ignore_regex") is TextValue or ListValue)
                _options["file_ignore_regex"] = ListValue.From((Get("file_ignore_regex") is ListValue list ? list.Items : [Get("file_ignore_regex")!]).Where(IsRegex));
            _options["nodegroups"] = Get("nodegroups") switch
            {
                null or NullValue => MapValue.Empty,
                // One-key maps in a list are a map, too.
                ListValue groups when groups.Items.All(g => g is MapValue { Count: 1 }) => MapValue.From(groups.Items.Select(g => ((MapValue)g)[0])),
                var groups => groups,
            };
            if (Get("ssh_minion_opts") is MapValue ssh) _options["ssh_minion_opts"] = MapValue.From(ssh.Where(o => MayBeSshOption(o.Key.ToString())));
        }

        internal void Security()
        {
            _options["ssl"] = Get("ssl") switch { null or NullValue or BoolValue { IsTrue: false } => Value.Null, BoolValue => MapValue.Empty, var given => given };
            if (Get("discovery") is not { } discovery || discovery is NullValue or BoolValue { IsTrue: false }) return;
            var known = MapValue.Of(("attempts", 3), ("pause", 5), ("port", 4520), ("match", "any"), ("mapping", MapValue.Empty));
            var own = discovery as MapValue ?? MapValue.Empty;
            foreach (var (key, _) in own)
                if (!known.Has(key)) throw new InvalidOption($"{_place.MainFile}: 'discovery' has the unknown option '{key}'; known are {string.Join(", ", known.Keys)}");
            if (!_role.IsMinion()) known = known.Without("attempts").Without("pause").Without("match");
            _options["discovery"] = MergeIncluded(known, own);
        }

        private bool IsRegex(Value pattern)
        {
            if (PythonRegex.CompileSearch(pattern.ToString(), out _) is not null) return true;
            _warnings.Add($"{_place.MainFile}: '{pattern}' in 'file_ignore_regex' is no regular expression; it is passed over");
            return false;
        }

        private bool MayBeSshOption(string name)
        {
            var fs = name.IndexOf("fs_", StringComparison.OrdinalIgnoreCase);
            var isServer = fs > 0 && name.AsSpan(0, fs).IndexOfAnyExcept(LettersAndDigits) < 0 || name == "fileserver_backend";
            if (!isServer && (!name.Contains("pillar", StringComparison.Ordinal) || name == "ssh_merge_pillar")) return true;
            _warnings.Add($"{_place.MainFile}: '{name}' may not be given in 'ssh_minion_opts'; it is ignored");
            return false;
        }

        private static readonly System.Buffers.SearchValues<char> LettersAndDigits = System.Buffers.SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789");

        // Environment to folders; anything else is not said clearly enough to guess.
        private void Roots(string name)
        {
            if (Get(name) is not MapValue roots)
            {
                var folder = name == "file_roots" ? "/srv/salt" : "/srv/pillar";
                _warnings.Add($"{_place.MainFile}: '{name}' must be a map of environments to lists of folders, found {Get(name)?.KindName ?? "nothing"}; base: [{folder}] is taken");
                roots = MapValue.Of(("base", ListValue.Create([folder])));
            }
            _options[name] = MapValue.From(roots.Select(root => KeyValuePair.Create(root.Key.ToString(), (Value)Folders(root.Value))));
        }

        private ListValue Folders(Value folders) => folders is not ListValue list ? ListValue.Empty
            : ListValue.From(list.Items.SelectMany(folder => folder is TextValue { Text: var path } && path.AsSpan().IndexOfAny('*', '?', '[') >= 0 ? _place.Expand(path).Select(Value (p) => p) : [folder]));

        private Value? Get(string name) => _options.Get(name);
        private string Text(string name) => new TypedOptions(_options.Build()).Text(name);
    }
}
