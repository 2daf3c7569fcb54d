package dev.sampan.wasi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sampan.wasm.Engine;
import dev.sampan.wasm.Imports;
import dev.sampan.wasm.Instance;
import dev.sampan.wasm.LinkException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** {@code malloc} and its relatives: the host's heap, and the allocator a guest brings itself. */
class LibcAllocationTest {

  private static final int PAGE = 1 << 16;

  private static LibcGuest guest(String body) {
    return new LibcGuest(UnaryOperator.identity(), body);
  }

  @Test
  void heapBeginsBehindWhatTheMemoryHadAndGrowsIt() {
    try (LibcGuest guest = new LibcGuest()) {
      int end = guest.end();
      int first = guest.call("malloc", 100);
      assertThat(first).isEqualTo(end);
      assertThat(guest.end()).isEqualTo(end + PAGE);
      assertThat(guest.call("malloc", 1)).isEqualTo(end + 112);
    }
  }

  @Test
  void heapUsesWhatTheLinkerLeftFree() {
    try (LibcGuest guest =
        guest(
            """
            (global (export "__heap_base") i32 (i32.const 5001))
            (memory (export "memory") 1 1)
            """)) {
      assertThat(guest.call("malloc", 8)).isEqualTo(5008);
      assertThat(guest.call("malloc", PAGE - 5008 - 16)).isEqualTo(5024);
      assertThat(guest.call("malloc", 1)).isZero();
      assertThat(guest.end()).isEqualTo(PAGE);
    }
  }

  @Test
  void mutableHeapBaseIsNotTheLinkers() {
    try (LibcGuest guest =
        guest(
            """
            (global (export "__heap_base") (mut i32) (i32.const 5001))
            (memory (export "memory") 1)
            """)) {
      assertThat(guest.call("malloc", 8)).isEqualTo(PAGE);
    }
  }

  @Test
  void pagesThatTheGuestAddedAreNotTouched() {
    try (LibcGuest guest =
        guest(
            """
            (global (export "__heap_base") i32 (i32.const 65000))
            (memory (export "memory") 1)
            """)) {
      guest.memory().grow(1);
      assertThat(guest.call("malloc", 400)).isEqualTo(65_008);
      int last = guest.call("malloc", 100);
      assertThat(last).isEqualTo(65_408);
      assertThat(guest.call("malloc", 28)).isEqualTo(2 * PAGE);
      guest.run("free", last);
      guest.run("free", PAGE);
      assertThat(guest.call("malloc", 1000)).isGreaterThan(2 * PAGE);
      assertThat(guest.call("malloc", 2 * PAGE)).isGreaterThan(2 * PAGE);
    }
  }

  @Test
  void outOfMemoryIs0() {
    try (LibcGuest guest = guest("(memory (export \"memory\") 1 2)")) {
      assertThat(guest.call("malloc", PAGE + 1)).isZero();
      assertThat(guest.call("malloc", -1)).isZero();
      assertThat(guest.call("strdup", guest.text("x"))).isEqualTo(PAGE);
      assertThat(guest.call("malloc", PAGE)).isZero();
      assertThat(guest.call("realloc", PAGE, PAGE + 1)).isZero();
      assertThat(guest.string(PAGE)).isEqualTo("x");
    }
  }

  @Test
  void callocGivesZerosAndRefusesTooMuch() {
    try (LibcGuest guest = new LibcGuest()) {
      int dirty = guest.call("malloc", 1000);
      guest.call("memset", dirty, 1, 1000);
      guest.run("free", dirty);
      for (int i = 0; i < 200; i++) {
        int address = guest.call("calloc", 10, 100);
        assertThat(guest.memory().bytes(address, 1000)).containsOnly(0);
        guest.call("memset", address, 1, 1000);
        guest.run("free", address);
      }
      assertThat(guest.call("calloc", 0x10000, 0x10000)).isZero();
      assertThat(guest.call("calloc", -1, 1)).isZero();
      assertThat(guest.call("calloc", -1, -1)).isZero();
      assertThat(guest.call("calloc", 0, 5)).isNotZero();
    }
  }

  @Test
  void reallocKeepsTheContent() {
    try (LibcGuest guest = new LibcGuest()) {
      int address = guest.call("realloc", 0, 5);
      guest.memory().setI32(address, 0x11223344);
      int barrier = guest.call("malloc", 16);
      int moved = guest.call("realloc", address, 500);
      assertThat(moved).isNotEqualTo(address);
      assertThat(guest.memory().i32(moved)).isEqualTo(0x11223344);
      assertThat(guest.call("realloc", moved, 600)).isEqualTo(moved);
      assertThat(guest.call("realloc", moved, 3)).isEqualTo(moved);
      assertThat(guest.call("realloc", moved, 0)).isEqualTo(moved);
      assertThat(guest.call("realloc", barrier + 1, 10)).isZero();
      assertThat(guest.call("realloc", -1, 10)).isZero();
    }
  }

  @Test
  void freeOfWhatIsNoPieceIsIgnored() {
    try (LibcGuest guest = new LibcGuest()) {
      int a = guest.call("malloc", 64);
      int b = guest.call("malloc", 64);
      for (int wrong : new int[] {0, 8, a + 16, a + 1, b + 64, guest.end() - 4}) {
        guest.run("free", wrong);
      }
      guest.run("free", a);
      guest.run("free", a);
      assertThat(guest.call("malloc", 128)).isGreaterThan(b);
      guest.outOfBounds("free", guest.end() - 3);
      guest.outOfBounds("free", -1);
    }
  }

  @Test
  void writingPastAPieceDoesNotHarmTheHeap() {
    try (LibcGuest guest = new LibcGuest()) {
      int a = guest.call("malloc", 16);
      guest.call("memset", a - 64, -1, PAGE - 1024);
      int b = guest.call("malloc", 16);
      guest.run("free", a);
      guest.run("free", b);
      assertThat(guest.call("malloc", 16)).isNotZero();
    }
  }

  /** A piece of memory with what it was filled with. */
  private record Piece(int address, int size, byte content) {}

  @Test
  void piecesNeverOverlap() {
    SplittableRandom random = new SplittableRandom(7);
    try (LibcGuest guest = guest("(memory (export \"memory\") 1 64)")) {
      List<Piece> pieces = new ArrayList<>();
      for (int i = 0; i < 3000; i++) {
        byte content = (byte) i;
        int size = 1 + random.nextInt(random.nextBoolean() ? 64 : 40_000);
        int kind = random.nextInt(3);
        Piece old =
            pieces.isEmpty() || kind == 0 ? null : pieces.remove(random.nextInt(pieces.size()));
        if (old != null) {
          byte[] bytes = guest.memory().bytes(old.address, old.size);
          assertThat(bytes).containsOnly(old.content);
        }
        if (old != null && kind == 1) {
          guest.run("free", old.address);
          continue;
        }
        int address =
            old == null ? guest.call("malloc", size) : guest.call("realloc", old.address, size);
        if (address == 0) {
          if (old != null) {
            pieces.add(old);
          }
          continue;
        }
        assertThat(address % 16).isZero();
        if (old != null) {
          int kept = Math.min(size, old.size);
          assertThat(guest.memory().bytes(address, kept)).containsOnly(old.content);
        }
        guest.call("memset", address, (int) content, size);
        pieces.add(new Piece(address, size, content));
      }
      for (Piece piece : pieces) {
        guest.run("free", piece.address);
      }
      int all = guest.end() - PAGE;
      assertThat(guest.call("malloc", all / 4)).isNotZero();
    }
  }

  @Test
  void manySmallPiecesAreFast() {
    try (LibcGuest guest = guest("(memory (export \"memory\") 1 2000)")) {
      int[] addresses = new int[100_000];
      for (int i = 0; i < addresses.length; i++) {
        addresses[i] = guest.call("malloc", 24);
      }
      assertThat(Arrays.stream(addresses).distinct().count()).isEqualTo(addresses.length);
      for (int i = 0; i < addresses.length; i += 2) {
        guest.run("free", addresses[i]);
      }
      int end = guest.end();
      for (int i = 0; i < addresses.length; i += 2) {
        assertThat(guest.call("malloc", 32)).isNotZero();
      }
      assertThat(guest.end()).isEqualTo(end);
    }
  }

  /** A module with an allocator that only counts up, and logs what is given back. */
  private static final String OWN =
      """
      (module
        (import "env" "strdup" (func $strdup (param i32) (result i32)))
        (import "env" "malloc" (func $malloc (param i32) (result i32)))
        (import "env" "realloc" (func $realloc (param i32 i32) (result i32)))
        (import "env" "free" (func $free (param i32)))
        (memory (export "memory") 1)
        (global $next (mut i32) (i32.const 4096))
        (global $freed (export "freed") (mut i32) (i32.const 0))
        (data (i32.const 16) "text")
        (func (export "ALLOCATE") (param i32) EXTRA (result i32)
          (global.get $next)
          (global.set $next (i32.add (global.get $next) (local.get 0))))
        PIN
        (func (export "RELEASE") (param i32) (global.set $freed (local.get 0)))
        (func (export "twice") (result i32) (call $strdup (i32.const 16)))
        (func (export "get") (param i32) (result i32) (call $malloc (local.get 0)))
        (func (export "resize") (param i32 i32) (result i32)
          (call $realloc (local.get 0) (local.get 1)))
        (func (export "give") (param i32) (call $free (local.get 0))))
      """;

  private static Instance instance(String text) {
    try (Engine engine = Engine.create()) {
      return engine.load(text).instantiate(Imports.create().with(Libc.builtin()));
    }
  }

  private static void usesItsOwn(Instance instance) {
    assertThat(instance.function("get").call(4).i32()).isEqualTo(4096);
    assertThat(instance.function("twice").call().i32()).isEqualTo(4100);
    assertThat(instance.memory("memory").utf8(4100, 5)).isEqualTo("text\0");
    assertThat(instance.function("resize").call(4100, 100).i32()).isEqualTo(4105);
    assertThat(instance.memory("memory").utf8(4105, 5)).isEqualTo("text\0");
    assertThat(instance.global("freed").get()).isEqualTo(4100);
    instance.function("give").call(0);
    assertThat(instance.global("freed").get()).isEqualTo(4100);
    instance.function("give").call(4105);
    assertThat(instance.global("freed").get()).isEqualTo(4105);
    assertThat(instance.memory("memory").pages()).isEqualTo(1);
  }

  @Test
  void guestsOwnMallocIsUsed() {
    String text = OWN.replace("ALLOCATE", "malloc").replace("EXTRA", "").replace("PIN", "");
    try (Instance instance = instance(text.replace("RELEASE", "free"))) {
      usesItsOwn(instance);
    }
    try (Instance instance = instance(text.replace("RELEASE", "__release"))) {
      usesItsOwn(instance);
    }
    try (Instance instance = instance(text.replace("RELEASE", "release"))) {
      assertThat(instance.function("get").call(4).i32()).as("without free").isEqualTo(PAGE);
    }
  }

  @Test
  void assemblyScriptsAllocatorIsUsedWithItsPin() {
    String pin = "(func (export \"__pin\") (param i32) (result i32) (local.get 0))";
    String text = OWN.replace("ALLOCATE", "__new").replace("EXTRA", "(param i32)");
    try (Instance instance = instance(text.replace("PIN", pin).replace("RELEASE", "__unpin"))) {
      usesItsOwn(instance);
    }
  }

  @Test
  void ownMallocThatAsksTheLibraryGetsTheHostsMemory() {
    try (Instance instance =
        instance(
            """
            (module
              (import "env" "malloc" (func $malloc (param i32) (result i32)))
              (import "env" "free" (func $free (param i32)))
              (memory (export "memory") 1)
              (func (export "malloc") (param i32) (result i32) (call $malloc (local.get 0)))
              (func (export "free") (param i32) (call $free (local.get 0)))
              (func (export "get") (result i32) (call $malloc (i32.const 8))))
            """)) {
      assertThat(instance.function("get").call().i32()).isEqualTo(PAGE);
      assertThat(instance.function("malloc").call(8).i32()).isEqualTo(PAGE + 16);
    }
  }

  @Test
  void mallocThatIsExportedAsItIsGetsTheHostsMemory() {
    try (Instance instance =
        instance(
            """
            (module
              (import "env" "malloc" (func $malloc (param i32) (result i32)))
              (import "env" "free" (func $free (param i32)))
              (memory (export "memory") 1)
              (export "malloc" (func $malloc))
              (export "free" (func $free))
              (func (export "get") (result i32) (call $malloc (i32.const 8))))
            """)) {
      assertThat(instance.function("get").call().i32()).isEqualTo(PAGE);
    }
  }

  // ---- room for the host's own use ----

  private static final Engine ENGINE = Engine.create();

  private interface Use {
    void of(Libc.Guest libc, Instance instance);
  }

  private static void with(String module, Use use) {
    Libc.Guest libc = Libc.builtin().forInstance();
    try (Instance instance = ENGINE.load(module).instantiate(Imports.create().with(libc))) {
      use.of(libc, instance);
    }
  }

  @Test
  void hostPutsSomethingIntoTheGuestsMemory() {
    with(
        "(module (memory (export \"memory\") 1))",
        (libc, instance) -> {
          int address = libc.allocate(instance, 100);
          assertThat(address).isEqualTo(PAGE);
          libc.memory(instance).setI32(address, 42);
          assertThat(instance.memory("memory").i32(address)).isEqualTo(42);
          libc.free(instance, address);
          for (int i = 0; i < 10_000; i++) {
            libc.free(instance, libc.allocate(instance, 1_000));
          }
          assertThat(instance.memory("memory").size()).isEqualTo(2 * PAGE);
        });
  }

  @Test
  void whatLiesBehindHeapBaseIsLeftToGuestsThatAskNobodyForMemory() {
    String base = "(global (export \"__heap_base\") i32 (i32.const 5000))";
    String malloc = "(import \"env\" \"malloc\" (func (param i32) (result i32)))";
    with(
        "(module " + base + "(memory (export \"memory\") 1))",
        (libc, instance) -> assertThat(libc.allocate(instance, 1)).isEqualTo(PAGE));
    with(
        "(module " + malloc + base + "(memory (export \"memory\") 1))",
        (libc, instance) -> assertThat(libc.allocate(instance, 1)).isEqualTo(5008));
    // there is no other place
    with(
        "(module " + base + "(memory (export \"memory\") 1 1))",
        (libc, instance) -> assertThat(libc.allocate(instance, 1)).isEqualTo(5008));
    with(
        "(module (memory (export \"memory\") 1 1))",
        (libc, instance) -> assertThat(libc.allocate(instance, 1)).isZero());
  }

  @Test
  void hostUsesTheGuestsOwnAllocator() {
    with(
        """
        (module (memory (export "memory") 1)
          (func (export "malloc") (param i32) (result i32) (i32.add (local.get 0) (i32.const 8)))
          (func (export "free") (param i32) (i32.store (i32.const 0) (local.get 0))))
        """,
        (libc, instance) -> {
          assertThat(libc.allocate(instance, 100)).isEqualTo(108);
          libc.free(instance, 108);
          assertThat(instance.memory("memory").i32(0)).isEqualTo(108);
        });
  }

  @Test
  void guestWithoutMemoryHasNoRoom() {
    with(
        "(module)",
        (libc, instance) ->
            assertThatThrownBy(() -> libc.allocate(instance, 1))
                .isInstanceOf(LinkException.class)
                .hasMessage(
                    "there are messages for the guest, but the module exports no memory to put them"
                        + " into"));
  }
}
