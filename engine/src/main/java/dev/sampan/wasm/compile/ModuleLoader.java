package dev.sampan.wasm.compile;

import java.lang.invoke.MutableCallSite;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;

/**
 * Loads a module's classes, and makes each when the Java virtual machine first asks for it: so
 * nothing is compiled that is not called. The classes go when the module goes.
 *
 * <p>The Java virtual machine asks in the midst of the guest's run, however deep its stack is, and
 * initialises other classes then and there. So classes that generated code names are initialised
 * here, where there is stack for it.
 */
final class ModuleLoader extends ClassLoader {

  static {
    registerAsParallelCapable();
  }

  private static final String PACKAGE = "wasm.";
  private static final @Nullable ClassLoader ENGINE = ModuleLoader.class.getClassLoader();

  /** The engine's and Java's classes that generated code names; initialised. */
  private static final ConcurrentMap<String, Class<?>> COMMON = new ConcurrentHashMap<>();

  private final ModuleCode code;
  private final ConcurrentMap<String, Class<?>> shared = new ConcurrentHashMap<>();

  ModuleLoader(ModuleCode code) {
    super(code.shape().module().name().isEmpty() ? "wasm" : code.shape().module().name(), ENGINE);
    this.code = code;
    GeneratedLoader.openEngineTo(this);
  }

  @Override
  protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
    Class<?> known = known(name);
    if (known == null) {
      // the lock on the module's code says that its holder has made sure of its stack
      known = Thread.holdsLock(code) ? find(name) : new Loading(name).done().orElse(null);
    }
    if (known == null) {
      throw new ClassNotFoundException(name);
    }
    return known;
  }

  /** What the module's code asks whether it is to stop. */
  MutableCallSite question() {
    return code.guard().question();
  }

  private @Nullable Class<?> known(String name) {
    if (name.startsWith(PACKAGE)) {
      return findLoadedClass(name);
    }
    return GeneratedLoader.isShared(name) ? shared.get(name) : COMMON.get(name);
  }

  /** The loading of a class. */
  private final class Loading extends Linking<Optional<Class<?>>> {

    private final String name;

    Loading(String name) {
      this.name = name;
    }

    @Override
    Optional<Class<?>> work() {
      return Optional.ofNullable(find(name));
    }

    @Override
    String what() {
      return code.shape().module() + ", class " + name;
    }
  }

  private @Nullable Class<?> find(String name) {
    if (name.startsWith(PACKAGE)) {
      synchronized (code) {
        Class<?> known = findLoadedClass(name);
        return known != null ? known : define(name);
      }
    }
    if (GeneratedLoader.isShared(name)) {
      Class<?> known = code.sharedClass(name);
      if (known != null) {
        initialise(name, known.getClassLoader());
        shared.put(name, known);
      }
      return known;
    }
    Class<?> common = initialise(name, ENGINE);
    if (common != null) {
      COMMON.put(name, common);
    }
    return common;
  }

  private static @Nullable Class<?> initialise(String name, @Nullable ClassLoader loader) {
    try {
      return Class.forName(name, true, loader);
    } catch (ClassNotFoundException e) {
      return null;
    }
  }

  private @Nullable Class<?> define(String name) {
    byte[] bytes = code.classFile(name.replace('.', '/'));
    if (bytes == null) {
      return null;
    }
    try {
      return defineClass(name, bytes, 0, bytes.length);
    } catch (OutOfMemoryError e) {
      code.keep(name.replace('.', '/'), bytes);
      throw e;
    }
  }
}
