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

  /** What stands for standard input. */
  private static final Path STDIN = Path.of("-");

  /**
   * Reads a file, or standard input if the path is {@code -}.
   *
   * @throws Failure if it cannot be read
   */
  static ModuleFile read(Path path, Console console) {
    try {
      if (isStdin(path)) {
        return new ModuleFile(Path.of("stdin"), console.in().readAllBytes());
      }
      if (Files.isDirectory(path)) {
        throw new IOException("a directory, not a module");
      }
      return new ModuleFile(path, Files.readAllBytes(path));
    } catch (IOException e) {
      throw Failure.of(path, e);
    }
  }

  /** Whether standard input is meant. */
  static boolean isStdin(Path path) {
    return path.equals(STDIN);
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
