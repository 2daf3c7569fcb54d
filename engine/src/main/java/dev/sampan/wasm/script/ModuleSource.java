package dev.sampan.wasm.script;

import dev.sampan.wasm.binary.ModuleWriter;
import dev.sampan.wasm.model.ModuleDefinition;
import dev.sampan.wasm.text.TextReader;
import dev.sampan.wasm.text.TokenCursor;
import dev.sampan.wasm.text.Tokens;
import org.jspecify.annotations.Nullable;

/**
 * A module in a script, not yet read.
 *
 * @param id the module's identifier, or null
 * @param tokens the script
 * @param position the token where the module begins
 * @param bare whether the script is nothing but the fields of this module
 */
public record ModuleSource(@Nullable String id, Tokens tokens, int position, boolean bare) {

  /**
   * Reads the module.
   *
   * @throws dev.sampan.wasm.MalformedException if it is malformed
   */
  public ModuleDefinition read() {
    TokenCursor cursor = new TokenCursor(tokens, position);
    return bare ? TextReader.fields(cursor) : TextReader.module(cursor);
  }

  /**
   * The module's bytes, which are not looked at if the script itself states them.
   *
   * @throws dev.sampan.wasm.MalformedException if the module's text is malformed
   */
  public byte[] bytes() {
    return bare ? ModuleWriter.write(read()) : TextReader.bytes(new TokenCursor(tokens, position));
  }
}
