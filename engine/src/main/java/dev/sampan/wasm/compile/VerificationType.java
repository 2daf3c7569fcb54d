package dev.sampan.wasm.compile;

/**
 * Types in stack map frames (Java Virtual Machine Specification §4.7.4), packed: the tag, and above
 * eight bits the constant pool's index of a class.
 */
final class VerificationType {

  static final int TOP = 0;
  static final int INTEGER = 1;
  static final int FLOAT = 2;
  static final int DOUBLE = 3;
  static final int LONG = 4;
  private static final int OBJECT = 7;

  private VerificationType() {}

  /** An object of a class. */
  static int object(int classInfo) {
    return OBJECT | classInfo << 8;
  }

  static void write(Bytes out, int type) {
    out.u1(type & 0xFF);
    if ((type & 0xFF) == OBJECT) {
      out.u2(type >>> 8);
    }
  }
}
