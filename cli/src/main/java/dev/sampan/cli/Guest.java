package dev.sampan.cli;

import dev.sampan.cli.Syntax.Option;
import dev.sampan.wasi.Libc;
import dev.sampan.wasi.Policy;
import dev.sampan.wasi.Wasi;
import dev.sampan.wasm.Engine;
import dev.sampan.wasm.ExhaustedException;
import dev.sampan.wasm.ExitException;
import dev.sampan.wasm.Imports;
import dev.sampan.wasm.Instance;
import dev.sampan.wasm.Resource;
import dev.sampan.wasm.WasmException;
import dev.sampan.wasm.WasmModule;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntSupplier;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/** A guest: its module, what it is given, and how it is run. */
final class Guest {

  private static final String AUDIT = "--audit";
  private static final String EXPLAIN = "--explain";
  private static final String STATS = "--stats";

  /** What the host's own code needs of a guest's stack. */
  private static final int HOST_STACK_BYTES = 256 << 10;

  private final Line line;
  private final Console console;
  private final Policy policy;
  private final @Nullable Stats stats;
  private final Path file;
  private final WasmModule module;
  private final Libc.Guest libc;

  private Guest(Line line, Console console, Policy policy, Engine engine) {
    this.line = line;
    this.console = console;
    this.policy = policy;
    this.stats = line.has(STATS) ? new Stats() : null;
    this.file = line.file(0);
    this.module = ModuleFile.read(file, console).load(engine);
    this.libc = policy.libc(console.grantStreams(Libc.builtin())).forInstance();
    if (stats != null) {
      stats.loaded();
    }
  }

  /** Adds what all guests' options are, and lets all behind the file belong to the guest. */
  static void addOptions(Syntax syntax) {
    PolicyOptions.addTo(syntax);
    syntax
        .option(
            Option.flag(
                EXPLAIN,
                "Print what the module imports, what it is given of that and what not, and its"
                    + " limits; run nothing. Ends with 1 if an import is missing."))
        .option(
            Option.value(
                AUDIT,
                "FILE",
                "Add each decision about files, network and threads to FILE, as a line of JSON;"
                    + " - is standard error."))
        .option(
            Option.flag(
                STATS,
                "Print fuel, if it is limited, peak memory and the time to load, to compile and to"
                    + " run on standard error."))
        .option(Options.mode())
        .option(Options.cache());
    syntax.endOptionsWithFirstOperand();
  }

  /**
   * Loads the module that a command line names.
   *
   * @param work is done with it then; gives the exit code
   * @throws Failure if there is none, or the options make no sense
   */
  static int with(Line line, Console console, ToIntFunction<Guest> work) {
    Policy policy = PolicyOptions.policy(line);
    try (Engine engine = Options.cachingEngine(line)) {
      Guest guest = new Guest(line, console, policy, engine);
      return line.has(EXPLAIN) ? guest.explain() : work.applyAsInt(guest);
    }
  }

  Path file() {
    return file;
  }

  WasmModule module() {
    return module;
  }

  /** A guest's arguments: its name, as a program has it, and what follows. */
  private List<String> withName(List<String> arguments) {
    List<String> args = new ArrayList<>();
    args.add(String.valueOf(file.getFileName()));
    args.addAll(arguments);
    return args;
  }

  private Imports imports(List<String> arguments, @Nullable AuditLog audit) {
    Wasi wasi = policy.wasi(console.grantStreams(Wasi.preview1().args(withName(arguments))));
    return Imports.create().with(libc).with(audit == null ? wasi : wasi.audit(audit));
  }

  /** Runs the main of a program that was built without WASI. */
  int main(Instance instance, List<String> arguments) {
    return libc.main(instance, withName(arguments));
  }

  private int explain() {
    return Explainer.print(file, policy, policy.explain(module, imports(List.of(), null)), console);
  }

  /**
   * Makes the instance, and does something with it.
   *
   * @param arguments what the guest is given as arguments, behind its own name
   * @param body gives the exit code if the guest does not end itself
   * @return the exit code
   * @throws Failure if it cannot be linked or is stopped
   */
  int run(List<String> arguments, ToIntFunction<Instance> body) {
    try (AuditLog audit = line.has(AUDIT) ? AuditLog.open(line.value(AUDIT), console) : null;
        Interruption interruption = Interruption.of(console)) {
      Imports imports = imports(arguments, audit);
      try {
        return onOwnThread(() -> live(imports, interruption, body));
      } catch (ExitException e) {
        return e.status();
      } catch (WasmException e) {
        if (interruption != null && interruption.hasHappened()) {
          return ExitCode.TRAP;
        }
        throw Failure.of(file, withLimit(e));
      } catch (UncheckedIOException e) {
        // a folder was granted that the command itself must not enter, or the audit's disk is full
        throw new Failure(ExitCode.FAILED, String.valueOf(e.getMessage()), e);
      } finally {
        if (stats != null) {
          console.flush();
          stats.print(module, console.err());
        }
      }
    }
  }

  private int live(
      Imports imports, @Nullable Interruption interruption, ToIntFunction<Instance> body) {
    try (Instance instance = module.instantiate(imports, any -> policy.limits())) {
      if (stats != null) {
        stats.instance(instance);
      }
      if (interruption != null) {
        interruption.guest(instance);
      }
      return body.applyAsInt(instance);
    }
  }

  /** Compiled code does not know how large its stack is. */
  private WasmException withLimit(WasmException e) {
    if (!(e instanceof ExhaustedException exhausted)
        || exhausted.resource() != Resource.CALL_STACK
        || exhausted.limit() >= 0) {
      return e;
    }
    int limit = policy.limits().maxStack();
    ExhaustedException told =
        new ExhaustedException(
            Resource.CALL_STACK, limit, -1, Resource.CALL_STACK.exhausted(limit, -1), e);
    told.setStackTrace(e.getStackTrace());
    return told;
  }

  /**
   * Runs a guest on a thread of its own, because the stack of the first thread is an eighth of what
   * native programs have. Of the stack nothing is taken but what is used.
   */
  private int onOwnThread(IntSupplier body) {
    int[] exitCode = new int[1];
    @Nullable Throwable[] thrown = new Throwable[1];
    long stackBytes = (long) Limit.VALUE_BYTES * policy.limits().maxStack() + HOST_STACK_BYTES;
    Thread guest =
        Thread.ofPlatform()
            .name("guest")
            .stackSize(stackBytes)
            .start(
                () -> {
                  try {
                    exitCode[0] = body.getAsInt();
                  } catch (RuntimeException | Error e) {
                    thrown[0] = e;
                  }
                });
    boolean interrupted = false;
    while (guest.isAlive()) {
      try {
        guest.join();
      } catch (InterruptedException e) {
        interrupted = true;
        guest.interrupt();
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    return switch (thrown[0]) {
      case null -> exitCode[0];
      case RuntimeException e -> throw e;
      case Error e -> throw e;
      default -> throw new AssertionError(thrown[0]);
    };
  }
}
