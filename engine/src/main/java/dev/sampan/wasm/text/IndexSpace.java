package dev.sampan.wasm.text;

import java.util.HashMap;
import java.util.Map;

/**
 * Indices of one sort and the identifiers that stand for them (Text Format › Values › Identifiers).
 */
final class IndexSpace {

  private final String name;
  private final String keyword;
  private final Map<String, Integer> ids = new HashMap<>();
  private int size;

  /**
   * Creates an empty space.
   *
   * @param name what a member is called in the message that there is no such member
   * @param keyword what it is called in the message that there are two of a name
   */
  IndexSpace(String name, String keyword) {
    this.name = name;
    this.keyword = keyword;
  }

  /** The number of members. */
  int size() {
    return size;
  }

  /** Sets the number of members. */
  void size(int newSize) {
    size = newSize;
  }

  /** Forgets all members. */
  void clear() {
    ids.clear();
    size = 0;
  }

  /** Adds a member without identifier, and returns its index. */
  int add() {
    return size++;
  }

  /** Gives the last member the identifier that stands at a token. */
  void name(String id, TokenCursor cursor, int token) {
    if (ids.putIfAbsent(id, size - 1) != null) {
      throw cursor.malformed("duplicate " + keyword + " $" + id, token);
    }
  }

  /** The index that must be next, as number or identifier. */
  int index(TokenCursor cursor) {
    if (!cursor.at(TokenKind.ID)) {
      return cursor.u32("a " + name + " index");
    }
    int token = cursor.position();
    String id = cursor.id();
    Integer index = ids.get(id);
    if (index == null) {
      throw cursor.malformed("unknown " + name + " $" + id, token);
    }
    return index;
  }

  /** Whether an index is next. */
  static boolean isNext(TokenCursor cursor) {
    return cursor.at(TokenKind.NAT) || cursor.at(TokenKind.ID);
  }
}
