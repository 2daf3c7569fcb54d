package dev.sampan.apps;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;

/** Small guests, in the text format. */
public final class TestGuests {

  private static final String WRITE =
      """
      (import "wasi_snapshot_preview1" "fd_write"
        (func $write (param i32 i32 i32 i32) (result i32)))
      """;

  private static final String READ =
      """
      (import "wasi_snapshot_preview1" "fd_read"
        (func $read (param i32 i32 i32 i32) (result i32)))
      """;

  private TestGuests() {}

  public static InputStream module(String text) {
    return new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
  }

  /** A program that ends with a status. */
  public static String exits(int status) {
    return """
    (module
      (import "wasi_snapshot_preview1" "proc_exit" (func $exit (param i32)))
      (memory (export "memory") 1)
      (func (export "_start") (call $exit (i32.const %d))))
    """
        .formatted(status);
  }

  /** A program that traps at once. */
  public static String traps() {
    return "(module (func (export \"_start\") unreachable))";
  }

  /** A program that computes without end. */
  public static String spins() {
    return "(module (func (export \"_start\") (loop $l (br $l))))";
  }

  /** A program that computes without end before it begins. */
  public static String neverStarts() {
    return """
    (module
      (func $endless (loop $l (br $l)))
      (start $endless)
      (func (export "_start")))
    """;
  }

  /** A program that sleeps a millisecond at a time, and writes a line before each time. */
  public static String ticks(String line) {
    return "(module\n"
        + WRITE
        + """
          (import "wasi_snapshot_preview1" "poll_oneoff"
            (func $poll (param i32 i32 i32 i32) (result i32)))
          (memory (export "memory") 1)
          (data (i32.const 200) "%s\\n")
          (func (export "_start")
            (i32.store (i32.const 0) (i32.const 200))
            (i32.store (i32.const 4) (i32.const %d))
            (i32.store8 (i32.const 24) (i32.const 0))
            (i32.store (i32.const 32) (i32.const 1))
            (i64.store (i32.const 40) (i64.const 1000000))
            (loop $again
              (drop (call $write (i32.const 1) (i32.const 0) (i32.const 1) (i32.const 8)))
              (drop (call $poll (i32.const 16) (i32.const 80) (i32.const 1) (i32.const 12)))
              (br $again))))
        """
            .formatted(line, line.length() + 1);
  }

  /** A reactor with functions for its life, which write their names to the log. */
  public static String reactor(String onInit) {
    return "(module\n"
        + WRITE
        + """
          (memory (export "memory") 1)
          (data (i32.const 200) "init\\n")
          (data (i32.const 220) "destroy\\n")
          (func $say (param $text i32) (param $length i32)
            (i32.store (i32.const 0) (local.get $text))
            (i32.store (i32.const 4) (local.get $length))
            (drop (call $write (i32.const 1) (i32.const 0) (i32.const 1) (i32.const 8))))
          (func (export "_initialize"))
          (func (export "on_init") (call $say (i32.const 200) (i32.const 5)) %s)
          (func (export "on_destroy") (call $say (i32.const 220) (i32.const 8))))
        """
            .formatted(onInit);
  }

  /** A function that answers with a fixed output. */
  public static String says(String output) {
    return says(output, "");
  }

  /** The same, after some instructions. */
  public static String says(String output, String before) {
    StringBuilder escaped = new StringBuilder();
    for (byte each : output.getBytes(StandardCharsets.UTF_8)) {
      escaped.append("\\%02x".formatted(each & 0xff));
    }
    int length = output.getBytes(StandardCharsets.UTF_8).length;
    return "(module\n"
        + WRITE
        + READ
        + """
          (memory (export "memory") 2)
          (data (i32.const 200) "%s")
          (func (export "_start")
            %s
            (i32.store (i32.const 0) (i32.const 200))
            (i32.store (i32.const 4) (i32.const %d))
            (drop (call $write (i32.const 1) (i32.const 0) (i32.const 1) (i32.const 8)))))
        """
            .formatted(escaped, before, length);
  }

  public static String text(String body) {
    return says("Content-Type: text/plain\n\n" + body);
  }

  /** A function that answers with its input. */
  public static String echo() {
    return "(module\n"
        + WRITE
        + READ
        + """
          (memory (export "memory") 2)
          (data (i32.const 200) "Content-Type: application/octet-stream\\n\\n")
          (func (export "_start")
            (i32.store (i32.const 0) (i32.const 200))
            (i32.store (i32.const 4) (i32.const 40))
            (drop (call $write (i32.const 1) (i32.const 0) (i32.const 1) (i32.const 8)))
            (i32.store (i32.const 0) (i32.const 4096))
            (loop $more
              (i32.store (i32.const 4) (i32.const 65536))
              (drop (call $read (i32.const 0) (i32.const 0) (i32.const 1) (i32.const 8)))
              (if (i32.load (i32.const 8))
                (then
                  (i32.store (i32.const 4) (i32.load (i32.const 8)))
                  (drop (call $write (i32.const 1) (i32.const 0) (i32.const 1) (i32.const 12)))
                  (br $more))))))
        """;
  }

  /** A program that writes what it reads. */
  public static String copies() {
    return """
    (module
      (import "wasi_snapshot_preview1" "fd_write"
        (func $write (param i32 i32 i32 i32) (result i32)))
      (import "wasi_snapshot_preview1" "fd_read"
        (func $read (param i32 i32 i32 i32) (result i32)))
      (memory (export "memory") 2)
      (func (export "_start")
        (i32.store (i32.const 0) (i32.const 4096))
        (loop $more
          (i32.store (i32.const 4) (i32.const 65536))
          (drop (call $read (i32.const 0) (i32.const 0) (i32.const 1) (i32.const 8)))
          (if (i32.load (i32.const 8))
            (then
              (i32.store (i32.const 4) (i32.load (i32.const 8)))
              (drop (call $write (i32.const 1) (i32.const 0) (i32.const 1) (i32.const 12)))
              (br $more))))))
    """;
  }

  /** A program that writes its environment, with a NUL behind each variable. */
  public static String environment() {
    return """
    (module
      (import "wasi_snapshot_preview1" "fd_write"
        (func $write (param i32 i32 i32 i32) (result i32)))
      (import "wasi_snapshot_preview1" "environ_sizes_get"
        (func $sizes (param i32 i32) (result i32)))
      (import "wasi_snapshot_preview1" "environ_get"
        (func $environ (param i32 i32) (result i32)))
      (memory (export "memory") 1)
      (func (export "_start")
        (drop (call $sizes (i32.const 16) (i32.const 4)))
        (drop (call $environ (i32.const 32) (i32.const 4096)))
        (i32.store (i32.const 0) (i32.const 4096))
        (drop (call $write (i32.const 1) (i32.const 0) (i32.const 1) (i32.const 8)))))
    """;
  }

  /** A program that sleeps, and writes a line then. */
  public static String sleeps(long millis, String line) {
    return """
    (module
      (import "wasi_snapshot_preview1" "fd_write"
        (func $write (param i32 i32 i32 i32) (result i32)))
      (import "wasi_snapshot_preview1" "poll_oneoff"
        (func $poll (param i32 i32 i32 i32) (result i32)))
      (memory (export "memory") 1)
      (data (i32.const 200) "%s\\n")
      (func (export "_start")
        (i32.store (i32.const 0) (i32.const 200))
        (i32.store (i32.const 4) (i32.const %d))
        (i32.store (i32.const 32) (i32.const 1))
        (i64.store (i32.const 40) (i64.const %d))
        (drop (call $poll (i32.const 16) (i32.const 80) (i32.const 1) (i32.const 12)))
        (drop (call $write (i32.const 1) (i32.const 0) (i32.const 1) (i32.const 8)))))
    """
        .formatted(line, line.length() + 1, millis * 1_000_000);
  }

  /** A reactor that counts the requests it has had, and answers with the last digit. */
  public static String counts() {
    return "(module\n"
        + WRITE
        + """
          (memory (export "memory") 1)
          (data (i32.const 200) "Content-Type: text/plain\\n\\n0")
          (func (export "handle")
            (i32.store (i32.const 0) (i32.const 200))
            (i32.store (i32.const 4) (i32.const 27))
            (i32.store8 (i32.const 226)
              (i32.add (i32.load8_u (i32.const 226)) (i32.const 1)))
            (drop (call $write (i32.const 1) (i32.const 0) (i32.const 1) (i32.const 8)))))
        """;
  }
}
