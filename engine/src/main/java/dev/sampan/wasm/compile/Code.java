package dev.sampan.wasm.compile;

import java.util.Arrays;

/**
 * A method's code while it is written (JVMS §4.7.3): instructions, labels, stack map frames,
 * handlers and line numbers. Frames are given where labels are bound, so nobody has to find them
 * out afterwards. The height of the operand stack is counted along.
 */
final class Code {

  private static final int[] NO_TYPES = {};

  final ConstantPool pool;
  private final Bytes out = new Bytes(512);
  private final Bytes frames = new Bytes(64);
  private final Bytes handlers = new Bytes(16);
  private final Bytes lines = new Bytes(64);
  private int frameCount;
  private int handlerCount;
  private int lineCount;
  private int depth;
  private int maxDepth;
  private int maxLocals;

  // the frame before, which the next one is told as a difference to
  private int[] lastLocals;
  private int lastCount;
  private int lastFrameAt = -1;
  private int lastLineAt = -1;

  /**
   * Code of a method.
   *
   * @param parameters the frame at its beginning
   * @param parameterSlots how many local variables the parameters take
   */
  Code(ConstantPool pool, int[] parameters, int parameterSlots) {
    this.pool = pool;
    this.lastLocals = parameters.clone();
    this.lastCount = parameters.length;
    this.maxLocals = parameterSlots;
  }

  /** How many bytes of instructions there are. */
  int size() {
    return out.size;
  }

  /** The height of the operand stack, in slots. */
  int depth() {
    return depth;
  }

  private void change(int delta) {
    depth += delta;
    if (depth > maxDepth) {
      maxDepth = depth;
    }
  }

  // ---- instructions ----

  /** An instruction without operands. */
  void op(int opcode) {
    out.u1(opcode);
    change(Jvm.effect(opcode));
  }

  /** Loads or stores a local variable; the instruction is the one without a number in its name. */
  void local(int opcode, int slot) {
    boolean load = opcode < Jvm.ISTORE;
    if (slot < 4) {
      int short0 = load ? Jvm.ILOAD_0 : Jvm.ISTORE_0;
      out.u1(short0 + 4 * (opcode - (load ? Jvm.ILOAD : Jvm.ISTORE)) + slot);
    } else {
      wide(opcode, slot);
    }
    change(Jvm.effect(opcode));
    int slots = opcode == Jvm.LLOAD || opcode == Jvm.DLOAD ? 2 : 1;
    if (opcode == Jvm.LSTORE || opcode == Jvm.DSTORE) {
      slots = 2;
    }
    maxLocals = Math.max(maxLocals, slot + slots);
  }

  private void wide(int opcode, int slot) {
    if (slot < 256) {
      out.u1(opcode);
      out.u1(slot);
    } else {
      out.u1(Jvm.WIDE);
      out.u1(opcode);
      out.u2(slot);
    }
  }

  /** Adds a constant of 16 bits to an int in a local variable. */
  void increment(int slot, int amount) {
    if (slot < 256 && amount == (byte) amount) {
      out.u1(Jvm.IINC);
      out.u1(slot);
      out.u1(amount);
    } else {
      out.u1(Jvm.WIDE);
      out.u1(Jvm.IINC);
      out.u2(slot);
      out.u2(amount);
    }
  }

  void pushInt(int value) {
    if (value >= -1 && value <= 5) {
      out.u1(Jvm.ICONST_0 + value);
    } else if (value == (byte) value) {
      out.u1(Jvm.BIPUSH);
      out.u1(value);
    } else if (value == (short) value) {
      out.u1(Jvm.SIPUSH);
      out.u2(value);
    } else {
      loadConstant(pool.integer(value));
    }
    change(1);
  }

  private void loadConstant(int index) {
    if (index < 256) {
      out.u1(Jvm.LDC);
      out.u1(index);
    } else {
      out.u1(Jvm.LDC_W);
      out.u2(index);
    }
  }

  void pushLong(long value) {
    if (value == 0 || value == 1) {
      out.u1(Jvm.LCONST_0 + (int) value);
      change(2);
    } else if (value == (short) value) {
      pushInt((int) value);
      op(Jvm.I2L);
    } else {
      out.u1(Jvm.LDC2_W);
      out.u2(pool.long64(value));
      change(2);
    }
  }

  void pushFloat(int bits) {
    if (bits == 0) {
      out.u1(Jvm.FCONST_0);
    } else {
      loadConstant(pool.float32(bits));
    }
    change(1);
  }

  void pushDouble(long bits) {
    if (bits == 0) {
      out.u1(Jvm.DCONST_0);
    } else {
      out.u1(Jvm.LDC2_W);
      out.u2(pool.double64(bits));
    }
    change(2);
  }

  void pushString(String value) {
    loadConstant(pool.string(value));
    change(1);
  }

  void pushClass(String className) {
    loadConstant(pool.classInfo(className));
    change(1);
  }

  void invokeStatic(Member member) {
    invoke(Jvm.INVOKESTATIC, member, 0);
  }

  void invokeVirtual(Member member) {
    invoke(Jvm.INVOKEVIRTUAL, member, 1);
  }

  void invokeSpecial(Member member) {
    invoke(Jvm.INVOKESPECIAL, member, 1);
  }

  void invokeInterface(Member member) {
    out.u1(Jvm.INVOKEINTERFACE);
    out.u2(pool.interfaceMethod(member));
    out.u1(member.argumentSlots + 1);
    out.u1(0);
    change(-1 - member.argumentSlots);
    change(member.resultSlots);
  }

  private void invoke(int opcode, Member member, int receiver) {
    out.u1(opcode);
    out.u2(pool.method(member));
    change(-receiver - member.argumentSlots);
    change(member.resultSlots);
  }

  void getField(Member member) {
    out.u1(Jvm.GETFIELD);
    out.u2(pool.field(member));
    change(member.resultSlots - 1);
  }

  void putField(Member member) {
    out.u1(Jvm.PUTFIELD);
    out.u2(pool.field(member));
    change(-member.resultSlots - 1);
  }

  void getStatic(Member member) {
    out.u1(Jvm.GETSTATIC);
    out.u2(pool.field(member));
    change(member.resultSlots);
  }

  void putStatic(Member member) {
    out.u1(Jvm.PUTSTATIC);
    out.u2(pool.field(member));
    change(-member.resultSlots);
  }

  /** {@code new}, {@code checkcast} or {@code instanceof}. */
  void type(int opcode, String className) {
    out.u1(opcode);
    out.u2(pool.classInfo(className));
    change(opcode == Jvm.NEW ? 1 : 0);
  }

  // ---- control ----

  /** A jump, conditional or not. */
  void jump(int opcode, Label target) {
    change(Jvm.effect(opcode));
    int from = out.size;
    out.u1(opcode);
    refer(target, from);
  }

  private void refer(Label target, int from) {
    target.used = true;
    if (target.position >= 0) {
      out.u2(target.position - from);
    } else {
      target.depth = depth;
      target.await(out.size, from);
      out.u2(0);
    }
  }

  private void refer4(Label target, int from) {
    target.used = true;
    if (target.position >= 0) {
      out.u4(target.position - from);
    } else {
      target.depth = depth;
      target.await(~out.size, from);
      out.u4(0);
    }
  }

  /** How many bytes a {@code tableswitch} takes at most. */
  static int tableSwitchSize(int cases) {
    return 16 + 4 * cases;
  }

  void tableSwitch(int low, Label[] cases, Label fallback) {
    change(-1);
    int from = out.size;
    out.u1(Jvm.TABLESWITCH);
    while ((out.size & 3) != 0) {
      out.u1(0);
    }
    refer4(fallback, from);
    out.u4(low);
    out.u4(low + cases.length - 1);
    for (Label label : cases) {
      refer4(label, from);
    }
  }

  /** A switch over numbers in ascending order. */
  void lookupSwitch(int[] keys, Label[] cases, Label fallback) {
    change(-1);
    int from = out.size;
    out.u1(Jvm.LOOKUPSWITCH);
    while ((out.size & 3) != 0) {
      out.u1(0);
    }
    refer4(fallback, from);
    out.u4(keys.length);
    for (int i = 0; i < keys.length; i++) {
      out.u4(keys[i]);
      refer4(cases[i], from);
    }
  }

  /**
   * Says that a label is here, and what the frame is.
   *
   * @param locals the types of the local variables; a long or double is one entry
   * @param count how many of them count
   */
  void bind(Label label, int[] locals, int count) {
    bind(label, locals, count, NO_TYPES);
  }

  /** Says that a label is here, with values on the operand stack. */
  void bind(Label label, int[] locals, int count, int[] stack) {
    if (lastFrameAt == out.size
        && (stack.length > 0 || count != lastCount || !samePrefix(locals, count))) {
      // two labels with different frames cannot be at one place
      out.u1(Jvm.NOP);
    }
    place(label);
    frame(locals, count, stack);
  }

  private boolean samePrefix(int[] locals, int count) {
    return Arrays.equals(lastLocals, 0, count, locals, 0, count);
  }

  /** Says that a label is here, and needs no frame, because nothing has jumped there yet. */
  void place(Label label) {
    label.position = out.size;
    label.resolve(out);
  }

  /** The frame at this place. */
  void frame(int[] locals, int count, int[] stack) {
    depth = slots(stack, stack.length);
    maxDepth = Math.max(maxDepth, depth);
    if (lastFrameAt == out.size) {
      return;
    }
    maxLocals = Math.max(maxLocals, slots(locals, count));
    int delta = lastFrameAt < 0 ? out.size : out.size - lastFrameAt - 1;
    int shared = Math.min(lastCount, count);
    int mismatch = Arrays.mismatch(lastLocals, 0, shared, locals, 0, shared);
    boolean prefix = mismatch < 0;
    int added = count - lastCount;
    if (prefix && added == 0 && stack.length == 0) {
      if (delta < 64) {
        frames.u1(delta);
      } else {
        frames.u1(251);
        frames.u2(delta);
      }
    } else if (prefix && added == 0 && stack.length == 1) {
      if (delta < 64) {
        frames.u1(64 + delta);
      } else {
        frames.u1(247);
        frames.u2(delta);
      }
      VerificationType.write(frames, stack[0]);
    } else if (prefix && stack.length == 0 && added >= -3 && added <= 3) {
      frames.u1(251 + added);
      frames.u2(delta);
      for (int i = lastCount; i < count; i++) {
        VerificationType.write(frames, locals[i]);
      }
    } else {
      frames.u1(255);
      frames.u2(delta);
      frames.u2(count);
      for (int i = 0; i < count; i++) {
        VerificationType.write(frames, locals[i]);
      }
      frames.u2(stack.length);
      for (int type : stack) {
        VerificationType.write(frames, type);
      }
    }
    frameCount++;
    lastFrameAt = out.size;
    if (lastLocals.length < count) {
      lastLocals = new int[Math.max(count, 2 * lastLocals.length)];
    }
    System.arraycopy(locals, 0, lastLocals, 0, count);
    lastCount = count;
  }

  private static int slots(int[] types, int count) {
    int slots = 0;
    for (int i = 0; i < count; i++) {
      slots += types[i] == VerificationType.LONG || types[i] == VerificationType.DOUBLE ? 2 : 1;
    }
    return slots;
  }

  /** A handler for exceptions of a class that are thrown in a range. */
  void handler(int start, int end, Label handler, String className) {
    if (start == end) {
      return;
    }
    handlers.u2(start);
    handlers.u2(end);
    handlers.u2(handler.position);
    handlers.u2(pool.classInfo(className));
    handlerCount++;
  }

  /** The number of the line that begins here. */
  void line(int number) {
    if (lastLineAt == out.size) {
      lines.size -= 4;
      lineCount--;
    }
    lines.u2(out.size);
    lines.u2(number);
    lineCount++;
    lastLineAt = out.size;
  }

  // ---- the attribute ----

  void writeTo(Bytes target) {
    int name = pool.utf8("Code");
    int frameName = frameCount == 0 ? 0 : pool.utf8("StackMapTable");
    int lineName = lineCount == 0 ? 0 : pool.utf8("LineNumberTable");
    target.u2(name);
    int lengthAt = target.size;
    target.u4(0);
    target.u2(maxDepth);
    target.u2(maxLocals);
    target.u4(out.size);
    target.append(out);
    target.u2(handlerCount);
    target.append(handlers);
    target.u2((frameName == 0 ? 0 : 1) + (lineName == 0 ? 0 : 1));
    if (frameName != 0) {
      target.u2(frameName);
      target.u4(frames.size + 2);
      target.u2(frameCount);
      target.append(frames);
    }
    if (lineName != 0) {
      target.u2(lineName);
      target.u4(lines.size + 2);
      target.u2(lineCount);
      target.append(lines);
    }
    target.patch4(lengthAt, target.size - lengthAt - 4);
  }
}
