package dev.sampan.cli;

import dev.sampan.cli.Syntax.Option;
import java.util.ArrayList;
import java.util.List;

/**
 * Writes the script that completes command lines in bash and zsh: verbs, options, the values of
 * those that have a short list of them, and files.
 */
final class Completion {

  private static final String START =
      """
      # Completes command lines of %1$s, in bash and in zsh:
      #   source <(%1$s --completion)
      if [ -n "${ZSH_VERSION:-}" ]; then
        autoload -U +X compinit && compinit
        autoload -U +X bashcompinit && bashcompinit
      fi

      _%1$s() {
        local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD-1]} words=
        # bash makes a word of the equals sign
        [ "$word" = = ] && word=
        [ "$before" = = ] && before=${COMP_WORDS[COMP_CWORD-2]}
        if [ "$COMP_CWORD" -le 1 ]; then
          words='%2$s'
        else
          case ${COMP_WORDS[1]}:$before in
      """;

  private static final String END =
      """
          esac
        fi
        if [ -n "$words" ]; then
          COMPREPLY=($(compgen -W "$words" -- "$word"))
        else
          COMPREPLY=($(compgen -f -- "$word"))
        fi
      }
      complete -o filenames -F _%1$s %1$s
      """;

  private Completion() {}

  /**
   * The script of a command.
   *
   * @param verbs what it can do
   */
  static String script(Syntax command, List<Syntax> verbs) {
    List<String> first = new ArrayList<>();
    verbs.forEach(verb -> first.add(verb.name));
    first.addAll(names(command));
    StringBuilder script =
        new StringBuilder(START.formatted(command.name, String.join(" ", first)));
    for (Syntax verb : verbs) {
      for (Option option : verb.options) {
        if (option.hasValue()) {
          script
              .append("      ")
              .append(verb.name)
              .append(':')
              .append(option.name())
              .append(") words='")
              .append(String.join(" ", option.values()))
              .append("' ;;\n");
        }
      }
      script
          .append("      ")
          .append(verb.name)
          .append(":*) case $word in -*) words='")
          .append(String.join(" ", names(verb)))
          .append("' ;; esac ;;\n");
    }
    return script.append(END.formatted(command.name)).toString();
  }

  private static List<String> names(Syntax syntax) {
    return syntax.options.stream().map(Option::name).toList();
  }
}
