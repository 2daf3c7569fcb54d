package dev.sampan.wasm;

import java.util.List;
import java.util.Optional;

/**
 * A module brought to life: its memories, tables, globals and functions.
 *
 * <p>An instance belongs to one thread at a time. A second thread that calls into it while the
 * first is inside gets an {@link IllegalStateException}, and nothing is harmed.
 */
public interface Instance extends AutoCloseable {

  /** The module. */
  WasmModule module();

  /** The names of the exports, in the module's order. */
  List<String> exportNames();

  /**
   * An export by its name.
   *
   * @throws Trap if the instance is closed
   */
  Optional<Extern> export(String name);

  /**
   * An exported function.
   *
   * @throws IllegalArgumentException if there is no such function
   */
  Func function(String name);

  /**
   * An exported memory.
   *
   * @throws IllegalArgumentException if there is no such memory
   */
  Memory memory(String name);

  /**
   * An exported table.
   *
   * @throws IllegalArgumentException if there is no such table
   */
  Table table(String name);

  /**
   * An exported global.
   *
   * @throws IllegalArgumentException if there is no such global
   */
  Global global(String name);

  /**
   * The exported functions as a Java interface. The method {@code readFile} is looked for as {@code
   * readFile}, {@code read_file} and {@code read-file}, or by its {@link WasmName}. Java types are
   * those of {@link Func#handle}, and {@code boolean} for an {@code i32}; any class stands for a
   * reference.
   *
   * @param type an interface; default methods keep their meaning
   * @throws LinkException if a method has no export of its name and type
   */
  <T> T as(Class<T> type);

  /**
   * Another instance of the module for another thread of the same guest. It shares what this
   * instance has imported, above all a shared memory, and has tables, globals and memories of its
   * own where the module defines them. Active segments are not written to imported memories and
   * tables again; the start function runs again.
   *
   * <p>From then on the instances are one guest: what one of them throws to whoever called it, all
   * of them throw, within milliseconds and at each later call; and when this instance is stopped or
   * closed, they end. They use the memory and the fuel of this instance.
   *
   * @throws WasmException if the start function fails, or the guest has ended
   */
  Instance sibling();

  /** The instance's fuel, if its {@link ResourceLimits} limit it. */
  Optional<Fuel> fuel();

  /**
   * The most bytes that memories, tables, structures and arrays which the instance has made took
   * together so far: what {@link ResourceLimits#maxMemory} limits. Structures and arrays are
   * counted by samples, in steps of 64 KiB. Can be asked for after the instance was closed, too.
   */
  long peakMemory();

  /**
   * Keeps the present state, so that this and other instances of the module can be brought back to
   * it: what {@link InstancePool} does. Objects of the guest can change without anybody noticing,
   * and imports may have state of their own, such as open files; with these there is no snapshot.
   *
   * @return the state, or empty if structures or arrays are part of it, or imports keep state
   * @throws IllegalStateException if a thread is inside
   * @throws Trap if the instance is closed
   */
  Optional<Snapshot> snapshot();

  /**
   * Holds the guest where it is, from any thread: whoever computes in it waits within milliseconds,
   * and so does whoever calls a function of it, calls a {@link HostFunction} from it, or comes back
   * from one. A thread that comes back from a method of a Java interface, or is in the code of
   * another instance, is held when it is in this one's code again, at the latest after two seconds.
   * All instances of a guest ({@link #sibling}) are held together.
   *
   * <p>The instance's timeout ({@link ResourceLimits#timeout}) stands still meanwhile; clocks go
   * on, and what is waited for in the host may come. A thread that is held and interrupted ({@link
   * Thread#interrupt}) ends its call with a {@link Trap} of kind {@link Trap.Kind#INTERRUPTED}.
   *
   * <p>Does not wait until the guest is held, and does nothing if it is paused, stopped or closed.
   */
  void pause();

  /** Lets a guest go on that was {@link #pause paused}; does nothing if it is not. */
  void resume();

  /**
   * Stops the guest, for good: from any thread, whatever the guest is doing. The call that is
   * running ends within milliseconds with a {@link Trap} of kind {@link Trap.Kind#INTERRUPTED},
   * which the guest cannot catch; later calls end with the same at once. A thread that is blocked
   * in a host function is interrupted ({@link Thread#interrupt}); the interrupt does not outlast
   * the call. A guest that is paused is stopped, too. Does not wait until the guest has ended, and
   * does nothing if the instance was stopped before.
   *
   * <p>The instance's memories, tables and globals can still be looked at, but may be in the middle
   * of a change. It should be closed.
   *
   * @param reason becomes part of the message
   */
  void stop(String reason);

  /** Ends the instance: later calls of its functions trap. Memory is given back. */
  @Override
  void close();
}
