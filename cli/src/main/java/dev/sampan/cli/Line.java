package dev.sampan.cli;

import dev.sampan.cli.Syntax.Operand;
import dev.sampan.cli.Syntax.Option;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A command line, taken apart. Values are written {@code --name VALUE} or {@code --name=VALUE}, and
 * behind a short name also without a space; {@code --} ends the options.
 *
 * <p>There are libraries for this. With the one that was here before, half of the time of a short
 * run went by before its first line.
 */
final class Line {

  private final Syntax syntax;
  private final Map<String, List<String>> values = new HashMap<>();
  private final List<String> operands = new ArrayList<>();

  private Line(Syntax syntax) {
    this.syntax = syntax;
  }

  /**
   * Takes a command line apart.
   *
   * @param args what is written behind the command
   * @throws Failure if it makes no sense
   */
  static Line parse(Syntax syntax, List<String> args) {
    Line line = new Line(syntax);
    line.read(args);
    if (!line.has(Syntax.HELP)) {
      line.check();
    }
    return line;
  }

  private void read(List<String> args) {
    for (int i = 0; i < args.size(); i++) {
      String word = args.get(i);
      if (word.equals("--")) {
        operands.addAll(args.subList(i + 1, args.size()));
        return;
      }
      if (word.length() < 2 || word.charAt(0) != '-') {
        if (syntax.endsWithFirstOperand()) {
          operands.addAll(args.subList(i, args.size()));
          return;
        }
        operands.add(word);
        continue;
      }
      int equals = word.indexOf('=');
      String name = equals < 0 ? word : word.substring(0, equals);
      Option option = syntax.find(name);
      if (option == null && !word.startsWith("--") && word.length() > 2) {
        Option brief = syntax.find(word.substring(0, 2));
        if (brief != null && brief.hasValue()) {
          add(brief, word.substring(2));
          continue;
        }
      }
      if (option == null) {
        throw Failure.usage("unknown option '" + name + "'");
      }
      if (!option.hasValue()) {
        if (equals >= 0) {
          throw Failure.usage(
              "option '" + option.name() + "' takes no value, found '" + word + "'");
        }
        add(option, "");
      } else if (equals >= 0) {
        add(option, word.substring(equals + 1));
      } else if (i + 1 < args.size()) {
        add(option, args.get(++i));
      } else {
        throw Failure.usage("missing value: '" + option.usage() + "'");
      }
    }
  }

  private void add(Option option, String value) {
    List<String> known = values.computeIfAbsent(option.name(), name -> new ArrayList<>());
    if (!known.isEmpty() && !option.many() && option.hasValue()) {
      throw Failure.usage("option '" + option.name() + "' is given twice");
    }
    known.add(value);
  }

  private void check() {
    List<String> missing = new ArrayList<>();
    int parameters = 0;
    for (Option option : syntax.options) {
      if (option.required() && !has(option.name())) {
        missing.add("'" + option.usage() + "'");
      }
    }
    String kind = missing.isEmpty() ? "" : "option";
    int needed = 0;
    boolean open = false;
    for (Operand operand : syntax.operands) {
      needed += operand.min();
      open |= operand.many();
      if (operand.min() > 0 && operands.size() < needed) {
        missing.add("'" + operand.label() + "'");
        parameters++;
      }
    }
    if (parameters > 0) {
      kind = kind.isEmpty() ? "parameter" : "option and parameter";
    }
    if (!missing.isEmpty()) {
      throw Failure.usage("missing required " + kind + ": " + String.join(", ", missing));
    }
    int max = syntax.operands.size();
    if (!open && operands.size() > max) {
      throw Failure.usage("unexpected argument '" + operands.get(max) + "'");
    }
  }

  // ---- what was given ----

  /** Whether an option was given. */
  boolean has(String option) {
    return values.containsKey(option);
  }

  /** An option's value, or an empty text. */
  String value(String option) {
    List<String> given = values(option);
    return given.isEmpty() ? "" : given.getFirst();
  }

  /** All values of an option. */
  List<String> values(String option) {
    return values.getOrDefault(option, List.of());
  }

  /** An operand that must be given, as text. */
  String operand(int index) {
    return operands.get(index);
  }

  /** The operands from one on. */
  List<String> operandsFrom(int index) {
    return operands.subList(Math.min(index, operands.size()), operands.size());
  }

  /** An operand that is a file. */
  Path file(int index) {
    return path(operands.get(index));
  }

  /** The operands from one on, all of them files. */
  List<Path> filesFrom(int index) {
    return operandsFrom(index).stream().map(Line::path).toList();
  }

  /**
   * A path from a command line.
   *
   * @throws Failure if there cannot be such a path
   */
  static Path path(String text) {
    try {
      return Path.of(text);
    } catch (InvalidPathException e) {
      throw Failure.usage("no path: " + e.getMessage());
    }
  }
}
