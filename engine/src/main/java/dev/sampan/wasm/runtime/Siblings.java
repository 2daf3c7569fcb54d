package dev.sampan.wasm.runtime;

import dev.sampan.wasm.Trap;
import dev.sampan.wasm.WasmException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The instances of one guest that has several threads, each in an instance of its own. What ends
 * one of them ends all, for the same reason; and they are paused and go on together.
 */
final class Siblings {

  private final ModuleInstance first;
  private final List<ModuleInstance> members = new ArrayList<>();
  private @Nullable WasmException ending;
  private boolean paused;

  Siblings(ModuleInstance first) {
    this.first = first;
    members.add(first);
  }

  /** Adds an instance, paused if all are; fails if all have been ended. */
  synchronized void add(ModuleInstance instance) {
    if (ending != null) {
      throw ending;
    }
    members.add(instance);
    if (paused) {
      instance.pauseAlone();
    }
  }

  /** Pauses all, also those that are added later. */
  synchronized void pause() {
    paused = true;
    members.forEach(ModuleInstance::pauseAlone);
  }

  /** Lets all go on. */
  synchronized void resume() {
    paused = false;
    members.forEach(ModuleInstance::resumeAlone);
  }

  /** An instance is closed; with the first one, all end. */
  void closed(ModuleInstance instance) {
    synchronized (this) {
      members.remove(instance);
    }
    if (instance == first) {
      end(new Trap(Trap.Kind.INSTANCE_CLOSED));
    }
  }

  /**
   * Ends all because of what was thrown in one of them.
   *
   * @return what that one is to throw: the first reason there was
   */
  RuntimeException end(RuntimeException thrown) {
    WasmException reason =
        thrown instanceof WasmException known
            ? known
            : new Trap(
                Trap.Kind.INTERRUPTED,
                Trap.Kind.INTERRUPTED.message()
                    + ": a function of the host failed in another thread of the guest: "
                    + thrown);
    List<ModuleInstance> all;
    synchronized (this) {
      if (ending != null) {
        return ending;
      }
      ending = reason;
      all = List.copyOf(members);
    }
    all.forEach(each -> each.stopWith(reason));
    return thrown;
  }
}
