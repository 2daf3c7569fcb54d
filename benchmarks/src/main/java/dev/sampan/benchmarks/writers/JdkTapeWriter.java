package dev.sampan.benchmarks.writers;

import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassFile.DeadCodeOption;
import java.lang.classfile.ClassFile.DebugElementsOption;
import java.lang.classfile.ClassFile.StackMapsOption;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Label;
import java.lang.classfile.Opcode;
import java.lang.classfile.TypeKind;
import java.lang.classfile.attribute.StackMapFrameInfo;
import java.lang.classfile.attribute.StackMapFrameInfo.ObjectVerificationTypeInfo;
import java.lang.classfile.attribute.StackMapFrameInfo.SimpleVerificationTypeInfo;
import java.lang.classfile.attribute.StackMapFrameInfo.VerificationTypeInfo;
import java.lang.classfile.attribute.StackMapTableAttribute;
import java.lang.classfile.constantpool.ClassEntry;
import java.lang.classfile.constantpool.ConstantPoolBuilder;
import java.lang.classfile.constantpool.FieldRefEntry;
import java.lang.classfile.constantpool.MemberRefEntry;
import java.lang.classfile.instruction.ConvertInstruction;
import java.lang.classfile.instruction.OperatorInstruction;
import java.lang.classfile.instruction.SwitchCase;
import java.lang.constant.ClassDesc;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Writes with the JDK's own library, which gets the frames, or finds them out. */
final class JdkTapeWriter implements TapeWriter {

  private static final int VERSION = ClassFile.JAVA_17_VERSION;
  private static final SimpleVerificationTypeInfo[] SIMPLE = SimpleVerificationTypeInfo.values();
  private static final Opcode[] OPCODES = new Opcode[256];

  static {
    for (Opcode opcode : Opcode.values()) {
      if (!opcode.isWide()) {
        OPCODES[opcode.bytecode()] = opcode;
      }
    }
  }

  private final Tape tape;
  private final boolean framesGiven;
  private final ClassFile context;

  JdkTapeWriter(Tape tape, boolean framesGiven) {
    this.tape = tape;
    this.framesGiven = framesGiven;
    this.context =
        ClassFile.of(
            framesGiven ? StackMapsOption.DROP_STACK_MAPS : StackMapsOption.GENERATE_STACK_MAPS,
            framesGiven ? DeadCodeOption.KEEP_DEAD_CODE : DeadCodeOption.PATCH_DEAD_CODE,
            DebugElementsOption.DROP_DEBUG);
  }

  @Override
  public byte[] write(Tape.Clazz each) {
    return context.build(
        ClassDesc.ofInternalName(each.name()),
        out -> {
          ConstantPoolBuilder pool = out.constantPool();
          out.withVersion(VERSION, 0)
              .withFlags(each.access())
              .withSuperclass(classEntry(pool, each.superName()));
          @Nullable MemberRefEntry[] members = new @Nullable MemberRefEntry[tape.members().size()];
          for (Tape.Method method : each.methods()) {
            out.withMethodBody(
                pool.utf8Entry(method.name()),
                pool.utf8Entry(method.descriptor()),
                method.access(),
                code -> write(code, pool, members, method));
          }
        });
  }

  private String text(int number) {
    return tape.texts().get(number);
  }

  private static ClassEntry classEntry(ConstantPoolBuilder pool, String name) {
    return pool.classEntry(pool.utf8Entry(name));
  }

  /** The entry of a member in the pool, which callers of this library keep. */
  private MemberRefEntry member(
      ConstantPoolBuilder pool, @Nullable MemberRefEntry[] known, int number, int opcode) {
    MemberRefEntry entry = known[number];
    if (entry == null) {
      int[] names = tape.members().get(number);
      ClassEntry owner = classEntry(pool, text(names[0]));
      var type =
          pool.nameAndTypeEntry(pool.utf8Entry(text(names[1])), pool.utf8Entry(text(names[2])));
      entry =
          opcode <= 181
              ? pool.fieldRefEntry(owner, type)
              : opcode == 185
                  ? pool.interfaceMethodRefEntry(owner, type)
                  : pool.methodRefEntry(owner, type);
      known[number] = entry;
    }
    return entry;
  }

  private List<VerificationTypeInfo> types(
      ConstantPoolBuilder pool, int[] frame, int from, int to) {
    List<VerificationTypeInfo> types = new ArrayList<>();
    for (int i = from; i < to; i++) {
      int type = frame[i + 1];
      types.add(
          (type & 0xFF) == Tape.OBJECT
              ? ObjectVerificationTypeInfo.of(classEntry(pool, text(type >> 8)))
              : SIMPLE[type]);
    }
    return types;
  }

  private void write(
      CodeBuilder code,
      ConstantPoolBuilder pool,
      @Nullable MemberRefEntry[] members,
      Tape.Method method) {
    Label[] labels = new Label[method.labels()];
    for (int i = 0; i < labels.length; i++) {
      labels[i] = code.newLabel();
    }
    int[] handlers = method.handlers();
    for (int i = 0; i < handlers.length; i += 4) {
      code.exceptionCatch(
          labels[handlers[i]],
          labels[handlers[i + 1]],
          labels[handlers[i + 2]],
          classEntry(pool, text(handlers[i + 3])));
    }
    List<StackMapFrameInfo> frames = new ArrayList<>();
    int[] in = method.code();
    int at = 0;
    int frameAt = -1;
    while (at < in.length) {
      int opcode = in[at++];
      switch (opcode) {
        case Tape.INT -> code.loadConstant(in[at++]);
        case Tape.LONG -> code.loadConstant((long) tape.longs().get(in[at++]));
        case Tape.FLOAT -> code.loadConstant(Float.intBitsToFloat(in[at++]));
        case Tape.DOUBLE -> code.loadConstant(Double.longBitsToDouble(tape.longs().get(in[at++])));
        case Tape.STRING -> code.ldc(pool.stringEntry(text(in[at++])));
        case Tape.CLASS -> code.ldc(classEntry(pool, text(in[at++])));
        case Tape.PLACE -> code.labelBinding(labels[in[at++]]);
        case Tape.FRAME -> {
          Label label = labels[in[at]];
          code.labelBinding(label);
          int[] frame = tape.frames().get(in[at + 1]);
          at += 2;
          if (framesGiven && frameAt != at - 3) {
            frames.add(
                StackMapFrameInfo.of(
                    label,
                    types(pool, frame, 0, frame[0]),
                    types(pool, frame, frame[0], frame.length - 1)));
          }
          frameAt = at;
        }
        case 21, 22, 23, 24, 25 -> code.loadLocal(kind(opcode - 21), in[at++]);
        case 54, 55, 56, 57, 58 -> code.storeLocal(kind(opcode - 54), in[at++]);
        case 132 -> {
          code.iinc(in[at], in[at + 1]);
          at += 2;
        }
        case 178, 179, 180, 181 -> {
          FieldRefEntry field = (FieldRefEntry) member(pool, members, in[at++], opcode);
          code.fieldAccess(OPCODES[opcode], field);
        }
        case 182, 183, 184, 185 ->
            code.invoke(OPCODES[opcode], member(pool, members, in[at++], opcode));
        case 187 -> code.new_(classEntry(pool, text(in[at++])));
        case 192 -> code.checkcast(classEntry(pool, text(in[at++])));
        case 193 -> code.instanceOf(classEntry(pool, text(in[at++])));
        case 170 -> {
          int low = in[at];
          int count = in[at + 1];
          Label fallback = labels[in[at + 2]];
          at += 3;
          List<SwitchCase> cases = new ArrayList<>();
          for (int i = 0; i < count; i++) {
            cases.add(SwitchCase.of(low + i, labels[in[at++]]));
          }
          code.tableswitch(low, low + count - 1, fallback, cases);
        }
        case 171 -> {
          int count = in[at];
          Label fallback = labels[in[at + 1]];
          at += 2;
          List<SwitchCase> cases = new ArrayList<>();
          for (int i = 0; i < count; i++) {
            cases.add(SwitchCase.of(in[at], labels[in[at + 1]]));
            at += 2;
          }
          code.lookupswitch(fallback, cases);
        }
        default -> {
          if (opcode >= 153 && opcode <= 167 || opcode >= 198) {
            code.branch(OPCODES[opcode], labels[in[at++]]);
          } else {
            plain(code, opcode);
          }
        }
      }
    }
    if (!frames.isEmpty()) {
      code.with(StackMapTableAttribute.of(frames));
    }
  }

  private static TypeKind kind(int number) {
    return switch (number) {
      case 0 -> TypeKind.INT;
      case 1 -> TypeKind.LONG;
      case 2 -> TypeKind.FLOAT;
      case 3 -> TypeKind.DOUBLE;
      default -> TypeKind.REFERENCE;
    };
  }

  /** Instructions without operands. */
  private static void plain(CodeBuilder code, int opcode) {
    switch (opcode) {
      case 0 -> code.nop();
      case 1 -> code.aconst_null();
      case 46 -> code.iaload();
      case 47 -> code.laload();
      case 50 -> code.aaload();
      case 51 -> code.baload();
      case 79 -> code.iastore();
      case 80 -> code.lastore();
      case 83 -> code.aastore();
      case 84 -> code.bastore();
      case 87 -> code.pop();
      case 88 -> code.pop2();
      case 89 -> code.dup();
      case 90 -> code.dup_x1();
      case 91 -> code.dup_x2();
      case 92 -> code.dup2();
      case 93 -> code.dup2_x1();
      case 94 -> code.dup2_x2();
      case 95 -> code.swap();
      case 172 -> code.ireturn();
      case 173 -> code.lreturn();
      case 174 -> code.freturn();
      case 175 -> code.dreturn();
      case 176 -> code.areturn();
      case 177 -> code.return_();
      case 191 -> code.athrow();
      case 133, 134, 135, 136, 137, 138, 139, 140, 141, 142, 143, 144, 145, 146, 147 ->
          code.with(ConvertInstruction.of(OPCODES[opcode]));
      default -> code.with(OperatorInstruction.of(OPCODES[opcode]));
    }
  }
}
