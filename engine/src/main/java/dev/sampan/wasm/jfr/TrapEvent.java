package dev.sampan.wasm.jfr;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import org.jspecify.annotations.Nullable;

/** A guest was stopped, by what it did or because it has used up a limit. */
@Name("dev.sampan.Trap")
@Label("Trap")
@Category("Sampan")
@Description("A guest trapped, or used up a limit")
@StackTrace(false)
public final class TrapEvent extends Event {

  @Label("Module")
  private @Nullable String module;

  @Label("Function")
  @Description("The guest's innermost function")
  private @Nullable String function;

  @Label("Offset")
  @Description("Of the instruction in the module, in bytes; -1 if it is not known")
  private int offset;

  @Label("Kind")
  private @Nullable String kind;

  @Label("Message")
  private @Nullable String message;

  TrapEvent() {}

  /**
   * Tells it.
   *
   * @param module the name of the module whose export was called
   * @param function where it happened, or null
   * @param offset of the instruction in the module, or -1
   * @param kind the kind of trap, or the resource that was used up
   */
  public void commit(
      String module, @Nullable String function, int offset, String kind, String message) {
    if (shouldCommit()) {
      this.module = module;
      this.function = function;
      this.offset = offset;
      this.kind = kind;
      this.message = message;
      commit();
    }
  }
}
