package dev.sampan.benchmarks.writers;

import java.lang.classfile.Attributes;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.CodeElement;
import java.lang.classfile.Instruction;
import java.lang.classfile.Label;
import java.lang.classfile.MethodModel;
import java.lang.classfile.Opcode;
import java.lang.classfile.attribute.CodeAttribute;
import java.lang.classfile.attribute.StackMapFrameInfo;
import java.lang.classfile.attribute.StackMapFrameInfo.ObjectVerificationTypeInfo;
import java.lang.classfile.attribute.StackMapFrameInfo.SimpleVerificationTypeInfo;
import java.lang.classfile.attribute.StackMapFrameInfo.VerificationTypeInfo;
import java.lang.classfile.instruction.BranchInstruction;
import java.lang.classfile.instruction.ConstantInstruction;
import java.lang.classfile.instruction.ExceptionCatch;
import java.lang.classfile.instruction.FieldInstruction;
import java.lang.classfile.instruction.IncrementInstruction;
import java.lang.classfile.instruction.InvokeInstruction;
import java.lang.classfile.instruction.LabelTarget;
import java.lang.classfile.instruction.LoadInstruction;
import java.lang.classfile.instruction.LookupSwitchInstruction;
import java.lang.classfile.instruction.NewObjectInstruction;
import java.lang.classfile.instruction.StoreInstruction;
import java.lang.classfile.instruction.SwitchCase;
import java.lang.classfile.instruction.TableSwitchInstruction;
import java.lang.classfile.instruction.TypeCheckInstruction;
import java.lang.constant.ClassDesc;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Makes a tape of classes that the compiler has written. */
final class Recorder {

  private final Tape tape =
      new Tape(
          new ArrayList<>(),
          new ArrayList<>(),
          new ArrayList<>(),
          new ArrayList<>(),
          new ArrayList<>());
  private final Map<String, Integer> texts = new HashMap<>();
  private final Map<List<Integer>, Integer> members = new HashMap<>();
  private final Map<List<Integer>, Integer> frames = new HashMap<>();

  private int[] code = new int[1024];
  private int size;

  Tape tape() {
    return tape;
  }

  private int text(String text) {
    return texts.computeIfAbsent(
        text,
        key -> {
          tape.texts().add(key);
          return texts.size();
        });
  }

  private int member(String owner, String name, String descriptor) {
    int[] member = {text(owner), text(name), text(descriptor)};
    return members.computeIfAbsent(
        Arrays.stream(member).boxed().toList(),
        key -> {
          tape.members().add(member);
          return members.size();
        });
  }

  private static int longNumber(Tape tape, long number) {
    tape.longs().add(number);
    return tape.longs().size() - 1;
  }

  private void add(int... numbers) {
    for (int number : numbers) {
      if (size == code.length) {
        code = Arrays.copyOf(code, 2 * size);
      }
      code[size++] = number;
    }
  }

  // ---- frames ----

  private int frame(List<Integer> locals, List<Integer> stack) {
    List<Integer> all = new ArrayList<>(List.of(locals.size()));
    all.addAll(locals);
    all.addAll(stack);
    return frames.computeIfAbsent(
        all,
        key -> {
          tape.frames().add(key.stream().mapToInt(k -> k).toArray());
          return frames.size();
        });
  }

  private int object(String name) {
    return Tape.OBJECT | text(name) << 8;
  }

  private List<Integer> types(List<VerificationTypeInfo> types) {
    List<Integer> numbers = new ArrayList<>();
    for (VerificationTypeInfo type : types) {
      numbers.add(
          switch (type) {
            case SimpleVerificationTypeInfo simple -> simple.tag();
            case ObjectVerificationTypeInfo object -> object(object.className().asInternalName());
            default -> throw new IllegalArgumentException("a frame with " + type);
          });
    }
    return numbers;
  }

  private static String internalName(ClassDesc type) {
    String descriptor = type.descriptorString();
    return type.isArray() ? descriptor : descriptor.substring(1, descriptor.length() - 1);
  }

  private int parameters(MethodModel method, String className) {
    List<Integer> types = new ArrayList<>();
    if ((method.flags().flagsMask() & ClassFile.ACC_STATIC) == 0) {
      boolean constructor = method.methodName().equalsString("<init>");
      types.add(constructor ? 6 : object(className));
    }
    for (ClassDesc type : method.methodTypeSymbol().parameterList()) {
      types.add(
          switch (type.descriptorString().charAt(0)) {
            case 'F' -> 2;
            case 'D' -> 3;
            case 'J' -> 4;
            case 'L', '[' -> object(internalName(type));
            default -> 1;
          });
    }
    return frame(types, List.of());
  }

  // ---- classes ----

  /** Adds a class, unless it has instructions or frames that no function's class has. */
  void add(byte[] bytes) {
    ClassModel model = ClassFile.of().parse(bytes);
    Tape.Clazz added =
        new Tape.Clazz(
            model.flags().flagsMask(),
            model.thisClass().asInternalName(),
            model.superclass().orElseThrow().asInternalName(),
            new ArrayList<>());
    for (MethodModel method : model.methods()) {
      CodeAttribute attribute = method.findAttribute(Attributes.code()).orElseThrow();
      added.methods().add(method(method, attribute, added.name()));
    }
    tape.classes().add(added);
  }

  private Tape.Method method(MethodModel method, CodeAttribute attribute, String className) {
    size = 0;
    Map<Label, Integer> labels = new HashMap<>();
    Map<Integer, StackMapFrameInfo> framesAt = new HashMap<>();
    attribute
        .findAttribute(Attributes.stackMapTable())
        .ifPresent(
            table ->
                table
                    .entries()
                    .forEach(each -> framesAt.put(attribute.labelToBci(each.target()), each)));
    List<Integer> handlers = new ArrayList<>();
    for (CodeElement element : attribute) {
      switch (element) {
        case LabelTarget target -> {
          StackMapFrameInfo frame = framesAt.get(attribute.labelToBci(target.label()));
          if (frame == null) {
            add(Tape.PLACE, number(labels, target.label()));
          } else {
            add(Tape.FRAME, number(labels, target.label()));
            add(frame(types(frame.locals()), types(frame.stack())));
          }
        }
        case ExceptionCatch range -> {
          handlers.add(number(labels, range.tryStart()));
          handlers.add(number(labels, range.tryEnd()));
          handlers.add(number(labels, range.handler()));
          handlers.add(text(range.catchType().orElseThrow().asInternalName()));
        }
        case Instruction instruction -> instruction(instruction, labels);
        default -> {
          // line numbers, which every writer has an array of
        }
      }
    }
    int receiver = (method.flags().flagsMask() & ClassFile.ACC_STATIC) == 0 ? 1 : 0;
    int slots = receiver;
    for (ClassDesc type : method.methodTypeSymbol().parameterList()) {
      slots += "JD".contains(type.descriptorString()) ? 2 : 1;
    }
    return new Tape.Method(
        method.flags().flagsMask(),
        method.methodName().stringValue(),
        method.methodType().stringValue(),
        Arrays.copyOf(code, size),
        labels.size(),
        handlers.stream().mapToInt(k -> k).toArray(),
        parameters(method, className),
        slots);
  }

  private static int number(Map<Label, Integer> labels, Label label) {
    return labels.computeIfAbsent(label, key -> labels.size());
  }

  private void cases(Map<Label, Integer> labels, List<SwitchCase> cases, boolean keys) {
    for (SwitchCase each : cases) {
      if (keys) {
        add(each.caseValue());
      }
      add(number(labels, each.target()));
    }
  }

  private void instruction(Instruction instruction, Map<Label, Integer> labels) {
    int opcode = instruction.opcode().bytecode() & 0xFF;
    switch (instruction) {
      case LoadInstruction load -> add(Opcode.ILOAD.bytecode() + kind(load.typeKind().name()));
      case StoreInstruction store -> add(Opcode.ISTORE.bytecode() + kind(store.typeKind().name()));
      case IncrementInstruction increment ->
          add(Opcode.IINC.bytecode() & 0xFF, increment.slot(), increment.constant());
      case ConstantInstruction constant -> constant(constant);
      case InvokeInstruction invoke ->
          add(
              opcode,
              member(
                  invoke.owner().asInternalName(),
                  invoke.name().stringValue(),
                  invoke.type().stringValue()));
      case FieldInstruction field ->
          add(
              opcode,
              member(
                  field.owner().asInternalName(),
                  field.name().stringValue(),
                  field.type().stringValue()));
      case NewObjectInstruction made -> add(opcode, text(made.className().asInternalName()));
      case TypeCheckInstruction check -> add(opcode, text(check.type().asInternalName()));
      case BranchInstruction branch -> add(opcode, number(labels, branch.target()));
      case TableSwitchInstruction table -> {
        int count = table.highValue() - table.lowValue() + 1;
        Integer fallback = number(labels, table.defaultTarget());
        add(opcode, table.lowValue(), count, fallback);
        int[] targets = new int[count];
        Arrays.fill(targets, fallback);
        for (SwitchCase each : table.cases()) {
          targets[each.caseValue() - table.lowValue()] = number(labels, each.target());
        }
        add(targets);
      }
      case LookupSwitchInstruction table -> {
        add(opcode, table.cases().size(), number(labels, table.defaultTarget()));
        cases(labels, table.cases(), true);
      }
      default -> {
        if (instruction.sizeInBytes() != 1) {
          throw new IllegalArgumentException("an instruction " + instruction.opcode());
        }
        add(opcode);
      }
    }
    switch (instruction) {
      case LoadInstruction load -> add(load.slot());
      case StoreInstruction store -> add(store.slot());
      default -> {}
    }
  }

  private static int kind(String typeKind) {
    return switch (typeKind) {
      case "LONG" -> 1;
      case "FLOAT" -> 2;
      case "DOUBLE" -> 3;
      case "REFERENCE" -> 4;
      default -> 0;
    };
  }

  private void constant(ConstantInstruction constant) {
    switch (constant.constantValue()) {
      case Integer number -> add(Tape.INT, number);
      case Long number -> add(Tape.LONG, longNumber(tape, number));
      case Float number -> add(Tape.FLOAT, Float.floatToRawIntBits(number));
      case Double number -> add(Tape.DOUBLE, longNumber(tape, Double.doubleToRawLongBits(number)));
      case String string -> add(Tape.STRING, text(string));
      case ClassDesc type -> add(Tape.CLASS, text(internalName(type)));
      default -> add(Opcode.ACONST_NULL.bytecode());
    }
  }
}
