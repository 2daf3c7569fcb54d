package dev.sampan.cli;

import dev.sampan.cli.Syntax.Operand;
import dev.sampan.cli.Syntax.Option;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Writes the help for a command, in lines of at most 80 characters. */
final class Help {

  private static final int WIDTH = 80;

  /** What stands left of a description goes on a line of its own if it is longer. */
  private static final int MAX_LEFT = 24;

  private static final int GAP = 2;
  private final StringBuilder out = new StringBuilder();

  private Help() {}

  /**
   * The help for a verb.
   *
   * @param command what it is a verb of
   */
  static String of(String command, Syntax syntax) {
    Help help = new Help();
    help.out.append(syntax.header).append("\n\n");
    help.synopsis("Usage: " + command + " " + syntax.name, syntax);
    help.description(syntax);
    help.table(syntax);
    help.exitCodes(syntax);
    return help.out.toString();
  }

  /**
   * The help for a command with verbs.
   *
   * @param synopsis how it is used, line by line
   * @param verbs its verbs, and what each does
   */
  static String ofCommand(
      Syntax syntax, List<String> synopsis, Map<String, String> verbs, String end) {
    Help help = new Help();
    help.out.append(syntax.header).append("\n\nUsage: ");
    help.out.append(String.join("\n       ", synopsis)).append('\n');
    help.description(syntax);
    help.table(syntax);
    help.out.append("\nVerbs:\n");
    int longest = 0;
    for (String verb : verbs.keySet()) {
      longest = Math.max(longest, verb.length());
    }
    for (Map.Entry<String, String> verb : verbs.entrySet()) {
      help.row("  " + verb.getKey(), longest + 2 + GAP, List.of(verb.getValue()));
    }
    help.out.append('\n').append(end).append('\n');
    return help.out.toString();
  }

  private void synopsis(String start, Syntax syntax) {
    List<String> words = new ArrayList<>();
    for (Option option : syntax.options) {
      String brief = option.shortName();
      String text =
          brief.isEmpty()
              ? option.usage()
              : option.hasValue() ? brief + " " + option.label() : brief;
      String optional = option.required() ? text : "[" + text + "]";
      words.add(option.many() ? optional + "..." : optional);
    }
    for (Operand operand : syntax.operands) {
      words.add(operand.usage());
    }
    out.append(start);
    int column = start.length();
    for (String word : words) {
      if (column + 1 + word.length() > WIDTH) {
        out.append('\n').append(" ".repeat(start.length()));
        column = start.length();
      }
      out.append(' ').append(word);
      column += 1 + word.length();
    }
    out.append('\n');
  }

  private void description(Syntax syntax) {
    if (!syntax.description.isEmpty()) {
      out.append('\n');
    }
    for (String paragraph : syntax.description) {
      wrap(paragraph, 0, 0);
    }
  }

  private static String left(Option option) {
    String brief = option.shortName().isEmpty() ? "    " : option.shortName() + ", ";
    return "  " + brief + option.usage();
  }

  private static String left(Operand operand) {
    return "      " + operand.usage();
  }

  private void table(Syntax syntax) {
    int column = 0;
    for (Option option : syntax.options) {
      column = widen(column, left(option));
    }
    for (Operand operand : syntax.operands) {
      column = widen(column, left(operand));
    }
    column += GAP;
    if (!syntax.operands.isEmpty()) {
      out.append('\n');
    }
    for (Operand operand : syntax.operands) {
      row(left(operand), column, List.of(operand.description()));
    }
    out.append("\nOptions:\n");
    for (Option option : syntax.options) {
      row(left(option), column, option.description());
    }
  }

  private static int widen(int column, String left) {
    return left.length() > MAX_LEFT ? column : Math.max(column, left.length());
  }

  private void exitCodes(Syntax syntax) {
    if (syntax.exitCodes.isEmpty()) {
      return;
    }
    out.append("\nExit codes:\n");
    int longest = 0;
    for (String code : syntax.exitCodes.keySet()) {
      longest = Math.max(longest, code.length());
    }
    for (Map.Entry<String, String> code : syntax.exitCodes.entrySet()) {
      String left = " ".repeat(2 + longest - code.getKey().length()) + code.getKey();
      row(left, longest + 2 + GAP, List.of(code.getValue()));
    }
  }

  /** A line with something on the left and its description in a column on the right. */
  private void row(String left, int column, List<String> paragraphs) {
    out.append(left);
    int at = left.length();
    if (at + GAP > column) {
      out.append('\n');
      at = 0;
    }
    for (String paragraph : paragraphs) {
      out.append(" ".repeat(column - at));
      wrap(paragraph, column, column + 2);
      at = 0;
    }
  }

  /**
   * Writes a text in lines.
   *
   * @param start where on its line the text begins
   * @param indent where the further lines begin
   */
  private void wrap(String text, int start, int indent) {
    int column = start;
    String gap = "";
    for (String word : words(text)) {
      if (column + gap.length() + word.length() > WIDTH && !gap.isEmpty()) {
        out.append('\n').append(" ".repeat(indent));
        column = indent;
        gap = "";
      }
      out.append(gap).append(word);
      column += gap.length() + word.length();
      gap = " ";
    }
    out.append('\n');
  }

  /** The words of a text; spaces at its beginning belong to the first one. */
  private static List<String> words(String text) {
    List<String> words = new ArrayList<>();
    int start = 0;
    int from = 0;
    while (from < text.length() && text.charAt(from) == ' ') {
      from++;
    }
    for (int space = text.indexOf(' ', from); space >= 0; space = text.indexOf(' ', start)) {
      words.add(text.substring(start, space));
      start = space + 1;
    }
    words.add(text.substring(start));
    return words;
  }
}
