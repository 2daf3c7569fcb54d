package dev.sampan.wasm.text;

import dev.sampan.wasm.binary.ByteWriter;

/** Parses the immediates of vector instructions (Text Format › Instructions › Vector). */
final class VectorParser {

  private static final int LANES = 16;

  private final TokenCursor cursor;

  VectorParser(TokenCursor cursor) {
    this.cursor = cursor;
  }

  /** A constant: its shape and lanes. */
  void constant(ByteWriter out) {
    int token = cursor.position();
    Keyword shape = cursor.keyword();
    int lanes = shape == null ? 0 : lanes(shape);
    if (shape == null || lanes == 0) {
      throw cursor.unexpected("a vector shape");
    }
    cursor.advance();
    int found = numbersAhead();
    if (found != lanes) {
      throw cursor.malformed(
          "wrong number of lane literals: expected " + lanes + " but found " + found, token);
    }
    for (int i = 0; i < lanes; i++) {
      lane(shape, out);
    }
  }

  /** The number of lanes of a shape, or 0 if a word is no shape. */
  static int lanes(Keyword shape) {
    return switch (shape) {
      case I8X16 -> 16;
      case I16X8 -> 8;
      case I32X4, F32X4 -> 4;
      case I64X2, F64X2 -> 2;
      default -> 0;
    };
  }

  /** One lane of a constant. */
  private void lane(Keyword shape, ByteWriter out) {
    switch (shape) {
      case I8X16 -> out.u8((int) cursor.integer(8));
      case I16X8 -> {
        int lane = (int) cursor.integer(16);
        out.u8(lane);
        out.u8(lane >> 8);
      }
      case I32X4 -> out.fixed32((int) cursor.integer(32));
      case I64X2 -> out.fixed64(cursor.integer(64));
      case F32X4 -> out.fixed32(cursor.f32());
      case F64X2 -> out.fixed64(cursor.f64());
      default -> throw new AssertionError(shape + " is no shape; please report");
    }
  }

  /** The lanes of a shuffle. */
  void shuffle(ByteWriter out) {
    int found = numbersAhead();
    if (found != LANES) {
      throw cursor.malformed(
          "invalid lane length: expected " + LANES + " lanes but found " + found);
    }
    for (int i = 0; i < LANES; i++) {
      if (!cursor.at(TokenKind.NAT)) {
        throw cursor.malformed("i8 constant out of range: a lane index cannot be " + cursor.text());
      }
      out.u8(cursor.u8("a lane index"));
    }
  }

  private int numbersAhead() {
    int end = cursor.position();
    while (cursor.tokens().kind(end).isNumber()) {
      end++;
    }
    if (cursor.tokens().kind(end) == TokenKind.RESERVED) {
      cursor.position(end);
      throw cursor.unexpected("a number");
    }
    return end - cursor.position();
  }
}
