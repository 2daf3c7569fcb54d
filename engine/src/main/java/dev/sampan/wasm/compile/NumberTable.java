package dev.sampan.wasm.compile;

/** A constant array of numbers, as the text of constants: a class file has no shorter form. */
final class NumberTable {

  /** Numbers that fit the text of one constant. */
  private static final int NUMBERS_PER_TEXT = 10_000;

  private static final Member NEW_TABLE = Member.of(Frames.class, "table", "(I)[I");

  private NumberTable() {}

  /** Pushes an array of numbers. */
  static void push(Code code, int[] numbers) {
    code.pushInt(0);
    code.invokeStatic(NEW_TABLE);
    for (int from = 0; from < numbers.length; from += NUMBERS_PER_TEXT) {
      StringBuilder text = new StringBuilder();
      for (int k = from; k < Math.min(numbers.length, from + NUMBERS_PER_TEXT); k++) {
        text.append((char) (numbers[k] >>> 16)).append((char) numbers[k]);
      }
      code.pushString(text.toString());
      code.invokeStatic(Frames.DECODE);
    }
  }
}
