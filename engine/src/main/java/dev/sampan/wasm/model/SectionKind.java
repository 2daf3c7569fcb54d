package dev.sampan.wasm.model;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The sections of a binary module, in the order in which they must come. */
public enum SectionKind {
  /** Any place; it also stands for the beginning of a module. */
  CUSTOM(0),
  TYPE(1),
  IMPORT(2),
  FUNCTION(3),
  TABLE(4),
  MEMORY(5),
  TAG(13),
  GLOBAL(6),
  EXPORT(7),
  START(8),
  ELEMENT(9),
  DATA_COUNT(12),
  CODE(10),
  DATA(11);

  private static final SectionKind[] ALL = values();

  private final int id;

  SectionKind(int id) {
    this.id = id;
  }

  /** The section's byte. */
  public int id() {
    return id;
  }

  /** The section with a byte, or null. */
  public static @Nullable SectionKind of(int id) {
    for (SectionKind kind : ALL) {
      if (kind.id == id) {
        return kind;
      }
    }
    return null;
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT).replace('_', ' ');
  }
}
