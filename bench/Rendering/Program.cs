using System.Diagnostics;
using System.Globalization;
using SaltActors.Core.Values;
using SaltActors.Rendering.Jinja;
using SaltActors.Rendering.Yaml;

namespace SaltActors.Bench.Rendering;

/// <summary>Renders one SLS over and over: <c>rendering FILE SECONDS</c>. Prints the milliseconds of one rendering, cold and warm, and the digest of the result.</summary>
/// <remarks>Cold: the template is read anew each time. Warm: it is kept, and its output is read as YAML anew each time, as both do at every state run.</remarks>
internal static class Program
{
    private static int Main(string[] args)
    {
        if (args is not [var file, var seconds])
        {
            Console.Error.WriteLine("usage: rendering FILE SECONDS");
            return 64;
        }
        var source = new TemplateSource(Path.GetFileName(file), File.ReadAllText(file), file);
        var host = new OneTemplate();
        var time = TimeSpan.FromSeconds(double.Parse(seconds, CultureInfo.InvariantCulture));
        var kept = new JinjaRenderer();
        var cold = Measure(() => Render(new JinjaRenderer(), source, host), time);
        var warm = Measure(() => Render(kept, source, host), time);
        var text = kept.Render(source, host, RenderSettings.Default);
        var yaml = Measure(() => YamlLoader.Load(text, source.Name, YamlMaps.Ordered), time);
        var states = ((MapValue)Render(kept, source, host)).Count;
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{{\"cold\": {cold:0.####}, \"warm\": {warm:0.####}, \"yaml\": {yaml:0.####}, \"states\": {states}}}"));
        return 0;
    }

    private static Value Render(JinjaRenderer renderer, TemplateSource source, OneTemplate host) =>
        YamlLoader.Load(renderer.Render(source, host, RenderSettings.Default), source.Name, YamlMaps.Ordered);

    private static double Measure(Action render, TimeSpan time)
    {
        for (var warmUp = Stopwatch.StartNew(); warmUp.Elapsed < time;) render();
        var count = 0;
        var clock = Stopwatch.StartNew();
        for (; clock.Elapsed < time; count++) render();
        return clock.Elapsed.TotalMilliseconds / count;
    }

    private sealed class OneTemplate : ITemplateHost
    {
        public IReadOnlyDictionary<string, Value> Variables { get; } = new Dictionary<string, Value>
        {
            ["grains"] = MapValue.Of(("os_family", "Debian"), ("num_cpus", 4), ("roles", ListValue.OfTexts(["web", "db"]))),
            ["pillar"] = MapValue.Of(("users", MapValue.From(Enumerable.Range(0, 20).Select(i => KeyValuePair.Create($"user{i}", (Value)MapValue.Of(("uid", 1000 + i), ("shell", "/bin/bash"), ("groups", ListValue.OfTexts(["adm", "sudo"])))))))),
        };

        public TemplateSource? Load(string path) => null;
        public bool HasFunction(string name) => false;
        public bool HasModule(string name) => false;
        public Value Call(string name, ListValue arguments, MapValue keywords) => throw new InvalidOperationException(name);
    }
}
