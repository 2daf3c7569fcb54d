package dev.sampan.cli;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What may be written behind a command, and what its help says about it. */
final class Syntax {

  /** Asks for help; every command knows it. */
  static final String HELP = "--help";

  /**
   * An option.
   *
   * @param shortName its name with one hyphen, or an empty text
   * @param name its name with two hyphens
   * @param label what its value is called; empty if it has none
   * @param many whether it may be given several times
   * @param required whether it must be given
   * @param values what may be given, if that is a short list
   * @param description what the help says, by paragraphs
   */
  record Option(
      String shortName,
      String name,
      String label,
      boolean many,
      boolean required,
      List<String> values,
      List<String> description) {

    /** An option without value. */
    static Option flag(String name, String... description) {
      return new Option("", name, "", false, false, List.of(), List.of(description));
    }

    /** An option with a value. */
    static Option value(String name, String label, String... description) {
      return new Option("", name, label, false, false, List.of(), List.of(description));
    }

    /** With a short name, too. */
    Option abbreviated(String newShortName) {
      return new Option(newShortName, name, label, many, required, values, description);
    }

    /** As one that must be given. */
    Option asRequired() {
      return new Option(shortName, name, label, many, true, values, description);
    }

    /** As one that may be given several times. */
    Option repeated() {
      return new Option(shortName, name, label, true, required, values, description);
    }

    /** With a list of the values that there are. */
    Option oneOf(List<String> newValues) {
      return new Option(shortName, name, label, many, required, newValues, description);
    }

    boolean hasValue() {
      return !label.isEmpty();
    }

    /** As it is written. */
    String usage() {
      return hasValue() ? name + "=" + label : name;
    }
  }

  /**
   * What is given without a name, by its place.
   *
   * @param label what it is called
   * @param min how many there must be, none or one
   * @param many whether there may be more than one
   * @param description what the help says
   */
  record Operand(String label, int min, boolean many, String description) {
    /** As it is written. */
    String usage() {
      String text = many ? label + "..." : label;
      return min == 0 ? "[" + text + "]" : text;
    }
  }

  final String name;
  final String header;
  final List<String> description;
  final List<Option> options = new ArrayList<>();
  final List<Operand> operands = new ArrayList<>();
  final Map<String, String> exitCodes = new LinkedHashMap<>();

  /** Whether everything behind the first operand is one, even if it looks like an option. */
  private boolean endsWithFirstOperand;

  /**
   * A command that knows {@code --help}.
   *
   * @param name the command
   * @param header what it does, as a short sentence
   * @param description what else is to be said, by paragraphs
   */
  Syntax(String name, String header, String... description) {
    this.name = name;
    this.header = header;
    this.description = List.of(description);
    option(Option.flag(HELP, "Print this help.").abbreviated("-h"));
  }

  /** Adds an option. */
  Syntax option(Option option) {
    options.add(option);
    return this;
  }

  /** Adds an operand. */
  Syntax operand(Operand operand) {
    operands.add(operand);
    return this;
  }

  /** Adds an exit code to the help. */
  Syntax exitCode(String code, String meaning) {
    exitCodes.put(code, meaning);
    return this;
  }

  /** Leaves what is behind the first operand to the guest. */
  Syntax endOptionsWithFirstOperand() {
    endsWithFirstOperand = true;
    return this;
  }

  boolean endsWithFirstOperand() {
    return endsWithFirstOperand;
  }

  /** The option with a name, short or long. */
  @Nullable Option find(String wanted) {
    for (Option option : options) {
      if (option.name.equals(wanted)
          || !option.shortName.isEmpty() && option.shortName.equals(wanted)) {
        return option;
      }
    }
    return null;
  }
}
