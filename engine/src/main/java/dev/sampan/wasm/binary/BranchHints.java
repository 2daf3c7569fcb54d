package dev.sampan.wasm.binary;

import dev.sampan.wasm.MalformedException;
import dev.sampan.wasm.model.CustomSection;
import dev.sampan.wasm.model.ModuleDefinition;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Which way branches probably go, as the custom section {@code metadata.code.branch_hint} says it.
 *
 * <p>A hint belongs to an {@code if} or {@code br_if}, which is named by its byte offset in the
 * function's body, counted from the local declarations.
 */
public final class BranchHints {

  /** The section's name. */
  public static final String NAME = "metadata.code.branch_hint";

  private final SortedMap<Integer, SortedMap<Integer, Boolean>> functions =
      new TreeMap<>(Integer::compareUnsigned);

  /** The hints of a module; empty if it has none, or none that can be read. */
  public static Optional<BranchHints> of(ModuleDefinition module) {
    for (CustomSection section : module.customs()) {
      if (section.name().equals(NAME)) {
        return read(section);
      }
    }
    return Optional.empty();
  }

  /** Reads the section; empty if anything is wrong with it. */
  public static Optional<BranchHints> read(CustomSection section) {
    try {
      BranchHints hints = new BranchHints();
      ByteReader in = new ByteReader(section.bytes(), section.start(), section.end());
      int functions = in.count();
      for (int i = 0; i < functions; i++) {
        int function = in.u32();
        int count = in.count();
        for (int j = 0; j < count; j++) {
          int offset = in.u32();
          int size = in.u32();
          int value = in.u8();
          if (size != 1 || value > 1) {
            return Optional.empty();
          }
          hints.put(function, offset, value == 1);
        }
      }
      return in.hasMore() ? Optional.empty() : Optional.of(hints);
    } catch (MalformedException e) {
      return Optional.empty();
    }
  }

  /** Adds a hint. */
  public void put(int function, int offset, boolean likely) {
    functions
        .computeIfAbsent(function, each -> new TreeMap<>(Integer::compareUnsigned))
        .put(offset, likely);
  }

  /** The hints of a function: whether the branch at an offset is likely taken. */
  public Map<Integer, Boolean> function(int index) {
    SortedMap<Integer, Boolean> hints = functions.get(index);
    return hints == null ? Map.of() : Collections.unmodifiableMap(hints);
  }

  /** The number of hints. */
  public int size() {
    return functions.values().stream().mapToInt(Map::size).sum();
  }

  /** The content of the section. */
  public byte[] write() {
    ByteWriter out = new ByteWriter();
    out.u32(functions.size());
    functions.forEach(
        (function, hints) -> {
          out.u32(function);
          out.u32(hints.size());
          hints.forEach(
              (offset, likely) -> {
                out.u32(offset);
                out.u32(1);
                out.u8(likely ? 1 : 0);
              });
        });
    return out.toByteArray();
  }
}
