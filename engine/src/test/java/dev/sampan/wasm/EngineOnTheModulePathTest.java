package dev.sampan.wasm;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.module.Configuration;
import java.lang.module.ModuleFinder;
import java.lang.reflect.Array;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.IntUnaryOperator;
import org.junit.jupiter.api.Test;

/** The engine as a named module, whose generated classes are in none. */
class EngineOnTheModulePathTest {

  private static final String MODULE = "dev.sampan.wasm";

  private static final String GUEST =
      """
      (module
        (import "host" "applyAsInt" (func $host (param i32) (result i32)))
        (type $s (struct (field i32)))
        (func (export "applyAsInt") (param i32) (result i32)
          (struct.get $s 0
            (struct.new $s (i32.add (i32.const 1) (call $host (local.get 0)))))))
      """;

  interface Hidden {
    int applyAsInt(int value);
  }

  static ClassLoader engineLoader() throws Exception {
    Path classes =
        Path.of(Engine.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    ModuleLayer boot = ModuleLayer.boot();
    Configuration configuration =
        boot.configuration().resolve(ModuleFinder.of(classes), ModuleFinder.of(), Set.of(MODULE));
    return Objects.requireNonNull(
        ModuleLayer.defineModulesWithOneLoader(
                configuration, List.of(boot), ClassLoader.getPlatformClassLoader())
            .layer()
            .findModule(MODULE)
            .orElseThrow()
            .getClassLoader());
  }

  @Test
  void callsBothWaysNeedNoArraysThereToo() throws Exception {
    ClassLoader loader = engineLoader();
    Class<?> engineType = loader.loadClass(MODULE + ".Engine");
    assertThat(engineType.getModule().isNamed()).isTrue();
    Class<?> importsType = loader.loadClass(MODULE + ".Imports");
    IntUnaryOperator triple = value -> 3 * value;
    Object imports =
        importsType
            .getMethod("module", String.class, Class.class, Object.class)
            .invoke(
                importsType.getMethod("create").invoke(null),
                "host",
                IntUnaryOperator.class,
                triple);
    Object engine = engineType.getMethod("create").invoke(null);
    Object module = engineType.getMethod("load", String.class).invoke(engine, GUEST);
    Object instance =
        loader
            .loadClass(MODULE + ".WasmModule")
            .getMethod("instantiate", importsType)
            .invoke(module, imports);
    Class<?> instanceType = loader.loadClass(MODULE + ".Instance");
    Method as = instanceType.getMethod("as", Class.class);

    IntUnaryOperator platform = (IntUnaryOperator) as.invoke(instance, IntUnaryOperator.class);
    assertThat(Proxy.isProxyClass(platform.getClass())).isFalse();
    assertThat(platform.applyAsInt(5)).isEqualTo(16);
    assertThat(platform.andThen(value -> -value).applyAsInt(5)).isEqualTo(-16);

    Hidden hidden = (Hidden) as.invoke(instance, Hidden.class);
    assertThat(hidden.applyAsInt(6)).isEqualTo(19);

    Object function =
        instanceType.getMethod("function", String.class).invoke(instance, "applyAsInt");
    Object arguments = Array.newInstance(Object.class, 1);
    Array.set(arguments, 0, 7);
    Object results =
        loader
            .loadClass(MODULE + ".Func")
            .getMethod("call", Object[].class)
            .invoke(function, arguments);
    assertThat(results).hasToString("[22]");
  }
}
