package dev.sampan.wasm.compile;

import dev.sampan.wasm.GuestException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** What the methods of a divided function call to handle the frame they share. */
public final class Frames {

  /** No references, for functions that have none. */
  private static final @Nullable Object[] NO_REFERENCES = {};

  private static final String ARRAYS = "[J[" + FunctionShape.OBJECT;

  static final Member NEW_NUMBERS = Member.of(Frames.class, "numbers", "(I)[J");
  static final Member NEW_REFERENCES =
      Member.of(Frames.class, "references", "(I)[" + FunctionShape.OBJECT);
  static final Member COPY_IN = Member.of(Frames.class, "copy", "(" + ARRAYS + ARRAYS + "I)V");
  static final Member COPY_OUT =
      Member.of(Frames.class, "copyOut", "(" + ARRAYS + "I" + ARRAYS + "I)V");
  static final Member LEAVE =
      Member.of(Frames.class, "leave", "(" + ARRAYS + "II" + FunctionShape.INSTANCE + ")V");
  static final Member TAKE =
      Member.of(Frames.class, "take", "(" + ARRAYS + "II" + FunctionShape.INSTANCE + ")V");
  static final Member DECODE = Member.of(Frames.class, "decode", "([ILjava/lang/String;)[I");
  static final Member TARGET = Member.of(Frames.class, "target", "(I[I)I");

  static final Member SLICE_NUMBERS =
      Member.of(Frames.class, "sliceNumbers", "(" + ARRAYS + "II)[J");
  static final Member SLICE_REFERENCES =
      Member.of(Frames.class, "sliceReferences", "(" + ARRAYS + "II)[" + FunctionShape.OBJECT);
  static final Member INSERT = Member.of(Frames.class, "insert", "(" + ARRAYS + ARRAYS + "II)V");
  static final Member KEEP =
      Member.of(
          Frames.class,
          "keep",
          "(L" + Exceptions.GUEST_EXCEPTION + ";[" + FunctionShape.OBJECT + ")V");
  static final Member KEPT =
      Member.of(
          Frames.class,
          "kept",
          "([" + FunctionShape.OBJECT + ")L" + Exceptions.GUEST_EXCEPTION + ";");
  static final Member MOVE = Member.of(Frames.class, "move", "(" + ARRAYS + "III)V");
  static final Member CHAIN =
      Member.of(Frames.class, "chain", "([" + FunctionShape.OBJECT + ")L" + TailCall.CLASS + ";");
  static final Member TAKE_CHAIN =
      Member.of(Frames.class, "take", "(L" + TailCall.CLASS + ";" + ARRAYS + "I)V");
  static final Member LEAVE_CHAIN =
      Member.of(Frames.class, "leave", "(" + ARRAYS + "IIL" + TailCall.CLASS + ";)V");

  private Frames() {}

  public static void set(long value, long[] numbers, int slot) {
    numbers[slot] = value;
  }

  public static void set(@Nullable Object value, @Nullable Object[] references, int slot) {
    references[slot] = value;
  }

  public static long[] numbers(int size) {
    return new long[size];
  }

  public static @Nullable Object[] references(int size) {
    return size == 0 ? NO_REFERENCES : new Object[size];
  }

  /** Copies arguments that came in arrays to the beginning of a frame. */
  public static void copy(
      long[] fromNumbers,
      @Nullable Object[] fromReferences,
      long[] numbers,
      @Nullable Object[] references,
      int slots) {
    System.arraycopy(fromNumbers, 0, numbers, 0, slots);
    if (references.length > 0) {
      System.arraycopy(fromReferences, 0, references, 0, slots);
    }
  }

  /** Copies results from a frame to arrays. */
  public static void copyOut(
      long[] numbers,
      @Nullable Object[] references,
      int from,
      long[] toNumbers,
      @Nullable Object[] toReferences,
      int slots) {
    System.arraycopy(numbers, from, toNumbers, 0, slots);
    if (references.length > 0) {
      System.arraycopy(references, from, toReferences, 0, slots);
    }
  }

  /** Leaves results for the caller to take. */
  public static void leave(
      long[] numbers, @Nullable Object[] references, int from, int slots, CompiledInstance in) {
    System.arraycopy(numbers, from, in.results, 0, slots);
    if (references.length > 0) {
      System.arraycopy(references, from, in.resultReferences, 0, slots);
    }
  }

  /** Takes results that wait, but the first slot, into a frame. */
  public static void take(
      long[] numbers, @Nullable Object[] references, int to, int slots, CompiledInstance in) {
    System.arraycopy(in.results, 1, numbers, to + 1, slots - 1);
    if (references.length > 0) {
      System.arraycopy(in.resultReferences, 1, references, to + 1, slots - 1);
      Arrays.fill(in.resultReferences, null);
    }
  }

  /** Some slots in an array of their own. */
  public static long[] sliceNumbers(
      long[] numbers, @Nullable Object[] references, int from, int slots) {
    return Arrays.copyOfRange(numbers, from, from + slots);
  }

  /** Some slots in an array of their own. */
  public static @Nullable Object[] sliceReferences(
      long[] numbers, @Nullable Object[] references, int from, int slots) {
    return references.length == 0
        ? new Object[slots]
        : Arrays.copyOfRange(references, from, from + slots);
  }

  /** Copies arrays into a frame. */
  public static void insert(
      long[] fromNumbers,
      @Nullable Object[] fromReferences,
      long[] numbers,
      @Nullable Object[] references,
      int to,
      int slots) {
    System.arraycopy(fromNumbers, 0, numbers, to, slots);
    System.arraycopy(fromReferences, 0, references, to, slots);
  }

  /** Copies slots to lower ones. */
  public static void move(
      long[] numbers, @Nullable Object[] references, int from, int to, int slots) {
    System.arraycopy(numbers, from, numbers, to, slots);
    if (references.length > 0) {
      System.arraycopy(references, from, references, to, slots);
    }
  }

  // ---- exceptions on the way to their handler: the last reference but one ----

  public static void keep(GuestException exception, @Nullable Object[] references) {
    references[references.length - 2] = exception;
  }

  public static GuestException kept(@Nullable Object[] references) {
    if (references[references.length - 2] instanceof GuestException exception) {
      references[references.length - 2] = null;
      return exception;
    }
    throw new AssertionError("the frame has no exception; please report");
  }

  // ---- steps of tail calls: the chain is the last reference ----

  public static TailCall chain(@Nullable Object[] references) {
    if (references[references.length - 1] instanceof TailCall chain) {
      return chain;
    }
    throw new AssertionError("the frame of a step has no chain; please report");
  }

  public static void take(
      TailCall chain, long[] numbers, @Nullable Object[] references, int slots) {
    copy(chain.numbers, chain.references, numbers, references, slots);
    references[references.length - 1] = chain;
  }

  public static void leave(
      long[] numbers, @Nullable Object[] references, int from, int slots, TailCall chain) {
    copyOut(numbers, references, from, chain.numbers, chain.references, slots);
  }

  // ---- tables ----

  public static int[] table(int length) {
    return new int[length];
  }

  /** Appends the numbers that a text holds, two characters each, to others. */
  public static int[] decode(int[] before, String text) {
    int[] numbers = Arrays.copyOf(before, before.length + text.length() / 2);
    for (int i = 0; i < text.length(); i += 2) {
      numbers[before.length + i / 2] = text.charAt(i) << 16 | text.charAt(i + 1);
    }
    return numbers;
  }

  /** The number at an index of a table; behind its end the last one. */
  public static int target(int index, int[] table) {
    return table[Integer.compareUnsigned(index, table.length - 1) < 0 ? index : table.length - 1];
  }
}
