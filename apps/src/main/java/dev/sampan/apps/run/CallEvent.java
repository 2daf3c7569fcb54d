package dev.sampan.apps.run;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import org.jspecify.annotations.Nullable;

/** Something was asked of an app: a request, or a function that the host calls. */
@Name("dev.sampan.Call")
@Label("Call")
@Category("Sampan")
@Description("An app was called, by a request or by the host")
@StackTrace(false)
final class CallEvent extends Event {

  @Label("App")
  private @Nullable String app;

  @Label("Revision")
  private int revision;

  @Label("Call")
  @Description("Method and path of a request, or the name of a function")
  private @Nullable String call;

  @Label("Failed")
  private boolean failed;

  CallEvent() {
    begin();
  }

  void end(String app, int revision, String call, boolean failed) {
    end();
    if (shouldCommit()) {
      this.app = app;
      this.revision = revision;
      this.call = call;
      this.failed = failed;
      commit();
    }
  }
}
