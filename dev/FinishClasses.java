import java.io.IOException;
import java.lang.classfile.ClassBuilder;
import java.lang.classfile.ClassElement;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.ClassReader;
import java.lang.classfile.ClassTransform;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.CodeElement;
import java.lang.classfile.CodeModel;
import java.lang.classfile.Label;
import java.lang.classfile.MethodModel;
import java.lang.classfile.constantpool.ClassEntry;
import java.lang.classfile.constantpool.FieldRefEntry;
import java.lang.classfile.constantpool.LoadableConstantEntry;
import java.lang.classfile.constantpool.MemberRefEntry;
import java.lang.classfile.constantpool.MethodHandleEntry;
import java.lang.classfile.constantpool.StringEntry;
import java.lang.classfile.constantpool.Utf8Entry;
import java.lang.classfile.instruction.ConstantInstruction;
import java.lang.classfile.instruction.InvokeDynamicInstruction;
import java.lang.classfile.instruction.InvokeInstruction;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Finishes class files: {@code java -cp CLASSES FinishClasses.java FOLDER}. The build runs it over
 * what the compiler has written. The classes mean the same before and after, and a second pass
 * changes nothing.
 *
 * <p>It replaces what the compiler leaves to bootstrap methods: pattern switches become chains of
 * type tests, and {@code equals} and {@code hashCode} of records plain code. A bootstrap method
 * makes classes when such a place is first reached. That takes some milliseconds each time, in
 * every run, and no cache of the Java virtual machine holds the result; of a short run of a module
 * it was the larger part.
 *
 * <p>It makes the methods through which generated code reads and writes memory claim more operand
 * stack than they use. HotSpot's first compiler then leaves them as calls, of code that its second
 * compiler makes soon; what it would write in their place is slower, and so long that it gives up
 * on large methods, which the second compiler would then never see. The second compiler does not
 * look at the claim.
 *
 * <p>And it writes the digest of all classes in a folder into the one that asks which build it is.
 * As a resource in a jar it would cost every run the opening of the jar.
 */
public final class FinishClasses {

  private static final ClassDesc SWITCHES = ClassDesc.of("java.lang.runtime.SwitchBootstraps");
  private static final ClassDesc RECORDS = ClassDesc.of("java.lang.runtime.ObjectMethods");
  private static final ClassDesc OBJECTS = ClassDesc.of("java.util.Objects");

  /** More than 10, which is what the first compiler accepts by default. */
  private static final byte CLAIMED_STACK = 12;

  private final ClassFile classFile = ClassFile.of();
  private int rewritten;

  /** Rewrites the class files in a folder. */
  public static void main(String[] args) throws IOException {
    Path root = Path.of(args[0]);
    if (!Files.isDirectory(root)) {
      // a module that consists of tests
      return;
    }
    FinishClasses pass = new FinishClasses();
    List<Path> files;
    try (Stream<Path> found = Files.walk(root)) {
      files = found.filter(file -> file.toString().endsWith(".class")).sorted().toList();
    }
    for (Path file : files) {
      pass.rewrite(file);
    }
    Path accesses = root.resolve("dev/sampan/wasm/compile/HeapAccess.class");
    if (Files.exists(accesses)) {
      pass.claimStack(accesses);
    }
    Path build = root.resolve("dev/sampan/wasm/cache/BuildId.class");
    if (Files.exists(build)) {
      pass.stamp(build, digest(root, files, build));
    }
  }

  /** The digest of class files, all but one and but the module descriptor. */
  private static String digest(Path root, List<Path> files, Path without) throws IOException {
    MessageDigest digest = sha256();
    for (Path file : files) {
      if (!file.equals(without) && !file.endsWith("module-info.class")) {
        digest.update(root.relativize(file).toString().getBytes(StandardCharsets.UTF_8));
        digest.update(sha256().digest(Files.readAllBytes(file)));
      }
    }
    return HexFormat.of().formatHex(digest.digest(), 0, 16);
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }

  /** Writes the text into a class that its method {@code stamp} returns. */
  private void stamp(Path file, String value) throws IOException {
    ClassModel model = classFile.parse(Files.readAllBytes(file));
    ClassTransform transform =
        ClassTransform.transformingMethodBodies(
            method -> method.methodName().equalsString("stamp"),
            (code, element) -> {
              if (element instanceof ConstantInstruction) {
                code.loadConstant(value);
              } else {
                code.with(element);
              }
            });
    Files.write(file, classFile.transformClass(model, transform));
  }

  /** Makes the methods of a class that use a VarHandle claim more operand stack than they use. */
  private void claimStack(Path file) throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    ClassModel model = classFile.parse(bytes);
    ClassReader reader = (ClassReader) model.constantPool();
    Set<String> claiming = new HashSet<>();
    for (MethodModel method : model.methods()) {
      if (method.code().isPresent()
          && method.code().get().elementStream().anyMatch(this::isAccess)) {
        claiming.add(method.methodName().stringValue() + method.methodType().stringValue());
      }
    }
    int at = poolEnd(reader) + 6;
    at += 2 + 2 * reader.readU2(at);
    for (int kind = 0; kind < 2; kind++) {
      int members = reader.readU2(at);
      at += 2;
      for (int member = 0; member < members; member++) {
        String name = reader.readEntry(at + 2, Utf8Entry.class).stringValue();
        String type = reader.readEntry(at + 4, Utf8Entry.class).stringValue();
        int attributes = reader.readU2(at + 6);
        at += 8;
        for (int attribute = 0; attribute < attributes; attribute++) {
          boolean code = reader.readEntry(at, Utf8Entry.class).equalsString("Code");
          if (code && claiming.contains(name + type)) {
            bytes[at + 6] = 0;
            bytes[at + 7] = CLAIMED_STACK;
          }
          at += 6 + reader.readInt(at + 2);
        }
      }
    }
    Files.write(file, bytes);
  }

  /** Where a class file goes on behind its constant pool. */
  private static int poolEnd(ClassReader reader) {
    int entries = reader.readU2(8);
    int at = 10;
    for (int entry = 1; entry < entries; entry++) {
      switch (reader.readU1(at)) {
        case 1 -> at += 3 + reader.readU2(at + 1);
        case 5, 6 -> {
          at += 9;
          entry++;
        }
        case 7, 8, 16, 19, 20 -> at += 3;
        case 15 -> at += 4;
        default -> at += 5;
      }
    }
    return at;
  }

  private boolean isAccess(CodeElement element) {
    return element instanceof InvokeInstruction call
        && call.owner().asInternalName().equals("java/lang/invoke/VarHandle");
  }

  private void rewrite(Path file) throws IOException {
    ClassModel model = classFile.parse(Files.readAllBytes(file));
    rewritten = 0;
    byte[] result =
        classFile.transformClass(model, (builder, each) -> rewrite(builder, each, model));
    if (rewritten > 0) {
      Files.write(file, result);
    }
  }

  private void rewrite(ClassBuilder builder, ClassElement element, ClassModel model) {
    if (!(element instanceof MethodModel method) || method.code().isEmpty() || !has(method)) {
      builder.with(element);
      return;
    }
    builder.transformMethod(
        method,
        (methodBuilder, part) -> {
          if (!(part instanceof CodeModel code)) {
            methodBuilder.with(part);
            return;
          }
          methodBuilder.transformCode(
              code,
              (codeBuilder, instruction) -> {
                if (instruction instanceof InvokeDynamicInstruction call && isPlain(call)) {
                  MethodTypeDesc type = call.typeSymbol();
                  String name = call.name().stringValue() + "$" + rewritten++;
                  boolean isInterface = model.flags().has(java.lang.reflect.AccessFlag.INTERFACE);
                  add(builder, name, call);
                  codeBuilder.invokestatic(model.thisClass().asSymbol(), name, type, isInterface);
                } else {
                  codeBuilder.with(instruction);
                }
              });
        });
  }

  private static boolean has(MethodModel method) {
    return method
        .code()
        .orElseThrow()
        .elementStream()
        .anyMatch(each -> each instanceof InvokeDynamicInstruction call && isPlain(call));
  }

  /** Whether a call is one of those that are replaced. */
  private static boolean isPlain(InvokeDynamicInstruction call) {
    ClassDesc owner = call.bootstrapMethod().owner();
    String name = call.name().stringValue();
    if (owner.equals(RECORDS)) {
      return name.equals("equals") || name.equals("hashCode");
    }
    boolean constants = call.bootstrapMethod().methodName().equals("enumSwitch");
    return owner.equals(SWITCHES)
        && arguments(call).stream()
            .allMatch(
                label -> label instanceof ClassEntry || constants && label instanceof StringEntry);
  }

  private static List<LoadableConstantEntry> arguments(InvokeDynamicInstruction call) {
    return call.invokedynamic().bootstrap().arguments();
  }

  private static void add(ClassBuilder builder, String name, InvokeDynamicInstruction call) {
    MethodTypeDesc type = call.typeSymbol();
    builder.withMethodBody(
        name,
        type,
        ClassFile.ACC_PRIVATE | ClassFile.ACC_STATIC | ClassFile.ACC_SYNTHETIC,
        code -> {
          if (call.bootstrapMethod().owner().equals(SWITCHES)) {
            select(code, type.parameterType(0), arguments(call));
          } else if (type.parameterCount() == 1) {
            hash(code, fields(call));
          } else {
            compare(code, type.parameterType(0), fields(call));
          }
        });
  }

  /**
   * Tells which label a value fits, from the one on where the search begins again after a guard has
   * said no: -1 for null, and the number of labels if none fits.
   */
  private static void select(CodeBuilder code, ClassDesc type, List<LoadableConstantEntry> labels) {
    Label notNull = code.newLabel();
    code.aload(0).ifnonnull(notNull).iconst_m1().ireturn().labelBinding(notNull);
    for (int i = 0; i < labels.size(); i++) {
      Label next = code.newLabel();
      code.iload(1).loadConstant(i).if_icmpgt(next).aload(0);
      if (labels.get(i) instanceof ClassEntry entry) {
        code.instanceOf(entry.asSymbol()).ifeq(next);
      } else {
        String constant = ((StringEntry) labels.get(i)).stringValue();
        code.getstatic(type, constant, type).if_acmpne(next);
      }
      code.loadConstant(i).ireturn().labelBinding(next);
    }
    code.loadConstant(labels.size()).ireturn();
  }

  // ---- records ----

  /** The fields of a record in their order: those whose readers follow the class and the names. */
  private static List<MemberRefEntry> fields(InvokeDynamicInstruction call) {
    return arguments(call).stream()
        .skip(2)
        .map(reader -> ((MethodHandleEntry) reader).reference())
        .toList();
  }

  private static ClassDesc typeOf(MemberRefEntry field) {
    return ((FieldRefEntry) field).typeSymbol();
  }

  private static void load(CodeBuilder code, int slot, MemberRefEntry field) {
    code.aload(slot).getfield((FieldRefEntry) field);
  }

  private static ClassDesc boxOf(ClassDesc primitive) {
    return ClassDesc.of(
        "java.lang."
            + switch (primitive.descriptorString()) {
              case "Z" -> "Boolean";
              case "B" -> "Byte";
              case "S" -> "Short";
              case "C" -> "Character";
              case "I" -> "Integer";
              case "J" -> "Long";
              case "F" -> "Float";
              default -> "Double";
            });
  }

  /** The hash codes of all fields, each time 31 times what came before and the next one. */
  private static void hash(CodeBuilder code, List<MemberRefEntry> fields) {
    code.iconst_0();
    for (MemberRefEntry field : fields) {
      code.bipush(31).imul();
      load(code, 0, field);
      ClassDesc type = typeOf(field);
      if (type.isPrimitive()) {
        code.invokestatic(boxOf(type), "hashCode", MethodTypeDesc.of(ConstantDescs.CD_int, type));
      } else {
        code.invokestatic(
            OBJECTS, "hashCode", MethodTypeDesc.of(ConstantDescs.CD_int, ConstantDescs.CD_Object));
      }
      code.iadd();
    }
    code.ireturn();
  }

  private static void compare(CodeBuilder code, ClassDesc type, List<MemberRefEntry> fields) {
    Label different = code.newLabel();
    Label other = code.newLabel();
    code.aload(0).aload(1).if_acmpne(other).iconst_1().ireturn().labelBinding(other);
    code.aload(1).instanceOf(type).ifeq(different);
    code.aload(1).checkcast(type).astore(2);
    for (MemberRefEntry field : fields) {
      ClassDesc fieldType = typeOf(field);
      load(code, 0, field);
      load(code, 2, field);
      if (fieldType.isPrimitive()) {
        code.invokestatic(
                boxOf(fieldType),
                "compare",
                MethodTypeDesc.of(ConstantDescs.CD_int, fieldType, fieldType))
            .ifne(different);
      } else {
        code.invokestatic(
                OBJECTS,
                "equals",
                MethodTypeDesc.of(
                    ConstantDescs.CD_boolean, ConstantDescs.CD_Object, ConstantDescs.CD_Object))
            .ifeq(different);
      }
    }
    code.iconst_1().ireturn().labelBinding(different).iconst_0().ireturn();
  }
}
