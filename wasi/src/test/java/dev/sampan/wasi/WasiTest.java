package dev.sampan.wasi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sampan.wasi.capability.Errno;
import dev.sampan.wasi.preview1.Syscall;
import dev.sampan.wasm.Engine;
import dev.sampan.wasm.ExitException;
import dev.sampan.wasm.ImportSource;
import dev.sampan.wasm.Imports;
import dev.sampan.wasm.Instance;
import dev.sampan.wasm.LinkException;
import dev.sampan.wasm.Trap;
import dev.sampan.wasm.WasmModule;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The configuration, and what belongs to no chapter of its own. */
class WasiTest {

  private static final Trap.Kind OUT_OF_BOUNDS = Trap.Kind.OUT_OF_BOUNDS_MEMORY;

  @Test
  void allFunctionsOfPreview1AreThere() {
    assertThat(Syscall.values()).hasSize(46);
    new Guest(Wasi.preview1()).close();
  }

  @Test
  void errnoHasTheNumbersOfTheInterface() {
    assertThat(Errno.values()).hasSize(77);
    assertThat(
            Map.of(
                Errno.BADF, Errno.BADF.number(),
                Errno.EXIST, Errno.EXIST.number(),
                Errno.INVAL, Errno.INVAL.number(),
                Errno.NOENT, Errno.NOENT.number(),
                Errno.NOSYS, Errno.NOSYS.number(),
                Errno.NOTCAPABLE, Errno.NOTCAPABLE.number()))
        .isEqualTo(
            Map.of(
                Errno.BADF, 8,
                Errno.EXIST, 20,
                Errno.INVAL, 28,
                Errno.NOENT, 44,
                Errno.NOSYS, 52,
                Errno.NOTCAPABLE, 76));
  }

  @Test
  void anImportOfAnotherTypeDoesNotLink() {
    try (Engine engine = Engine.create()) {
      Imports imports = Imports.create().with(Wasi.preview1());
      WasmModule wrong =
          engine.load(
              "(module (import \"wasi_snapshot_preview1\" \"fd_close\" (func (param i64))))");
      assertThatThrownBy(() -> wrong.instantiate(imports))
          .isInstanceOf(LinkException.class)
          .hasMessageContaining("incompatible import type")
          .hasMessageContaining("fd_close")
          .hasMessageContaining("[i32] -> [i32]");
      WasmModule unknown =
          engine.load("(module (import \"wasi_snapshot_preview1\" \"fork\" (func)))");
      assertThatThrownBy(() -> unknown.instantiate(imports)).isInstanceOf(LinkException.class);
    }
  }

  @Test
  void argumentsLieAsTableAndText() {
    try (Guest guest = new Guest(Wasi.preview1().args("prog", "", "ü x"))) {
      int sizes = guest.room(8);
      guest.ok("args_sizes_get", sizes, sizes + 4);
      assertThat(guest.memory().i32(sizes)).isEqualTo(3);
      assertThat(guest.memory().i32(sizes + 4)).isEqualTo(5 + 1 + 5);
      int table = guest.room(12);
      int text = guest.room(11);
      guest.ok("args_get", table, text);
      assertThat(guest.memory().utf8(text, 11)).isEqualTo("prog\0\0ü x\0");
      assertThat(guest.memory().i32(table)).isEqualTo(text);
      assertThat(guest.memory().i32(table + 4)).isEqualTo(text + 5);
      assertThat(guest.memory().i32(table + 8)).isEqualTo(text + 6);
    }
  }

  @Test
  void environmentKeepsItsOrderAndTheLastValue() {
    Wasi wasi = Wasi.preview1().env("B", "1").env("A", "x=y").env("B", "2");
    try (Guest guest = new Guest(wasi)) {
      int sizes = guest.room(8);
      guest.ok("environ_sizes_get", sizes, sizes + 4);
      assertThat(guest.memory().i32(sizes)).isEqualTo(2);
      int table = guest.room(8);
      int text = guest.room(guest.memory().i32(sizes + 4));
      guest.ok("environ_get", table, text);
      assertThat(guest.memory().utf8(text, guest.memory().i32(sizes + 4)))
          .isEqualTo("B=2\0A=x=y\0");
    }
  }

  @Test
  void configurationsAreRefusedEarlyAndNeverChanged() {
    Wasi none = Wasi.preview1();
    assertThat(none.args("a")).isNotSameAs(none);
    assertThatThrownBy(() -> none.args("a\0b")).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> none.env("a=b", "c")).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> none.env("", "c")).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> none.directory(Path.of("."), "", Rights.READ_ONLY))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void aGrantThatIsNoDirectoryFailsWithItsName(@TempDir Path temp) throws IOException {
    Path file = Files.writeString(temp.resolve("file"), "");
    for (Path path : new Path[] {file, temp.resolve("none")}) {
      Wasi wasi = Wasi.preview1().directory(path, "/", Rights.READ_ONLY);
      assertThatThrownBy(() -> new Guest(wasi))
          .isInstanceOf(UncheckedIOException.class)
          .hasMessageContaining(path.toString());
    }
  }

  @Test
  void outputGoesWhereItIsSentInOneWritePerCall() {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    try (Guest guest = new Guest(Wasi.preview1().stdout(out).stderr(err))) {
      guest.write(1, "out");
      guest.write(2, "err");
      assertThat(guest.tryRead(1)).isEqualTo(Errno.BADF);
      assertThat(guest.tryWrite(0, "x")).isEqualTo(Errno.BADF);
      assertThat(guest.call("fd_seek", 1, 0L, 0, guest.room(8))).isEqualTo(Errno.SPIPE);
      guest.close(1);
      assertThat(guest.tryWrite(1, "x")).isEqualTo(Errno.BADF);
    }
    assertThat(out).hasToString("out");
    assertThat(err).hasToString("err");
  }

  @Test
  void aFailingOutputIsAnError() {
    OutputStream broken =
        new OutputStream() {
          @Override
          public void write(int b) throws IOException {
            throw new IOException("Broken pipe");
          }
        };
    try (Guest guest = new Guest(Wasi.preview1().stdout(broken))) {
      assertThat(guest.tryWrite(1, "x")).isEqualTo(Errno.PIPE);
    }
  }

  @Test
  void instancesOfOneConfigurationShareNoDescriptors(@TempDir Path box) {
    Wasi wasi = Wasi.preview1().directory(box, "/", Rights.READ_WRITE);
    try (Guest one = new Guest(wasi);
        Guest two = new Guest(wasi)) {
      one.close(one.open("a", Guest.CREATE, Guest.ALL));
      one.close(Guest.ROOT);
      assertThat(one.openError("a")).isEqualTo(Errno.BADF);
      assertThat(two.openError("a")).isEqualTo(Errno.SUCCESS);
    }
  }

  @Test
  void closingTheSourceOfAnInstanceClosesItsFiles(@TempDir Path box) throws Exception {
    Wasi wasi = Wasi.preview1().directory(box, "/", Rights.READ_WRITE);
    ImportSource source = wasi.forInstance();
    assertThat(source).isInstanceOf(AutoCloseable.class);
    ((AutoCloseable) source).close();
    ((AutoCloseable) source).close();
  }

  @Test
  void exitingPassesTheStatusAndClosesEverything(@TempDir Path box) {
    Wasi wasi = Wasi.preview1().directory(box, "/", Rights.READ_WRITE);
    try (Guest guest = new Guest(wasi)) {
      assertThatThrownBy(() -> guest.exit(42))
          .isInstanceOfSatisfying(
              ExitException.class, exit -> assertThat(exit.status()).isEqualTo(42));
      assertThat(guest.openError(".")).isEqualTo(Errno.BADF);
    }
  }

  private static int start(String body) {
    String exit = "(import \"wasi_snapshot_preview1\" \"proc_exit\" (func $exit (param i32)))";
    try (Engine engine = Engine.create();
        Instance instance =
            engine
                .load("(module " + exit + body + ")")
                .instantiate(Imports.create().with(Wasi.preview1()))) {
      return Wasi.start(instance);
    }
  }

  @Test
  void commandsRunToTheirEndAndReactorsArePrepared() {
    assertThat(start("(func (export \"_start\") (call $exit (i32.const 3)))")).isEqualTo(3);
    assertThat(start("(func (export \"_start\"))")).isZero();
    assertThat(start("(func (export \"_initialize\") (call $exit (i32.const 4)))")).isEqualTo(4);
    assertThat(start("(func (export \"other\") (call $exit (i32.const 5)))")).isZero();
    assertThatThrownBy(() -> start("(func (export \"_start\") unreachable)"))
        .isInstanceOf(Trap.class);
  }

  @Test
  void randomBytesComeFromTheSourceGiven() {
    byte[] expected = new byte[100];
    new SplittableRandom(5).nextBytes(expected);
    try (Guest guest = new Guest(Wasi.preview1().random(new SplittableRandom(5)))) {
      int buffer = guest.room(108);
      guest.ok("random_get", buffer, 100);
      assertThat(guest.memory().bytes(buffer, 100)).isEqualTo(expected);
      assertThat(guest.memory().i64(buffer + 100)).isZero();
      guest.ok("random_get", buffer, 0);
    }
    try (Guest guest = new Guest(Wasi.preview1())) {
      int buffer = guest.room(200_000);
      guest.ok("random_get", buffer, 200_000);
      assertThat(guest.memory().bytes(buffer + 199_900, 100)).isNotEqualTo(new byte[100]);
    }
  }

  @Test
  void addressesOutsideOfTheMemoryTrap(@TempDir Path box) {
    Wasi wasi = Wasi.preview1().args("a").directory(box, "/", Rights.READ_WRITE);
    try (Guest guest = new Guest(wasi)) {
      int size = (int) guest.memory().size();
      guest.traps(OUT_OF_BOUNDS, "args_sizes_get", size, 0);
      guest.traps(OUT_OF_BOUNDS, "args_get", 0, -1);
      guest.traps(OUT_OF_BOUNDS, "random_get", size - 10, 11);
      guest.traps(OUT_OF_BOUNDS, "random_get", 8, -1);
      guest.traps(OUT_OF_BOUNDS, "clock_time_get", 0, 0L, -8);
      guest.traps(OUT_OF_BOUNDS, "fd_write", 1, size - 4, 1, 0);
      guest.traps(OUT_OF_BOUNDS, "fd_write", 1, 0, -1, 0);
      guest.traps(OUT_OF_BOUNDS, "fd_fdstat_get", 1, size - 16);
      guest.traps(OUT_OF_BOUNDS, "path_create_directory", 3, size - 1, 2);
      int name = guest.bytes(new byte[] {'a'});
      guest.traps(OUT_OF_BOUNDS, "path_open", 3, 0, name, 1, 1, Guest.ALL, 0L, 0, size);
      assertThat(box).isEmptyDirectory();

      int fd = guest.open("a", Guest.CREATE, Guest.ALL);
      int list = guest.room(16);
      guest.memory().setI32(list, name);
      guest.memory().setI32(list + 4, 1);
      guest.memory().setI32(list + 8, size - 1);
      guest.memory().setI32(list + 12, 2);
      guest.traps(OUT_OF_BOUNDS, "fd_write", fd, list, 2, 0);
      guest.traps(OUT_OF_BOUNDS, "fd_write", fd, list, 1, size);
      assertThat(box.resolve("a")).isEmptyFile();
    }
  }

  @Test
  void addressesThatAreNoMultipleOfTheValueTrap() {
    try (Guest guest = new Guest(Wasi.preview1())) {
      guest.traps(Trap.Kind.MISALIGNED_POINTER, "args_sizes_get", 2, 8);
      guest.traps(Trap.Kind.MISALIGNED_POINTER, "clock_time_get", 0, 0L, 4);
      guest.traps(Trap.Kind.MISALIGNED_POINTER, "fd_write", 1, 2, 1, 8);
      guest.traps(Trap.Kind.MISALIGNED_POINTER, "fd_write", 1, 8, 1, 2);
      guest.traps(Trap.Kind.MISALIGNED_POINTER, "fd_fdstat_get", 1, 4);
      guest.traps(Trap.Kind.MISALIGNED_POINTER, "fd_filestat_get", 1, 4);
      guest.traps(Trap.Kind.MISALIGNED_POINTER, "poll_oneoff", 4, 8, 1, 8);
      guest.ok("random_get", 3, 5);
    }
  }

  @Test
  void whatThereIsNotSaysSo() {
    try (Guest guest = new Guest(Wasi.preview1())) {
      guest.ok("sched_yield");
      assertThat(guest.call("proc_raise", 9)).isEqualTo(Errno.NOSYS);
      assertThat(guest.call("sock_shutdown", 1, 0)).isEqualTo(Errno.NOTSOCK);
      assertThat(guest.call("sock_shutdown", 9, 0)).isEqualTo(Errno.BADF);
      assertThat(guest.call("sock_accept", 1, 0, 0)).isEqualTo(Errno.NOTSOCK);
      assertThat(guest.call("sock_recv", 0, 0, 0, 0, 0, 0)).isEqualTo(Errno.NOTSOCK);
      assertThat(guest.call("sock_send", 1, 0, 0, 0, 0)).isEqualTo(Errno.NOTSOCK);
    }
  }
}
