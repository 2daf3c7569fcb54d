package dev.sampan.wasi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sampan.wasm.Engine;
import dev.sampan.wasm.ExecutionMode;
import dev.sampan.wasm.ExhaustedException;
import dev.sampan.wasm.ExitException;
import dev.sampan.wasm.Imports;
import dev.sampan.wasm.Instance;
import dev.sampan.wasm.LinkException;
import dev.sampan.wasm.Memory;
import dev.sampan.wasm.Resource;
import dev.sampan.wasm.Trap;
import java.io.InputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.time.Duration;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Guests with several threads. */
@ParameterizedClass
@EnumSource(ExecutionMode.class)
@Timeout(60)
class ThreadsTest {

  /**
   * A guest whose threads do what their argument says. At 0 lies a word that is never notified, at
   * 4 a counter of threads that have done their work, at 8 a gate that is open when it is not 0.
   */
  private static final String GUEST =
      """
      (module $guest
        (import "env" "memory" (memory 1 4 shared))
        (import "wasi" "thread-spawn" (func $spawn (param i32) (result i32)))
        (import "wasi_snapshot_preview1" "proc_exit" (func $exit (param i32)))
        (import "wasi_snapshot_preview1" "poll_oneoff"
          (func $poll (param i32 i32 i32 i32) (result i32)))
        (import "wasi_snapshot_preview1" "fd_read"
          (func $read (param i32 i32 i32 i32) (result i32)))
        (export "memory" (memory 0))
        (global $own (mut i32) (i32.const 5))
        (data (i32.const 512) "as it was")

        (func $hang (drop (memory.atomic.wait32 (i32.const 0) (i32.const 0) (i64.const -1))))

        (func $sleep (drop (call $poll (i32.const 64) (i32.const 128) (i32.const 1) (i32.const 40))))

        (func $input
          (i32.store (i32.const 200) (i32.const 256))
          (i32.store (i32.const 204) (i32.const 16))
          (drop (call $read (i32.const 0) (i32.const 200) (i32.const 1) (i32.const 212))))

        (func $pass
          (loop $again
            (if (i32.eqz (i32.atomic.load (i32.const 8)))
              (then
                (drop (memory.atomic.wait32 (i32.const 8) (i32.const 0) (i64.const 1000000)))
                (br $again)))))

        (func $wait (export "wait") (param $how i32)
          (if (i32.eq (local.get $how) (i32.const 3)) (then (loop $spin (br $spin))))
          (if (i32.eq (local.get $how) (i32.const 0)) (then (call $hang)))
          (if (i32.eq (local.get $how) (i32.const 1)) (then (call $sleep)))
          (if (i32.eq (local.get $how) (i32.const 2)) (then (call $input))))

        (func (export "prepare")
          ;; a sleep of an hour
          (i32.store (i32.const 80) (i32.const 1))
          (i64.store (i32.const 88) (i64.const 3600000000000)))

        (func (export "wasi_thread_start") (param $id i32) (param $what i32)
          (global.set $own (i32.add (global.get $own) (i32.const 1)))
          (if (i32.ne (global.get $own) (i32.const 6)) (then (unreachable)))
          (if (i32.lt_s (local.get $what) (i32.const 10))
            (then
              (drop (i32.atomic.rmw.add (i32.const 4) (i32.const 1)))
              (call $wait (local.get $what))
              (return)))
          (if (i32.eq (local.get $what) (i32.const 10)) (then (call $pass) (call $exit (i32.const 42))))
          (if (i32.eq (local.get $what) (i32.const 11)) (then (call $pass) (unreachable)))
          (if (i32.eq (local.get $what) (i32.const 13))
            (then (drop (i32.atomic.rmw.add (i32.const 4) (i32.const 1))) (loop $spin (br $spin))))
          (if (i32.eq (local.get $what) (i32.const 14))
            (then
              (loop $tick
                (drop (i32.atomic.rmw.add
                  (i32.add (i32.const 2048) (i32.mul (local.get $id) (i32.const 4)))
                  (i32.const 1)))
                (br $tick))))
          (if (i32.eq (local.get $what) (i32.const 12))
            (then
              (i32.atomic.store (i32.add (i32.const 1024) (i32.mul (local.get $id) (i32.const 4)))
                (local.get $id))
              (drop (i32.atomic.rmw.add (i32.const 4) (i32.const 1)))
              (drop (memory.atomic.notify (i32.const 4) (i32.const -1))))))

        (func (export "spawn") (param i32) (result i32) (call $spawn (local.get 0)))

        (func (export "join") (param $count i32)
          (local $done i32)
          (loop $again
            (local.set $done (i32.atomic.load (i32.const 4)))
            (if (i32.lt_u (local.get $done) (local.get $count))
              (then
                (drop (memory.atomic.wait32 (i32.const 4) (local.get $done) (i64.const -1)))
                (br $again)))))
      )
      """;

  private static final int JUST_COUNT = 12;
  private static final int SPIN = 13;
  private static final int TICK = 14;
  private static final int EXIT = 10;
  private static final int TRAP = 11;
  private static final int HANG = 0;

  private final Engine engine;

  ThreadsTest(ExecutionMode mode) {
    engine = Engine.builder().mode(mode).build();
  }

  @AfterEach
  void noThreadIsLeft() {
    await(() -> guestThreads().isEmpty());
  }

  private static List<Thread> guestThreads() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().startsWith("guest-thread-"))
        .toList();
  }

  private static void await(BooleanSupplier condition) {
    long start = System.nanoTime();
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime() - start).isLessThan(Duration.ofSeconds(20).toNanos());
      Thread.onSpinWait();
    }
  }

  private Instance start(Wasi wasi) {
    Instance guest = engine.load(GUEST).instantiate(Imports.create().with(wasi));
    guest.function("prepare").call();
    return guest;
  }

  private static int spawn(Instance guest, int what) {
    return guest.function("spawn").call(what).i32();
  }

  private static InputStream silence() throws Exception {
    return new PipedInputStream(new PipedOutputStream());
  }

  @Test
  void threadsShareTheMemoryAndHaveGlobalsOfTheirOwn() {
    try (Instance guest = start(Wasi.preview1().threads(4))) {
      Memory memory = guest.memory("memory");
      for (int i = 1; i <= 4; i++) {
        assertThat(spawn(guest, JUST_COUNT)).isEqualTo(i);
      }
      guest.function("join").call(4);
      for (int i = 1; i <= 4; i++) {
        assertThat(memory.i32(1024 + 4 * i)).isEqualTo(i);
      }
    }
  }

  @Test
  void aThreadDoesNotWriteActiveDataIntoTheSharedMemoryAgain() {
    try (Instance guest = start(Wasi.preview1().threads(1))) {
      guest.memory("memory").setI8(512, (byte) 'X');
      spawn(guest, JUST_COUNT);
      guest.function("join").call(1);
      assertThat(guest.memory("memory").utf8(512, 9)).isEqualTo("Xs it was");
    }
  }

  @Test
  void aHundredShortThreadsComeAndGo() {
    try (Instance guest = start(Wasi.preview1().threads(3))) {
      int started = 0;
      while (started < 100) {
        int id = spawn(guest, JUST_COUNT);
        if (id > 0) {
          started++;
        } else {
          assertThat(id).isEqualTo(-1);
        }
      }
      guest.function("join").call(100);
    }
  }

  @Test
  void allThreadsAreHeldTogetherAndGoOn() throws Exception {
    try (Instance guest = start(Wasi.preview1().threads(4).stdin(silence()))) {
      Memory memory = guest.memory("memory");
      List<Integer> ids = List.of(spawn(guest, TICK), spawn(guest, TICK), spawn(guest, TICK));
      spawn(guest, HANG);
      for (int round = 0; round < 3; round++) {
        List<Integer> before = ticks(memory, ids);
        await(() -> differ(before, ticks(memory, ids)));
        guest.pause();
        await(() -> guestThreads().stream().allMatch(t -> t.getState() == Thread.State.WAITING));
        List<Integer> held = ticks(memory, ids);
        Thread.sleep(50);
        assertThat(ticks(memory, ids)).isEqualTo(held);
        guest.resume();
        await(() -> differ(held, ticks(memory, ids)));
      }
      guest.pause();
      guest.stop("all of them");
      await(() -> guestThreads().isEmpty());
    }
  }

  private static List<Integer> ticks(Memory memory, List<Integer> ids) {
    return ids.stream().map(id -> memory.i32(2048 + 4 * id)).toList();
  }

  private static boolean differ(List<Integer> before, List<Integer> after) {
    return IntStream.range(0, before.size()).noneMatch(i -> before.get(i).equals(after.get(i)));
  }

  @Test
  void oneThreadMoreThanGrantedIsRefused() {
    try (Instance guest = start(Wasi.preview1().threads(2))) {
      assertThat(spawn(guest, HANG)).isEqualTo(1);
      assertThat(spawn(guest, HANG)).isEqualTo(2);
      assertThat(spawn(guest, HANG)).isEqualTo(-1);
    }
  }

  @Test
  void withoutAGrantTheModuleDoesNotLink() {
    assertThatThrownBy(() -> start(Wasi.preview1()))
        .isInstanceOf(LinkException.class)
        .hasMessageContaining("unknown import");
  }

  @Test
  void theSharedMemoryCountsAgainstTheLimit() {
    Imports imports = Imports.create().with(Wasi.preview1().threads(1));
    assertThatThrownBy(
            () ->
                engine
                    .load(GUEST)
                    .instantiate(imports, limits -> limits.maxMemory(Short.MAX_VALUE)))
        .isInstanceOf(RuntimeException.class)
        .hasMessageContaining("memory");
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3})
  void exitInOneThreadEndsAllWhateverTheyWaitFor(int how) throws Exception {
    try (Instance guest = start(Wasi.preview1().threads(8).stdin(silence()))) {
      for (int other = 0; other < 3; other++) {
        spawn(guest, other);
      }
      spawn(guest, SPIN);
      spawn(guest, EXIT);
      openGate(guest, 4);
      long start = System.nanoTime();
      assertThatThrownBy(() -> guest.function("wait").call(how))
          .isInstanceOfSatisfying(
              ExitException.class, exit -> assertThat(exit.status()).isEqualTo(42));
      assertThat(System.nanoTime() - start).isLessThan(Duration.ofSeconds(20).toNanos());
      assertThat(Thread.interrupted()).as("the caller is not interrupted").isFalse();
      assertThatThrownBy(() -> guest.function("wait").call(7)).isInstanceOf(ExitException.class);
      await(() -> guestThreads().isEmpty());
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3})
  void aTrapInOneThreadEndsAllWhateverTheyWaitFor(int how) throws Exception {
    try (Instance guest = start(Wasi.preview1().threads(8).stdin(silence()))) {
      for (int other = 0; other < 3; other++) {
        spawn(guest, other);
      }
      spawn(guest, SPIN);
      spawn(guest, TRAP);
      openGate(guest, 4);
      assertThatThrownBy(() -> guest.function("wait").call(how))
          .isInstanceOfSatisfying(
              Trap.class, trap -> assertThat(trap.kind()).isEqualTo(Trap.Kind.UNREACHABLE));
      assertThat(Thread.interrupted()).isFalse();
      await(() -> guestThreads().isEmpty());
    }
  }

  /** Lets the threads that wait for it go on when the others wait. */
  private static void openGate(Instance guest, int others) {
    Memory memory = guest.memory("memory");
    Thread.ofVirtual()
        .start(
            () -> {
              await(() -> memory.i32(4) == others);
              memory.setI32(8, 1);
            });
  }

  @Test
  void aTrapInTheFirstThreadEndsTheOthers() {
    try (Instance guest = start(Wasi.preview1().threads(8))) {
      spawn(guest, HANG);
      spawn(guest, 1);
      guest.memory("memory").setI32(8, 1);
      assertThatThrownBy(() -> guest.function("wasi_thread_start").call(0, TRAP))
          .isInstanceOf(Trap.class);
      await(() -> guestThreads().isEmpty());
    }
  }

  @Test
  void stoppingTheInstanceEndsItsThreads() {
    try (Instance guest = start(Wasi.preview1().threads(8))) {
      spawn(guest, HANG);
      spawn(guest, SPIN);
      guest.stop("enough");
      await(() -> guestThreads().isEmpty());
      assertThatThrownBy(() -> spawn(guest, HANG)).hasMessage("interrupted: enough");
    }
  }

  @Test
  void threadsBurnTheSameFuel() {
    Imports imports = Imports.create().with(Wasi.preview1().threads(1));
    try (Instance guest =
        engine.load(GUEST).instantiate(imports, limits -> limits.fuel(10_000_000))) {
      assertThat(spawn(guest, SPIN)).isEqualTo(1);
      assertThatThrownBy(() -> guest.function("wait").call(0))
          .isInstanceOfSatisfying(
              ExhaustedException.class,
              exhausted -> assertThat(exhausted.resource()).isEqualTo(Resource.FUEL));
    }
  }

  @Test
  void closingTheInstanceEndsItsThreads() {
    Instance guest = start(Wasi.preview1().threads(8));
    for (int i = 0; i < 6; i++) {
      spawn(guest, i % 3 == 2 ? SPIN : i % 3);
    }
    assertThat(guestThreads()).hasSize(6);
    guest.close();
    assertThat(guestThreads()).isEmpty();
  }

  @Test
  void aModuleWithoutEntryGetsNoThreads() {
    String text =
        """
        (module (import "env" "memory" (memory 1 1 shared))
          (import "wasi" "thread-spawn" (func $spawn (param i32) (result i32)))
          (func (export "spawn") (param i32) (result i32) (call $spawn (local.get 0))))
        """;
    try (Instance guest =
        engine.load(text).instantiate(Imports.create().with(Wasi.preview1().threads(2)))) {
      assertThat(spawn(guest, 0)).isEqualTo(-1);
    }
  }
}
