using System.Globalization;

namespace SaltActors.Core.Values;

/// <summary>Finds a value inside maps and lists by the path of its keys, as <c>app:ports:0</c>.</summary>
public static class KeyPath
{
    /// <returns>Null (C#'s) where the path leads nowhere.</returns>
    /// <remarks>
    /// In a list a part is first looked for as a key of the maps inside, then as a place (negative from the end). A key that is written
    /// as text finds a number too, as YAML makes one of <c>80:</c>. Follows Salt 3006, salt/utils/data.py, traverse_dict_and_list().
    /// </remarks>
    public static Value? Find(Value data, string path, string delimiter = ":")
    {
        Value? at = data;
        foreach (var part in delimiter.Length == 0 ? [path] : path.Split(delimiter))
        {
            at = at switch
            {
                MapValue map => InMap(map, part),
                ListValue list => InList(list, part),
                _ => null,
            };
            if (at is null) return null;
        }
        return at;
    }

    private static Value? InMap(MapValue map, string part) => map.Get(part) ?? (Number(part) is { } n ? map.Get((Value)n) : null);

    private static Value? InList(ListValue list, string part)
    {
        var number = Number(part);
        foreach (var item in list)
            if (item is MapValue map && (number is { } key ? map.Get((Value)key) : map.Get(part)) is { } found) return found;
        if (number is not { } place) return null;
        if (place < 0) place += list.Count;
        return place >= 0 && place < list.Count ? list[(int)place] : null;
    }

    private static long? Number(string part) => long.TryParse(part, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var n) ? n : null;
}
