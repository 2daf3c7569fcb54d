package dev.sampan.wasm.compile;

/** The way from the inner to the outer of the two loops that a counted loop is written as. */
public final class OuterLoop {

  static final Member AGAIN = Member.of(OuterLoop.class, "again", "(I)I");

  private OuterLoop() {}

  /**
   * The counter as it is. HotSpot leaves calls that were never executed as they are, so this tells
   * it that the two ways back are not one; and it is longer than what it inlines in any case.
   */
  public static int again(int counter) {
    return (counter & 0xFFFF_0000) | (counter & 0xFFFF);
  }
}
