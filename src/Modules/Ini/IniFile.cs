using System.Text;
using SaltActors.Modules.Files.Managed;

namespace SaltActors.Modules.Ini;

/// <summary>A file of sections and options, line by line: what is not changed stays as it was written.</summary>
internal sealed class IniFile
{
    private readonly List<string> _lines;
    private readonly string _path;
    private readonly char _separator;

    public IniFile(string path, string separator)
    {
        (_path, _separator) = (path, separator.Trim() is [var sign, ..] ? sign : '=');
        _lines = File.Exists(path) ? [.. File.ReadAllLines(path)] : [];
    }

    /// <summary>Section names in order; "" for what stands before the first.</summary>
    public IEnumerable<string> Sections => _lines.Select(SectionOf).OfType<string>();

    public string? Get(string section, string option) => Places(section).Where(i => OptionOf(_lines[i]) == option).Select(i => _lines[i][(_lines[i].IndexOf(_separator) + 1)..].Trim()).FirstOrDefault();

    public IReadOnlyList<KeyValuePair<string, string>> Options(string section) => [.. Places(section).Where(i => OptionOf(_lines[i]) is not null).Select(i => KeyValuePair.Create(OptionOf(_lines[i])!, _lines[i][(_lines[i].IndexOf(_separator) + 1)..].Trim()))];

    public void Set(string section, string option, string value)
    {
        var line = _separator == ' ' ? $"{option} {value}" : $"{option} {_separator} {value}";
        var places = Places(section);
        var at = places.FirstOrDefault(i => OptionOf(_lines[i]) == option, -1);
        if (at >= 0)
        {
            _lines[at] = line;
            return;
        }
        if (section.Length == 0)
        {
            var first = _lines.FindIndex(l => SectionOf(l) is not null);
            _lines.Insert(first < 0 ? _lines.Count : first, line);
            return;
        }
        if (!Sections.Contains(section))
        {
            AddSection(section);
            _lines.Add(line);
            return;
        }
        var last = places.LastOrDefault(i => OptionOf(_lines[i]) is not null, _lines.FindIndex(l => SectionOf(l) == section));
        _lines.Insert(last + 1, line);
    }

    public void AddSection(string section)
    {
        if (_lines.Count > 0 && _lines[^1].Length > 0) _lines.Add("");
        _lines.Add($"[{section}]");
    }

    public void Remove(string section, string option)
    {
        foreach (var i in Places(section).Where(i => OptionOf(_lines[i]) == option).Reverse().ToList()) _lines.RemoveAt(i);
    }

    public void RemoveSection(string section)
    {
        foreach (var i in Places(section).Append(_lines.FindIndex(l => SectionOf(l) == section)).Where(i => i >= 0).OrderDescending().ToList()) _lines.RemoveAt(i);
    }

    public void Write()
    {
        while (_lines.Count > 0 && _lines[0].Length == 0) _lines.RemoveAt(0);
        FileReplacement.Write(_path, Encoding.UTF8.GetBytes(string.Concat(_lines.Select(l => l + "\n"))), File.Exists(_path) ? null : 0x1A4u);
    }

    // The lines of a section, without its heading.
    private List<int> Places(string section)
    {
        var (places, now) = (new List<int>(), "");
        for (var i = 0; i < _lines.Count; i++)
            if (SectionOf(_lines[i]) is { } heading) now = heading;
            else if (now == section) places.Add(i);
        return places;
    }

    private static string? SectionOf(string line) => line.Trim() is ['[', .., ']'] heading ? heading[1..^1] : null;

    private string? OptionOf(string line) => line.TrimStart() is [not '#' and not ';' and not '[', ..] && line.IndexOf(_separator) is > 0 and var at ? line[..at].Trim() : null;
}
