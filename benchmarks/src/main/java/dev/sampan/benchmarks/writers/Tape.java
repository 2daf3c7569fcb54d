package dev.sampan.benchmarks.writers;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Classes as no writer of class files has them: numbers and texts. An instruction is its opcode and
 * operands; what has an operand in the class's constant pool has a number of a text, a member or a
 * long number here.
 *
 * @param texts names, descriptors and strings
 * @param members owner, name and descriptor of methods and fields, each a number of a text
 * @param longs constants of 64 bits
 * @param frames stack map frames: how many types are locals, and the types
 * @param classes the classes
 */
public record Tape(
    List<String> texts,
    List<int[]> members,
    List<Long> longs,
    List<int[]> frames,
    List<Clazz> classes) {

  /** Opcodes that class files have not: constants of any width, places, and handlers. */
  public static final int INT = 300;

  public static final int LONG = 301;
  public static final int FLOAT = 302;
  public static final int DOUBLE = 303;
  public static final int STRING = 304;
  public static final int CLASS = 305;

  /** A label that is jumped to; the frame follows. */
  public static final int FRAME = 310;

  /** A label that is not jumped to. */
  public static final int PLACE = 311;

  /** The type of an object in a frame; the number of its class's name is above eight bits. */
  public static final int OBJECT = 7;

  /** One class. */
  public record Clazz(int access, String name, String superName, List<Method> methods) {}

  /**
   * One method.
   *
   * @param labels how many labels it has
   * @param handlers start, end, handler, and the number of the name of the class
   * @param parameters the frame at its beginning
   * @param parameterSlots how many slots that is
   */
  public record Method(
      int access,
      String name,
      String descriptor,
      int[] code,
      int labels,
      int[] handlers,
      int parameters,
      int parameterSlots) {}

  private static void write(DataOutputStream out, int[] numbers) throws IOException {
    out.writeInt(numbers.length);
    for (int number : numbers) {
      out.writeInt(number);
    }
  }

  private static int[] numbers(DataInputStream in) throws IOException {
    int[] numbers = new int[in.readInt()];
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = in.readInt();
    }
    return numbers;
  }

  /** Writes it for another JVM. */
  public void write(DataOutputStream out) throws IOException {
    out.writeInt(texts.size());
    for (String text : texts) {
      out.writeUTF(text);
    }
    out.writeInt(members.size());
    for (int[] member : members) {
      write(out, member);
    }
    out.writeInt(longs.size());
    for (long number : longs) {
      out.writeLong(number);
    }
    out.writeInt(frames.size());
    for (int[] frame : frames) {
      write(out, frame);
    }
    out.writeInt(classes.size());
    for (Clazz each : classes) {
      out.writeInt(each.access);
      out.writeUTF(each.name);
      out.writeUTF(each.superName);
      out.writeInt(each.methods.size());
      for (Method method : each.methods) {
        out.writeInt(method.access);
        out.writeUTF(method.name);
        out.writeUTF(method.descriptor);
        write(out, method.code);
        out.writeInt(method.labels);
        write(out, method.handlers);
        out.writeInt(method.parameters);
        out.writeInt(method.parameterSlots);
      }
    }
  }

  /** Reads what {@link #write} wrote. */
  public static Tape read(DataInputStream in) throws IOException {
    Tape tape =
        new Tape(
            new ArrayList<>(),
            new ArrayList<>(),
            new ArrayList<>(),
            new ArrayList<>(),
            new ArrayList<>());
    for (int i = in.readInt(); i > 0; i--) {
      tape.texts.add(in.readUTF());
    }
    for (int i = in.readInt(); i > 0; i--) {
      tape.members.add(numbers(in));
    }
    for (int i = in.readInt(); i > 0; i--) {
      tape.longs.add(in.readLong());
    }
    for (int i = in.readInt(); i > 0; i--) {
      tape.frames.add(numbers(in));
    }
    for (int i = in.readInt(); i > 0; i--) {
      int access = in.readInt();
      Clazz each = new Clazz(access, in.readUTF(), in.readUTF(), new ArrayList<>());
      for (int k = in.readInt(); k > 0; k--) {
        each.methods.add(
            new Method(
                in.readInt(),
                in.readUTF(),
                in.readUTF(),
                numbers(in),
                in.readInt(),
                numbers(in),
                in.readInt(),
                in.readInt()));
      }
      tape.classes.add(each);
    }
    return tape;
  }
}
