package dev.sampan.wasm.jfr;

import jdk.jfr.Category;
import jdk.jfr.DataAmount;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import org.jspecify.annotations.Nullable;

/** A module is read, validated and made ready for instances. */
@Name("dev.sampan.ModuleLoad")
@Label("Module Load")
@Category("Sampan")
@Description("A module was read and validated")
@StackTrace(false)
public final class ModuleLoadEvent extends Event {

  @Label("Module")
  private @Nullable String module;

  @Label("Size")
  @DataAmount
  private int size;

  @Label("Functions")
  @Description("Functions that the module defines")
  private int functions;

  @Label("Known")
  @Description("The code cache knew that the functions are valid")
  private boolean known;

  ModuleLoadEvent() {
    begin();
  }

  /**
   * The module is loaded.
   *
   * @param size its bytes in the binary format
   * @param functions how many it defines
   * @param known whether its functions were known to be valid
   */
  public void end(String module, int size, int functions, boolean known) {
    end();
    if (shouldCommit()) {
      this.module = module;
      this.size = size;
      this.functions = functions;
      this.known = known;
      commit();
    }
  }
}
