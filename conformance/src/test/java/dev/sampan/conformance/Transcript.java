package dev.sampan.conformance;

import dev.sampan.wasm.Func;
import dev.sampan.wasm.GuestException;
import dev.sampan.wasm.I31;
import dev.sampan.wasm.V128;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** All that can be seen of a module's run, so that two runs can be compared. */
final class Transcript {

  /** A float by its bits, since NaNs with different payloads are different here. */
  record F32(int bits) {
    @Override
    public String toString() {
      return "f32 0x%08x (%s)".formatted(bits, Float.intBitsToFloat(bits));
    }
  }

  /** A double by its bits. */
  record F64(long bits) {
    @Override
    public String toString() {
      return "f64 0x%016x (%s)".formatted(bits, Double.longBitsToDouble(bits));
    }
  }

  private static final int DEEPEST = 3;

  private final List<Object> entries = new ArrayList<>();

  /** Where the call began that used up a resource; what follows cannot be compared. */
  private int end = Integer.MAX_VALUE;

  void add(Object entry) {
    entries.add(entry);
  }

  void value(@Nullable Object value) {
    entries.add(seen(value, 0));
  }

  int size() {
    return entries.size();
  }

  /** From this entry on, the other modes may have got further or less far. */
  void endsAt(int entry) {
    end = Math.min(end, entry);
  }

  boolean isCut() {
    return end != Integer.MAX_VALUE;
  }

  /** What a value looks like from outside, whichever engine it is from. */
  private static Object seen(@Nullable Object value, int depth) {
    return switch (value) {
      case null -> "null";
      case Float f -> new F32(Float.floatToRawIntBits(f));
      case Double d -> new F64(Double.doubleToRawLongBits(d));
      case Integer i -> i;
      case Long l -> l;
      case V128 v -> v;
      case I31 i -> i;
      case String s -> s;
      case Func f -> "a function";
      // an exception can hold others, many times over
      case GuestException e when depth < DEEPEST ->
          e.payload().stream().map(each -> seen(each, depth + 1)).toList();
      // each mode has its own objects for structures and arrays
      default -> "an object";
    };
  }

  /** Where two runs differ, with what came before, or null if they do not. */
  static @Nullable String difference(Transcript one, Transcript other) {
    int end = Math.min(one.end, other.end);
    int count = Math.min(end, Math.max(one.entries.size(), other.entries.size()));
    for (int i = 0; i < count; i++) {
      Object left = i < one.entries.size() ? one.entries.get(i) : "nothing more";
      Object right = i < other.entries.size() ? other.entries.get(i) : "nothing more";
      if (!left.equals(right)) {
        StringBuilder text = new StringBuilder();
        for (Object before : one.entries.subList(Math.max(0, i - 12), i)) {
          text.append("      ").append(before).append('\n');
        }
        return text.append("  one ").append(left).append("\nother ").append(right).toString();
      }
    }
    return null;
  }
}
