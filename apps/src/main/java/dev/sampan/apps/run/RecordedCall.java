package dev.sampan.apps.run;

import jdk.jfr.FlightRecorder;
import org.jspecify.annotations.Nullable;

/**
 * A call of an app, of which the JDK's Flight Recorder is told when it is closed. As long as nobody
 * records, nothing of the recorder is loaded, and one without it is enough.
 */
public final class RecordedCall implements AutoCloseable {

  private static final boolean POSSIBLE = ModuleLayer.boot().findModule("jdk.jfr").isPresent();

  private final String app;
  private final int revision;
  private final String call;
  private final @Nullable CallEvent event;
  private boolean well;

  private RecordedCall(String app, int revision, String call, @Nullable CallEvent event) {
    this.app = app;
    this.revision = revision;
    this.call = call;
    this.event = event;
  }

  /**
   * Begins a call.
   *
   * @param call what is asked, for people: method and path, or a function's name
   */
  public static RecordedCall begin(String app, int revision, String call) {
    boolean recording = POSSIBLE && FlightRecorder.isInitialized();
    return new RecordedCall(app, revision, call, recording ? new CallEvent() : null);
  }

  /** It has ended as it should; if nobody says so it has failed. */
  public void succeeded() {
    well = true;
  }

  @Override
  public void close() {
    if (event != null) {
      event.end(app, revision, call, !well);
    }
  }
}
