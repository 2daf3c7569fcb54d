package dev.sampan.wasi;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sampan.wasi.FileSystemsTest.Kind;
import dev.sampan.wasm.Engine;
import dev.sampan.wasm.Imports;
import dev.sampan.wasm.Instance;
import java.io.IOException;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A guest with two threads. One exchanges a directory for a symbolic link that leads out, over and
 * over; the other meanwhile goes through it, to read, create, link, list and remove.
 */
@Timeout(120)
class RacingGuestTest {

  private static final String GUEST =
      """
      (module $guest
        (import "env" "memory" (memory 1 1 shared))
        (import "wasi" "thread-spawn" (func $spawn (param i32) (result i32)))
        (import "wasi_snapshot_preview1" "path_open"
          (func $open (param i32 i32 i32 i32 i32 i64 i64 i32 i32) (result i32)))
        (import "wasi_snapshot_preview1" "fd_read"
          (func $read (param i32 i32 i32 i32) (result i32)))
        (import "wasi_snapshot_preview1" "fd_close" (func $close (param i32) (result i32)))
        (import "wasi_snapshot_preview1" "path_rename"
          (func $rename (param i32 i32 i32 i32 i32 i32) (result i32)))
        (import "wasi_snapshot_preview1" "path_create_directory"
          (func $mkdir (param i32 i32 i32) (result i32)))
        (import "wasi_snapshot_preview1" "path_unlink_file"
          (func $unlink (param i32 i32 i32) (result i32)))
        (import "wasi_snapshot_preview1" "path_remove_directory"
          (func $rmdir (param i32 i32 i32) (result i32)))
        (import "wasi_snapshot_preview1" "path_symlink"
          (func $symlink (param i32 i32 i32 i32 i32) (result i32)))
        (import "wasi_snapshot_preview1" "path_link"
          (func $link (param i32 i32 i32 i32 i32 i32 i32) (result i32)))
        (import "wasi_snapshot_preview1" "path_readlink"
          (func $readlink (param i32 i32 i32 i32 i32 i32) (result i32)))
        (export "memory" (memory 0))
        ;; 0: stop, 4: rounds of the other thread
        (data (i32.const 100) "door")
        (data (i32.const 110) "away")
        (data (i32.const 120) "link")
        (data (i32.const 130) "door/file")
        (data (i32.const 150) "door/made")
        (data (i32.const 170) "stolen")
        (data (i32.const 180) "../other")
        (data (i32.const 200) "door/pointer")

        (func $swap (param $a i32) (param $b i32)
          (drop (call $rename (i32.const 3) (local.get $a) (i32.const 4)
            (i32.const 3) (local.get $b) (i32.const 4))))

        (func (export "wasi_thread_start") (param i32 i32)
          (drop (call $symlink (i32.const 180) (i32.const 8) (i32.const 3) (i32.const 120) (i32.const 4)))
          (loop $again
            (call $swap (i32.const 100) (i32.const 110))
            (call $swap (i32.const 120) (i32.const 100))
            (call $swap (i32.const 100) (i32.const 120))
            (call $swap (i32.const 110) (i32.const 100))
            (drop (i32.atomic.rmw.add (i32.const 4) (i32.const 1)))
            (br_if $again (i32.eqz (i32.atomic.load (i32.const 0))))))

        ;; opens door/file and gives the first byte, or 0
        (func (export "open") (param $follow i32) (result i32)
          (i32.store8 (i32.const 1024) (i32.const 0))
          (i32.store (i32.const 1032) (i32.const 1024))
          (i32.store (i32.const 1036) (i32.const 1))
          (if (i32.eqz (call $open (i32.const 3) (local.get $follow) (i32.const 130) (i32.const 9)
                (i32.const 0) (i64.const 6) (i64.const 0) (i32.const 0) (i32.const 1040)))
            (then
              (drop (call $read (i32.load (i32.const 1040)) (i32.const 1032) (i32.const 1) (i32.const 1044)))
              (drop (call $close (i32.load (i32.const 1040))))))
          (i32.load8_u (i32.const 1024)))

        ;; creates a file, a directory and a link behind the door, and removes them
        (func (export "change")
          (if (i32.eqz (call $open (i32.const 3) (i32.const 1) (i32.const 150) (i32.const 9)
                (i32.const 1) (i64.const 64) (i64.const 0) (i32.const 0) (i32.const 1040)))
            (then (drop (call $close (i32.load (i32.const 1040))))))
          (drop (call $unlink (i32.const 3) (i32.const 150) (i32.const 9)))
          (drop (call $mkdir (i32.const 3) (i32.const 150) (i32.const 9)))
          (drop (call $rmdir (i32.const 3) (i32.const 150) (i32.const 9)))
          (drop (call $symlink (i32.const 100) (i32.const 4) (i32.const 3) (i32.const 150) (i32.const 9)))
          (drop (call $unlink (i32.const 3) (i32.const 150) (i32.const 9))))

        ;; gives door/file a second name here and gives its first byte, or 0
        (func (export "steal") (result i32)
          (i32.store8 (i32.const 1024) (i32.const 0))
          (i32.store (i32.const 1032) (i32.const 1024))
          (i32.store (i32.const 1036) (i32.const 1))
          (drop (call $link (i32.const 3) (i32.const 0) (i32.const 130) (i32.const 9)
            (i32.const 3) (i32.const 170) (i32.const 6)))
          (if (i32.eqz (call $open (i32.const 3) (i32.const 0) (i32.const 170) (i32.const 6)
                (i32.const 0) (i64.const 2) (i64.const 0) (i32.const 0) (i32.const 1040)))
            (then
              (drop (call $read (i32.load (i32.const 1040)) (i32.const 1032) (i32.const 1) (i32.const 1044)))
              (drop (call $close (i32.load (i32.const 1040))))))
          (drop (call $unlink (i32.const 3) (i32.const 170) (i32.const 6)))
          (i32.load8_u (i32.const 1024)))

        ;; reads the link door/pointer, which lies outside only, and gives its first byte, or 0
        (func (export "peek") (result i32)
          (i32.store8 (i32.const 1024) (i32.const 0))
          (drop (call $readlink (i32.const 3) (i32.const 200) (i32.const 12)
            (i32.const 1024) (i32.const 1) (i32.const 1040)))
          (i32.load8_u (i32.const 1024)))

        (func (export "spawn") (result i32) (call $spawn (i32.const 0)))
      )
      """;

  private static final Engine ENGINE = Engine.create();
  private static final int ROUNDS = 1500;

  @TempDir Path folder;

  @ParameterizedTest
  @EnumSource(names = "ZIP", mode = EnumSource.Mode.EXCLUDE)
  void noExchangeIsQuickEnoughToGetOut(Kind kind) throws IOException {
    FileSystem files = kind.open(folder);
    Path box = kind.box(files, folder);
    Path other = Files.createDirectory(box.resolveSibling("other"));
    Files.createDirectory(box.resolve("door"));
    Files.writeString(box.resolve("door").resolve("file"), "inside");
    Files.writeString(other.resolve("file"), "outside");
    Files.createSymbolicLink(other.resolve("pointer"), files.getPath("outside"));
    Wasi wasi = Wasi.preview1().threads(1).directory(box, "/", Rights.READ_WRITE);
    int inside = 0;
    try (Instance guest = ENGINE.load(GUEST).instantiate(Imports.create().with(wasi))) {
      assertThat(guest.function("spawn").call().i32()).isOne();
      for (int i = 0; i < ROUNDS; i++) {
        int found = guest.function("open").call(i & 1).i32();
        assertThat(found).as("round " + i).isIn(0, (int) 'i');
        inside += found == 'i' ? 1 : 0;
        guest.function("change").call();
        assertThat(guest.function("steal").call().i32()).isIn(0, (int) 'i');
        assertThat(guest.function("peek").call().i32()).isZero();
      }
      guest.memory("memory").setI32(0, 1);
      assertThat(guest.memory("memory").i32(4)).as("rounds of the other thread").isPositive();
    }
    assertThat(inside).isPositive();
    assertThat(Files.readString(other.resolve("file"))).isEqualTo("outside");
    try (var left = Files.list(other)) {
      assertThat(left.map(each -> each.getFileName().toString()).sorted())
          .containsExactly("file", "pointer");
    }
    kind.close(files);
  }
}
