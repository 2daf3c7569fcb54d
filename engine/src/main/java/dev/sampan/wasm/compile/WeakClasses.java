package dev.sampan.wasm.compile;

import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Generated classes by name, each made when it is first needed and forgotten when nothing uses it
 * any more. Safe for use by several threads.
 */
final class WeakClasses {

  private final Map<String, Entry> classes = new HashMap<>();
  private final ReferenceQueue<Class<?>> collected = new ReferenceQueue<>();

  private static final class Entry extends WeakReference<Class<?>> {
    private final String name;

    Entry(String name, Class<?> type, ReferenceQueue<Class<?>> queue) {
      super(type, queue);
      this.name = name;
    }
  }

  /** A loader of one class. */
  private static final class Single extends GeneratedLoader {

    static {
      registerAsParallelCapable();
    }

    private final Class<?>[] mentioned;

    Single(Class<?>[] mentioned) {
      this.mentioned = mentioned;
    }

    @Override
    @Nullable Class<?> shared(String name) {
      for (Class<?> each : mentioned) {
        if (each.getName().equals(name)) {
          return each;
        }
      }
      return null;
    }
  }

  /**
   * A class.
   *
   * @param name the name with dots; equal names must mean equal classes
   * @param bytes writes the class file, if there is no such class
   * @param mentioned the generated classes that the class file mentions
   */
  synchronized Class<?> get(String name, Supplier<byte[]> bytes, Class<?>... mentioned) {
    while (collected.poll() instanceof Entry dead) {
      classes.remove(dead.name, dead);
    }
    Entry entry = classes.get(name);
    Class<?> known = entry == null ? null : entry.get();
    if (known == null) {
      known = new Single(mentioned.clone()).define(name, bytes.get());
      classes.put(name, new Entry(name, known, collected));
    }
    return known;
  }

  /** How many classes there are, those included that were just collected. */
  synchronized int size() {
    return classes.size();
  }
}
