using System.Text;
using SaltActors.Rendering.Jinja.Errors;
using SaltActors.Rendering.Jinja.Objects;

namespace SaltActors.Rendering.Jinja.Filters.Salt;

/// <summary>The <c>xml</c> filter: in a map, scalars become attributes, maps children, lists a child for each item.</summary>
internal static class XmlText
{
    internal static string Write(Obj self)
    {
        UndefinedObj.Refuse(self);
        if (self is not DictObj { Count: > 0 } map) throw JinjaFault.Runtime("Value is not a dict or list. Cannot render as XML");
        var text = new StringBuilder("<?xml version=\"1.0\" ?>\n");
        var (name, inside) = map.Entries.GetAt(map.Count - 1);
        Element(text, name.ToString(), inside, 0);
        return text.ToString();
    }

    private static void Element(StringBuilder text, string name, Obj inside, int depth)
    {
        if (depth > 200) throw JinjaFault.Limit("elements stand inside each other too deep", "200 levels");
        if (inside is ListObj list)
        {
            foreach (var item in list.List) Element(text, name, item, depth);
            return;
        }
        text.Append(' ', depth).Append('<').Append(name);
        if (inside is not DictObj map)
        {
            if (inside.IsNone) throw JinjaFault.Runtime("Value is not a dict or list. Cannot render as XML");
            var body = inside.ToString();
            text.Append(body.Length == 0 ? "/>\n" : $">{Escaped(body)}</{name}>\n");
            return;
        }
        foreach (var (key, value) in map.Entries)
            if (value is not (DictObj or ListObj { IsTuple: false })) text.Append(' ').Append(key).Append("=\"").Append(Escaped(value.ToString())).Append('"');
        var children = map.Entries.Where(e => e.Value is DictObj or ListObj { IsTuple: false, Count: > 0 }).ToArray();
        if (children.Length == 0)
        {
            text.Append("/>\n");
            return;
        }
        text.Append(">\n");
        foreach (var (key, value) in children) Element(text, key.ToString(), value, depth + 1);
        text.Append(' ', depth).Append("</").Append(name).Append(">\n");
    }

    private static string Escaped(string text) => text.Replace("&", "&amp;").Replace("<", "&lt;").Replace(">", "&gt;").Replace("\"", "&quot;");
}
