package dev.sampan.wasi.libc;

import dev.sampan.wasi.Clocks;
import dev.sampan.wasm.Call;
import dev.sampan.wasm.ExitException;
import dev.sampan.wasm.HostFunction;
import dev.sampan.wasm.ImportType;
import dev.sampan.wasm.Importable;
import dev.sampan.wasm.Instance;
import dev.sampan.wasm.Memory;
import dev.sampan.wasm.Trap;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** The library for one instance: its output, its heap, and the way from a function to its code. */
public final class Library {

  private static final int TIMESPEC_BYTES = 16;
  private static final long NANOS = TimeUnit.SECONDS.toNanos(1);

  private final Settings settings;
  private final Output output;
  private final Allocation allocation = new Allocation();

  /** A library without state yet. */
  public Library(Settings settings) {
    this.settings = settings;
    this.output = new Output(settings.stdout(), settings.maxOutput());
  }

  /** Who gives the guest memory. */
  Allocation allocation() {
    return allocation;
  }

  /** Room in the instance's memory for the host's own use, or 0 if there is none. */
  public int allocate(Instance instance, int size) {
    return allocation.allocate(instance, memory(instance), size);
  }

  /** Takes back what {@link #allocate} has given. */
  public void free(Instance instance, int address) {
    allocation.free(instance, memory(instance), address);
  }

  /** The memory in which {@link #allocate} finds room. */
  public Memory memory(Instance instance) {
    return allocation.room(instance, "there are messages for the guest");
  }

  /** What an import means, or empty if the library does not know it. */
  public Optional<? extends Importable> resolve(ImportType wanted) {
    return Linking.resolve(wanted, this::function);
  }

  /** Forgets what the library knows of the instance. */
  public void close() {
    allocation.close();
  }

  /**
   * A function to be called by the guest.
   *
   * @param name its name in {@link LibraryFunction}
   */
  private HostFunction function(String name) {
    LibraryFunction function = LibraryFunction.named(name);
    if (function == LibraryFunction.CLOCK) {
      Clocks clocks = settings.clocks();
      return call -> call.result(clocks == null ? -1 : clocks.monotonic());
    }
    Signature signature = function.signature();
    boolean returns = !signature.type().results().isEmpty();
    return call -> {
      int result = run(function, name, checked(signature, call));
      if (returns) {
        call.result(result);
      }
    };
  }

  private Invocation checked(Signature signature, Call call) {
    if (!signature.hasAddresses()) {
      return new Invocation(call, null, new long[0]);
    }
    Space space = new Space(allocation.memory(call));
    return new Invocation(call, space, signature.check(call, space));
  }

  private static Trap aborted(String what) {
    return new Trap(Trap.Kind.ABORTED, Trap.Kind.ABORTED.message() + ": " + what);
  }

  private static int flag(boolean value) {
    return value ? 1 : 0;
  }

  private int run(LibraryFunction function, String name, Invocation in) {
    return switch (function) {
      case PRINTF -> Format.print(in.space(), in.unsigned(0), in.unsigned(1), Sink.to(output));
      case SPRINTF -> formatUnbounded(in);
      case SNPRINTF -> formatBounded(in);
      case PUTS -> puts(in);
      case PUTCHAR -> output.write(new byte[] {(byte) in.i32(0)}, 1) ? 1 : -1;

      case MEMCMP -> Blocks.compare(in);
      case MEMMOVE -> Blocks.move(in);
      case MEMSET -> Blocks.fill(in);
      case MEMCHR -> Blocks.find(in);

      case STRLEN -> (int) in.length(0);
      case STRCHR -> Strings.find(in);
      case STRCMP -> Strings.compare(in);
      case STRNCMP -> Blocks.compareStrings(in);
      case STRNCASECMP -> Strings.compareIgnoringCase(in);
      case STRSTR -> Strings.search(in);
      case STRSPN -> Strings.span(in, true);
      case STRCSPN -> Strings.span(in, false);
      case STRCPY -> Strings.copy(in);
      case STRNCPY -> Strings.copyBounded(in);
      case STRDUP -> duplicate(in);

      case MALLOC, CXA_ALLOCATE_EXCEPTION -> allocation.allocate(in.call(), in.unsigned(0));
      case CALLOC -> allocation.allocateZeroed(in.call(), in.unsigned(0), in.unsigned(1));
      case REALLOC -> allocation.reallocate(in.call(), in.i32(0), in.unsigned(1));
      case FREE -> {
        in.space().check(in.i32(0), 4);
        allocation.free(in.call(), in.i32(0));
        yield 0;
      }

      case ATOI -> Numbers.decimal(in);
      case STRTOL -> Numbers.signed(in);
      case STRTOUL -> Numbers.unsigned(in);

      case ISUPPER -> flag(Characters.isUpper(in.i32(0)));
      case ISALPHA -> flag(Characters.isAlpha(in.i32(0)));
      case ISSPACE -> flag(Characters.isSpace(in.i32(0)));
      case ISGRAPH -> flag(Characters.isGraphic(in.i32(0)));
      case ISPRINT -> flag(Characters.isPrintable(in.i32(0)));
      case ISDIGIT -> flag(Characters.isDigit(in.i32(0)));
      case ISXDIGIT -> flag(Characters.isHexDigit(in.i32(0)));
      case ISALNUM -> flag(Characters.isAlphanumeric(in.i32(0)));
      case TOLOWER -> Characters.toLower(in.i32(0));
      case TOUPPER -> Characters.toUpper(in.i32(0));

      case EXIT -> throw new ExitException(in.i32(0));
      case ABORT -> throw aborted("%s.%s(%d)".formatted(LibraryFunction.MODULE, name, in.i32(0)));
      case CXA_BEGIN_CATCH -> 0;
      case CXA_THROW -> throw aborted("exception thrown by stdc++");

      case CLOCK_GETTIME -> time(in);
      case CLOCK -> throw new AssertionError("clock gives an i64, please report");
    };
  }

  private static int formatUnbounded(Invocation in) {
    Space space = in.space();
    long target = in.unsigned(0);
    Sink sink = Sink.to(space, target, space.memory().size() - target);
    return Format.print(space, in.unsigned(1), in.unsigned(2), sink);
  }

  private static int formatBounded(Invocation in) {
    Sink sink = Sink.to(in.space(), in.unsigned(0), in.unsigned(1));
    return Format.print(in.space(), in.unsigned(2), in.unsigned(3), sink);
  }

  private int puts(Invocation in) {
    Sink sink = Sink.to(output);
    ByteReader reader = new ByteReader(in.space());
    for (long i = 0; i < in.length(0); i++) {
      sink.put(reader.at(in.unsigned(0) + i));
    }
    sink.put('\n');
    return sink.finish();
  }

  private int duplicate(Invocation in) {
    long size = in.length(0) + 1;
    int copy = allocation.allocate(in.call(), size);
    if (copy != 0) {
      in.space().move(Space.unsigned(copy), in.unsigned(0), size);
    }
    return copy;
  }

  /** The clock that never goes back, whichever is asked for. */
  private int time(Invocation in) {
    in.space().check(in.i32(1), TIMESPEC_BYTES);
    Clocks clocks = settings.clocks();
    if (clocks == null) {
      return -1;
    }
    long now = clocks.monotonic();
    in.space().set64(in.unsigned(1), now / NANOS);
    in.space().set32(in.unsigned(1) + 8, (int) (now % NANOS));
    return 0;
  }
}
