package dev.sampan.conformance;

import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.classfile.Attributes;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.CodeElement;
import java.lang.classfile.Instruction;
import java.lang.classfile.Label;
import java.lang.classfile.MethodModel;
import java.lang.classfile.attribute.CodeAttribute;
import java.lang.classfile.attribute.StackMapFrameInfo;
import java.lang.classfile.attribute.StackMapFrameInfo.SimpleVerificationTypeInfo;
import java.lang.classfile.attribute.StackMapFrameInfo.VerificationTypeInfo;
import java.lang.classfile.instruction.BranchInstruction;
import java.lang.classfile.instruction.LabelTarget;
import java.lang.classfile.instruction.LookupSwitchInstruction;
import java.lang.classfile.instruction.SwitchCase;
import java.lang.classfile.instruction.TableSwitchInstruction;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Reads back what the compiler has emitted, with the JDK's reader of class files and not our own,
 * and notes what HotSpot would not compile: methods of 8,000 bytes or more, loops and ranges of
 * handlers that are entered with values on the operand stack.
 */
final class EmittedMethods {

  private static final int HUGE = 8_000;
  private static final int CLASS_FILE = 0xCAFE_BABE;
  private static final int MOST_FAULTS = 10;

  private final List<String> faults = new ArrayList<>();
  private int methods;
  private int loops;
  private int ranges;
  private int largest;

  /** What is wrong, with the methods' names; only the first few. */
  List<String> faults() {
    return faults;
  }

  int methods() {
    return methods;
  }

  int loops() {
    return loops;
  }

  /** How many ranges have a handler. */
  int ranges() {
    return ranges;
  }

  /** The most bytes of code that a method has. */
  int largest() {
    return largest;
  }

  @Override
  public String toString() {
    return "%d methods, the largest with %d bytes, %d loops, %d ranges with handlers"
        .formatted(methods, largest, loops, ranges);
  }

  /** Reads one of the files that the engine's compilation ahead of time makes. */
  void read(byte[] file) {
    try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(file))) {
      if (file.length < 4) {
        return;
      }
      int first = in.readInt();
      if (first == CLASS_FILE) {
        readClass(file);
        return;
      }
      // the classes of a group of functions, with their names
      for (int i = 0; i < first; i++) {
        in.readUTF();
        readClass(in.readNBytes(in.readInt()));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void readClass(byte[] bytes) {
    ClassModel model = ClassFile.of().parse(bytes);
    for (MethodModel method : model.methods()) {
      method
          .findAttribute(Attributes.code())
          .ifPresent(
              code -> read(model.thisClass().asInternalName() + '.' + method.methodName(), code));
    }
  }

  private void fault(String method, String what) {
    if (faults.size() < MOST_FAULTS) {
      faults.add(method + " " + what);
    }
  }

  private static int words(List<VerificationTypeInfo> stack) {
    int words = 0;
    for (VerificationTypeInfo each : stack) {
      words +=
          each == SimpleVerificationTypeInfo.LONG || each == SimpleVerificationTypeInfo.DOUBLE
              ? 2
              : 1;
    }
    return words;
  }

  private void read(String name, CodeAttribute code) {
    methods++;
    largest = Math.max(largest, code.codeLength());
    if (code.codeLength() >= HUGE) {
      fault(name, "has " + code.codeLength() + " bytes");
    }
    Map<Integer, Integer> heights = new HashMap<>();
    code.findAttribute(Attributes.stackMapTable())
        .ifPresent(
            table -> {
              for (StackMapFrameInfo frame : table.entries()) {
                heights.put(code.labelToBci(frame.target()), words(frame.stack()));
              }
            });
    Set<Integer> rangeStarts = rangeStarts(code);
    ranges += rangeStarts.size();
    Set<Integer> heads = new HashSet<>();
    int bci = 0;
    int height = 0;
    for (CodeElement element : code) {
      if (element instanceof LabelTarget label) {
        height = heights.getOrDefault(code.labelToBci(label.label()), height);
      }
      if (element instanceof Instruction instruction) {
        if (rangeStarts.contains(bci) && height != 0) {
          fault(name, "has a handler from " + bci + ", where the stack has " + height + " words");
        }
        for (Label target : targets(instruction)) {
          int to = code.labelToBci(target);
          if (to <= bci && heads.add(to) && heights.getOrDefault(to, -1) != 0) {
            fault(name, "has a loop at " + to + ", where the stack is not empty");
          }
        }
        height += OperandStack.change(instruction);
        if (height < 0) {
          throw new AssertionError(name + ": less than nothing on the stack at " + bci);
        }
        bci += instruction.sizeInBytes();
        if (OperandStack.ends(instruction)) {
          height = 0;
        } else if (heights.getOrDefault(bci, height) != height) {
          throw new AssertionError(name + ": the frame at " + bci + " does not fit what is before");
        }
      }
    }
    loops += heads.size();
  }

  /** Where ranges with a handler are entered; not where one goes on behind another. */
  private static Set<Integer> rangeStarts(CodeAttribute code) {
    Set<Integer> starts = new HashSet<>();
    code.exceptionHandlers().forEach(range -> starts.add(code.labelToBci(range.tryStart())));
    code.exceptionHandlers().forEach(range -> starts.remove(code.labelToBci(range.tryEnd())));
    return starts;
  }

  private static List<Label> targets(Instruction instruction) {
    return switch (instruction) {
      case BranchInstruction branch -> List.of(branch.target());
      case TableSwitchInstruction table -> targets(table.defaultTarget(), table.cases());
      case LookupSwitchInstruction table -> targets(table.defaultTarget(), table.cases());
      default -> List.of();
    };
  }

  private static List<Label> targets(Label otherwise, List<SwitchCase> cases) {
    List<Label> targets = new ArrayList<>(List.of(otherwise));
    cases.forEach(each -> targets.add(each.target()));
    return targets;
  }
}
