package dev.sampan.wasm.compile;

import dev.sampan.wasm.model.DefType;
import java.lang.invoke.MethodHandle;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** What the compiler keeps for a function type. */
final class CalleeType {

  private static final Function<DefType, CalleeType> MAKE = CalleeType::new;

  final FunctionShape shape;

  /** Makes what functions are called through that take arrays, once there is a class for it. */
  volatile @Nullable MethodHandle throughArrays;

  private CalleeType(DefType type) {
    shape = Callees.shapeOf(type.function());
  }

  static CalleeType of(DefType type) {
    return type.attachment(CalleeType.class, MAKE);
  }
}
