package dev.sampan.wasm.text;

import dev.sampan.wasm.binary.ModuleReader;
import dev.sampan.wasm.binary.ModuleWriter;
import dev.sampan.wasm.model.ModuleDefinition;
import java.io.ByteArrayOutputStream;
import org.jspecify.annotations.Nullable;

/** Reads modules in the text format. */
public final class TextReader {

  private TextReader() {}

  /**
   * Reads a text that is one module, in parentheses or as bare fields.
   *
   * @param source the text
   * @throws dev.sampan.wasm.MalformedException if it is not a module; the message shows the place
   */
  public static ModuleDefinition read(Source source) {
    TokenCursor cursor = new TokenCursor(Lexer.read(source), 0);
    ModuleDefinition module;
    if (cursor.atOpen(Keyword.MODULE)) {
      module = module(cursor);
    } else {
      module = fields(cursor);
    }
    if (!cursor.at(TokenKind.END)) {
      throw cursor.unexpected("the end of the text");
    }
    return module;
  }

  /**
   * Reads bare fields up to the end of the text or a right parenthesis, where the cursor stays.
   *
   * @param cursor before the first field
   */
  public static ModuleDefinition fields(TokenCursor cursor) {
    return new ModuleParser(cursor).parse(null);
  }

  /**
   * Reads a module in any of its forms: fields, or strings that hold its bytes or its text.
   *
   * @param cursor before the left parenthesis, afterwards behind the right one
   */
  public static ModuleDefinition module(TokenCursor cursor) {
    int line = cursor.line();
    cursor.expectOpen(Keyword.MODULE);
    cursor.accept(Keyword.DEFINITION);
    String id = cursor.id();
    ModuleDefinition module = content(cursor, id, line);
    cursor.close();
    return module;
  }

  /**
   * The bytes of a module in any of its forms: those its strings hold, else what it is assembled
   * to.
   *
   * @param cursor before the left parenthesis
   */
  public static byte[] bytes(TokenCursor cursor) {
    int start = cursor.position();
    cursor.expectOpen(Keyword.MODULE);
    cursor.accept(Keyword.DEFINITION);
    cursor.id();
    if (cursor.accept(Keyword.BINARY)) {
      return strings(cursor);
    }
    cursor.position(start);
    return ModuleWriter.write(module(cursor));
  }

  private static ModuleDefinition content(TokenCursor cursor, @Nullable String id, int line) {
    if (cursor.accept(Keyword.BINARY)) {
      return ModuleReader.read(strings(cursor));
    }
    if (cursor.accept(Keyword.QUOTE)) {
      String name = "quoted in " + cursor.tokens().source().name() + ":" + line;
      return read(new Source(name, strings(cursor)));
    }
    return new ModuleParser(cursor).parse(id);
  }

  private static byte[] strings(TokenCursor cursor) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    while (!cursor.at(TokenKind.RIGHT)) {
      bytes.writeBytes(cursor.string());
    }
    return bytes.toByteArray();
  }
}
