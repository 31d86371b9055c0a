using System.Collections.Immutable;
using SaltActors.Core.Values;

namespace SaltActors.Core.Targets;

/// <summary>The grammar of compound targets: words apart by white space, <c>not</c> before <c>and</c> before <c>or</c>, parentheses as words.</summary>
/// <remarks>
/// Follows Salt 3006, salt/matchers/compound_match.py and salt/utils/minions.py, which turn the words into a Python expression and evaluate it; hence Python's
/// precedence, its limit of nested parentheses, and <see cref="Target.Hollow"/> and <see cref="Target.Applied"/>.
/// </remarks>
internal sealed class CompoundParser
{
    private const int DeepestNesting = 200;
    private readonly List<string> _words;
    private readonly bool _isPillarExact;
    private int _at, _depth, _unclosed;
    private string? _problem;

    private CompoundParser(List<string> words, bool isPillarExact) => (_words, _isPillarExact) = (words, isPillarExact);

    internal static Target Parse(Value target, MapValue nodegroups, bool isPillarExact) => target switch
    {
        TextValue text => Parse(Words(text.Text), nodegroups, isPillarExact),
        ListValue list when list.Items.FirstOrDefault(i => i is not TextValue) is { } odd => new Target.Never($"a word of a compound target must be text, found a {odd.KindName}"),
        ListValue list => Parse([.. list.Items.Select(i => i.ToString())], nodegroups, isPillarExact),
        _ => new Target.Never($"a compound target must be text or a list of words, found a {target.KindName}"),
    };

    internal static Target ParseNodegroup(string name, MapValue nodegroups)
    {
        var spelled = Nodegroups.Spell(name, nodegroups);
        return spelled.IsEmpty ? new Target.Never($"nodegroup '{name}': {spelled.Problem ?? "it is empty"}") : Parse(spelled.Words, nodegroups, isPillarExact: false);
    }

    /// <summary>Splits at white space as Python's <c>split()</c>, which counts four control characters, too.</summary>
    internal static ImmutableArray<string> Words(string text)
    {
        var words = ImmutableArray.CreateBuilder<string>();
        for (int start = 0, at = 0; at <= text.Length; at++)
            if (at == text.Length || char.IsWhiteSpace(text[at]) || text[at] is >= '\x1c' and <= '\x1f')
            {
                if (at > start) words.Add(text[start..at]);
                start = at + 1;
            }
        return words.DrainToImmutable();
    }

    private static Target Parse(ImmutableArray<string> words, MapValue nodegroups, bool isPillarExact)
    {
        var (spelled, problem) = SpellOut(words, nodegroups);
        if (problem is null)
        {
            if (spelled.Count == 0) return new Target.Never("the compound target is empty");
            var parser = new CompoundParser(spelled, isPillarExact);
            if (parser.Whole() is { } parsed) return parsed;
            problem = parser._problem;
        }
        return new Target.Never($"the compound target '{string.Join(' ', words)}' means nothing: {problem}");
    }

    // Groups stand in place, without parentheses of their own unless they hold other groups; a "not" after an operand means "and not".
    private static (List<string> Words, string? Problem) SpellOut(ImmutableArray<string> words, MapValue nodegroups)
    {
        var spelled = new List<string>();
        string? ended = null;
        foreach (var word in words)
        {
            if (TargetParser.SplitTerm(word) is not ("N", _, var name))
            {
                Add(word);
                continue;
            }
            var group = Nodegroups.Spell(name, nodegroups);
            if (group.IsBroken) return (spelled, $"nodegroup '{name}': {group.Problem}");
            if (group.IsEmpty) ended = $"nodegroup '{name}' stands for nothing: {group.Problem ?? "it is empty"}";
            foreach (var inner in group.Words) Add(inner);
        }
        return (spelled, spelled.Count == 0 ? ended : null);

        void Add(string word)
        {
            if (word == "not" && spelled.Count > 0 && spelled[^1] is not ("and" or "or" or "(")) spelled.Add("and");
            spelled.Add(word);
        }
    }

    private string? Word => _at < _words.Count ? _words[_at] : null;

    private Target? Whole()
    {
        if (Or() is not { } target) return null;
        if (Word is { } left) return Fail(left == ")" ? "a ')' closes nothing" : $"'{left}' stands where 'and', 'or' or the end was expected");
        if (_problem is not null) return null;
        return target is Target.Hollow ? Fail("the parentheses hold nothing") : _unclosed > 0 ? new Target.MasterOnly(target) : target;
    }

    private Target? Or() => Chain("or", And, terms => new Target.Or(terms));
    private Target? And() => Chain("and", Not, terms => new Target.And(terms));

    private Target? Chain(string oper, Func<Target?> term, Func<ImmutableArray<Target>, Target> join)
    {
        if (term() is not { } first) return null;
        if (Word != oper) return first;
        var terms = ImmutableArray.CreateBuilder<Target>();
        terms.Add(first);
        while (Word == oper)
        {
            _at++;
            if (term() is not { } next) return null;
            terms.Add(next);
        }
        return join(terms.DrainToImmutable());
    }

    private Target? Not()
    {
        if (Word != "not") return Operand();
        _at++;
        // The second of two "not" was given an "and" when the words were spelled out.
        if (Word == "and" && _at + 1 < _words.Count && _words[_at + 1] == "not") return Fail("two 'not' in a row");
        return Operand() is { } inner ? new Target.Not(inner) : null;
    }

    private Target? Operand()
    {
        var start = _at;
        var open = _unclosed;
        if ((Word == "(" ? Group() : Term()) is not { } operand) return null;
        if (Word != "(") return operand;
        while (Word == "(")
            if (Group() is null) return null;
        return new Target.Applied(string.Join(' ', [.. _words[start.._at], .. Enumerable.Repeat(")", _unclosed - open)]));
    }

    private Target? Group()
    {
        _at++;
        if (++_depth > DeepestNesting) return Fail($"more than {DeepestNesting} parentheses inside each other");
        Target? inner = Word is null or ")" ? new Target.Hollow() : Or();
        if (inner is null) return null;
        if (Word is { } word && word != ")") return Fail($"'{word}' stands where 'and', 'or' or ')' was expected");
        if (Word is null) _unclosed++;
        else _at++;
        _depth--;
        return inner;
    }

    private Target? Term()
    {
        if (Word is not { } word) return Fail("it ends where an operand was expected");
        if (TargetParser.IsOperator(word)) return Fail($"'{word}' stands where an operand was expected");
        _at++;
        return TargetParser.Term(word, _isPillarExact) switch
        {
            // Both evaluators give up on the whole target at these, wherever they stand.
            Target.Range range => Fail($"{range} needs a range server, and there is none"),
            Target.Pcre { Compiled: null } pcre => Fail($"'{pcre.Pattern}' is no regular expression"),
            var term => term,
        };
    }

    private Target? Fail(string problem)
    {
        _problem ??= problem;
        return null;
    }
}
