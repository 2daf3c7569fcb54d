package dev.sampan.wasm.compile;

import dev.sampan.wasm.GuestException;
import dev.sampan.wasm.V128;
import dev.sampan.wasm.runtime.HeapAccount;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What instructions of compiled code on exceptions of the guest mean. */
public final class Exceptions {

  private static final String EXCEPTION = "L" + Member.internalName(GuestException.class) + ";";
  private static final String TO_PAYLOAD = "[" + FunctionShape.OBJECT;
  private static final String READ = "(" + EXCEPTION + "I)";

  static final String GUEST_EXCEPTION = Member.internalName(GuestException.class);
  static final Member NEW =
      Member.of(
          Exceptions.class,
          "create",
          "(" + TO_PAYLOAD + "III" + FunctionShape.INSTANCE + ")" + EXCEPTION);
  static final Member PAYLOAD = Member.of(Exceptions.class, "payload", "(I)" + TO_PAYLOAD);
  static final Member HAS_TAG =
      Member.of(Exceptions.class, "hasTag", "(" + EXCEPTION + "I" + FunctionShape.INSTANCE + ")Z");
  static final Member GET_I32 = Member.of(Exceptions.class, "i32", READ + "I");
  static final Member GET_I64 = Member.of(Exceptions.class, "i64", READ + "J");
  static final Member GET_F32 = Member.of(Exceptions.class, "f32", READ + "F");
  static final Member GET_F64 = Member.of(Exceptions.class, "f64", READ + "D");
  static final Member GET_LOW = Member.of(Exceptions.class, "low", READ + "J");
  static final Member GET_HIGH = Member.of(Exceptions.class, "high", READ + "J");
  static final Member GET_REFERENCE =
      Member.of(Exceptions.class, "reference", READ + FunctionShape.OBJECT);

  private Exceptions() {}

  /** The descriptor of the method that puts a value of a kind into a payload. */
  static Member put(char letter) {
    String value = letter == 'A' ? FunctionShape.OBJECT : letter == 'V' ? "JJ" : "" + letter;
    return Member.of(Exceptions.class, "put", "(" + TO_PAYLOAD + value + "I)" + TO_PAYLOAD);
  }

  public static @Nullable Object[] payload(int count) {
    return new Object[count];
  }

  // values come behind the payload on the stack, and the payload is left there

  public static @Nullable Object[] put(@Nullable Object[] payload, int value, int index) {
    payload[index] = value;
    return payload;
  }

  public static @Nullable Object[] put(@Nullable Object[] payload, long value, int index) {
    payload[index] = value;
    return payload;
  }

  public static @Nullable Object[] put(@Nullable Object[] payload, float value, int index) {
    payload[index] = value;
    return payload;
  }

  public static @Nullable Object[] put(@Nullable Object[] payload, double value, int index) {
    payload[index] = value;
    return payload;
  }

  public static @Nullable Object[] put(@Nullable Object[] payload, long low, long high, int index) {
    payload[index] = new V128(low, high);
    return payload;
  }

  public static @Nullable Object[] put(
      @Nullable Object[] payload, @Nullable Object value, int index) {
    payload[index] = value;
    return payload;
  }

  /**
   * Makes an exception. It has no Java stack trace, because that would cost more than all the rest;
   * but where it was thrown is known.
   */
  public static GuestException create(
      @Nullable Object[] payload, int tag, int function, int offset, CompiledInstance in) {
    GuestException exception = new GuestException(in.tags[tag], payload);
    exception.setStackTrace(in.code.throwSite(function, offset));
    HeapAccount.thrown(exception, payload.length, in.heap);
    return exception;
  }

  public static boolean hasTag(GuestException exception, int tag, CompiledInstance in) {
    return exception.tag() == in.tags[tag];
  }

  private static Object value(GuestException exception, int index) {
    return Objects.requireNonNull(exception.payload().get(index));
  }

  public static int i32(GuestException exception, int index) {
    return (int) value(exception, index);
  }

  public static long i64(GuestException exception, int index) {
    return (long) value(exception, index);
  }

  public static float f32(GuestException exception, int index) {
    return (float) value(exception, index);
  }

  public static double f64(GuestException exception, int index) {
    return (double) value(exception, index);
  }

  public static long low(GuestException exception, int index) {
    return ((V128) value(exception, index)).low();
  }

  public static long high(GuestException exception, int index) {
    return ((V128) value(exception, index)).high();
  }

  public static @Nullable Object reference(GuestException exception, int index) {
    return exception.payload().get(index);
  }
}
