package dev.sampan.wasm.script;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What came of running a script.
 *
 * @param name the script's name
 * @param passed the number of commands that did what they should
 * @param failures the others, in the order of the script
 */
public record ScriptResult(String name, int passed, List<Failure> failures) {

  /** Copies the list. */
  public ScriptResult {
    failures = List.copyOf(failures);
  }

  /** Whether every command did what it should. */
  public boolean isSuccess() {
    return failures.isEmpty();
  }

  /**
   * A command that did not do what it should.
   *
   * @param script the script's name
   * @param line the line where the command begins, from 1
   * @param expected what should have happened
   * @param found what happened
   * @param cause the exception that happened, or null
   */
  public record Failure(
      String script, int line, String expected, String found, @Nullable Throwable cause) {

    @Override
    public String toString() {
      return script + ":" + line + ": expected " + expected + ", found " + found;
    }
  }
}
