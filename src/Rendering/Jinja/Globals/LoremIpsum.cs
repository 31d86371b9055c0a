using System.Text;
using SaltActors.Rendering.Jinja.Evaluation;
using SaltActors.Rendering.Jinja.Objects;

namespace SaltActors.Rendering.Jinja.Globals;

/// <summary><c>lipsum()</c>: paragraphs that mean nothing.</summary>
internal static class LoremIpsum
{
    private const int MostParagraphs = 10_000;
    private static readonly string[] Words = ("lorem ipsum dolor sit amet consectetur adipiscing elit sed do eiusmod tempor incididunt ut labore et dolore magna aliqua enim ad minim veniam "
        + "quis nostrud exercitation ullamco laboris nisi aliquip ex ea commodo consequat duis aute irure in reprehenderit voluptate velit esse cillum eu fugiat nulla pariatur").Split(' ');

    internal static TextObj Write(RenderRun run, int paragraphs, bool isHtml, int least, int most)
    {
        if (paragraphs > MostParagraphs) throw Errors.JinjaFault.Limit($"{paragraphs} paragraphs", $"{MostParagraphs}");
        var text = new StringBuilder();
        for (var p = 0; p < paragraphs; p++)
        {
            if (p > 0) text.Append(isHtml ? "\n" : "\n\n");
            if (isHtml) text.Append("<p>");
            var count = run.Random.Next(least, Math.Max(least + 1, most));
            var starts = true;
            for (var w = 0; w < count; w++)
            {
                var word = Words[run.Random.Next(Words.Length)];
                if (w > 0) text.Append(' ');
                text.Append(starts ? char.ToUpperInvariant(word[0]) + word[1..] : word);
                starts = false;
                if (w == count - 1) text.Append('.');
                else if (w % 11 == 10)
                {
                    text.Append('.');
                    starts = true;
                }
                else if (w % 5 == 4) text.Append(',');
            }
            if (isHtml) text.Append("</p>");
            run.CheckText(text.Length);
        }
        return isHtml ? TextObj.Markup(text.ToString()) : TextObj.Of(text.ToString());
    }
}
