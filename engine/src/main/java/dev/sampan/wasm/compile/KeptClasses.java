package dev.sampan.wasm.compile;

import dev.sampan.wasm.cache.ClassStore;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A module's generated classes as they are kept between runs. A group of functions is kept as one:
 * its class, the classes with parts of its functions, and which of them are steps of tail calls.
 *
 * @param store where they are kept
 * @param options what the code was written for besides the module itself: other options give other
 *     classes of the same names
 */
record KeptClasses(ClassStore store, String options) {

  /**
   * The classes of instances whose memories are of certain kinds, and which have fuel or not.
   *
   * @param fast the memories that are arrays
   * @param metered whether fuel is taken
   */
  static KeptClasses of(ClassStore store, BitSet fast, boolean metered) {
    StringBuilder options = new StringBuilder("memories");
    fast.stream().forEach(memory -> options.append('-').append(memory));
    if (metered) {
      options.append("-fuel");
    }
    for (Transformations each : Transformations.values()) {
      if (!each.enabled()) {
        options.append("-without-").append(each.name());
      }
    }
    if (MethodSize.WHOLE != MethodSize.LIMIT - 1) {
      options.append("-methods-").append(MethodSize.WHOLE);
    }
    return new KeptClasses(store, options.append('/').toString());
  }

  /**
   * What a group of functions became.
   *
   * @param classes the class files by their names with slashes
   * @param steps the functions that are steps of tail calls, imports counted
   */
  record Group(Map<String, byte[]> classes, BitSet steps) {}

  /** One class file: what is kept, or what is then made and kept; null if there is none. */
  byte @Nullable [] get(String name, Supplier<byte @Nullable []> writer) {
    byte[] known = store.load(options + name);
    if (known == null) {
      known = writer.get();
      if (known != null) {
        store.store(options + name, known);
      }
    }
    return known;
  }

  /** A group of functions, by the name of its class; or null if it is not kept. */
  @Nullable Group group(String name) {
    if (store == ClassStore.NONE) {
      return null;
    }
    byte[] kept = store.load(options + name);
    if (kept == null) {
      return null;
    }
    try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(kept))) {
      Map<String, byte[]> classes = new HashMap<>();
      for (int i = in.readInt(); i > 0; i--) {
        String className = in.readUTF();
        byte[] bytes = new byte[in.readInt()];
        in.readFully(bytes);
        classes.put(className, bytes);
      }
      return new Group(classes, BitSet.valueOf(in.readAllBytes()));
    } catch (IOException e) {
      throw new AssertionError("what is kept of " + name + " is cut off; please report", e);
    }
  }

  /** Keeps a group of functions. */
  void put(String name, Group group) {
    if (store == ClassStore.NONE) {
      return;
    }
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      out.writeInt(group.classes.size());
      for (Map.Entry<String, byte[]> each : group.classes.entrySet()) {
        out.writeUTF(each.getKey());
        out.writeInt(each.getValue().length);
        out.write(each.getValue());
      }
      out.write(group.steps.toByteArray());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    store.store(options + name, bytes.toByteArray());
  }
}
