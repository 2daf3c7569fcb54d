package dev.sampan.wasm.jfr;

import jdk.jfr.Category;
import jdk.jfr.DataAmount;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import org.jspecify.annotations.Nullable;

/** An instance is made, up to the end of its start function. */
@Name("dev.sampan.Instantiation")
@Label("Instantiation")
@Category("Sampan")
@Description("An instance of a module was made, and its start function has run")
@StackTrace(false)
public final class InstantiationEvent extends Event {

  @Label("Module")
  private @Nullable String module;

  @Label("Memory")
  @Description("Bytes of its memories and tables")
  @DataAmount
  private long memory;

  @Label("Sibling")
  @Description("It is for a further thread of a guest")
  private boolean sibling;

  InstantiationEvent() {
    begin();
  }

  /**
   * The instance is made.
   *
   * @param memory bytes that it takes
   * @param sibling whether it is for a further thread of a guest
   */
  public void end(String module, long memory, boolean sibling) {
    end();
    if (shouldCommit()) {
      this.module = module;
      this.memory = memory;
      this.sibling = sibling;
      commit();
    }
  }
}
