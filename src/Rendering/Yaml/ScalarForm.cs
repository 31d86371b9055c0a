namespace SaltActors.Rendering.Yaml;

/// <summary>In which styles a text may be written so that it reads back the same: PyYAML's analysis.</summary>
internal readonly record struct ScalarForm(bool MayBeBlockPlain, bool MayBeFlowPlain, bool MayBeSingleQuoted, bool HasBreaks)
{
    internal static ScalarForm Of(string text)
    {
        if (text.Length == 0) return new(true, false, true, false);
        var (block, flow, special, breaks) = (false, false, false, false);
        var (breakSpace, spaceBreak, wasSpace, wasBreak) = (false, false, false, false);
        if (text.StartsWith("---", StringComparison.Ordinal) || text.StartsWith("...", StringComparison.Ordinal)) (block, flow) = (true, true);
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            var (afterSpace, beforeSpace) = (i == 0 || IsSpace(text[i - 1]), i + 1 >= text.Length || IsSpace(text[i + 1]));
            if (i == 0)
            {
                if ("#,[]{}&*!|>'\"%@`".Contains(c)) (block, flow) = (true, true);
                else if (c is '?' or ':') (flow, block) = (true, block || beforeSpace);
                else if (c == '-' && beforeSpace) (block, flow) = (true, true);
            }
            else if (",?[]{}".Contains(c)) flow = true;
            else if (c == ':') (flow, block) = (true, block || beforeSpace);
            else if (c == '#' && afterSpace) (block, flow) = (true, true);
            var isBreak = c is '\n' or '\x85' or '\u2028' or '\u2029';
            breaks |= isBreak;
            if (!isBreak && c is not ((>= ' ' and <= '~') or (>= '\xa0' and <= '\ud7ff') or (>= '\ue000' and <= '\ufffd' and not '\ufeff'))) special = true;
            if (c == ' ') breakSpace |= wasBreak;
            if (isBreak) spaceBreak |= wasSpace;
            (wasSpace, wasBreak) = (c == ' ', isBreak);
        }
        var edges = text[0] is ' ' or '\n' or '\x85' or '\u2028' or '\u2029' || text[^1] is ' ' or '\n' or '\x85' or '\u2028' or '\u2029';
        var mayBePlain = !edges && !breakSpace && !spaceBreak && !special && !breaks;
        return new(mayBePlain && !block, mayBePlain && !flow, !spaceBreak && !special && !breakSpace, breaks);
    }

    private static bool IsSpace(char c) => c is '\0' or ' ' or '\t' or '\r' or '\n' or '\x85' or '\u2028' or '\u2029';
}
