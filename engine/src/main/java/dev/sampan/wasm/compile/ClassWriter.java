package dev.sampan.wasm.compile;

/** Writes a class file (Java Virtual Machine Specification §4.1). */
final class ClassWriter {

  static final int PUBLIC = 0x0001;
  static final int PRIVATE = 0x0002;
  static final int STATIC = 0x0008;
  static final int FINAL = 0x0010;
  static final int SUPER = 0x0020;
  static final int ABSTRACT = 0x0400;
  static final int SYNTHETIC = 0x1000;

  private static final int MAGIC = 0xCAFEBABE;

  /** Java 17: everything needed, and old enough for tools that read class files. */
  private static final int MAJOR_VERSION = 61;

  final ConstantPool pool = new ConstantPool();
  final String name;
  private final int access;
  private final String superName;
  private final Bytes fields = new Bytes(64);
  private final Bytes methods = new Bytes(4096);
  private int fieldCount;
  private int methodCount;
  private String sourceFile = "";
  private String implemented = "";

  ClassWriter(int access, String name, String superName) {
    this.access = access | SUPER;
    this.name = name;
    this.superName = superName;
  }

  /** What stack traces call the file. */
  void sourceFile(String file) {
    sourceFile = file;
  }

  /** Names an interface, with slashes, that the class implements. */
  void implement(String name) {
    implemented = name;
  }

  void field(int flags, String fieldName, String descriptor) {
    fields.u2(flags);
    fields.u2(pool.utf8(fieldName));
    fields.u2(pool.utf8(descriptor));
    fields.u2(0);
    fieldCount++;
  }

  /** Adds a method with code. */
  void method(int flags, String methodName, String descriptor, Code code) {
    methods.u2(flags);
    methods.u2(pool.utf8(methodName));
    methods.u2(pool.utf8(descriptor));
    methods.u2(1);
    code.writeTo(methods);
    methodCount++;
  }

  /** Adds a method without code. */
  void abstractMethod(int flags, String methodName, String descriptor) {
    methods.u2(flags | ABSTRACT);
    methods.u2(pool.utf8(methodName));
    methods.u2(pool.utf8(descriptor));
    methods.u2(0);
    methodCount++;
  }

  /** How many bytes the methods take so far. */
  int methodBytes() {
    return methods.size;
  }

  byte[] toBytes() {
    int self = pool.classInfo(name);
    int parent = pool.classInfo(superName);
    int contract = implemented.isEmpty() ? 0 : pool.classInfo(implemented);
    int attribute = sourceFile.isEmpty() ? 0 : pool.utf8("SourceFile");
    int file = sourceFile.isEmpty() ? 0 : pool.utf8(sourceFile);
    Bytes out = new Bytes(methods.size + fields.size + 16 * pool.count() + 64);
    out.u4(MAGIC);
    out.u2(0);
    out.u2(MAJOR_VERSION);
    pool.writeTo(out);
    out.u2(access);
    out.u2(self);
    out.u2(parent);
    out.u2(contract == 0 ? 0 : 1);
    if (contract != 0) {
      out.u2(contract);
    }
    out.u2(fieldCount);
    out.append(fields);
    out.u2(methodCount);
    out.append(methods);
    out.u2(attribute == 0 ? 0 : 1);
    if (attribute != 0) {
      out.u2(attribute);
      out.u4(2);
      out.u2(file);
    }
    byte[] bytes = new byte[out.size];
    System.arraycopy(out.data, 0, bytes, 0, out.size);
    return bytes;
  }
}
