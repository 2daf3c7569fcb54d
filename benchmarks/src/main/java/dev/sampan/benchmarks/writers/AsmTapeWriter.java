package dev.sampan.benchmarks.writers;

import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.Label;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;

/** Writes with ASM, which gets the frames, or finds them out. */
final class AsmTapeWriter implements TapeWriter {

  private static final int VERSION = Opcodes.V17;

  private final Tape tape;
  private final boolean framesGiven;

  AsmTapeWriter(Tape tape, boolean framesGiven) {
    this.tape = tape;
    this.framesGiven = framesGiven;
  }

  /** Finds no common superclass by loading classes: every class of guests is an object. */
  private static final class Writer extends ClassWriter {
    Writer(int flags) {
      super(flags);
    }

    @Override
    protected String getCommonSuperClass(String a, String b) {
      return "java/lang/Object";
    }
  }

  @Override
  public byte[] write(Tape.Clazz each) {
    ClassWriter out =
        new Writer(framesGiven ? ClassWriter.COMPUTE_MAXS : ClassWriter.COMPUTE_FRAMES);
    out.visit(VERSION, each.access(), each.name(), null, each.superName(), null);
    for (Tape.Method method : each.methods()) {
      MethodVisitor code =
          out.visitMethod(method.access(), method.name(), method.descriptor(), null, null);
      code.visitCode();
      write(code, method);
      code.visitMaxs(0, 0);
      code.visitEnd();
    }
    out.visitEnd();
    return out.toByteArray();
  }

  private Object[] types(int[] frame, int from, int to) {
    Object[] types = new Object[to - from];
    for (int i = from; i < to; i++) {
      int type = frame[i + 1];
      types[i - from] = (type & 0xFF) == Tape.OBJECT ? tape.texts().get(type >> 8) : (Object) type;
    }
    return types;
  }

  private String text(int number) {
    return tape.texts().get(number);
  }

  private static void pushInt(MethodVisitor code, int value) {
    if (value >= -1 && value <= 5) {
      code.visitInsn(Opcodes.ICONST_0 + value);
    } else if (value == (byte) value) {
      code.visitIntInsn(Opcodes.BIPUSH, value);
    } else if (value == (short) value) {
      code.visitIntInsn(Opcodes.SIPUSH, value);
    } else {
      code.visitLdcInsn(value);
    }
  }

  private void write(MethodVisitor code, Tape.Method method) {
    Label[] labels = new Label[method.labels()];
    for (int i = 0; i < labels.length; i++) {
      labels[i] = new Label();
    }
    int[] handlers = method.handlers();
    for (int i = 0; i < handlers.length; i += 4) {
      code.visitTryCatchBlock(
          labels[handlers[i]],
          labels[handlers[i + 1]],
          labels[handlers[i + 2]],
          text(handlers[i + 3]));
    }
    int[] in = method.code();
    int at = 0;
    int frameAt = -1;
    while (at < in.length) {
      int opcode = in[at++];
      switch (opcode) {
        case Tape.INT -> pushInt(code, in[at++]);
        case Tape.LONG -> {
          long value = tape.longs().get(in[at++]);
          if (value == 0 || value == 1) {
            code.visitInsn(Opcodes.LCONST_0 + (int) value);
          } else {
            code.visitLdcInsn(value);
          }
        }
        case Tape.FLOAT -> code.visitLdcInsn(Float.intBitsToFloat(in[at++]));
        case Tape.DOUBLE -> code.visitLdcInsn(Double.longBitsToDouble(tape.longs().get(in[at++])));
        case Tape.STRING -> code.visitLdcInsn(text(in[at++]));
        case Tape.CLASS -> code.visitLdcInsn(Type.getObjectType(text(in[at++])));
        case Tape.PLACE -> code.visitLabel(labels[in[at++]]);
        case Tape.FRAME -> {
          code.visitLabel(labels[in[at]]);
          int[] frame = tape.frames().get(in[at + 1]);
          at += 2;
          // labels at one place have one frame
          if (framesGiven && frameAt != at - 3) {
            Object[] locals = types(frame, 0, frame[0]);
            Object[] stack = types(frame, frame[0], frame.length - 1);
            code.visitFrame(Opcodes.F_NEW, locals.length, locals, stack.length, stack);
          }
          frameAt = at;
        }
        case 21, 22, 23, 24, 25, 54, 55, 56, 57, 58 -> code.visitVarInsn(opcode, in[at++]);
        case Opcodes.IINC -> {
          code.visitIincInsn(in[at], in[at + 1]);
          at += 2;
        }
        case 178, 179, 180, 181 -> {
          int[] member = tape.members().get(in[at++]);
          code.visitFieldInsn(opcode, text(member[0]), text(member[1]), text(member[2]));
        }
        case 182, 183, 184, 185 -> {
          int[] member = tape.members().get(in[at++]);
          code.visitMethodInsn(
              opcode, text(member[0]), text(member[1]), text(member[2]), opcode == 185);
        }
        case 187, 192, 193 -> code.visitTypeInsn(opcode, text(in[at++]));
        case Opcodes.TABLESWITCH -> {
          int low = in[at];
          Label[] cases = new Label[in[at + 1]];
          Label fallback = labels[in[at + 2]];
          at += 3;
          for (int i = 0; i < cases.length; i++) {
            cases[i] = labels[in[at++]];
          }
          code.visitTableSwitchInsn(low, low + cases.length - 1, fallback, cases);
        }
        case Opcodes.LOOKUPSWITCH -> {
          int count = in[at];
          Label fallback = labels[in[at + 1]];
          at += 2;
          int[] keys = new int[count];
          Label[] cases = new Label[count];
          for (int i = 0; i < count; i++) {
            keys[i] = in[at++];
            cases[i] = labels[in[at++]];
          }
          code.visitLookupSwitchInsn(fallback, keys, cases);
        }
        default -> {
          if (opcode >= Opcodes.IFEQ && opcode <= Opcodes.GOTO || opcode >= Opcodes.IFNULL) {
            code.visitJumpInsn(opcode, labels[in[at++]]);
          } else {
            code.visitInsn(opcode);
          }
        }
      }
    }
  }
}
