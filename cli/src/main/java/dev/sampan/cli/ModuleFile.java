package dev.sampan.cli;

import dev.sampan.wasm.Engine;
import dev.sampan.wasm.WasmException;
import dev.sampan.wasm.WasmModule;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A file with a module in it, binary or text. It is read once, so that it may be a pipe.
 *
 * @param path the file as it was written on the command line
 * @param bytes the content
 */
record ModuleFile(Path path, byte[] bytes) {

  /**
   * Reads a file.
   *
   * @throws Failure if it cannot be read
   */
  static ModuleFile read(Path path) {
    try {
      if (Files.isDirectory(path)) {
        throw new IOException("a directory, not a module");
      }
      return new ModuleFile(path, Files.readAllBytes(path));
    } catch (IOException e) {
      throw Failure.of(path, e);
    }
  }

  /**
   * The module, read and validated.
   *
   * @throws Failure if it is malformed or invalid
   */
  WasmModule load(Engine engine) {
    try {
      return engine.load(bytes, path.toString());
    } catch (WasmException e) {
      throw Failure.of(path, e);
    }
  }

  /**
   * The module in the binary format, not validated.
   *
   * @throws Failure if it is text and malformed
   */
  byte[] binary() {
    try {
      return Engine.binary(bytes, path.toString());
    } catch (WasmException e) {
      throw Failure.of(path, e);
    }
  }
}
