package dev.sampan.wasm.interpret;

import dev.sampan.wasm.WasmFrame;
import dev.sampan.wasm.runtime.LoadedModule;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/** Weaves the guest's frames into Java stack traces, in the place of the interpreter's own. */
final class Backtrace {

  /** Of deeper stacks only the innermost frames are shown. */
  private static final int MAX_FRAMES = 64;

  private static final String ENGINE = "dev.sampan.wasm.";
  private static final String INTERPRETER = ENGINE + "interpret.";
  private static final String ENTRY = INTERPRETER + "Interpreter";

  private Backtrace() {}

  /** Adds the frames above a depth to what was thrown there. */
  static void add(Throwable thrown, CallStack stack, int depth) {
    StackTraceElement[] java = thrown.getStackTrace();
    int first = 0;
    while (first < java.length && !java[first].getClassName().startsWith(INTERPRETER)) {
      first++;
    }
    int entry = first;
    while (entry < java.length && !java[entry].getClassName().equals(ENTRY)) {
      entry++;
    }
    List<StackTraceElement> all = new ArrayList<>();
    if (first < java.length) {
      all.addAll(withoutEngine(Arrays.asList(java).subList(0, first)));
    } else if (java.length > 0) {
      // thrown without a Java trace, and frames of an inner call are already there
      all.addAll(Arrays.asList(java));
    }
    all.addAll(frames(stack, depth));
    if (entry < java.length) {
      all.addAll(Arrays.asList(java).subList(entry + 1, java.length));
    }
    thrown.setStackTrace(all.toArray(StackTraceElement[]::new));
  }

  /**
   * The frames in front of the guest's: none if only the engine is there, else a host function's.
   */
  private static List<StackTraceElement> withoutEngine(List<StackTraceElement> frames) {
    int end = frames.size();
    while (end > 0 && frames.get(end - 1).getClassName().startsWith(ENGINE)) {
      end--;
    }
    return frames.subList(0, end);
  }

  private static List<StackTraceElement> frames(CallStack stack, int depth) {
    List<StackTraceElement> frames = new ArrayList<>();
    for (int i = stack.depth - 1; i >= depth && frames.size() < MAX_FRAMES; i--) {
      Frame frame = stack.frame(i);
      Code code = Objects.requireNonNull(frame.code);
      LoadedModule module = Objects.requireNonNull(frame.instance).module();
      frames.add(
          new WasmFrame(
                  module.name(),
                  module.functionName(code.functionIndex),
                  code.offset(Math.max(0, frame.pc - 1)))
              .toStackTraceElement());
    }
    return frames;
  }
}
