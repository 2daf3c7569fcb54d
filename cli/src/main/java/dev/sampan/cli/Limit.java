package dev.sampan.cli;

import dev.sampan.cli.Syntax.Option;
import dev.sampan.wasi.Policy;
import dev.sampan.wasm.Resource;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What can be limited, by the same name on the command line and in a policy's file. */
enum Limit {
  FUEL("N", "How much may be executed; a unit is about one instruction."),
  TIMEOUT("TIME", "How long the guest may run, such as 500ms, 2s or 1m."),
  MAX_MEMORY("SIZE", "Memories, tables, structures and arrays together, such as 64M or 1G."),
  MAX_TABLE_ELEMENTS("N", "Elements of all tables."),
  MAX_STACK("SIZE", "The stack of calls."),
  MAX_THREADS("N", "Threads beside the first one."),
  MAX_OPEN_FILES("N", "Files, directories and sockets that are open at once."),
  MAX_OUTPUT("SIZE", "What is written to standard output and error."),
  MAX_DISK("SIZE", "By how much what lies in granted folders may grow.");

  private static final long MIN_STACK = 256 << 10;
  private static final long MAX_STACK_BYTES = 1 << 30;

  /** How many bytes a value on the stack of calls takes. */
  static final int VALUE_BYTES = 8;

  private final String label;
  private final String description;

  Limit(String label, String description) {
    this.label = label;
    this.description = description;
  }

  /** The name in a policy's file. */
  String key() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** The name on the command line. */
  String flag() {
    return "--" + key();
  }

  /**
   * The option of the command line.
   *
   * @param standard what holds without it
   */
  Option option(Policy standard) {
    return Option.value(flag(), label, description + " By default " + text(standard) + ".");
  }

  /**
   * A policy with another limit.
   *
   * @throws IllegalArgumentException if the value makes no sense, with what was expected and found
   */
  Policy set(Policy policy, String value) {
    return switch (this) {
      case FUEL -> {
        long fuel = Quantity.number(value, 0, Long.MAX_VALUE);
        yield policy.limits(policy.limits().fuel(fuel));
      }
      case TIMEOUT -> {
        var timeout = Quantity.duration(value);
        yield policy.limits(policy.limits().timeout(timeout));
      }
      case MAX_MEMORY -> {
        long bytes = Quantity.size(value);
        yield policy.limits(policy.limits().maxMemory(bytes));
      }
      case MAX_TABLE_ELEMENTS -> {
        long elements = Quantity.number(value, 0, Long.MAX_VALUE);
        yield policy.limits(policy.limits().maxTableElements(elements));
      }
      case MAX_STACK -> {
        long bytes = Quantity.size(value);
        if (bytes < MIN_STACK || bytes > MAX_STACK_BYTES) {
          throw new IllegalArgumentException(
              "expected a size from 256K to 1G, found '" + value + "'");
        }
        yield policy.limits(policy.limits().maxStack((int) (bytes / VALUE_BYTES)));
      }
      case MAX_THREADS -> policy.maxThreads((int) Quantity.number(value, 0, Integer.MAX_VALUE));
      case MAX_OPEN_FILES ->
          policy.maxOpenFiles((int) Quantity.number(value, 3, Integer.MAX_VALUE));
      case MAX_OUTPUT -> policy.maxOutput(Quantity.size(value));
      case MAX_DISK -> policy.maxDisk(Quantity.size(value));
    };
  }

  /** What a policy says, as text. */
  String text(Policy policy) {
    return switch (this) {
      case FUEL ->
          policy.limits().fuel().isPresent()
              ? String.valueOf(policy.limits().fuel().getAsLong())
              : "not counted";
      case TIMEOUT -> policy.limits().timeout().map(Quantity::text).orElse("none");
      case MAX_MEMORY -> Quantity.text(policy.limits().maxMemory());
      case MAX_TABLE_ELEMENTS -> String.valueOf(policy.limits().maxTableElements());
      case MAX_STACK -> Quantity.text((long) VALUE_BYTES * policy.limits().maxStack());
      case MAX_THREADS -> String.valueOf(policy.maxThreads());
      case MAX_OPEN_FILES -> String.valueOf(policy.maxOpenFiles());
      case MAX_OUTPUT -> Quantity.text(policy.maxOutput());
      case MAX_DISK -> Quantity.text(policy.maxDisk());
    };
  }

  /** The limit of a resource, or null if it cannot be set here. */
  static @Nullable Limit of(Resource resource) {
    return switch (resource) {
      case CALL_STACK -> MAX_STACK;
      case FUEL -> FUEL;
      case TIME -> TIMEOUT;
      case MEMORY -> MAX_MEMORY;
      case TABLE_ELEMENTS -> MAX_TABLE_ELEMENTS;
      case INSTANCES -> null;
      case THREADS -> MAX_THREADS;
      case OPEN_FILES -> MAX_OPEN_FILES;
      case DISK -> MAX_DISK;
      case OUTPUT -> MAX_OUTPUT;
    };
  }
}
