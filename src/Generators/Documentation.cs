using System.Text;
using System.Xml;
using System.Xml.Linq;
using Microsoft.CodeAnalysis;

namespace SaltActors.Generators;

/// <summary>A doc comment as text for <c>sys.doc</c>: the shape of a Python docstring, because that is what tools print and cut.</summary>
internal sealed class Documentation
{
    private const string Indent = "    ";
    private readonly XElement? _member;

    private Documentation(XElement? member) => _member = member;

    public static Documentation Of(ISymbol symbol)
    {
        var xml = symbol.GetDocumentationCommentXml();
        if (string.IsNullOrWhiteSpace(xml)) return new(null);
        try
        {
            return new(XElement.Parse(xml, LoadOptions.PreserveWhitespace));
        }
        catch (XmlException)
        {
            // The compiler reports a broken doc comment itself (CS1570); here it is the same as none.
            return new(null);
        }
    }

    public string Summary => TextOf(_member?.Element("summary"));

    public string ParameterText(string name) => TextOf(_member?.Elements("param").FirstOrDefault(p => (string?)p.Attribute("name") == name));

    /// <summary>Summary, parameters, result and examples; begins with a line break and is indented by four.</summary>
    public string Compose(IEnumerable<(string Name, string Text)> parameters)
    {
        var text = new StringBuilder("\n");
        AppendBlock(text, Summary, 1);
        foreach (var (name, about) in parameters)
            if (about.Length > 0)
            {
                text.Append('\n').Append(Indent).Append(name).Append('\n');
                AppendBlock(text, about, 2);
            }
        if (TextOf(_member?.Element("returns")) is { Length: > 0 } returns)
        {
            text.Append('\n');
            AppendBlock(text, "Returns: " + returns, 1);
        }
        foreach (var example in _member?.Elements("example") ?? [])
        {
            text.Append('\n').Append(Indent).Append("CLI Example:\n\n");
            AppendBlock(text, CodeOf(example), 2);
        }
        return text.Append(Indent).ToString();
    }

    private static void AppendBlock(StringBuilder text, string block, int depth)
    {
        foreach (var line in block.Split('\n'))
        {
            if (line.Length > 0)
                for (var i = 0; i < depth; i++) text.Append(Indent);
            text.Append(line).Append('\n');
        }
    }

    private static string CodeOf(XElement example)
    {
        var code = example.Elements("code").Select(c => c.Value).DefaultIfEmpty(example.Value);
        return string.Join("\n", code.Select(Dedent));
    }

    // Cuts what all lines have in common at their beginning, and the empty lines around.
    private static string Dedent(string code)
    {
        var lines = code.Replace("\r", "").Split('\n').Select(l => l.TrimEnd()).ToList();
        while (lines.Count > 0 && lines[0].Length == 0) lines.RemoveAt(0);
        while (lines.Count > 0 && lines[lines.Count - 1].Length == 0) lines.RemoveAt(lines.Count - 1);
        var common = lines.Where(l => l.Length > 0).Select(l => l.Length - l.TrimStart().Length).DefaultIfEmpty(0).Min();
        return string.Join("\n", lines.Select(l => l.Length == 0 ? l : l.Substring(common)));
    }

    private static string TextOf(XElement? element)
    {
        if (element is null) return "";
        var text = new StringBuilder();
        AppendNodes(text, element);
        var lines = text.ToString().Replace("\r", "").Split('\n').Select(l => l.Trim());
        var kept = new List<string>();
        foreach (var line in lines)
            if (line.Length > 0 || (kept.Count > 0 && kept[kept.Count - 1].Length > 0)) kept.Add(line);
        while (kept.Count > 0 && kept[kept.Count - 1].Length == 0) kept.RemoveAt(kept.Count - 1);
        return string.Join("\n", kept);
    }

    private static void AppendNodes(StringBuilder text, XElement element)
    {
        foreach (var node in element.Nodes())
            switch (node)
            {
                case XText plain: text.Append(plain.Value); break;
                case XElement { Name.LocalName: "c" } code: text.Append("``").Append(code.Value).Append("``"); break;
                case XElement { Name.LocalName: "para" } paragraph:
                    text.Append("\n\n");
                    AppendNodes(text, paragraph);
                    text.Append("\n\n");
                    break;
                case XElement { Name.LocalName: "item" } item:
                    text.Append("\n* ");
                    AppendNodes(text, item);
                    break;
                case XElement { Name.LocalName: "br" }: text.Append('\n'); break;
                case XElement { Name.LocalName: "paramref" } reference:
                    text.Append("``").Append(Spelling.ToSalt(Spelling.LowerFirst((string?)reference.Attribute("name") ?? ""))).Append("``");
                    break;
                case XElement { Name.LocalName: "see" } see: text.Append(SeeText(see)); break;
                case XElement other: AppendNodes(text, other); break;
            }
    }

    private static string SeeText(XElement see)
    {
        if (see.Value.Length > 0) return see.Value;
        if ((string?)see.Attribute("langword") is { } word)
            return word switch { "true" => "``True``", "false" => "``False``", "null" => "``None``", _ => $"``{word}``" };
        if ((string?)see.Attribute("cref") is { } cref)
        {
            var name = cref.Split('(')[0];
            return name.Substring(name.LastIndexOf('.') + 1);
        }
        return (string?)see.Attribute("href") ?? "";
    }
}
