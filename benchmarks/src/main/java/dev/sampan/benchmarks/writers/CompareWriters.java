package dev.sampan.benchmarks.writers;

import dev.sampan.wasm.Engine;
import dev.sampan.wasm.compile.OwnTapeWriter;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * Writes the classes of a module, those of functions, by several writers of class files, each time
 * in a new JVM and all in turns. Prints medians: the time until the first class is there, until all
 * are, and the megabytes of class files in a second once warm; by the processor time of the thread,
 * so that other load on the machine counts less.
 */
final class CompareWriters {

  private static final int CLASS_FILE = 0xCAFE_BABE;
  private static final long WARM_NANOS = 4_000_000_000L;

  private CompareWriters() {}

  private enum Writers {
    OWN("own, frames given"),
    ASM("ASM, frames given"),
    ASM_FINDS("ASM, finds frames"),
    JDK("JDK, frames given"),
    JDK_FINDS("JDK, finds frames");

    final String title;

    Writers(String title) {
      this.title = title;
    }

    // not by lambdas, as the JDK writes a class for each, with one of the writers here
    TapeWriter make(Tape tape) {
      return switch (this) {
        case OWN -> new OwnTapeWriter(tape);
        case ASM -> new AsmTapeWriter(tape, true);
        case ASM_FINDS -> new AsmTapeWriter(tape, false);
        case JDK -> new JdkTapeWriter(tape, true);
        case JDK_FINDS -> new JdkTapeWriter(tape, false);
      };
    }
  }

  /**
   * The program.
   *
   * @param arguments a module and the number of rounds; or, in a new JVM, a tape and a writer
   */
  public static void main(String[] arguments) throws IOException, InterruptedException {
    Path file = Path.of(arguments[0]);
    if (arguments.length > 2) {
      measure(file, Writers.valueOf(arguments[2]));
    } else {
      compare(file, arguments.length > 1 ? Integer.parseInt(arguments[1]) : 7);
    }
  }

  // ---- in a new JVM ----

  private static long now() {
    return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
  }

  private static void measure(Path file, Writers which) throws IOException {
    Tape tape;
    try (DataInputStream in =
        new DataInputStream(new BufferedInputStream(Files.newInputStream(file)))) {
      tape = Tape.read(in);
    }
    now();
    long began = now();
    TapeWriter writer = which.make(tape);
    long bytes = writer.write(tape.classes().getFirst()).length;
    final long first = now() - began;
    for (Tape.Clazz each : tape.classes().subList(1, tape.classes().size())) {
      bytes += writer.write(each).length;
    }
    final long all = now() - began;
    long best = Long.MAX_VALUE;
    for (long end = now() + WARM_NANOS; now() < end; ) {
      long from = now();
      for (Tape.Clazz each : tape.classes()) {
        writer.write(each);
      }
      best = Math.min(best, now() - from);
    }
    System.out.printf(Locale.ROOT, "%d %d %d %d%n", first, all, best, bytes);
  }

  // ---- in this one ----

  private static Tape record(Path module) throws IOException {
    Recorder recorder = new Recorder();
    try (Engine engine = Engine.builder().threads(1).build()) {
      engine.compile(
          Files.readAllBytes(module),
          "module",
          (path, bytes) -> {
            if (path.contains("/wasm/F")) {
              classes(bytes).forEach(recorder::add);
            }
          });
    }
    return recorder.tape();
  }

  /** The classes of a group of functions, as the engine keeps them. */
  private static List<byte[]> classes(byte[] group) {
    try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(group))) {
      List<byte[]> classes = new ArrayList<>();
      for (int i = in.readInt(); i > 0; i--) {
        in.readUTF();
        classes.add(in.readNBytes(in.readInt()));
      }
      return classes;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void compare(Path module, int rounds) throws IOException, InterruptedException {
    Tape tape = record(module);
    checkAll(tape);
    Path file = Files.createTempFile("classes", ".tape");
    try {
      try (DataOutputStream out =
          new DataOutputStream(new BufferedOutputStream(Files.newOutputStream(file)))) {
        tape.write(out);
      }
      Writers[] all = Writers.values();
      double[][][] figures = new double[all.length][4][rounds];
      for (int round = 0; round < rounds; round++) {
        for (Writers each : all) {
          String[] line = run(file, each).trim().split(" ");
          for (int k = 0; k < line.length; k++) {
            figures[each.ordinal()][k][round] = Double.parseDouble(line[k]);
          }
        }
      }
      System.out.printf(
          "%d classes, medians of %d JVMs; first class and all classes cold, and warm%n",
          tape.classes().size(), rounds);
      for (Writers each : all) {
        double[][] own = figures[each.ordinal()];
        double megabytes = median(own[3]) / 1e6;
        System.out.printf(
            Locale.ROOT,
            "%-20s %6.1f ms %7.1f ms %7.1f MB/s (%.2f MB)%n",
            each.title,
            median(own[0]) / 1e6,
            median(own[1]) / 1e6,
            megabytes / (median(own[2]) / 1e9),
            megabytes);
      }
    } finally {
      Files.delete(file);
    }
  }

  /** The classes of all writers must be classes: with the same methods, and verified frames. */
  private static void checkAll(Tape tape) {
    for (Writers each : Writers.values()) {
      TapeWriter writer = each.make(tape);
      for (Tape.Clazz wanted : tape.classes()) {
        byte[] bytes = writer.write(wanted);
        ClassModel model = ClassFile.of().parse(bytes);
        if (ByteBuffer.wrap(bytes).getInt() != CLASS_FILE
            || model.methods().size() != wanted.methods().size()) {
          throw new AssertionError(each + " wrote something else than " + wanted.name());
        }
        // what is a subclass of what cannot be known here
        List<VerifyError> errors =
            ClassFile.of().verify(model).stream()
                .filter(error -> !error.toString().contains("not assignable"))
                .toList();
        if (!errors.isEmpty()) {
          throw new AssertionError(each + ": " + errors.getFirst());
        }
      }
    }
  }

  private static double median(double[] figures) {
    double[] sorted = figures.clone();
    Arrays.sort(sorted);
    return sorted[sorted.length / 2];
  }

  private static String run(Path tape, Writers writer) throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("java.class.path"),
                CompareWriters.class.getName(),
                tape.toString(),
                "0",
                writer.name())
            .redirectErrorStream(true)
            .start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (process.waitFor() != 0) {
      throw new IllegalStateException(writer + ":\n" + output);
    }
    return output;
  }
}
