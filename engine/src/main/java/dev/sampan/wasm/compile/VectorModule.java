package dev.sampan.wasm.compile;

/**
 * The JDK's module of vectors. Whoever starts the Java virtual machine may add it, which is told to
 * the user by a warning and makes every start slower; or may export a package of the JDK to the
 * engine, which can then load the module like the JDK loads some of its own: silently, and only
 * when a loop with vectors is hot.
 */
final class VectorModule {

  private static final String NAME = "jdk.incubator.vector";

  /** Has the method that loads a module of the JDK into a running machine. */
  private static final String LOADER_PACKAGE = "jdk.internal.module";

  private static final String LOADER = LOADER_PACKAGE + ".Modules";

  /** Whether accesses to arrays check their bounds: 2, as is the rule, means that they do. */
  private static final String CHECKS = "jdk.incubator.vector.VECTOR_ACCESS_OOB_CHECK";

  private VectorModule() {}

  /** Whether the module is there; it is loaded if it is not, but may be. */
  static boolean load() {
    if (!System.getProperty(CHECKS, "2").equals("2")) {
      return false;
    }
    if (ModuleLayer.boot().findModule(NAME).isPresent()) {
      return true;
    }
    Module base = Object.class.getModule();
    if (!base.isExported(LOADER_PACKAGE, VectorModule.class.getModule())) {
      return false;
    }
    try {
      // whatever a later JDK does otherwise, ordinary loops go on
      Class.forName(LOADER).getMethod("loadModule", String.class).invoke(null, NAME);
      return true;
    } catch (ReflectiveOperationException | LinkageError | IllegalArgumentException e) {
      return false;
    }
  }
}
