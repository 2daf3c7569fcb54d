package dev.sampan.wasm.text;

import dev.sampan.wasm.model.CustomSection;
import dev.sampan.wasm.model.SectionKind;
import java.io.ByteArrayOutputStream;
import org.jspecify.annotations.Nullable;

/** Parses {@code (@custom "…" …)} annotations, which stand for custom sections. */
final class CustomParser {

  private static final String PREFIX = "@custom annotation: ";
  private static final SectionKind[] KINDS = SectionKind.values();

  private final TokenCursor cursor;

  CustomParser(TokenCursor cursor) {
    this.cursor = cursor;
  }

  /** The section that the annotation that is next stands for. */
  CustomSection parse() {
    cursor.advance();
    if (!cursor.at(TokenKind.STRING)) {
      throw cursor.malformed(PREFIX + "missing section name");
    }
    int token = cursor.position();
    String name = Strings.utf8(cursor.string());
    if (name == null) {
      throw cursor.malformed(PREFIX + "malformed UTF-8 encoding: in the section's name", token);
    }
    SectionKind after = cursor.at(TokenKind.LEFT) ? placement() : SectionKind.DATA;
    ByteArrayOutputStream content = new ByteArrayOutputStream();
    while (cursor.at(TokenKind.STRING)) {
      content.writeBytes(cursor.string());
    }
    if (!cursor.at(TokenKind.RIGHT)) {
      throw cursor.malformed(
          PREFIX + "unexpected token: expected a string but found \"" + cursor.text() + "\"");
    }
    cursor.advance();
    byte[] bytes = content.toByteArray();
    return new CustomSection(name, after, bytes, 0, bytes.length);
  }

  private SectionKind placement() {
    cursor.open();
    boolean before = cursor.text().equals("before");
    if (!before && !cursor.text().equals("after")) {
      throw cursor.malformed(PREFIX + "malformed placement: expected \"before\" or \"after\"");
    }
    cursor.advance();
    String place = cursor.text();
    SectionKind after;
    if (place.equals("first")) {
      after = SectionKind.CUSTOM;
    } else if (place.equals("last")) {
      after = SectionKind.DATA;
    } else {
      SectionKind kind = kind(place);
      if (kind == null) {
        throw cursor.malformed(PREFIX + "malformed section kind: found \"" + place + "\"");
      }
      after = before ? KINDS[kind.ordinal() - 1] : kind;
    }
    cursor.advance();
    cursor.close();
    return after;
  }

  private static @Nullable SectionKind kind(String text) {
    for (SectionKind kind : KINDS) {
      if (kind != SectionKind.CUSTOM && text(kind).equals(text)) {
        return kind;
      }
    }
    return null;
  }

  /** The word for a section in a placement. */
  static String text(SectionKind kind) {
    return switch (kind) {
      case CUSTOM -> "first";
      case TYPE -> "type";
      case IMPORT -> "import";
      case FUNCTION -> "func";
      case TABLE -> "table";
      case MEMORY -> "memory";
      case TAG -> "tag";
      case GLOBAL -> "global";
      case EXPORT -> "export";
      case START -> "start";
      case ELEMENT -> "elem";
      case DATA_COUNT -> "datacount";
      case CODE -> "code";
      case DATA -> "data";
    };
  }
}
