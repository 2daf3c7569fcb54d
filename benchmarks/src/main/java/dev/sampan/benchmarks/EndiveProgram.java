package dev.sampan.benchmarks;

import java.io.File;
import java.util.List;
import run.endive.compiler.MachineFactoryCompiler;
import run.endive.runtime.ByteArrayMemory;
import run.endive.runtime.ImportValues;
import run.endive.runtime.Instance;
import run.endive.wasi.WasiExitException;
import run.endive.wasi.WasiOptions;
import run.endive.wasi.WasiPreview1;
import run.endive.wasm.Parser;
import run.endive.wasm.WasmModule;

/**
 * Runs a program under Endive, as its documentation advises for speed: compiled to bytecode at run
 * time, with memory on the heap. What its compiler cannot translate it interprets, and warns.
 */
final class EndiveProgram {

  private EndiveProgram() {}

  /** Arguments: the file, then the program's own. */
  public static void main(String[] args) {
    WasmModule module = Parser.parse(new File(args[0]));
    WasiOptions options =
        WasiOptions.builder().inheritSystem().withArguments(List.of(args)).build();
    try (WasiPreview1 wasi = WasiPreview1.builder().withOptions(options).build()) {
      // Calls _start.
      Instance.builder(module)
          .withImportValues(ImportValues.builder().addFunction(wasi.toHostFunctions()).build())
          .withMachineFactory(MachineFactoryCompiler.builder(module).compile())
          .withMemoryFactory(ByteArrayMemory::new)
          .build();
    } catch (WasiExitException e) {
      System.exit(e.exitCode());
    }
  }
}
