package dev.sampan.wasm.valid;

import static dev.sampan.wasm.model.TypeCode.BOTTOM;
import static dev.sampan.wasm.model.TypeCode.BOTTOM_HEAP;
import static dev.sampan.wasm.model.TypeCode.heap;
import static dev.sampan.wasm.model.TypeCode.isReference;
import static dev.sampan.wasm.model.TypeCode.reference;

import dev.sampan.wasm.InvalidException;
import dev.sampan.wasm.binary.ByteReader;
import dev.sampan.wasm.binary.ModuleLimits;
import dev.sampan.wasm.model.FuncType;
import dev.sampan.wasm.model.HeapType;
import dev.sampan.wasm.model.Opcode;
import dev.sampan.wasm.model.RefType;
import dev.sampan.wasm.model.TypeIndex;
import dev.sampan.wasm.model.TypeSpace;
import dev.sampan.wasm.model.ValType;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Where the validation of a function stands (Appendix › Validation Algorithm): the types on the
 * operand stack, the control frames, and how errors are told. The classes above it hold the rules,
 * one chapter each.
 */
abstract class ValidationState {

  static final int[] NOTHING = {};

  final ModuleContext context;
  final TypeSpace types;

  @Nullable InstructionSink sink;
  ByteReader in;

  /** Where the present instruction begins. */
  int offset;

  @Nullable Opcode opcode;

  /** Whether only constant instructions are allowed. */
  boolean constant;

  /** What a constant expression belongs to. */
  String where = "";

  int functionIndex;

  /** How many locals without default have been set; a frame forgets those of its own. */
  int setCount;

  int[] stack = new int[256];
  int height;

  // Control frames, one entry each in parallel arrays; the present frame's facts in fields.
  int frames;
  Opcode[] frameOpcode = new Opcode[32];
  int[][] frameParameters = new int[32][];
  int[][] frameResults = new int[32][];
  int[] frameHeight = new int[32];
  int[] frameSetCount = new int[32];

  /** Whether the place is unreachable, so that missing operands are made up. */
  boolean[] frameUnreachable = new boolean[32];

  /** Whether the whole frame stands in unreachable code, and the sink hears nothing of it. */
  boolean[] frameDead = new boolean[32];

  int floor;
  boolean unreachable;

  ValidationState(ModuleContext context) {
    this.context = context;
    this.types = context.types();
    this.in = new ByteReader(new byte[0], 0, 0);
  }

  // ---- what the sink hears ----

  boolean live() {
    return sink != null && !unreachable && !frameDead[frames - 1];
  }

  void plain(Opcode op) {
    if (live()) {
      sink().plain(op);
    }
  }

  void index(Opcode op, int index) {
    if (live()) {
      sink().index(op, index);
    }
  }

  void indices(Opcode op, int first, int second) {
    if (live()) {
      sink().indices(op, first, second);
    }
  }

  @SuppressWarnings("NullAway") // live() has looked
  InstructionSink sink() {
    return sink;
  }

  // ---- control frames ----

  void pushFrame(Opcode op, int[] parameters, int[] results, boolean dead) {
    if (frames > 0) {
      frameUnreachable[frames - 1] = unreachable;
    }
    if (frames == frameOpcode.length) {
      growFrames();
    }
    frameOpcode[frames] = op;
    frameParameters[frames] = parameters;
    frameResults[frames] = results;
    frameHeight[frames] = height;
    frameSetCount[frames] = setCount;
    frameDead[frames] = dead;
    frames++;
    floor = height;
    unreachable = false;
    push(parameters);
  }

  void growFrames() {
    int capacity = 2 * frames;
    frameOpcode = Arrays.copyOf(frameOpcode, capacity);
    frameParameters = Arrays.copyOf(frameParameters, capacity);
    frameResults = Arrays.copyOf(frameResults, capacity);
    frameHeight = Arrays.copyOf(frameHeight, capacity);
    frameSetCount = Arrays.copyOf(frameSetCount, capacity);
    frameUnreachable = Arrays.copyOf(frameUnreachable, capacity);
    frameDead = Arrays.copyOf(frameDead, capacity);
  }

  void checkEmpty(int top) {
    if (height != floor) {
      throw invalid(
          "type mismatch: "
              + (top == 0 ? "the function" : "the block")
              + " ends with "
              + (height - floor)
              + " values too many, the first "
              + types.describe(stack[floor]));
    }
  }

  void unreachable() {
    height = floor;
    unreachable = true;
  }

  // ---- the stack ----

  void push(int type) {
    if (height == stack.length) {
      growStack();
    }
    stack[height++] = type;
  }

  void growStack() {
    if (height >= ModuleLimits.OPERANDS) {
      throw invalid("too many operands on the stack: limit " + ModuleLimits.OPERANDS);
    }
    stack = Arrays.copyOf(stack, Math.min(2 * height, ModuleLimits.OPERANDS));
  }

  void push(int[] list) {
    for (int type : list) {
      push(type);
    }
  }

  int pop() {
    if (height > floor) {
      return stack[--height];
    }
    if (unreachable) {
      return BOTTOM;
    }
    throw invalid("type mismatch: " + name() + " expects a value, found nothing");
  }

  int pop(int expected) {
    if (height > floor) {
      int actual = stack[--height];
      if (actual != expected && !types.matches(actual, expected)) {
        throw mismatch(expected, actual);
      }
      return actual;
    }
    if (unreachable) {
      return BOTTOM;
    }
    throw missing(expected);
  }

  void pop(int[] list) {
    for (int i = list.length - 1; i >= 0; i--) {
      pop(list[i]);
    }
  }

  int popReference() {
    int type = pop();
    if (type == BOTTOM) {
      return reference(false, BOTTOM_HEAP);
    }
    if (!isReference(type)) {
      throw invalid(
          "type mismatch: " + name() + " expects a reference, found " + types.describe(type));
    }
    return type;
  }

  boolean matches(int[] list, int[] expected) {
    if (list.length != expected.length) {
      return false;
    }
    for (int i = 0; i < list.length; i++) {
      if (!types.matches(list[i], expected[i])) {
        return false;
      }
    }
    return true;
  }

  void popPacked(int packed) {
    if (packed != 0) {
      popPacked(packed >>> 4, packed & 0xF);
    }
  }

  void popPacked(int rest, int first) {
    popPacked(rest);
    pop(first);
  }

  void pushPacked(int packed) {
    for (int rest = packed; rest != 0; rest >>>= 4) {
      push(rest & 0xF);
    }
  }

  // ---- types and segments by their index ----

  int checkHeap(HeapType heap) {
    if (heap instanceof TypeIndex index) {
      checkTypeIndex(index.index());
    }
    return types.heapCode(heap);
  }

  int checkType(ValType type) {
    if (type instanceof RefType ref) {
      checkHeap(ref.heap());
    }
    return types.code(type);
  }

  void checkTypeIndex(int index) {
    if (Integer.compareUnsigned(index, types.size()) >= 0) {
      throw invalid("unknown type " + Integer.toUnsignedString(index));
    }
  }

  void funcType(int index) {
    checkTypeIndex(index);
    if (!(types.type(index).composite() instanceof FuncType)) {
      throw invalid("type mismatch: type " + index + " is not a function type");
    }
  }

  void requireMatch(int type, int expected) {
    if (!types.matches(type, expected)) {
      throw mismatch(expected, type);
    }
  }

  int checkElement(int index) {
    if (Integer.compareUnsigned(index, context.elementTypes.length) >= 0) {
      throw invalid("unknown elem segment " + Integer.toUnsignedString(index));
    }
    return index;
  }

  int dataSegment() {
    return checkData(in.u32());
  }

  int checkData(int index) {
    if (context.dataSegments < 0) {
      throw ByteReader.malformed("data count section required: by " + name(), offset);
    }
    if (Integer.compareUnsigned(index, context.dataSegments) >= 0) {
      throw invalid("unknown data segment " + Integer.toUnsignedString(index));
    }
    return index;
  }

  int lane(int lanes) {
    int lane = in.u8();
    if (lane >= lanes) {
      throw invalid("invalid lane index: expected less than " + lanes + ", found " + lane);
    }
    return lane;
  }

  int function() {
    int index = in.u32();
    if (Integer.compareUnsigned(index, context.module.functionCount()) >= 0) {
      throw invalid("unknown function " + Integer.toUnsignedString(index));
    }
    return index;
  }

  // ---- messages ----

  String name() {
    return opcode == null ? "the function" : opcode.text();
  }

  InvalidException missing(int expected) {
    return invalid(
        "type mismatch: " + name() + " expects " + types.describe(expected) + ", found nothing");
  }

  InvalidException mismatch(int expected, int actual) {
    return invalid(
        "type mismatch: "
            + name()
            + " expects "
            + types.describe(expected)
            + ", found "
            + types.describe(actual));
  }

  String describe(int[] list) {
    StringBuilder text = new StringBuilder("[");
    for (int type : list) {
      text.append(text.length() == 1 ? "" : " ").append(types.describe(type));
    }
    return text.append(']').toString();
  }

  InvalidException invalid(String message) {
    return invalid(message, offset);
  }

  InvalidException invalid(String message, int at) {
    return new InvalidException(
        message
            + "\n    in "
            + (constant ? where : context.describeFunction(functionIndex))
            + ", at offset 0x"
            + Integer.toHexString(at));
  }
}
