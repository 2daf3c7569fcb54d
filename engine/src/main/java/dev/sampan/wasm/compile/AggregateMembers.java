package dev.sampan.wasm.compile;

import dev.sampan.wasm.model.DefType;
import dev.sampan.wasm.model.Opcode;
import dev.sampan.wasm.model.StructType;
import dev.sampan.wasm.runtime.ArrayObject;
import dev.sampan.wasm.runtime.ArraySegments;
import dev.sampan.wasm.runtime.ModuleInstance;
import java.util.Optional;

/**
 * The static methods that compiled code calls to work with structures and arrays. Each takes its
 * instruction's operands in their order, a vector as two longs.
 */
final class AggregateMembers {

  private static final String OBJECT = "Ljava/lang/Object;";
  private static final String INSTANCE = "L" + Member.internalName(ModuleInstance.class) + ";";
  private static final String FROM_SEGMENT = "(II" + INSTANCE + "I)" + OBJECT;
  private static final String INTO = "(" + OBJECT + "III" + INSTANCE + "I)V";

  /** {@code array.len} of an array of whatever type. */
  static final Member ARRAY_LENGTH = Member.of(ArrayObject.class, "length", "(" + OBJECT + ")I");

  /** {@code array.init_data}, followed by the instance and the segment. */
  static final Member INIT_DATA = Member.of(ArraySegments.class, "initData", INTO);

  /** {@code array.init_elem}, followed by the instance and the segment. */
  static final Member INIT_ELEMENTS = Member.of(ArraySegments.class, "initElements", INTO);

  private AggregateMembers() {}

  // ---- structures ----

  private static FieldCode field(DefType type, int index) {
    return FieldCode.of(((StructType) type.composite()).fields().get(index).storage());
  }

  private static Member struct(DefType type, String name, String descriptor) {
    return new Member(SharedClasses.name(type), name, descriptor);
  }

  /** {@code struct.new}, unless the fields are too many for arguments. */
  static Optional<Member> structOf(DefType type) {
    String descriptor = FieldCode.factoryDescriptor(FieldCode.of((StructType) type.composite()));
    return descriptor.isEmpty() ? Optional.empty() : Optional.of(struct(type, "of", descriptor));
  }

  /** {@code struct.new} if they are too many: from slots in numbers and references, and a base. */
  static Member structOfSlots(DefType type) {
    return struct(type, "ofSlots", "([J[" + OBJECT + "I)" + OBJECT);
  }

  /** {@code struct.new_default}. */
  static Member structOfDefaults(DefType type) {
    return struct(type, "ofDefaults", "()" + OBJECT);
  }

  /** {@code struct.get}, {@code struct.get_s} or {@code struct.get_u}; of a vector the low half. */
  static Member structGet(DefType type, int index, Opcode opcode) {
    String suffix =
        switch (opcode) {
          case STRUCT_GET_S -> "_s";
          case STRUCT_GET_U -> "_u";
          default -> "";
        };
    return struct(type, "get" + index + suffix, "(" + OBJECT + ")" + field(type, index).value);
  }

  /** The high half of a vector. */
  static Member structGetHigh(DefType type, int index) {
    return struct(type, "get" + index + "h", "(" + OBJECT + ")J");
  }

  /** {@code struct.set}. */
  static Member structSet(DefType type, int index) {
    return struct(type, "set" + index, "(" + OBJECT + values(field(type, index)) + ")V");
  }

  // ---- arrays ----

  private static String values(FieldCode field) {
    return field == FieldCode.VECTOR ? field.value + field.value : field.value;
  }

  private static Member elements(DefType type, String name, String descriptor) {
    return Member.of(ArrayClass.elementClass(type), name, descriptor);
  }

  /** {@code array.new_default}: takes the length. */
  static Member arrayOfDefaults(DefType type) {
    return new Member(SharedClasses.name(type), "ofDefaults", "(I)" + OBJECT);
  }

  /**
   * The end of {@code array.new}: takes the value, and the array that {@link #arrayOfDefaults} made
   * of the length; gives the array.
   */
  static Member arrayFilled(DefType type) {
    String arguments = values(ArrayClass.element(type)) + OBJECT;
    return elements(type, "filled", "(" + arguments + ")" + OBJECT);
  }

  /**
   * A step of {@code array.new_fixed}: takes the last value, the array and the index; gives the
   * array, which then lies where the next value needs it.
   */
  static Member arrayPut(DefType type) {
    String arguments = values(ArrayClass.element(type)) + OBJECT + "I";
    return elements(type, "put", "(" + arguments + ")" + OBJECT);
  }

  /** {@code array.new_data}, followed by the instance and the segment. */
  static Member arrayOfData(DefType type) {
    return new Member(SharedClasses.name(type), "ofData", FROM_SEGMENT);
  }

  /** {@code array.new_elem}, followed by the instance and the segment. */
  static Member arrayOfElements(DefType type) {
    return new Member(SharedClasses.name(type), "ofElements", FROM_SEGMENT);
  }

  /** {@code array.get}, {@code array.get_s} or {@code array.get_u}; of a vector the low half. */
  static Member arrayGet(DefType type, Opcode opcode) {
    String name =
        switch (opcode) {
          case ARRAY_GET_S -> "getS";
          case ARRAY_GET_U -> "getU";
          default -> "get";
        };
    return elements(type, name, "(" + OBJECT + "I)" + ArrayClass.element(type).value);
  }

  /** The high half of a vector. */
  static Member arrayGetHigh(DefType type) {
    return elements(type, "getHigh", "(" + OBJECT + "I)J");
  }

  /** {@code array.set}. */
  static Member arraySet(DefType type) {
    return elements(type, "set", "(" + OBJECT + "I" + values(ArrayClass.element(type)) + ")V");
  }

  /** {@code array.len} where the type is known, so that HotSpot sees the Java array's length. */
  static Member arrayCount(DefType type) {
    return elements(type, "count", "(" + OBJECT + ")I");
  }

  /** {@code array.fill}. */
  static Member arrayFill(DefType type) {
    String value = values(ArrayClass.element(type));
    return elements(type, "fill", "(" + OBJECT + "I" + value + "I)V");
  }

  /** {@code array.copy} into an array of a type. */
  static Member arrayCopy(DefType type) {
    return elements(type, "copy", "(" + OBJECT + "I" + OBJECT + "II)V");
  }
}
