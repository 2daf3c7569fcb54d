package dev.sampan.wasm.compile;

import dev.sampan.benchmarks.writers.Tape;
import dev.sampan.benchmarks.writers.TapeWriter;
import java.util.Arrays;
import org.jspecify.annotations.NullMarked;
import org.jspecify.annotations.Nullable;

/** Writes with the engine's own writer, the way the compiler does. */
@NullMarked
public final class OwnTapeWriter implements TapeWriter {

  private final Tape tape;

  /** Made when they are used first, as constants of the compiler's classes are. */
  private final @Nullable Member[] members;

  /** The types of the present class's frames, by the numbers of classes' names; 0 if not known. */
  private final int[] types;

  /** A writer of a tape's classes. */
  public OwnTapeWriter(Tape tape) {
    this.tape = tape;
    this.members = new @Nullable Member[tape.members().size()];
    this.types = new int[tape.texts().size()];
  }

  private Member member(int number) {
    Member known = members[number];
    if (known == null) {
      int[] names = tape.members().get(number);
      known =
          new Member(
              tape.texts().get(names[0]), tape.texts().get(names[1]), tape.texts().get(names[2]));
      members[number] = known;
    }
    return known;
  }

  @Override
  public byte[] write(Tape.Clazz each) {
    Arrays.fill(types, 0);
    ClassWriter out = new ClassWriter(each.access(), each.name(), each.superName());
    for (Tape.Method method : each.methods()) {
      int[] parameters = types(out.pool, tape.frames().get(method.parameters()));
      Code code = new Code(out.pool, parameters, method.parameterSlots());
      write(code, method);
      out.method(method.access(), method.name(), method.descriptor(), code);
    }
    return out.toBytes();
  }

  private int[] types(ConstantPool pool, int[] frame) {
    int[] found = new int[frame.length - 1];
    for (int i = 0; i < found.length; i++) {
      int type = frame[i + 1];
      found[i] = (type & 0xFF) == Tape.OBJECT ? object(pool, type >> 8) : type;
    }
    return found;
  }

  private int object(ConstantPool pool, int name) {
    if (types[name] == 0) {
      types[name] = VerificationType.object(pool.classInfo(tape.texts().get(name)));
    }
    return types[name];
  }

  private void write(Code code, Tape.Method method) {
    Label[] labels = new Label[method.labels()];
    for (int i = 0; i < labels.length; i++) {
      labels[i] = new Label();
    }
    int[] in = method.code();
    int at = 0;
    while (at < in.length) {
      int opcode = in[at++];
      switch (opcode) {
        case Tape.INT -> code.pushInt(in[at++]);
        case Tape.LONG -> code.pushLong(tape.longs().get(in[at++]));
        case Tape.FLOAT -> code.pushFloat(in[at++]);
        case Tape.DOUBLE -> code.pushDouble(tape.longs().get(in[at++]));
        case Tape.STRING -> code.pushString(tape.texts().get(in[at++]));
        case Tape.CLASS -> code.pushClass(tape.texts().get(in[at++]));
        case Tape.PLACE -> code.place(labels[in[at++]]);
        case Tape.FRAME -> {
          Label label = labels[in[at++]];
          int[] frame = tape.frames().get(in[at++]);
          int[] all = types(code.pool, frame);
          code.bind(label, all, frame[0], Arrays.copyOfRange(all, frame[0], all.length));
        }
        case 21, 22, 23, 24, 25, 54, 55, 56, 57, 58 -> code.local(opcode, in[at++]);
        case Jvm.IINC -> {
          code.increment(in[at], in[at + 1]);
          at += 2;
        }
        case 178 -> code.getStatic(member(in[at++]));
        case 179 -> code.putStatic(member(in[at++]));
        case 180 -> code.getField(member(in[at++]));
        case 181 -> code.putField(member(in[at++]));
        case 182 -> code.invokeVirtual(member(in[at++]));
        case 183 -> code.invokeSpecial(member(in[at++]));
        case 184 -> code.invokeStatic(member(in[at++]));
        case 185 -> code.invokeInterface(member(in[at++]));
        case 187, 192, 193 -> code.type(opcode, tape.texts().get(in[at++]));
        case Jvm.TABLESWITCH -> {
          int low = in[at];
          Label[] cases = new Label[in[at + 1]];
          Label fallback = labels[in[at + 2]];
          at += 3;
          for (int i = 0; i < cases.length; i++) {
            cases[i] = labels[in[at++]];
          }
          code.tableSwitch(low, cases, fallback);
        }
        case Jvm.LOOKUPSWITCH -> {
          int count = in[at];
          Label fallback = labels[in[at + 1]];
          at += 2;
          int[] keys = new int[count];
          Label[] cases = new Label[count];
          for (int i = 0; i < count; i++) {
            keys[i] = in[at++];
            cases[i] = labels[in[at++]];
          }
          code.lookupSwitch(keys, cases, fallback);
        }
        default -> {
          if (opcode >= Jvm.IFEQ && opcode <= Jvm.GOTO || opcode >= Jvm.IFNULL) {
            code.jump(opcode, labels[in[at++]]);
          } else {
            code.op(opcode);
          }
        }
      }
    }
    int[] handlers = method.handlers();
    for (int i = 0; i < handlers.length; i += 4) {
      code.handler(
          labels[handlers[i]].position,
          labels[handlers[i + 1]].position,
          labels[handlers[i + 2]],
          tape.texts().get(handlers[i + 3]));
    }
  }
}
