package dev.sampan.wasm.jfr;

import jdk.jfr.Category;
import jdk.jfr.DataAmount;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import org.jspecify.annotations.Nullable;

/** Functions that lie together are compiled, because one of them is called. */
@Name("dev.sampan.Compilation")
@Label("Compilation")
@Category("Sampan")
@Description("Functions were compiled to classes, or lowered for the interpreter")
@StackTrace(false)
public final class CompilationEvent extends Event {

  @Label("Module")
  private @Nullable String module;

  @Label("Function")
  @Description("The first of the functions")
  private @Nullable String function;

  @Label("Functions")
  private int functions;

  @Label("Size")
  @Description("Bytes of the functions in the module")
  @DataAmount
  private int size;

  @Label("Class Size")
  @Description("Bytes of the classes; none for the interpreter")
  @DataAmount
  private int classSize;

  @Label("Kept")
  @Description("The classes come from the code cache")
  private boolean kept;

  CompilationEvent() {
    begin();
  }

  /**
   * The functions are compiled.
   *
   * @param function the first one's name
   * @param functions how many there are
   * @param size their bytes in the module
   * @param classSize bytes of classes they have become
   * @param kept whether they were not generated but found
   */
  public void end(
      String module, String function, int functions, int size, int classSize, boolean kept) {
    end();
    if (shouldCommit()) {
      this.module = module;
      this.function = function;
      this.functions = functions;
      this.size = size;
      this.classSize = classSize;
      this.kept = kept;
      commit();
    }
  }
}
