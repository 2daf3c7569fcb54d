package dev.sampan.cli;

import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/** One of the things that the command can do. */
interface Verb {

  /** What may be written behind the verb; its name is the verb itself. */
  CommandSpec spec();

  /**
   * Does it.
   *
   * @param line what was written behind the verb
   * @return the exit code
   * @throws Failure if it cannot be done
   */
  int run(ParseResult line, Console console);
}
