package dev.sampan.cli;

/** One of the things that the command can do. */
interface Verb {

  /** What may be written behind the verb; its name is the verb itself. */
  Syntax syntax();

  /**
   * Does it.
   *
   * @param line what was written behind the verb
   * @return the exit code
   * @throws Failure if it cannot be done
   */
  int run(Line line, Console console);
}
