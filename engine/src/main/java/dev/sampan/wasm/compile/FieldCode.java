package dev.sampan.wasm.compile;

import dev.sampan.wasm.model.NumType;
import dev.sampan.wasm.model.PackedType;
import dev.sampan.wasm.model.RefType;
import dev.sampan.wasm.model.StorageType;
import dev.sampan.wasm.model.StructType;
import dev.sampan.wasm.model.VecType;

/**
 * How a field of a structure, or an element of an array, is kept by generated classes. A vector is
 * two longs, for each of which this stands.
 */
enum FieldCode {
  BYTE("B", "I", Jvm.ILOAD, Jvm.IRETURN, 1),
  SHORT("S", "I", Jvm.ILOAD, Jvm.IRETURN, 2),
  INT("I", "I", Jvm.ILOAD, Jvm.IRETURN, 4),
  LONG("J", "J", Jvm.LLOAD, Jvm.LRETURN, 8),
  FLOAT("F", "F", Jvm.FLOAD, Jvm.FRETURN, 4),
  DOUBLE("D", "D", Jvm.DLOAD, Jvm.DRETURN, 8),
  VECTOR("J", "J", Jvm.LLOAD, Jvm.LRETURN, 16),
  REFERENCE("Ljava/lang/Object;", "Ljava/lang/Object;", Jvm.ALOAD, Jvm.ARETURN, 0);

  /** The JVM allows 255. */
  private static final int MOST_ARGUMENT_SLOTS = 250;

  /** The descriptor of the Java field. */
  final String field;

  /** The descriptor of its value in compiled code. */
  final String value;

  /** The instruction that loads its value from a local variable. */
  final int load;

  /** The instruction that returns its value. */
  final int give;

  /** The bytes of its value in a data segment, where references cannot lie. */
  final int segmentBytes;

  FieldCode(String field, String value, int load, int give, int segmentBytes) {
    this.field = field;
    this.value = value;
    this.load = load;
    this.give = give;
    this.segmentBytes = segmentBytes;
  }

  static FieldCode of(StorageType storage) {
    return switch (storage) {
      case PackedType packed ->
          switch (packed) {
            case I8 -> BYTE;
            case I16 -> SHORT;
          };
      case NumType num ->
          switch (num) {
            case I32 -> INT;
            case I64 -> LONG;
            case F32 -> FLOAT;
            case F64 -> DOUBLE;
          };
      case VecType vec -> VECTOR;
      case RefType ref -> REFERENCE;
    };
  }

  /** The fields of a structure. */
  static FieldCode[] of(StructType type) {
    FieldCode[] fields = new FieldCode[type.fields().size()];
    for (int i = 0; i < fields.length; i++) {
      fields[i] = of(type.fields().get(i).storage());
    }
    return fields;
  }

  /**
   * The descriptor of the method that makes a structure of all its fields, or an empty text if they
   * are more than a method can take.
   */
  static String factoryDescriptor(FieldCode[] fields) {
    StringBuilder descriptor = new StringBuilder("(");
    int slots = 0;
    for (FieldCode field : fields) {
      descriptor.append(field.value).append(field == VECTOR ? field.value : "");
      slots += field.slots();
    }
    return slots > MOST_ARGUMENT_SLOTS ? "" : descriptor + ")Ljava/lang/Object;";
  }

  /** How many local variables its value takes: a vector's both halves. */
  int slots() {
    return this == VECTOR ? 4 : this == LONG || this == DOUBLE ? 2 : 1;
  }

  boolean isPacked() {
    return this == BYTE || this == SHORT;
  }

  /** Its value in stack map frames. */
  int verification(ConstantPool pool) {
    return switch (this) {
      case BYTE, SHORT, INT -> VerificationType.INTEGER;
      case LONG, VECTOR -> VerificationType.LONG;
      case FLOAT -> VerificationType.FLOAT;
      case DOUBLE -> VerificationType.DOUBLE;
      case REFERENCE -> VerificationType.object(pool.classInfo("java/lang/Object"));
    };
  }

  /** From the value, on the operand stack, to what a slot of the runtime holds. */
  void toSlot(Code code) {
    switch (this) {
      case BYTE, SHORT, INT -> code.op(Jvm.I2L);
      case FLOAT -> {
        code.invokeStatic(NumberBits.FLOAT_BITS);
        code.op(Jvm.I2L);
      }
      case DOUBLE -> code.invokeStatic(NumberBits.DOUBLE_BITS);
      case LONG, VECTOR, REFERENCE -> {}
    }
  }

  /** And back; storing into the field cuts packed integers to their size. */
  void fromSlot(Code code) {
    switch (this) {
      case BYTE, SHORT, INT -> code.op(Jvm.L2I);
      case FLOAT -> {
        code.op(Jvm.L2I);
        code.invokeStatic(NumberBits.FLOAT_OF_BITS);
      }
      case DOUBLE -> code.invokeStatic(NumberBits.DOUBLE_OF_BITS);
      case LONG, VECTOR, REFERENCE -> {}
    }
  }
}
