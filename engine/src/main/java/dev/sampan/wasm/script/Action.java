package dev.sampan.wasm.script;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Something that a script does with an instance. */
public sealed interface Action {

  /** The identifier of the instance, or null for the latest one. */
  @Nullable String instance();

  /** The name of the export. */
  String name();

  /**
   * Calls a function.
   *
   * @param instance the instance's identifier, or null
   * @param name the export's name
   * @param arguments as {@link dev.sampan.wasm.Func#call} wants them
   */
  record Invoke(@Nullable String instance, String name, List<@Nullable Object> arguments)
      implements Action {}

  /**
   * Reads a global.
   *
   * @param instance the instance's identifier, or null
   * @param name the export's name
   */
  record Get(@Nullable String instance, String name) implements Action {}
}
