package dev.sampan.wasm.jfr;

import java.util.Optional;
import jdk.jfr.FlightRecorder;
import org.jspecify.annotations.Nullable;

/** Begins events, if somebody may be recording. */
public final class Flight {

  /** Whether there is a recorder: a Java without it does without it, and so does a module graph. */
  private static final boolean POSSIBLE = isPossible();

  /** How much stack the recorder may need to get to know an event. */
  private static final long STACK_BYTES = 1 << 20;

  private static volatile boolean prepared;

  private Flight() {}

  private static boolean isPossible() {
    Optional<Module> recorder = ModuleLayer.boot().findModule("jdk.jfr");
    return recorder.isPresent() && Flight.class.getModule().canRead(recorder.get());
  }

  /** Whether it is worth while to make events: a recorder has been in use in this process. */
  public static boolean isRecording() {
    return POSSIBLE && FlightRecorder.isInitialized() && (prepared || prepare());
  }

  /**
   * Loads the events in a thread of its own: whoever needs the first one may be deep in a guest's
   * stack, and a class whose initialisation is cut off can never be used again.
   */
  private static synchronized boolean prepare() {
    if (!prepared) {
      Thread thread = new Thread(null, Flight::load, "sampan-jfr", STACK_BYTES, false);
      thread.setDaemon(true);
      thread.start();
      boolean interrupted = false;
      while (thread.isAlive()) {
        try {
          thread.join();
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
      prepared = true;
    }
    return true;
  }

  private static void load() {
    new ModuleLoadEvent();
    new CompilationEvent();
    new InstantiationEvent();
    new TrapEvent();
  }

  /** A module begins to be loaded; null if nobody records, here and below. */
  public static @Nullable ModuleLoadEvent moduleLoad() {
    return isRecording() ? new ModuleLoadEvent() : null;
  }

  /** Functions begin to be compiled. */
  public static @Nullable CompilationEvent compilation() {
    return isRecording() ? new CompilationEvent() : null;
  }

  /** An instance begins to be made. */
  public static @Nullable InstantiationEvent instantiation() {
    return isRecording() ? new InstantiationEvent() : null;
  }

  /** A guest has been stopped. */
  public static @Nullable TrapEvent trap() {
    return isRecording() ? new TrapEvent() : null;
  }
}
