package dev.sampan.wasi;

import dev.sampan.wasm.Engine;
import dev.sampan.wasm.Imports;
import dev.sampan.wasm.Instance;
import dev.sampan.wasm.WasmException;
import dev.sampan.wasm.WasmFrame;
import dev.sampan.wasm.WasmModule;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * The main class of a program that was compiled ahead of time: runs the module in the class path
 * that {@value #RESOURCE} names. It is given its arguments and the standard streams, clocks and
 * random numbers, and no file.
 *
 * <p>The exit code is the program's own; 134 if it was stopped, and 1 if it cannot be run.
 */
public final class Program {

  /** What holds the module's name. */
  public static final String RESOURCE = "META-INF/sampan/program";

  private static final String START = "_start";

  private static final int CANNOT_RUN = 1;
  private static final int STOPPED = 134;

  /** How deep calls may go, in bytes of stack; nothing is taken but what is used. */
  private static final long STACK_BYTES = 64L << 20;

  private Program() {}

  /** Runs the program. */
  public static void main(String[] args) throws InterruptedException {
    int[] exitCode = new int[1];
    Thread guest =
        Thread.ofPlatform()
            .name("guest")
            .stackSize(STACK_BYTES)
            .start(() -> exitCode[0] = run(List.of(args)));
    guest.join();
    if (exitCode[0] != 0) {
      System.exit(exitCode[0]);
    }
  }

  private static int run(List<String> args) {
    String name = "";
    try (Engine engine = Engine.create()) {
      ClassLoader classPath = Program.class.getClassLoader();
      name = name(classPath);
      WasmModule module = engine.loadCompiled(name, classPath);
      List<String> all = new ArrayList<>();
      all.add(name);
      all.addAll(args);
      Libc.Guest libc = Libc.builtin().inheritStdio().forInstance();
      Imports imports = Imports.create().with(libc).with(Wasi.preview1().args(all).inheritStdio());
      try (Instance instance = module.instantiate(imports)) {
        return instance.exportNames().contains(START)
            ? Wasi.start(instance)
            : libc.main(instance, all);
      }
    } catch (WasmException e) {
      StringBuilder text = new StringBuilder(name).append(": ").append(e.getMessage());
      for (WasmFrame frame : WasmFrame.of(e)) {
        text.append("\n    at ").append(frame);
      }
      System.err.println(text);
      return STOPPED;
    } catch (IOException e) {
      System.err.println(name + ": " + e.getMessage());
      return CANNOT_RUN;
    }
  }

  private static String name(ClassLoader classPath) throws IOException {
    try (InputStream in = classPath.getResourceAsStream(RESOURCE)) {
      if (in == null) {
        throw new FileNotFoundException(RESOURCE + " is not in the class path");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
