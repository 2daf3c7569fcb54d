package dev.sampan.wasm.script;

import dev.sampan.wasm.Engine;
import dev.sampan.wasm.ExhaustedException;
import dev.sampan.wasm.GuestException;
import dev.sampan.wasm.ImportType;
import dev.sampan.wasm.Importable;
import dev.sampan.wasm.Imports;
import dev.sampan.wasm.Instance;
import dev.sampan.wasm.InvalidException;
import dev.sampan.wasm.LinkException;
import dev.sampan.wasm.MalformedException;
import dev.sampan.wasm.Trap;
import dev.sampan.wasm.WasmModule;
import dev.sampan.wasm.script.Command.ActionFailure;
import dev.sampan.wasm.script.Command.ModuleFailure;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Runs a script's commands, in a thread of the script's own if it says so.
 *
 * <p>A command that fails does not end the script; the others are run all the same.
 */
public final class ScriptRunner {

  /** How long a script waits for one of its threads. */
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  /** What a command should have done; thrown when it did something else. */
  private static final class Unexpected extends Exception {
    private static final long serialVersionUID = 1L;

    private final String expected;
    private final String found;

    Unexpected(String expected, String found, @Nullable Throwable cause) {
      super(expected, cause, false, false);
      this.expected = expected;
      this.found = found;
    }
  }

  private final Engine engine;
  private final String script;
  private final Map<String, Importable> specTest;
  private final Map<String, Instance> registered = new HashMap<>();
  private final Map<String, Instance> instances = new HashMap<>();
  private final Map<String, WasmModule> definitions = new HashMap<>();
  private final Map<String, CompletableFuture<ScriptResult>> threads = new HashMap<>();
  private final List<ScriptResult.Failure> failures = new ArrayList<>();
  private @Nullable Instance latest;
  private @Nullable WasmModule latestDefinition;
  private int passed;

  private ScriptRunner(Engine engine, String script) {
    this.engine = engine;
    this.script = script;
    this.specTest = SpecTest.externs(engine);
  }

  /** Runs a script. */
  public static ScriptResult run(Script script, Engine engine) {
    return new ScriptRunner(engine, script.name()).runAll(script.commands());
  }

  private ScriptResult runAll(List<Command> commands) {
    commands.forEach(this::attempt);
    int lastLine = commands.isEmpty() ? 1 : commands.getLast().line();
    List.copyOf(threads.keySet()).forEach(id -> attempt(new Command.Wait(lastLine, id)));
    return new ScriptResult(script, passed, failures);
  }

  private void attempt(Command command) {
    try {
      run(command);
      passed++;
    } catch (Unexpected e) {
      failures.add(
          new ScriptResult.Failure(script, command.line(), e.expected, e.found, e.getCause()));
    } catch (Throwable e) {
      // whatever it is, it is this command's failure and not the end of the script
      failures.add(new ScriptResult.Failure(script, command.line(), "success", describe(e), e));
    }
  }

  private void run(Command command) throws Unexpected {
    switch (command) {
      case Command.Instantiate c -> {
        latest = null;
        keep(c.module().id(), instantiate(engine.load(c.module().bytes())));
      }
      case Command.Define c -> {
        WasmModule module = engine.load(c.module().bytes());
        latestDefinition = module;
        String id = c.module().id();
        if (id != null) {
          definitions.put(id, module);
        }
      }
      case Command.InstantiateDefined c -> {
        latest = null;
        WasmModule module =
            c.definition() == null ? latestDefinition : definitions.get(c.definition());
        if (module == null) {
          throw new Unexpected("a module $" + c.definition(), "none", null);
        }
        keep(c.id(), instantiate(module));
      }
      case Command.Register c -> registered.put(c.name(), instance(c.instance()));
      case Command.Perform c -> perform(c.action());
      case Command.AssertReturn c -> {
        List<@Nullable Object> values = perform(c.action());
        if (!ResultCheck.matches(c.results(), values)) {
          throw new Unexpected(c.results().toString(), ResultCheck.describe(values), null);
        }
      }
      case Command.AssertFailure c ->
          assertFailure(type(c.failure()), c.message(), () -> perform(c.action()));
      case Command.AssertModule c -> assertModule(c);
      case Command.StartThread c -> startThread(c);
      case Command.Wait c -> await(c.thread());
    }
  }

  private void keep(@Nullable String id, Instance instance) {
    latest = instance;
    if (id != null) {
      instances.put(id, instance);
    }
  }

  private Instance instantiate(WasmModule module) {
    return module.instantiate(Imports.create().with(this::resolve));
  }

  private Optional<? extends Importable> resolve(ImportType wanted) {
    Instance instance = registered.get(wanted.module());
    if (instance != null) {
      return instance.export(wanted.name());
    }
    return wanted.module().equals(SpecTest.NAME)
        ? Optional.ofNullable(specTest.get(wanted.name()))
        : Optional.empty();
  }

  private Instance instance(@Nullable String id) throws Unexpected {
    Instance instance = id == null ? latest : instances.get(id);
    if (instance == null) {
      throw new Unexpected(id == null ? "an instance" : "an instance $" + id, "none", null);
    }
    return instance;
  }

  private List<@Nullable Object> perform(Action action) throws Unexpected {
    Instance instance = instance(action.instance());
    return switch (action) {
      case Action.Invoke invoke ->
          instance.function(invoke.name()).call(invoke.arguments().toArray()).toList();
      case Action.Get get -> Collections.singletonList(instance.global(get.name()).get());
    };
  }

  // Failures that are wanted

  private interface Attempt {
    Object run() throws Unexpected;
  }

  private static Class<? extends Throwable> type(ActionFailure failure) {
    return switch (failure) {
      case TRAP -> Trap.class;
      case EXHAUSTION -> ExhaustedException.class;
      case EXCEPTION -> GuestException.class;
    };
  }

  private static Class<? extends Throwable> type(ModuleFailure failure) {
    return switch (failure) {
      case MALFORMED, MALFORMED_CUSTOM -> MalformedException.class;
      case INVALID, INVALID_CUSTOM -> InvalidException.class;
      case UNLINKABLE -> LinkException.class;
      case TRAP -> Trap.class;
    };
  }

  private void assertModule(Command.AssertModule command) throws Unexpected {
    assertFailure(
        type(command.failure()),
        command.message(),
        () -> {
          WasmModule module = engine.load(command.module().bytes());
          return switch (command.failure()) {
            case UNLINKABLE, TRAP -> instantiate(module);
            case MALFORMED, MALFORMED_CUSTOM, INVALID, INVALID_CUSTOM -> module;
          };
        });
  }

  private static void assertFailure(
      Class<? extends Throwable> type, String message, Attempt attempt) throws Unexpected {
    String expected = type.getSimpleName() + " \"" + message + "\"";
    try {
      attempt.run();
    } catch (Unexpected e) {
      throw e;
    } catch (Throwable e) {
      if (type.isInstance(e) && agrees(message, String.valueOf(e.getMessage()))) {
        return;
      }
      throw new Unexpected(expected, describe(e), e);
    }
    throw new Unexpected(expected, "success", null);
  }

  /**
   * Whether a message says what a script expects. Scripts have been written for several engines:
   * some expect more than the specification's phrase, and some less.
   */
  static boolean agrees(String expected, String found) {
    return found.startsWith(expected) || expected.startsWith(phrase(found));
  }

  private static String phrase(String message) {
    int end = message.length();
    for (String mark : List.of(":", "\n", " (")) {
      int at = message.indexOf(mark);
      if (at >= 0 && at < end) {
        end = at;
      }
    }
    return message.substring(0, end);
  }

  private static String describe(Throwable e) {
    String message = String.valueOf(e.getMessage());
    return e.getClass().getSimpleName() + " \"" + message + "\"";
  }

  // Threads

  private void startThread(Command.StartThread command) throws Unexpected {
    ScriptRunner runner = new ScriptRunner(engine, script);
    for (String id : command.shared()) {
      runner.instances.put(id, instance(id));
    }
    CompletableFuture<ScriptResult> result = new CompletableFuture<>();
    // a daemon, so that a guest that waits for ever does not keep the process alive
    Thread.ofPlatform()
        .daemon()
        .name(script + ":" + command.line())
        .start(() -> result.complete(runner.runAll(command.commands())));
    threads.put(command.id() == null ? "" : command.id(), result);
  }

  private void await(String thread) throws Unexpected {
    CompletableFuture<ScriptResult> result = threads.remove(thread);
    if (result == null) {
      throw new Unexpected("a thread $" + thread, "none", null);
    }
    try {
      ScriptResult inner = result.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
      passed += inner.passed();
      failures.addAll(inner.failures());
    } catch (TimeoutException e) {
      throw new Unexpected(
          "the end of thread $" + thread, "none within " + PATIENCE.toSeconds() + " s", e);
    } catch (ExecutionException e) {
      throw new AssertionError("a script's thread failed outside its commands; please report", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new Unexpected("the end of thread $" + thread, "an interrupt", e);
    }
  }
}
