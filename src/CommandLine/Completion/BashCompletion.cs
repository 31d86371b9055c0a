using System.Text;
using SaltActors.CommandLine.Options;

namespace SaltActors.CommandLine.Completion;

/// <summary>The script for bash.</summary>
internal static class BashCompletion
{
    internal static string Script(CommandProgram[] programs)
    {
        var script = new StringBuilder("# Completion of Salt's commands for bash. Made by: salt --completion bash\n\n");
        Cases(script, "_salt_options", "Prints the options of a program", programs.Select(p => ($"{p.Name}", string.Join(' ', p.Options.SelectMany(o => o.Spellings)))));
        Cases(script, "_salt_text_options", "Prints those options that a text follows", programs.Select(p => (p.Name, string.Join(' ', p.Options.Where(o => o.TakesText).SelectMany(o => o.Spellings)))));
        Cases(script, "_salt_choices", "Prints what may follow an option", programs.SelectMany(p => p.Options.Where(o => !o.Choices.IsEmpty)
            .Select(o => (string.Join('|', o.Spellings.Select(s => $"{p.Name}' '{s}")), string.Join(' ', o.Choices)))));
        script.Append("# Prints what may stand in a place that is no option's\n_salt_words() {\n    case \"$1 $2\" in\n");
        foreach (var program in programs)
            for (var place = 0; place < ShellCompletion.Places; place++)
                if (ShellCompletion.WordsAt(program.Name, place) is { } words) script.Append($"        '{program.Name} {place}') {words} ;;\n");
        script.Append("    esac\n}\n\n").Append(Body).Append("complete -F _salt ").AppendJoin(' ', programs.Select(p => p.Name)).Append('\n');
        return script.ToString();
    }

    private static void Cases(StringBuilder script, string function, string comment, IEnumerable<(string Pattern, string Words)> cases)
    {
        script.Append($"# {comment}\n{function}() {{\n    case \"$*\" in\n");
        foreach (var (pattern, words) in cases) script.Append($"        {pattern}) echo '{words}' ;;\n");
        script.Append("    esac\n}\n\n");
    }

    private const string Body = """
        _salt() {
            local program=${COMP_WORDS[0]##*/} current=${COMP_WORDS[COMP_CWORD]} place=0 is_text=0 word words i
            COMPREPLY=()
            for ((i = 1; i < COMP_CWORD; i++)); do
                word=${COMP_WORDS[i]}
                if ((is_text)); then
                    # bash makes words of their own of the = in --option=text.
                    [[ $word == '=' ]] || is_text=0
                elif [[ $word == -* ]]; then
                    [[ " $(_salt_text_options "$program") " == *" $word "* ]] && is_text=1
                else
                    ((place++))
                fi
            done
            [[ $current == '=' ]] && current=''
            if ((is_text)); then
                word=${COMP_WORDS[COMP_CWORD - 1]}
                [[ $word == '=' ]] && word=${COMP_WORDS[COMP_CWORD - 2]}
                words=$(_salt_choices "$program" "$word")
                if [[ -n $words ]]; then
                    COMPREPLY=($(compgen -W "$words" -- "$current"))
                else
                    COMPREPLY=($(compgen -f -- "$current"))
                fi
            elif [[ $current == -* ]]; then
                COMPREPLY=($(compgen -W "$(_salt_options "$program")" -- "$current"))
            else
                COMPREPLY=($(compgen -W "$(_salt_words "$program" "$place")" -- "$current"))
                [[ ${#COMPREPLY[@]} -eq 0 ]] && COMPREPLY=($(compgen -f -- "$current"))
            fi
        }


        """;
}
