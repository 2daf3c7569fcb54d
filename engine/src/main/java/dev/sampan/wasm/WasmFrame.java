package dev.sampan.wasm;

import java.util.ArrayList;
import java.util.List;

/**
 * A function of a guest in a stack trace.
 *
 * <p>Wasm frames stand in the ordinary Java stack trace, between the Java frames, as {@code
 * wasm//module.function(module.wasm:0x1a3)}; this is their readable form.
 *
 * @param module the module's name
 * @param function the function's name, or {@code func 12} if it has none
 * @param offset the byte offset of the instruction in the module
 */
public record WasmFrame(String module, String function, int offset) {

  private static final String LOADER = "wasm";
  private static final String BEFORE_OFFSET = ":0x";

  /** The Wasm frames of an exception, the innermost first. */
  public static List<WasmFrame> of(Throwable thrown) {
    List<WasmFrame> frames = new ArrayList<>();
    for (StackTraceElement element : thrown.getStackTrace()) {
      String file = element.getFileName();
      if (LOADER.equals(element.getClassLoaderName()) && file != null) {
        String offset = file.substring(file.lastIndexOf(BEFORE_OFFSET) + BEFORE_OFFSET.length());
        frames.add(
            new WasmFrame(
                element.getClassName(),
                element.getMethodName(),
                Integer.parseUnsignedInt(offset, 16)));
      }
    }
    return frames;
  }

  /** The frame as an element of a Java stack trace. */
  public StackTraceElement toStackTraceElement() {
    return new StackTraceElement(
        LOADER,
        null,
        null,
        module,
        function,
        module + ".wasm" + BEFORE_OFFSET + Integer.toHexString(offset),
        -1);
  }

  @Override
  public String toString() {
    return module + "!" + function + " (offset 0x" + Integer.toHexString(offset) + ")";
  }
}
