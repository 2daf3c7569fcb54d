package dev.sampan.apps.service;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sampan.apps.Manifest;
import dev.sampan.apps.Permissions;
import dev.sampan.apps.TestGuests;
import dev.sampan.apps.service.Puppet.Do;
import dev.sampan.apps.wire.Action;
import dev.sampan.apps.wire.Request;
import dev.sampan.apps.wire.Response;
import dev.sampan.apps.wire.Status;
import org.junit.jupiter.api.Test;

/** Where messages lie while a guest handles them. */
class GuestMemoryTest extends HostedTest {

  private static final int PAGE = 65_536;

  private Puppet with(String name, String allocator) {
    return Puppet.start(
        host, name, Permissions.NONE, s -> s, Puppet.module().replace(";; ALLOCATOR", allocator));
  }

  private static void assertThatItEchoes(Puppet puppet, int bytes) {
    for (int i = 0; i < 3; i++) {
      Response response = answered(puppet.ask(Action.PUT, "echo", new byte[bytes]));
      assertThat(response.payload()).hasSize(bytes);
    }
  }

  @Test
  void guestWithoutAllocatorGetsMessagesInPagesThatTheHostAdds() {
    Puppet puppet = Puppet.start(host, "p", Permissions.NONE);
    assertThat(host.memory("p")).isEqualTo(5 * PAGE);
    assertThatItEchoes(puppet, 20_000);
    assertThat(host.memory("p")).isEqualTo(6 * PAGE);
    // what was given is taken back
    for (int i = 0; i < 100; i++) {
      assertThatItEchoes(puppet, 20_000);
    }
    assertThat(host.memory("p")).isEqualTo(6 * PAGE);
  }

  @Test
  void heapBeginsAtHeapBaseIfTheGuestTakesItsMemoryFromThere() {
    // the guest asks the host for memory, so nobody else uses what lies behind the base
    Puppet puppet =
        Puppet.start(
            host,
            "p",
            Permissions.NONE,
            s -> s,
            Puppet.module()
                .replace(
                    "(import \"env\" \"puts\"",
                    "(import \"env\" \"malloc\" (func (param i32) (result i32)))"
                        + "(import \"env\" \"puts\"")
                .replace(
                    ";; ALLOCATOR", "(global (export \"__heap_base\") i32 (i32.const 0x48000))"));
    assertThatItEchoes(puppet, 20_000);
    assertThat(host.memory("p")).isEqualTo(5 * PAGE);
  }

  @Test
  void whatLiesBehindHeapBaseIsLeftToAGuestThatMayHaveAnAllocatorOfItsOwn() {
    Puppet puppet = with("p", "(global (export \"__heap_base\") i32 (i32.const 0x48000))");
    assertThatItEchoes(puppet, 20_000);
    assertThat(host.memory("p")).isEqualTo(6 * PAGE);
  }

  @Test
  void memoryThatCannotGrowIsUsedBehindHeapBase() {
    String module =
        Puppet.module()
            .replace("(memory (export \"memory\") 5)", "(memory (export \"memory\") 5 5)")
            .replace(";; ALLOCATOR", "(global (export \"__heap_base\") i32 (i32.const 0x48000))");
    assertThatItEchoes(Puppet.start(host, "p", Permissions.NONE, s -> s, module), 20_000);
  }

  @Test
  void guestsOwnAllocatorIsUsedAndGetsItsMemoryBack() {
    Puppet puppet =
        with(
            "p",
            """
            (func (export "malloc") (param i32) (result i32)
              (i32.store (i32.const 12) (i32.add (i32.load (i32.const 12)) (i32.const 1)))
              (i32.const 0x41000))
            (func (export "free") (param i32)
              (if (i32.ne (local.get 0) (i32.const 0x41000)) (then unreachable))
              (i32.store (i32.const 12) (i32.sub (i32.load (i32.const 12)) (i32.const 1)))
              (if (i32.load (i32.const 12)) (then unreachable)))
            """);
    assertThatItEchoes(puppet, 20_000);
    assertThat(host.memory("p")).isEqualTo(5 * PAGE);
    // also when the call has failed
    puppet.ask(Action.POST, "do", Puppet.order(Do.TRAP, NOTHING));
    assertThatItEchoes(puppet, 20_000);
    assertThat(puppet.log().split("unreachable", -1)).hasSize(2);
  }

  @Test
  void allocatorOfAssemblyScriptIsUsed() {
    Puppet puppet =
        with(
            "p",
            """
            (global $pinned (mut i32) (i32.const 0))
            (func (export "__new") (param i32 i32) (result i32)
              (if (local.get 1) (then unreachable))
              (i32.const 0x41000))
            (func (export "__pin") (param i32) (result i32)
              (global.set $pinned (i32.add (global.get $pinned) (i32.const 1)))
              (local.get 0))
            (func (export "__unpin") (param i32)
              (global.set $pinned (i32.sub (global.get $pinned) (i32.const 1)))
              (if (global.get $pinned) (then unreachable)))
            """);
    assertThatItEchoes(puppet, 20_000);
    assertThat(host.memory("p")).isEqualTo(5 * PAGE);
    assertThat(puppet.log()).doesNotContain("failed");
  }

  @Test
  void messageForWhichThereIsNoRoomIsRefusedAndTheAppGoesOn() {
    Puppet puppet =
        with(
            "p",
            """
            (func (export "malloc") (param i32) (result i32)
              (select (i32.const 0) (i32.const 0x41000)
                (i32.gt_u (local.get 0) (i32.const 1000))))
            (func (export "free") (param i32))
            """);
    Framework.Refusal refusal = refused(puppet.ask(Action.PUT, "echo", new byte[2_000]));
    assertThat(refusal.status()).isEqualTo(Status.INTERNAL_ERROR);
    assertThat(refusal.why()).contains("no room for a message of");
    assertThatItEchoes(puppet, 100);
  }

  @Test
  void guestWithoutMemoryHearsOnlyOfWhatNeedsNone() throws Exception {
    host.install(
        "bare",
        Manifest.SERVICE,
        TestGuests.module(
            "(module (func (export \"on_init\"))"
                + " (func (export \"on_request\") (param i32 i32)))"));
    host.start("bare");
    Framework.Refusal refusal =
        refused(host.ask("bare", new Request(Action.GET, 0, 0, 0, "x", NOTHING)));
    assertThat(refusal.why())
        .isEqualTo(
            "'bare': it failed: cannot be linked: there are messages for the guest, but the module"
                + " exports no memory to put them into");
  }
}
