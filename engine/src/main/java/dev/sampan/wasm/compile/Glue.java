package dev.sampan.wasm.compile;

import dev.sampan.wasm.JavaTypes;
import dev.sampan.wasm.Results;
import dev.sampan.wasm.model.FuncType;
import dev.sampan.wasm.model.ValType;
import dev.sampan.wasm.runtime.ExportBinding;
import dev.sampan.wasm.runtime.FuncInstance;
import dev.sampan.wasm.runtime.ModuleInstance;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles.Lookup;
import java.lang.invoke.MethodType;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What implements a Java interface by calling a module's exports; all instances share it. */
final class Glue {

  private static final MethodType CONSTRUCTOR =
      MethodType.methodType(void.class, Object.class, MethodHandle[].class);
  private static final MethodType GENERIC =
      MethodType.methodType(Object.class, Object.class, MethodHandle[].class);
  private static final MethodHandle[] NONE = {};

  /** Makes an object of the generated class, or null if there can be no such class. */
  private final @Nullable MethodHandle constructor;

  /** The functions that each instance has its own handle of. */
  private final int[] others;

  private Glue(@Nullable MethodHandle constructor, int[] others) {
    this.constructor = constructor;
    this.others = others;
  }

  /** An object for an instance, or null if it must be made in another way. */
  @Nullable Object of(ModuleInstance instance) {
    if (constructor == null) {
      return null;
    }
    MethodHandle[] handles = others.length == 0 ? NONE : new MethodHandle[others.length];
    for (int i = 0; i < handles.length; i++) {
      FuncInstance function = instance.function(others[i]);
      handles[i] = function.handle();
    }
    try {
      return (Object) constructor.invokeExact((Object) instance, handles);
    } catch (Throwable e) {
      throw new AssertionError("the class of an interface cannot be used; please report", e);
    }
  }

  static Glue make(ModuleCode code, ExportBinding binding) {
    List<ExportBinding.Target> targets = binding.targets();
    int imported = code.shape().importedFunctions();
    int[] others =
        targets.stream()
            .mapToInt(ExportBinding.Target::function)
            .filter(function -> function < imported || code.entry(function) == null)
            .toArray();
    MethodHandle[] handles =
        targets.stream()
            .map(ExportBinding.Target::function)
            .map(function -> function < imported ? null : code.entry(function))
            .toArray(MethodHandle[]::new);
    try {
      Lookup lookup = GluePlace.of(binding.type());
      if (lookup == null || !reaches(lookup, targets)) {
        return new Glue(null, others);
      }
      byte[] bytes = GlueClass.write(code.shape(), binding, handles, lookup.lookupClass());
      Class<?> made = lookup.defineHiddenClassWithClassData(bytes, handles, true).lookupClass();
      MethodHandle constructor = lookup.findConstructor(made, CONSTRUCTOR);
      return new Glue(constructor.asType(GENERIC), others);
    } catch (IllegalAccessException | NoSuchMethodException | LinkageError e) {
      // a sealed interface, for example
      return new Glue(null, others);
    }
  }

  private static boolean reaches(Lookup lookup, List<ExportBinding.Target> targets) {
    try {
      for (ExportBinding.Target target : targets) {
        Class<?> result = target.method().getReturnType();
        if (!result.isPrimitive()) {
          lookup.accessClass(result);
        }
      }
      return true;
    } catch (IllegalAccessException e) {
      return false;
    }
  }

  /** The type of the method that Java enters a function by. */
  static MethodType entryType(ModuleShape shape, int function) {
    return type(shape.type(shape.definition().functionType(function)).function())
        .insertParameterTypes(0, Object.class);
  }

  /** How functions of a type look as method handles. */
  static MethodType type(FuncType type) {
    Class<?>[] parameters = new Class<?>[type.parameters().size()];
    for (int i = 0; i < parameters.length; i++) {
      parameters[i] = JavaTypes.carrier(type.parameters().get(i));
    }
    List<ValType> results = type.results();
    Class<?> result =
        switch (results.size()) {
          case 0 -> void.class;
          case 1 -> JavaTypes.carrier(results.getFirst());
          default -> Results.class;
        };
    return MethodType.methodType(result, parameters);
  }
}
