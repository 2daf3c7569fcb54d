package dev.sampan.wasm.compile;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Calls of the JDK's vector classes. They are named here and nowhere else, and only in generated
 * code, because their module may be absent.
 *
 * <p>Generated code calls them directly, not through methods of the engine: HotSpot takes the
 * JDK's, and only the JDK's, into a method however large it has become thereby, and a vector that
 * is handed to a method which is not taken in becomes an object in memory.
 */
final class VectorApi {

  /** All that have been named so far. */
  private static final Map<String, Member> MEMBERS = new ConcurrentHashMap<>();

  private static final String PACKAGE = "jdk/incubator/vector/";
  private static final String VECTOR = PACKAGE + "Vector";
  private static final String A_VECTOR = "L" + VECTOR + ";";
  private static final String MASK = PACKAGE + "VectorMask";
  private static final String A_MASK = "L" + MASK + ";";
  private static final String SPECIES = "L" + PACKAGE + "VectorSpecies;";
  private static final String OPERATORS = PACKAGE + "VectorOperators";
  private static final String COMPARISON = operator("Comparison");
  private static final String BINARY = operator("Binary");
  private static final String TERNARY = operator("Ternary");
  private static final String UNARY = operator("Unary");
  private static final String CONVERSION = operator("Conversion");

  /** The class that vectors are kept as. */
  static final String CLASS = PACKAGE + "ByteVector";

  private static final Member SELECT =
      member(CLASS, "selectFrom", "(" + A_VECTOR + ")L" + CLASS + ";");
  private static final Member LOAD =
      member(CLASS, "fromArray", "(" + SPECIES + "[BI)L" + CLASS + ";");
  private static final Member STORE = member(CLASS, "intoArray", "([BI)V");
  private static final Member TO_LONG = member(MASK, "toLong", "()J");
  private static final Member ANY_TRUE = member(MASK, "anyTrue", "()Z");
  private static final Member MASK_TO_VECTOR = member(MASK, "toVector", "()" + A_VECTOR);
  private static final Member CAST_MASK = member(MASK, "cast", "(" + SPECIES + ")" + A_MASK);
  private static final Member CONVERT =
      member(VECTOR, "convert", "(" + CONVERSION + "I)" + A_VECTOR);

  private VectorApi() {}

  private static Member member(String owner, String name, String descriptor) {
    return MEMBERS.computeIfAbsent(
        owner + '.' + name + descriptor, key -> new Member(owner, name, descriptor));
  }

  /**
   * Whether the JDK has everything that code refers to which has been written so far. The module is
   * still an incubating one, and may be another in later versions.
   */
  static boolean isComplete() {
    try {
      for (Member member : MEMBERS.values()) {
        find(member);
      }
      return true;
    } catch (ReflectiveOperationException | LinkageError | TypeNotPresentException e) {
      return false;
    }
  }

  private static void find(Member member) throws ReflectiveOperationException {
    MethodHandles.Lookup lookup = MethodHandles.publicLookup();
    Class<?> owner = Class.forName(member.owner.replace('/', '.'));
    if (member.descriptor.charAt(0) != '(') {
      MethodType type = MethodType.fromMethodDescriptorString("()" + member.descriptor, null);
      lookup.findStaticGetter(owner, member.name, type.returnType());
      return;
    }
    MethodType type = MethodType.fromMethodDescriptorString(member.descriptor, null);
    boolean onSpecies = member.descriptor.startsWith("(" + SPECIES) && !member.name.equals("cast");
    if (onSpecies) {
      lookup.findStatic(owner, member.name, type);
    } else {
      lookup.findVirtual(owner, member.name, type);
    }
  }

  private static String operator(String kind) {
    return "L" + OPERATORS + "$" + kind + ";";
  }

  /** The shapes of lanes, each with a class of vectors of its own. */
  enum Lane {
    BYTE("Byte", 'B', 8),
    SHORT("Short", 'S', 16),
    INT("Int", 'I', 32),
    LONG("Long", 'J', 64),
    FLOAT("Float", 'F', 32),
    DOUBLE("Double", 'D', 64);

    final int bits;
    final char letter;
    private final String className;
    private final String type;
    private final Member species;
    private final Member fromBytes;
    private final Member broadcast;
    private final Member lane;
    private final Member withLane;
    private final Member unary;
    private final Member binary;
    private final Member binaryNumber;
    private final Member ternary;
    private final Member compare;
    private final Member compareNumber;
    private final Member blend;
    private final Member toBytes;

    Lane(String name, char letter, int bits) {
      this.bits = bits;
      this.letter = letter;
      this.className = PACKAGE + name + "Vector";
      this.type = "L" + className + ";";
      this.species = member(className, "SPECIES_128", SPECIES);
      this.fromBytes = member(CLASS, "reinterpretAs" + name + "s", "()" + type);
      this.toBytes = member(className, "reinterpretAsBytes", "()L" + CLASS + ";");
      this.broadcast = member(className, "broadcast", "(" + SPECIES + letter + ")" + type);
      this.lane = member(className, "lane", "(I)" + letter);
      this.withLane = member(className, "withLane", "(I" + letter + ")" + type);
      this.unary = member(className, "lanewise", "(" + UNARY + ")" + type);
      this.binary = member(className, "lanewise", "(" + BINARY + A_VECTOR + ")" + type);
      this.binaryNumber = member(className, "lanewise", "(" + BINARY + "J)" + type);
      this.ternary =
          member(className, "lanewise", "(" + TERNARY + A_VECTOR + A_VECTOR + ")" + type);
      this.compare = member(className, "compare", "(" + COMPARISON + A_VECTOR + ")" + A_MASK);
      this.compareNumber = member(className, "compare", "(" + COMPARISON + "J)" + A_MASK);
      this.blend = member(className, "blend", "(" + A_VECTOR + A_MASK + ")" + type);
    }

    /** The lane of a shape's name, as instructions begin with it. */
    static Lane of(String shape) {
      return switch (shape) {
        case "i16x8" -> SHORT;
        case "i32x4" -> INT;
        case "i64x2" -> LONG;
        case "f32x4" -> FLOAT;
        case "f64x2" -> DOUBLE;
        default -> BYTE;
      };
    }

    boolean isFloat() {
      return this == FLOAT || this == DOUBLE;
    }
  }

  // ---- whole vectors and halves ----

  /** Turns the vector of bytes on the stack into one of other lanes, of the same bits. */
  static void from(Code code, Lane lane) {
    if (lane != Lane.BYTE) {
      code.invokeVirtual(lane.fromBytes);
    }
  }

  /** Turns the vector on the stack into one of bytes. */
  static void toBytes(Code code, Lane lane) {
    if (lane != Lane.BYTE) {
      code.invokeVirtual(lane.toBytes);
    }
  }

  static void species(Code code, Lane lane) {
    code.getStatic(lane.species);
  }

  /** Turns the vector of bytes on the stack into a half of it. */
  static void half(Code code, int half) {
    from(code, Lane.LONG);
    code.pushInt(half);
    code.invokeVirtual(Lane.LONG.lane);
  }

  /** Pushes a vector whose halves are in local variables. */
  static void join(Code code, int low, int high) {
    species(code, Lane.LONG);
    code.local(Jvm.LLOAD, low);
    code.invokeStatic(Lane.LONG.broadcast);
    code.pushInt(1);
    code.local(Jvm.LLOAD, high);
    code.invokeVirtual(Lane.LONG.withLane);
    toBytes(code, Lane.LONG);
  }

  /** Pushes a vector whose halves are both in a local variable. */
  static void broadcast(Code code, int both) {
    species(code, Lane.LONG);
    code.local(Jvm.LLOAD, both);
    code.invokeStatic(Lane.LONG.broadcast);
    toBytes(code, Lane.LONG);
  }

  static void constant(Code code, long low, long high) {
    species(code, Lane.LONG);
    code.pushLong(low);
    code.invokeStatic(Lane.LONG.broadcast);
    if (low != high) {
      code.pushInt(1);
      code.pushLong(high);
      code.invokeVirtual(Lane.LONG.withLane);
    }
    toBytes(code, Lane.LONG);
  }

  // ---- operations, named as the JDK's operators are ----

  private static void operator(Code code, String name, String type) {
    code.getStatic(member(OPERATORS, name, type));
  }

  private static String binaryType(String operator) {
    return switch (operator) {
      case "ADD", "MUL", "MIN", "MAX", "UMIN", "UMAX", "AND", "OR", "XOR" ->
          operator("Associative");
      default -> BINARY;
    };
  }

  /** A vector is on the stack. */
  static void unary(Code code, Lane lane, String operator) {
    operator(code, operator, UNARY);
    code.invokeVirtual(lane.unary);
  }

  /** Pushes an operator; the second operand comes above it. */
  static void binaryOperator(Code code, String operator) {
    operator(code, operator, binaryType(operator));
  }

  /** Vector, operator and vector are on the stack. */
  static void binary(Code code, Lane lane) {
    code.invokeVirtual(lane.binary);
  }

  /** Vector, operator and a number of 64 bits are on the stack. */
  static void binaryNumber(Code code, Lane lane) {
    code.invokeVirtual(lane.binaryNumber);
  }

  /** A vector is on the stack. */
  static void binaryConstant(Code code, Lane lane, String operator, long number) {
    binaryOperator(code, operator);
    code.pushLong(number);
    binaryNumber(code, lane);
  }

  static void blendOperator(Code code) {
    operator(code, "BITWISE_BLEND", TERNARY);
  }

  /** Vector, operator and two vectors are on the stack. */
  static void ternary(Code code, Lane lane) {
    code.invokeVirtual(lane.ternary);
  }

  static void comparison(Code code, String operator) {
    operator(code, operator, COMPARISON);
  }

  /** Vector, operator and vector are on the stack; leaves a mask. */
  static void compare(Code code, Lane lane) {
    code.invokeVirtual(lane.compare);
  }

  /** A vector is on the stack; leaves a mask. */
  static void compareConstant(Code code, Lane lane, String operator, long number) {
    comparison(code, operator);
    code.pushLong(number);
    code.invokeVirtual(lane.compareNumber);
  }

  /** Two vectors and a mask are on the stack. */
  static void blend(Code code, Lane lane) {
    code.invokeVirtual(lane.blend);
  }

  /** Turns a mask into a vector of bytes. */
  static void maskToBytes(Code code, Lane lane) {
    if (lane.isFloat()) {
      species(code, lane == Lane.FLOAT ? Lane.INT : Lane.LONG);
      code.invokeVirtual(CAST_MASK);
    }
    code.invokeVirtual(MASK_TO_VECTOR);
    code.invokeVirtual(member(VECTOR, "reinterpretAsBytes", "()L" + CLASS + ";"));
  }

  static void maskToInt(Code code) {
    code.invokeVirtual(TO_LONG);
    code.op(Jvm.L2I);
  }

  static void anyTrue(Code code) {
    code.invokeVirtual(ANY_TRUE);
  }

  /** Species and number are on the stack. */
  static void broadcast(Code code, Lane lane) {
    code.invokeStatic(lane.broadcast);
  }

  static void lane(Code code, Lane lane) {
    code.invokeVirtual(lane.lane);
  }

  static void withLane(Code code, Lane lane) {
    code.invokeVirtual(lane.withLane);
  }

  /** Vectors of bytes are on the stack: the numbers of lanes, and what the lanes are taken from. */
  static void select(Code code) {
    code.invokeVirtual(SELECT);
  }

  /**
   * Converts the lower lanes of the vector on the stack, or all, by the JDK's name of the
   * conversion; leaves a vector of bytes.
   */
  static void convert(Code code, String conversion) {
    operator(code, conversion, CONVERSION);
    code.pushInt(0);
    code.invokeVirtual(CONVERT);
    code.invokeVirtual(member(VECTOR, "reinterpretAsBytes", "()L" + CLASS + ";"));
  }

  /** Species, array and index are on the stack. */
  static void load(Code code) {
    code.invokeStatic(LOAD);
  }

  /** Vector, array and index are on the stack. */
  static void store(Code code) {
    code.invokeVirtual(STORE);
  }
}
