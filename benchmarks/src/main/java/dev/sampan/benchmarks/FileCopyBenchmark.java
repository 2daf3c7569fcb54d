package dev.sampan.benchmarks;

import dev.sampan.wasi.Rights;
import dev.sampan.wasi.Wasi;
import dev.sampan.wasm.Engine;
import dev.sampan.wasm.ExecutionMode;
import dev.sampan.wasm.Imports;
import dev.sampan.wasm.Instance;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** A file copied through a buffer: by a guest through WASI, and by the same loop in Java. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
@SuppressWarnings("NullAway.Init") // JMH calls open() first
public class FileCopyBenchmark {

  private static final int SIZE = 32 << 20;

  private static final String MODULE =
      """
      (module
        (import "wasi_snapshot_preview1" "path_open"
          (func $open (param i32 i32 i32 i32 i32 i64 i64 i32 i32) (result i32)))
        (import "wasi_snapshot_preview1" "fd_read"
          (func $read (param i32 i32 i32 i32) (result i32)))
        (import "wasi_snapshot_preview1" "fd_write"
          (func $write (param i32 i32 i32 i32) (result i32)))
        (import "wasi_snapshot_preview1" "fd_close" (func $close (param i32) (result i32)))
        (memory (export "memory") 4)
        (data (i32.const 64) "in")
        (data (i32.const 72) "out")
        (func $must (param i32) (if (local.get 0) (then unreachable)))
        (func (export "copy") (param $buffer i32) (result i64)
          (local $in i32) (local $out i32) (local $total i64)
          (call $must (call $open (i32.const 3) (i32.const 0) (i32.const 64) (i32.const 2)
            (i32.const 0) (i64.const 2) (i64.const 0) (i32.const 0) (i32.const 0)))
          (local.set $in (i32.load (i32.const 0)))
          (call $must (call $open (i32.const 3) (i32.const 0) (i32.const 72) (i32.const 3)
            (i32.const 9) (i64.const 64) (i64.const 0) (i32.const 0) (i32.const 0)))
          (local.set $out (i32.load (i32.const 0)))
          (i32.store (i32.const 16) (i32.const 65536))
          (loop $more
            (i32.store (i32.const 20) (local.get $buffer))
            (call $must
              (call $read (local.get $in) (i32.const 16) (i32.const 1) (i32.const 0)))
            (i32.store (i32.const 20) (i32.load (i32.const 0)))
            (if (i32.load (i32.const 20))
              (then
                (call $must
                  (call $write (local.get $out) (i32.const 16) (i32.const 1) (i32.const 0)))
                (local.set $total
                  (i64.add (local.get $total) (i64.extend_i32_u (i32.load (i32.const 0)))))
                (br $more))))
          (call $must (call $close (local.get $in)))
          (call $must (call $close (local.get $out)))
          (local.get $total)))
      """;

  /** How many bytes are read and written at once. */
  @Param({"4096", "65536"})
  public int buffer = 4096;

  private Path folder;
  private Engine engine;
  private Instance instance;

  /** Makes the file and the guest. */
  @Setup(Level.Trial)
  public void open() {
    try {
      folder = Files.createTempDirectory("sampan-copy");
      Files.write(folder.resolve("in"), new byte[SIZE]);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    engine = Engine.builder().mode(ExecutionMode.COMPILER).build();
    Wasi wasi = Wasi.preview1().directory(folder, "/", Rights.READ_WRITE);
    instance = engine.load(MODULE).instantiate(Imports.create().with(wasi));
  }

  /** Removes what was made. */
  @TearDown(Level.Trial)
  public void close() throws IOException {
    instance.close();
    engine.close();
    Files.deleteIfExists(folder.resolve("in"));
    Files.deleteIfExists(folder.resolve("out"));
    Files.deleteIfExists(folder);
  }

  /** By a guest. */
  @Benchmark
  public long guest() {
    return instance.function("copy").call(buffer).i64();
  }

  /** By Java. */
  @Benchmark
  public long java() throws IOException {
    long total = 0;
    byte[] bytes = new byte[buffer];
    try (InputStream in = Files.newInputStream(folder.resolve("in"));
        OutputStream out = Files.newOutputStream(folder.resolve("out"))) {
      for (int count; (count = in.read(bytes)) > 0; total += count) {
        out.write(bytes, 0, count);
      }
    }
    return total;
  }
}
