package dev.sampan.wasm.script;

import dev.sampan.wasm.text.Source;
import java.util.List;

/**
 * A test script: commands in their order.
 *
 * @param name the file's name
 * @param commands what to do
 */
public record Script(String name, List<Command> commands) {

  /** Copies the list. */
  public Script {
    commands = List.copyOf(commands);
  }

  /**
   * Reads a script. Modules in it are read only when their command runs, so that a module which is
   * wrong does no harm here.
   *
   * @param name the file's name, for messages
   * @param text the script in UTF-8
   * @throws dev.sampan.wasm.MalformedException if the text is no script
   */
  public static Script read(String name, byte[] text) {
    return new Script(name, new ScriptParser(new Source(name, text)).parse());
  }
}
