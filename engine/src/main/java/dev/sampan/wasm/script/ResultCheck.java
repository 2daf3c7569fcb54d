package dev.sampan.wasm.script;

import dev.sampan.wasm.Func;
import dev.sampan.wasm.GuestException;
import dev.sampan.wasm.I31;
import dev.sampan.wasm.V128;
import dev.sampan.wasm.runtime.Aggregate;
import dev.sampan.wasm.runtime.ArrayObject;
import dev.sampan.wasm.runtime.StructObject;
import dev.sampan.wasm.script.Expected.NanKind;
import dev.sampan.wasm.script.Expected.RefKind;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Compares results with what a script expects of them. */
final class ResultCheck {

  private static final int F32_CANONICAL = 0x7FC0_0000;
  private static final long F64_CANONICAL = 0x7FF8_0000_0000_0000L;

  private ResultCheck() {}

  static boolean matches(List<Expected> expected, List<@Nullable Object> values) {
    if (expected.size() != values.size()) {
      return false;
    }
    for (int i = 0; i < values.size(); i++) {
      if (!matches(expected.get(i), values.get(i))) {
        return false;
      }
    }
    return true;
  }

  private static boolean matches(Expected expected, @Nullable Object value) {
    return switch (expected) {
      case Expected.Int32 i -> value instanceof Integer found && found == i.value();
      case Expected.Int64 i -> value instanceof Long found && found == i.value();
      case Expected.Float32 f ->
          value instanceof Float found && Float.floatToRawIntBits(found) == f.bits();
      case Expected.Float64 f ->
          value instanceof Double found && Double.doubleToRawLongBits(found) == f.bits();
      case Expected.Nan32 nan ->
          value instanceof Float found && isNan(Float.floatToRawIntBits(found), nan.kind());
      case Expected.Nan64 nan ->
          value instanceof Double found && isNan(Double.doubleToRawLongBits(found), nan.kind());
      case Expected.Vector vector -> value instanceof V128 found && lanesMatch(vector, found);
      case Expected.Null none -> value == null;
      case Expected.Reference reference -> value != null && isReference(reference.kind(), value);
      case Expected.Host host -> host.object().equals(value);
      case Expected.Either either ->
          either.alternatives().stream().anyMatch(each -> matches(each, value));
    };
  }

  private static boolean isNan(int bits, NanKind kind) {
    return switch (kind) {
      case CANONICAL -> (bits & Integer.MAX_VALUE) == F32_CANONICAL;
      case ARITHMETIC -> (bits & F32_CANONICAL) == F32_CANONICAL;
    };
  }

  private static boolean isNan(long bits, NanKind kind) {
    return switch (kind) {
      case CANONICAL -> (bits & Long.MAX_VALUE) == F64_CANONICAL;
      case ARITHMETIC -> (bits & F64_CANONICAL) == F64_CANONICAL;
    };
  }

  private static boolean lanesMatch(Expected.Vector vector, V128 value) {
    int bits = vector.laneBits();
    for (int i = 0; i < vector.lanes().size(); i++) {
      long half = i * bits < 64 ? value.low() : value.high();
      long lane = half >>> i * bits % 64 & -1L >>> 64 - bits;
      if (!laneMatches(vector.lanes().get(i), lane, bits)) {
        return false;
      }
    }
    return true;
  }

  /** Whether a lane, given by its bits in the lowest ones, is what is expected. */
  private static boolean laneMatches(Expected expected, long lane, int bits) {
    return switch (expected) {
      case Expected.Int64 i -> lane == (i.value() & -1L >>> 64 - bits);
      case Expected.Float32 f -> (int) lane == f.bits();
      case Expected.Float64 f -> lane == f.bits();
      case Expected.Nan32 nan -> isNan((int) lane, nan.kind());
      case Expected.Nan64 nan -> isNan(lane, nan.kind());
      case Expected.Int32 none -> false;
      case Expected.Vector none -> false;
      case Expected.Null none -> false;
      case Expected.Reference none -> false;
      case Expected.Host none -> false;
      case Expected.Either none -> false;
    };
  }

  private static boolean isReference(RefKind kind, Object value) {
    return switch (kind) {
      case ANY, EXTERN -> true;
      case EQ -> value instanceof I31 || value instanceof Aggregate;
      case I31 -> value instanceof I31;
      case STRUCT -> value instanceof StructObject;
      case ARRAY -> value instanceof ArrayObject;
      case FUNC -> value instanceof Func;
      case EXN -> value instanceof GuestException;
      case HOST -> value instanceof HostRef;
    };
  }

  /** How a failure's message writes results. */
  static String describe(List<@Nullable Object> values) {
    StringBuilder text = new StringBuilder("[");
    for (Object value : values) {
      text.append(text.length() > 1 ? ", " : "").append(describe(value));
    }
    return text.append(']').toString();
  }

  private static String describe(@Nullable Object value) {
    return switch (value) {
      case null -> "null";
      case Float f -> f + " = 0x" + Integer.toHexString(Float.floatToRawIntBits(f));
      case Double d -> d + " = 0x" + Long.toHexString(Double.doubleToRawLongBits(d));
      default -> value.toString();
    };
  }
}
