package dev.sampan.wasm.compile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sampan.wasm.Engine;
import java.lang.module.Configuration;
import java.lang.module.ModuleFinder;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Generated classes are in no named module, and use packages that the engine's does not export. */
class GeneratedClassesOnTheModulePathTest {

  private static final String MODULE = "dev.sampan.wasm";

  private static Object call(Object receiver, Method method, Object... arguments)
      throws ReflectiveOperationException {
    method.setAccessible(true);
    return method.invoke(receiver, arguments);
  }

  @Test
  void theyReachTheEngineInANamedModule() throws Exception {
    Path classes =
        Path.of(Engine.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    ModuleLayer boot = ModuleLayer.boot();
    Configuration configuration =
        boot.configuration().resolve(ModuleFinder.of(classes), ModuleFinder.of(), Set.of(MODULE));
    ModuleLayer.Controller controller =
        ModuleLayer.defineModulesWithOneLoader(
            configuration, List.of(boot), ClassLoader.getPlatformClassLoader());
    Module engine = controller.layer().findModule(MODULE).orElseThrow();
    controller.addOpens(engine, MODULE + ".compile", getClass().getModule());
    controller.addOpens(engine, MODULE + ".runtime", getClass().getModule());
    ClassLoader loader = Objects.requireNonNull(engine.getClassLoader());

    Class<?> engineClass = loader.loadClass(MODULE + ".Engine");
    assertThat(engineClass.getModule().isNamed()).isTrue();
    Object module =
        call(
            call(engineClass, engineClass.getMethod("create")),
            engineClass.getMethod("load", String.class),
            "(module (type (struct (field i32))) (type (array (mut f64))))");
    Object space = call(module, module.getClass().getMethod("types"));
    Method typeAt = space.getClass().getMethod("type", int.class);
    Class<?> shared = loader.loadClass(MODULE + ".compile.SharedClasses");
    Method classOf = shared.getDeclaredMethod("classOf", typeAt.getReturnType());

    Class<?> struct = (Class<?>) call(shared, classOf, call(space, typeAt, 0));
    Object object = struct.getMethod("of", int.class).invoke(null, 7);
    assertThat(struct.getMethod("get0", Object.class).invoke(null, object)).isEqualTo(7);
    assertThat(call(object, struct.getMethod("type"))).hasToString("(struct (field i32))");
    assertThat(struct.getModule().isNamed()).isFalse();
    try {
      struct.getMethod("get0", Object.class).invoke(null, (Object) null);
      throw new AssertionError("no trap");
    } catch (InvocationTargetException e) {
      assertThat(e.getCause()).hasMessage("null structure reference");
    }

    Class<?> array = (Class<?>) call(shared, classOf, call(space, typeAt, 1));
    Object elements = array.getMethod("ofDefaults", int.class).invoke(null, 5);
    assertThat(call(elements, array.getMethod("length"))).isEqualTo(5);
  }
}
