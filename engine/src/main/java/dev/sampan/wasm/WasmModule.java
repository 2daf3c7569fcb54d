package dev.sampan.wasm;

import dev.sampan.wasm.model.CustomSection;
import dev.sampan.wasm.model.Section;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/**
 * A module that has been read and validated. It never changes; any number of threads may share it
 * and make instances of it.
 */
public interface WasmModule {

  /** The module's own name, else the file's name, else {@code "module"}. */
  String name();

  /** What it imports, in its order. */
  List<ImportType> imports();

  /** What it exports, in its order. */
  List<ExportType> exports();

  /** Where its sections lie. */
  List<Section> sections();

  /** Its custom sections. */
  List<CustomSection> customSections();

  /**
   * How long it took so far to make code that runs from the module's functions. That is done for a
   * function when it is first called, so the time grows while instances run, and is part of the
   * time that they take. Threads that wait for the same code are counted once.
   */
  Duration compileTime();

  /** Makes an instance with the default {@link ResourceLimits}. */
  default Instance instantiate(Imports imports) {
    return instantiate(imports, limits -> limits);
  }

  /**
   * Makes an instance, and runs its start function (Execution › Modules › Instantiation).
   *
   * @param imports where the imports come from
   * @param limits changes the default limits
   * @throws LinkException if an import is missing or has another type
   * @throws Trap if a segment does not fit, or the start function traps
   */
  default Instance instantiate(Imports imports, UnaryOperator<ResourceLimits> limits) {
    return instantiate(imports, limits, made -> {});
  }

  /**
   * The same, and tells of the instance before any of the module's code runs in it: from then on
   * another thread can {@link Instance#stop stop} it, also while the start function runs, which may
   * do so for ever.
   *
   * @param made is given the instance, in the calling thread
   */
  Instance instantiate(
      Imports imports, UnaryOperator<ResourceLimits> limits, Consumer<Instance> made);
}
