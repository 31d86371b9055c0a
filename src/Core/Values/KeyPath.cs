using System.Globalization;

namespace SaltActors.Core.Values;

/// <summary>Finds a value inside maps and lists by a path as <c>app:ports:0</c>.</summary>
/// <remarks>
/// In a list, a number is a place (from the end where negative) and any other word a key of the first map in it that has it.
/// In a map, a word that no key equals is tried as the number, flag or null that YAML reads in it.
/// Follows Salt 3006, salt/utils/data.py, traverse_dict_and_list().
/// </remarks>
public static class KeyPath
{
    /// <summary>The value at a path, or null (C#'s) where it leads nowhere.</summary>
    public static Value? Find(Value data, string path, string delimiter = ":")
    {
        var here = data;
        foreach (var step in delimiter.Length == 0 ? [path] : path.Split(delimiter))
        {
            var next = here switch
            {
                ListValue list => InList(list, step),
                MapValue map => map.Get(step) ?? (Read(step) is { } key ? map.Get(key) : null),
                _ => null,
            };
            if (next is null) return null;
            here = next;
        }
        return here;
    }

    private static Value? InList(ListValue list, string step)
    {
        Value key = long.TryParse(step.Trim(), CultureInfo.InvariantCulture, out var number) ? number : step;
        if (list.OfType<MapValue>().Select(m => m.Get(key)).FirstOrDefault(v => v is not null) is { } inside) return inside;
        if (key is not IntegerValue) return null;
        if (number < 0) number += list.Count;
        return number >= 0 && number < list.Count ? list[(int)number] : null;
    }

    private static Value? Read(string word) => word switch
    {
        "true" or "True" or "TRUE" => true,
        "false" or "False" or "FALSE" => false,
        "null" or "Null" or "NULL" or "~" or "None" => Value.Null,
        _ when long.TryParse(word, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole) => whole,
        _ when word.Contains('.') && double.TryParse(word, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) => number,
        _ => null,
    };
}
