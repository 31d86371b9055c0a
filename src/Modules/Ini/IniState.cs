using SaltActors.Core.Functions;
using SaltActors.Core.Values;

namespace SaltActors.Modules.Ini;

/// <summary>The states of <c>ini</c>: options in files of sections.</summary>
/// <remarks>Follows Salt 3006, salt/states/ini_manage.py.</remarks>
public static class IniState
{
    /// <summary>Keeps options.</summary>
    /// <param name="name">The file.</param>
    /// <param name="sections">Section → option → value; a text instead of a map is an option before the first section.</param>
    /// <param name="separator">What stands between option and value.</param>
    /// <param name="strict">Options of these sections that are not named go.</param>
    [SaltState("ini.options_present")]
    public static MapValue OptionsPresent(CallContext context, string name, MapValue sections, string separator = "=", bool strict = false)
    {
        if (!Path.IsPathRooted(name)) return StateResult.Failed(name, $"{name} is not an absolute path");
        var (file, told, changes) = (new IniFile(name, separator), new List<string>(), new MapValue.Builder());
        foreach (var (heading, body) in sections)
        {
            var section = heading.ToString();
            if (body is not MapValue options)
            {
                if (file.Get("", section) is var now && now == body.ToString()) continue;
                told.Add($"Changed key {section}.");
                changes[section] = Change(now, body.ToString());
                file.Set("", section, body.ToString());
                continue;
            }
            var (own, isNew) = (new MapValue.Builder(), !file.Sections.Contains(section));
            foreach (var (key, value) in options)
            {
                if (file.Get(section, key.ToString()) is var now && now == value.ToString()) continue;
                told.Add($"Changed key {key} in section {section}.");
                own[key] = Change(now, value.ToString());
                file.Set(section, key.ToString(), value.ToString());
            }
            if (strict)
                foreach (var (option, value) in file.Options(section).Where(o => !options.Has(o.Key)))
                {
                    told.Add($"Deleted key {option} in section {section}.");
                    own[option] = MapValue.Of(("before", value), ("after", Value.Null));
                    file.Remove(section, option);
                }
            if (own.Build() is { Count: > 0 } changed)
                changes[section] = isNew ? MapValue.Of(("before", Value.Null), ("after", MapValue.From(options.Select(o => KeyValuePair.Create(o.Key, (Value)o.Value.ToString()))))) : changed;
        }
        return Done(context, name, file, told, changes.Build());
    }

    /// <summary>Keeps options away.</summary>
    /// <param name="name">The file.</param>
    /// <param name="sections">Section → list of options.</param>
    /// <param name="separator">What stands between option and value.</param>
    [SaltState("ini.options_absent")]
    public static MapValue OptionsAbsent(CallContext context, string name, MapValue sections, string separator = "=")
    {
        if (!File.Exists(name)) return StateResult.Of(name, true, "No anomaly detected");
        var (file, told, changes) = (new IniFile(name, separator), new List<string>(), new MapValue.Builder());
        foreach (var (heading, body) in sections)
        {
            var (section, own) = (heading.ToString(), new MapValue.Builder());
            foreach (var option in body is ListValue list ? list.Select(o => o.ToString()) : [body.ToString()])
            {
                if (file.Get(section, option) is not { } now) continue;
                told.Add($"Deleted key {option} in section {section}.");
                own[option] = now;
                file.Remove(section, option);
            }
            if (own.Build() is { Count: > 0 } changed) changes[section] = changed;
        }
        return Done(context, name, file, told, changes.Build());
    }

    /// <summary>Keeps sections.</summary>
    /// <param name="name">The file.</param>
    /// <param name="sections">Their names.</param>
    /// <param name="separator">What stands between option and value.</param>
    [SaltState("ini.sections_present")]
    public static MapValue SectionsPresent(CallContext context, string name, Value sections, string separator = "=")
    {
        var (file, told, changes) = (new IniFile(name, separator), new List<string>(), new MapValue.Builder());
        foreach (var section in Names(sections).Where(s => !file.Sections.Contains(s)))
        {
            told.Add($"Created new section {section}.");
            changes[section] = MapValue.Of(("before", Value.Null), ("after", MapValue.Empty));
            file.AddSection(section);
        }
        return Done(context, name, file, told, changes.Build());
    }

    /// <summary>Keeps sections away.</summary>
    /// <param name="name">The file.</param>
    /// <param name="sections">Their names.</param>
    /// <param name="separator">What stands between option and value.</param>
    [SaltState("ini.sections_absent")]
    public static MapValue SectionsAbsent(CallContext context, string name, Value sections, string separator = "=")
    {
        if (!File.Exists(name)) return StateResult.Of(name, true, "No anomaly detected");
        var (file, told, changes) = (new IniFile(name, separator), new List<string>(), new MapValue.Builder());
        foreach (var section in Names(sections).Where(s => file.Sections.Contains(s)))
        {
            told.Add($"Deleted section {section}.");
            changes[section] = MapValue.From(file.Options(section).Select(o => KeyValuePair.Create(o.Key, (Value)o.Value)));
            file.RemoveSection(section);
        }
        return Done(context, name, file, told, changes.Build());
    }

    private static MapValue Done(CallContext context, string name, IniFile file, List<string> told, MapValue changes)
    {
        if (changes.Count == 0) return StateResult.Of(name, true, "No anomaly detected");
        if (context.IsTest) return StateResult.Of(name, null, string.Concat(told.Select(t => t + "\n")), changes);
        try
        {
            file.Write();
            return StateResult.Of(name, true, "Changes take effect", changes);
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            return StateResult.Failed(name, $"{name} cannot be written: {refused.Message}");
        }
    }

    private static MapValue Change(string? before, string after) => MapValue.Of(("before", before is null ? Value.Null : before), ("after", after));
    private static IEnumerable<string> Names(Value sections) => sections switch { ListValue list => list.Select(s => s.ToString()), MapValue map => map.Keys.Select(k => k.ToString()), _ => [sections.ToString()] };
}
