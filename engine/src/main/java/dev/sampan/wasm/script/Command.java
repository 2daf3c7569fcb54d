package dev.sampan.wasm.script;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** A line of a script, in the wider sense. */
public sealed interface Command {

  /** The line where the command begins, from 1. */
  int line();

  /** How an action may be expected to fail. */
  enum ActionFailure {
    TRAP,
    EXHAUSTION,
    EXCEPTION
  }

  /** How a module may be expected to fail. */
  enum ModuleFailure {
    MALFORMED,
    /** In what a custom section says. */
    MALFORMED_CUSTOM,
    INVALID,
    /** In what a custom section says. */
    INVALID_CUSTOM,
    UNLINKABLE,
    /** When it is instantiated. */
    TRAP
  }

  /** Makes an instance of a module, which becomes the latest one. */
  record Instantiate(int line, ModuleSource module) implements Command {}

  /** Keeps a module without making an instance. */
  record Define(int line, ModuleSource module) implements Command {}

  /**
   * Makes an instance of a module that was kept.
   *
   * @param id the instance's identifier, or null
   * @param definition the module's identifier, or null for the latest one
   */
  record InstantiateDefined(int line, @Nullable String id, @Nullable String definition)
      implements Command {}

  /**
   * Offers the exports of an instance as imports.
   *
   * @param name the module name of the imports
   * @param instance the instance's identifier, or null for the latest one
   */
  record Register(int line, String name, @Nullable String instance) implements Command {}

  /** Does something and ignores the results. */
  record Perform(int line, Action action) implements Command {}

  /** Does something and checks the results. */
  record AssertReturn(int line, Action action, List<Expected> results) implements Command {}

  /**
   * Does something that must fail.
   *
   * @param message how the failure's message begins; empty for exceptions
   */
  record AssertFailure(int line, ActionFailure failure, Action action, String message)
      implements Command {}

  /**
   * Tries to make an instance of a module, which must fail.
   *
   * @param message how the failure's message begins
   */
  record AssertModule(int line, ModuleFailure failure, ModuleSource module, String message)
      implements Command {}

  /**
   * Runs commands in a thread of their own, where only the shared instances are known.
   *
   * @param shared the identifiers of the shared instances
   */
  record StartThread(int line, @Nullable String id, List<String> shared, List<Command> commands)
      implements Command {}

  /** Waits for the end of a thread. */
  record Wait(int line, String thread) implements Command {}
}
