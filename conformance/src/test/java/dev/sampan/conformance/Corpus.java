package dev.sampan.conformance;

import dev.sampan.wasm.Engine;
import dev.sampan.wasm.WasmException;
import dev.sampan.wasm.script.Command;
import dev.sampan.wasm.script.ModuleSource;
import dev.sampan.wasm.script.Script;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Valid modules to begin with: those in the scripts, ours always and the suites' if present. */
final class Corpus {

  /** Larger ones only slow the test down. */
  private static final int LARGEST = 30_000;

  /**
   * A module.
   *
   * @param name the script and the line
   * @param binary its bytes
   * @param text it, printed
   */
  record Seed(String name, byte[] binary, String text) {}

  private Corpus() {}

  static List<Seed> read() throws IOException {
    List<Seed> seeds = new ArrayList<>();
    for (Path file : TestFiles.ownScripts()) {
      read(file, seeds);
    }
    for (Path file : TestFiles.suiteScripts()) {
      read(file, seeds);
    }
    return seeds;
  }

  private static void read(Path file, List<Seed> seeds) throws IOException {
    String name = String.valueOf(file.getFileName());
    try (Engine engine = Engine.builder().threads(1).build()) {
      for (Command command : Script.read(name, Files.readAllBytes(file)).commands()) {
        ModuleSource source = module(command);
        if (source == null) {
          continue;
        }
        try {
          byte[] binary = source.bytes();
          if (binary.length <= LARGEST) {
            engine.load(binary);
            seeds.add(new Seed(name + ":" + command.line(), binary, Engine.print(binary)));
          }
        } catch (WasmException e) {
          // a module that is meant to be wrong, or one that the old suites have right
        }
      }
    }
  }

  private static @Nullable ModuleSource module(Command command) {
    return switch (command) {
      case Command.Instantiate c -> c.module();
      case Command.Define c -> c.module();
      case Command.AssertModule c -> c.module();
      case Command.InstantiateDefined c -> null;
      case Command.Register c -> null;
      case Command.Perform c -> null;
      case Command.AssertReturn c -> null;
      case Command.AssertFailure c -> null;
      case Command.StartThread c -> null;
      case Command.Wait c -> null;
    };
  }
}
