package dev.sampan.wasi;

import dev.sampan.wasi.libc.Library;
import dev.sampan.wasi.libc.Linking;
import dev.sampan.wasi.libc.Settings;
import dev.sampan.wasi.libc.Startup;
import dev.sampan.wasm.ExitException;
import dev.sampan.wasm.ImportSource;
import dev.sampan.wasm.ImportType;
import dev.sampan.wasm.Importable;
import dev.sampan.wasm.Instance;
import dev.sampan.wasm.Memory;
import dev.sampan.wasm.WasmModule;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.OutputStream;
import java.util.List;
import java.util.Optional;

/**
 * The C library for guests that were built without WASI, such as those for devices: functions like
 * {@code printf}, {@code memcpy} and {@code malloc}, which they import from {@code env}. Names,
 * types and manners are those of the WebAssembly Micro Runtime's "libc-builtin". Immutable: each
 * method returns a changed copy. One configuration serves any number of instances.
 *
 * <p>Without further calls what a guest prints is discarded, and it can read the machine's
 * monotonic clock. It cannot reach anything else.
 *
 * <p>{@code exit} ends a guest with an {@link dev.sampan.wasm.ExitException}. An address outside of
 * memory, a string without end, and {@code abort} end it with a {@link dev.sampan.wasm.Trap}.
 *
 * <p>Memories and tables that a module imports from {@code env} are made for it, if no other source
 * of imports has them.
 */
public final class Libc implements ImportSource {

  private static final Libc NOTHING = new Libc(Settings.NOTHING);

  private final Settings settings;

  private Libc(Settings settings) {
    this.settings = settings;
  }

  /** The library with nothing granted. */
  public static Libc builtin() {
    return NOTHING;
  }

  /** Where the guest's standard output goes. The stream is flushed, and never closed. */
  public Libc stdout(OutputStream stream) {
    return new Libc(settings.stdout(stream));
  }

  /**
   * Gives the guest the standard output of this process itself, whatever {@link System#setOut}
   * says.
   */
  public Libc inheritStdio() {
    return stdout(new FileOutputStream(FileDescriptor.out));
  }

  /** The time that the guest sees; only the monotonic clock is used. */
  public Libc clock(Clocks clocks) {
    return new Libc(settings.clocks(clocks));
  }

  /** Hides the time: {@code clock_gettime} and {@code clock} give -1. */
  public Libc withoutClocks() {
    return new Libc(settings.clocks(null));
  }

  /** Takes the standard output away: what is written is discarded. */
  public Libc withoutStdio() {
    return new Libc(settings.stdout(Settings.NOTHING.stdout()));
  }

  /**
   * How many bytes a guest may print, by default 16 GiB. With more it ends with an {@link
   * dev.sampan.wasm.ExhaustedException}.
   *
   * @throws IllegalArgumentException if the number is negative
   */
  public Libc maxOutput(long bytes) {
    if (bytes < 0) {
      throw new IllegalArgumentException("a limit is negative: " + bytes);
    }
    return new Libc(settings.maxOutput(bytes));
  }

  /**
   * The function by which a program without {@code _start} begins: {@code main}, {@code
   * __main_argc_argv} or {@code _main}, with or without arguments; empty if the module exports
   * none.
   */
  public static Optional<String> main(WasmModule module) {
    return Startup.main(module);
  }

  /**
   * A function that tells whether it is known but cannot be called: only {@link #forInstance} gives
   * some that can.
   */
  @Override
  public Optional<? extends Importable> resolve(ImportType wanted) {
    return Linking.resolve(wanted);
  }

  /** The library of one instance. Whoever wants to run the instance's main makes it himself. */
  @Override
  public Guest forInstance() {
    return new Guest(new Library(settings));
  }

  /** The library of one instance: its imports, with the state that belongs to it. */
  public static final class Guest implements ImportSource, AutoCloseable {

    private final Library library;

    private Guest(Library library) {
      this.library = library;
    }

    @Override
    public Optional<? extends Importable> resolve(ImportType wanted) {
      return library.resolve(wanted);
    }

    @Override
    public boolean makes(ImportType wanted) {
      return Linking.makes(wanted);
    }

    /**
     * Runs the instance as a program: calls the constructors that it exports, then its {@link
     * Libc#main main}.
     *
     * @param instance the instance that was made with this library
     * @param args the arguments, the program's name first
     * @return the exit status: what main returned, or gave to {@code exit}
     * @throws IllegalArgumentException if there is no main
     */
    public int main(Instance instance, List<String> args) {
      args.forEach(
          arg -> {
            if (arg.indexOf('\0') >= 0) {
              throw new IllegalArgumentException("NUL in argument: " + arg.replace('\0', '?'));
            }
          });
      try {
        return Startup.run(library, instance, args);
      } catch (ExitException e) {
        return e.status();
      }
    }

    /**
     * Room in the instance's memory for something that its host wants to tell it: from the
     * allocator that the guest exports ({@code malloc} and {@code free}, or {@code __new}, {@code
     * __pin} and {@code __unpin}), else from the heap that the host keeps in its memory.
     *
     * @param instance the instance that was made with this library
     * @param size how many bytes
     * @return the address, or 0 if there is no room
     * @throws dev.sampan.wasm.LinkException if the instance has no memory that the host can reach
     * @throws dev.sampan.wasm.WasmException if the guest's own allocator fails
     */
    public int allocate(Instance instance, int size) {
      return library.allocate(instance, size);
    }

    /** Takes back what {@link #allocate} has given. */
    public void free(Instance instance, int address) {
      library.free(instance, address);
    }

    /** The memory in which {@link #allocate} finds room. */
    public Memory memory(Instance instance) {
      return library.memory(instance);
    }

    /** Forgets the instance; the engine does so when it is closed. */
    @Override
    public void close() {
      library.close();
    }
  }
}
