using System.Collections;
using System.Diagnostics.CodeAnalysis;

namespace SaltActors.Core.Values;

/// <summary>
/// Keys to values in the order of insertion; a key may be any value, mostly text. Immutable: changes give a new map.
/// </summary>
/// <remarks><see cref="IsOrdered"/> marks Python's OrderedDict, which outputters print unsorted.</remarks>
public sealed class MapValue : Value, IReadOnlyList<KeyValuePair<Value, Value>>
{
    private const int IndexFrom = 9;
    public static readonly MapValue Empty = new([], false);
    private readonly KeyValuePair<Value, Value>[] _entries;
    private Dictionary<Value, int>? _index;

    private MapValue(KeyValuePair<Value, Value>[] entries, bool isOrdered, Dictionary<Value, int>? index = null) =>
        (_entries, IsOrdered, _index) = (entries, isOrdered, index);

    /// <summary>A map of text keys, as in <c>MapValue.Of(("id", "web1"), ("n", 1))</c>. A key given twice keeps its first place and its last value.</summary>
    public static MapValue Of(params ReadOnlySpan<(string Key, Value Value)> entries)
    {
        var map = new Builder(entries.Length);
        foreach (var (key, value) in entries) map[key] = value;
        return map.Build();
    }

    public static MapValue From(IEnumerable<KeyValuePair<string, Value>> entries)
    {
        var map = new Builder();
        foreach (var (key, value) in entries) map[key] = value;
        return map.Build();
    }

    public static MapValue From(IEnumerable<KeyValuePair<Value, Value>> entries)
    {
        var map = new Builder();
        foreach (var (key, value) in entries) map[key] = value;
        return map.Build();
    }

    public bool IsOrdered { get; }
    public int Count => _entries.Length;
    public override bool IsTruthy => _entries.Length > 0;
    public override string KindName => IsOrdered ? "OrderedDict" : "dict";

    /// <summary>The entry at a place in the order of insertion.</summary>
    public KeyValuePair<Value, Value> this[int place] => _entries[place];

    /// <summary>The value under a key, or null (C#'s) where there is none.</summary>
    public Value? Get(string key)
    {
        var place = Find(key);
        return place < 0 ? null : _entries[place].Value;
    }

    public Value? Get(Value key)
    {
        var place = Find(key);
        return place < 0 ? null : _entries[place].Value;
    }

    public bool TryGet(string key, [NotNullWhen(true)] out Value? value) => (value = Get(key)) is not null;
    public bool TryGet(Value key, [NotNullWhen(true)] out Value? value) => (value = Get(key)) is not null;
    public bool Has(string key) => Find(key) >= 0;
    public bool Has(Value key) => Find(key) >= 0;

    /// <summary>The text under a key, or null where it is missing or not text.</summary>
    public string? TextOf(string key) => Get(key)?.AsText();

    /// <summary>The map under a key, or an empty one where it is missing or not a map.</summary>
    public MapValue MapOf(string key) => Get(key) as MapValue ?? Empty;

    /// <summary>The list under a key, or an empty one where it is missing or not a list.</summary>
    public ListValue ListOf(string key) => Get(key) as ListValue ?? ListValue.Empty;

    public IEnumerable<Value> Keys => _entries.Select(e => e.Key);
    public IEnumerable<Value> Values => _entries.Select(e => e.Value);

    /// <summary>A map where the key has this value; a new key goes to the end.</summary>
    public MapValue With(string key, Value value)
    {
        var map = ToBuilder();
        map[key] = value;
        return map.Build();
    }

    public MapValue With(Value key, Value value)
    {
        var map = ToBuilder();
        map[key] = value;
        return map.Build();
    }

    public MapValue Without(string key)
    {
        var place = Find(key);
        if (place < 0) return this;
        var entries = new KeyValuePair<Value, Value>[_entries.Length - 1];
        _entries.AsSpan(0, place).CopyTo(entries);
        _entries.AsSpan(place + 1).CopyTo(entries.AsSpan(place));
        return new MapValue(entries, IsOrdered);
    }

    /// <summary>This map with the entries of another laid over it, on the top level only.</summary>
    public MapValue Over(MapValue other)
    {
        if (other.Count == 0) return this;
        var map = ToBuilder();
        foreach (var (key, value) in other) map[key] = value;
        return map.Build();
    }

    public MapValue AsOrdered(bool isOrdered = true) => isOrdered == IsOrdered ? this : new(_entries, isOrdered, _index);

    public Builder ToBuilder()
    {
        var map = new Builder(_entries.Length) { IsOrdered = IsOrdered };
        foreach (var (key, value) in _entries) map[key] = value;
        return map;
    }

    private int Find(string key)
    {
        if (_entries.Length < IndexFrom)
        {
            for (var i = 0; i < _entries.Length; i++)
                if (_entries[i].Key is TextValue t && t.Text == key) return i;
            return -1;
        }
        return Find(TextValue.Of(key));
    }

    private int Find(Value key)
    {
        if (_entries.Length < IndexFrom)
        {
            for (var i = 0; i < _entries.Length; i++)
                if (_entries[i].Key.Equals(key)) return i;
            return -1;
        }
        var index = _index;
        if (index is null)
        {
            index = new Dictionary<Value, int>(_entries.Length);
            for (var i = 0; i < _entries.Length; i++) index[_entries[i].Key] = i;
            _index = index;
        }
        return index.TryGetValue(key, out var place) ? place : -1;
    }

    public override bool Equals(Value? other)
    {
        if (ReferenceEquals(this, other)) return true;
        if (other is not MapValue map || map.Count != Count) return false;
        foreach (var (key, value) in _entries)
            if (map.Get(key) is not { } there || !there.Equals(value)) return false;
        return true;
    }

    public override int GetHashCode()
    {
        var hash = Count;
        foreach (var (key, value) in _entries) hash ^= HashCode.Combine(key, value);
        return hash;
    }

    public IEnumerator<KeyValuePair<Value, Value>> GetEnumerator() => ((IEnumerable<KeyValuePair<Value, Value>>)_entries).GetEnumerator();
    IEnumerator IEnumerable.GetEnumerator() => _entries.GetEnumerator();

    /// <summary>Collects entries; the last value of a key wins and keeps the place of the first.</summary>
    public sealed class Builder(int capacity = 4)
    {
        private readonly List<KeyValuePair<Value, Value>> _entries = new(capacity);
        private Dictionary<Value, int>? _index;

        public bool IsOrdered { get; init; }
        public int Count => _entries.Count;

        public Value this[string key]
        {
            get => this[TextValue.Of(key)];
            set => this[TextValue.Of(key)] = value;
        }

        public Value this[Value key]
        {
            get => Find(key) is >= 0 and var place ? _entries[place].Value : throw new KeyNotFoundException($"no key {PythonText.Repr(key)}");
            set
            {
                var place = Find(key);
                if (place >= 0)
                {
                    _entries[place] = new(_entries[place].Key, value);
                    return;
                }
                _index?.Add(key, _entries.Count);
                _entries.Add(new(key, value));
            }
        }

        public bool Has(Value key) => Find(key) >= 0;
        public Value? Get(Value key) => Find(key) is >= 0 and var place ? _entries[place].Value : null;

        public bool Remove(Value key)
        {
            var place = Find(key);
            if (place < 0) return false;
            _entries.RemoveAt(place);
            _index = null;
            return true;
        }

        public MapValue Build() => _entries.Count == 0 && !IsOrdered ? Empty : new([.. _entries], IsOrdered);

        private int Find(Value key)
        {
            if (_index is null)
            {
                if (_entries.Count < IndexFrom)
                {
                    for (var i = 0; i < _entries.Count; i++)
                        if (_entries[i].Key.Equals(key)) return i;
                    return -1;
                }
                _index = new Dictionary<Value, int>(_entries.Count * 2);
                for (var i = 0; i < _entries.Count; i++) _index[_entries[i].Key] = i;
            }
            return _index.TryGetValue(key, out var place) ? place : -1;
        }
    }
}
