package dev.sampan.wasm.text;

import org.jspecify.annotations.Nullable;

/**
 * What stands where something gets its name: an identifier and a {@code (@name "…")} annotation.
 */
final class Bindings {

  private Bindings() {}

  /**
   * Gives the last member of a space its identifier if one is next.
   *
   * @return the name for people, or null: the annotation's, else the identifier
   */
  static @Nullable String bind(TokenCursor cursor, IndexSpace space) {
    int token = cursor.position();
    String id = cursor.id();
    if (id != null) {
      space.name(id, cursor, token);
    }
    String name = annotation(cursor);
    return name != null ? name : id;
  }

  /** The text of the name annotation that is next, or null. */
  static @Nullable String annotation(TokenCursor cursor) {
    if (!cursor.at(TokenKind.NAME_ANNOTATION)) {
      return null;
    }
    cursor.advance();
    String name = cursor.name();
    cursor.close();
    return name;
  }

  /** Passes over what {@link #bind} reads. */
  static void skip(TokenCursor cursor) {
    cursor.id();
    if (cursor.at(TokenKind.NAME_ANNOTATION)) {
      cursor.skip();
    }
  }
}
