using SaltActors.Golden;
using SaltActors.Rendering.Yaml;

namespace SaltActors.Rendering.Tests.Yaml;

/// <summary>Whatever stands in a file, reading it ends in a value or in <see cref="YamlBroken"/>.</summary>
public sealed class YamlMutationSpecs
{
    private const int Mutations = 1000;
    private const string Signs = "[]{}:,-?&*!|>'\"%@`#~ \t\n\r\0\u0085\u2028\ufeff\ud800<=.0aé";

    [Fact]
    public void A_thousand_mutated_texts_give_a_value_or_say_what_is_broken()
    {
        var seeds = Directory.GetFiles(GoldenData.PathOf("states/yaml"), "*.yaml", SearchOption.AllDirectories).Order(StringComparer.Ordinal).Select(File.ReadAllText).ToArray();
        var random = new Random(3006);
        var wrong = new List<string>();
        for (var i = 0; i < Mutations; i++)
        {
            var text = Mutate(seeds[i % seeds.Length], random);
            try
            {
                YamlLoader.Load(text, "f", i % 2 == 0 ? YamlMaps.Plain : YamlMaps.Ordered);
            }
            catch (YamlBroken broken)
            {
                if (broken.Problem.Length == 0 || broken.Line < 1 || broken.Column < 1) wrong.Add($"mutation {i}: an error without its place: {broken.Message}");
            }
            catch (Exception other)
            {
                wrong.Add($"mutation {i}: {other.GetType().Name}: {other.Message}\n{text}");
            }
        }
        Assert.True(wrong.Count == 0, string.Join("\n", wrong));
    }

    // One to five changes: a sign put in, a character taken out, a piece doubled, the end cut off.
    private static string Mutate(string text, Random random)
    {
        for (var changes = random.Next(1, 6); changes > 0; changes--)
        {
            var at = random.Next(text.Length + 1);
            text = random.Next(4) switch
            {
                0 => text.Insert(at, Signs[random.Next(Signs.Length)].ToString()),
                1 when at < text.Length => text.Remove(at, 1),
                2 => text.Insert(at, text[at..Math.Min(text.Length, at + random.Next(12))]),
                3 when at > 0 => text[..at],
                _ => text,
            };
        }
        return text;
    }
}
