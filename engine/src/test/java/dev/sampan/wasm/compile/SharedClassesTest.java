package dev.sampan.wasm.compile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sampan.wasm.Trap;
import dev.sampan.wasm.model.CompositeType;
import dev.sampan.wasm.model.DefType;
import dev.sampan.wasm.model.FieldType;
import dev.sampan.wasm.model.NumType;
import dev.sampan.wasm.model.Opcode;
import dev.sampan.wasm.model.PackedType;
import dev.sampan.wasm.model.RecIndex;
import dev.sampan.wasm.model.RefType;
import dev.sampan.wasm.model.StorageType;
import dev.sampan.wasm.model.StructType;
import dev.sampan.wasm.model.SubType;
import dev.sampan.wasm.model.VecType;
import dev.sampan.wasm.runtime.Aggregate;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;

/** Names, identity and lifetime of the classes of types. */
class SharedClassesTest {

  private static final String GENERATED = "dev/sampan/wasm/generated/";

  private static List<DefType> names(SampleTypes types) {
    List<DefType> all = new ArrayList<>();
    all.add(types.define(SampleTypes.struct(SampleTypes.KINDS)));
    all.add(types.define(SampleTypes.array(PackedType.I8)));
    all.addAll(
        types.group(
            SampleTypes.open(null, SampleTypes.struct(new RefType(true, new RecIndex(1)))),
            SampleTypes.open(
                new RecIndex(0),
                SampleTypes.struct(new RefType(false, new RecIndex(1)), VecType.V128)),
            SampleTypes.open(null, SampleTypes.array(new RefType(true, all.getFirst())))));
    return all;
  }

  @Test
  void namesDependOnNothingButTheType() {
    // changed only on purpose: caches of compiled code hold these names
    assertThat(names(new SampleTypes()))
        .extracting(SharedClasses::name)
        .containsExactly(
            GENERATED + "Struct$9b2537ccc98bae7965a7c3076350af6f$0",
            GENERATED + "Array$e09fb83dcd211e13930b749282a9167c$0",
            GENERATED + "Struct$c0a04b3caa75237f89f275add436a470$0",
            GENERATED + "Struct$c0a04b3caa75237f89f275add436a470$1",
            GENERATED + "Array$c0a04b3caa75237f89f275add436a470$2");
  }

  @Test
  void differentTypesHaveDifferentNames() {
    SampleTypes types = new SampleTypes();
    DefType base = types.defineOpen(null, SampleTypes.struct(NumType.I32));
    Set<DefType> all = new HashSet<>();
    List<StorageType> storages = new ArrayList<>(List.of(SampleTypes.KINDS));
    storages.add(RefType.EXTERNREF);
    storages.add(new RefType(false, SampleTypes.ANYREF.heap()));
    storages.add(new RefType(true, base));
    storages.add(new RefType(true, new RecIndex(0)));
    for (StorageType storage : storages) {
      for (boolean mutable : new boolean[] {false, true}) {
        CompositeType struct = new StructType(List.of(new FieldType(storage, mutable)));
        all.addAll(types.group(SubType.of(struct)));
        all.addAll(types.group(SampleTypes.open(null, struct)));
        all.addAll(types.group(SampleTypes.open(null, struct), SampleTypes.open(null, struct)));
        all.addAll(types.group(SampleTypes.open(null, SampleTypes.array(storage))));
      }
    }
    all.addAll(types.group(SampleTypes.open(base, SampleTypes.struct(NumType.I32))));
    all.add(types.define(SampleTypes.struct(NumType.I32, NumType.I32)));
    assertThat(all.stream().map(SharedClasses::name).distinct()).hasSize(all.size());
    assertThat(all).hasSizeGreaterThan(80);
  }

  @Test
  void longChainsOfTypesHaveNames() {
    SampleTypes types = new SampleTypes();
    DefType last = types.define(SampleTypes.struct(NumType.I32));
    for (int i = 0; i < 100_000; i++) {
      last = types.define(SampleTypes.struct(new RefType(true, last)));
    }
    assertThat(SharedClasses.name(last)).startsWith(GENERATED + "Struct$");
    assertThat(GeneratedAggregates.INSTANCE.struct(last).type()).isSameAs(last);
  }

  @Test
  void enginesHaveTheirOwnClasses() {
    DefType one = new SampleTypes().define(SampleTypes.struct(NumType.I32));
    DefType two = new SampleTypes().define(SampleTypes.struct(NumType.I32));
    assertThat(SharedClasses.name(one)).isEqualTo(SharedClasses.name(two));
    assertThat(SharedClasses.classOf(one)).isNotSameAs(SharedClasses.classOf(two));
    assertThat(GeneratedAggregates.INSTANCE.struct(two).type()).isSameAs(two);
    assertThat(GeneratedAggregates.INSTANCE.struct(one).type()).isSameAs(one);
  }

  /** A loader as a module's is: it knows its own class, and asks others for those of types. */
  private static final class ModuleLoader extends ClassLoader {
    private final List<DefType> types;

    ModuleLoader(List<DefType> types) {
      super(SharedClasses.class.getClassLoader());
      this.types = types;
    }

    @Override
    protected Class<?> findClass(String name) throws ClassNotFoundException {
      for (DefType type : types) {
        if (SharedClasses.name(type).replace('/', '.').equals(name)) {
          return SharedClasses.classOf(type);
        }
      }
      throw new ClassNotFoundException(name);
    }

    Class<?> define(ClassWriter writer) {
      byte[] bytes = writer.toBytes();
      return defineClass(writer.name.replace('/', '.'), bytes, 0, bytes.length);
    }
  }

  @Test
  void codeInOtherLoadersLinksToTheClassesByName() {
    SampleTypes types = new SampleTypes();
    DefType base = types.defineOpen(null, SampleTypes.struct(NumType.I32));
    DefType derived = types.defineOpen(base, SampleTypes.struct(NumType.I32, NumType.I64));
    ClassWriter writer = new ClassWriter(ClassWriter.PUBLIC, "sample/Code", "java/lang/Object");
    Code code = new Code(writer.pool, new int[0], 0);
    code.pushInt(42);
    code.pushLong(43);
    code.invokeStatic(AggregateMembers.structOf(derived).orElseThrow());
    // the method is the superclass's
    code.invokeStatic(AggregateMembers.structGet(derived, 0, Opcode.STRUCT_GET));
    code.op(Jvm.IRETURN);
    writer.method(FieldMethods.FLAGS, "made", "()I", code);
    Code test = new Code(writer.pool, new int[0], 1);
    test.local(Jvm.ALOAD, 0);
    test.type(Jvm.INSTANCEOF, SharedClasses.name(base));
    test.op(Jvm.IRETURN);
    writer.method(FieldMethods.FLAGS, "tested", "(Ljava/lang/Object;)I", test);
    Class<?> own = new ModuleLoader(List.of(base, derived)).define(writer);

    assertThat(Generated.call(own, "made")).isEqualTo(42);
    assertThat(Generated.call(own, "tested", GeneratedAggregates.INSTANCE.struct(derived)))
        .isEqualTo(1);
    assertThat(Generated.call(own, "tested", "something else")).isEqualTo(0);
  }

  @Test
  void allThreadsGetTheSameClass() throws Exception {
    SampleTypes types = new SampleTypes();
    try (ExecutorService threads = Executors.newFixedThreadPool(8)) {
      for (int round = 0; round < 50; round++) {
        DefType base = types.defineOpen(null, SampleTypes.struct(SampleTypes.mixture(round)));
        DefType derived =
            types.defineOpen(base, SampleTypes.struct(SampleTypes.mixture(round + 300)));
        List<Callable<Class<?>>> tasks = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
          DefType type = i % 2 == 0 ? base : derived;
          tasks.add(() -> GeneratedAggregates.INSTANCE.struct(type).getClass());
        }
        Set<Class<?>> found = new HashSet<>();
        for (var result : threads.invokeAll(tasks)) {
          found.add(result.get());
        }
        assertThat(found).hasSize(2);
      }
    }
  }

  /** Types of all sorts; what keeps them alive is gone when this returns. */
  private static List<WeakReference<Class<?>>> makeAndForget(SampleTypes types, int salt) {
    List<WeakReference<Class<?>>> classes = new ArrayList<>();
    DefType base = types.defineOpen(null, SampleTypes.struct(SampleTypes.mixture(salt)));
    DefType derived = types.defineOpen(base, SampleTypes.struct(SampleTypes.mixture(salt + 300)));
    DefType array = types.define(SampleTypes.array(new RefType(true, derived)));
    Aggregate object = GeneratedAggregates.INSTANCE.struct(derived);
    Aggregate elements = GeneratedAggregates.INSTANCE.array(array, 3);
    classes.add(new WeakReference<>(object.getClass()));
    classes.add(new WeakReference<>(object.getClass().getSuperclass()));
    classes.add(new WeakReference<>(SharedClasses.classOf(base)));
    classes.add(new WeakReference<>(elements.getClass()));
    return classes;
  }

  @Test
  void classesGoWithTheirTypes() throws InterruptedException {
    SampleTypes types = new SampleTypes();
    DefType kept = types.defineOpen(null, SampleTypes.struct(SampleTypes.ANYREF));
    Class<?> keptClass = SharedClasses.classOf(kept);
    List<WeakReference<Class<?>>> classes = new ArrayList<>();
    for (int i = 1; i <= 50; i++) {
      classes.addAll(makeAndForget(types, i));
    }
    for (int i = 0; i < 50 && classes.stream().anyMatch(each -> each.get() != null); i++) {
      System.gc();
      Thread.sleep(20);
    }
    assertThat(classes).allSatisfy(each -> assertThat(each.get()).isNull());
    assertThat(SharedClasses.classOf(kept)).isSameAs(keptClass);
    // the registry has forgotten the types, and makes them and their classes anew
    assertThat(makeAndForget(types, 1)).hasSize(4);
  }

  @Test
  void anObjectKeepsItsType() throws InterruptedException {
    SampleTypes types = new SampleTypes();
    Aggregate object =
        GeneratedAggregates.INSTANCE.struct(types.define(SampleTypes.struct(VecType.V128)));
    for (int i = 0; i < 3; i++) {
      System.gc();
      Thread.sleep(20);
    }
    assertThat(types.define(SampleTypes.struct(VecType.V128))).isSameAs(object.type());
  }

  @Test
  void weakClassesAreMadeOnceAndForgottenWhenUnused() throws InterruptedException {
    WeakClasses classes = new WeakClasses();
    Class<?> first =
        classes.get("dev.sampan.wasm.generated.A", () -> empty("A", "java/lang/Object"));
    assertThat(classes.get("dev.sampan.wasm.generated.A", () -> new byte[0])).isSameAs(first);
    Class<?> second =
        classes.get("dev.sampan.wasm.generated.B", () -> empty("B", GENERATED + "A"), first);
    assertThat(second.getSuperclass()).isSameAs(first);
    assertThat(second.getClassLoader()).isNotSameAs(first.getClassLoader());
    WeakReference<Class<?>> third =
        new WeakReference<>(
            classes.get("dev.sampan.wasm.generated.C", () -> empty("C", "java/lang/Object")));
    for (int i = 0; i < 50 && third.get() != null; i++) {
      System.gc();
      Thread.sleep(20);
    }
    assertThat(third.get()).isNull();
    assertThat(classes.get("dev.sampan.wasm.generated.A", () -> new byte[0])).isSameAs(first);
    assertThat(classes.size()).isEqualTo(2);
  }

  private static byte[] empty(String name, String superName) {
    return new ClassWriter(ClassWriter.PUBLIC, GENERATED + name, superName).toBytes();
  }

  @Test
  void fieldsOfNullTrapAlsoByIndexOfOtherKind() {
    DefType type = new SampleTypes().define(SampleTypes.struct(NumType.I32));
    assertThatThrownBy(() -> GeneratedAggregates.INSTANCE.struct(type).reference(0))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("field 0 of (struct (field (mut i32)))");
    assertThatThrownBy(() -> Generated.call(type, "get0", (Object) null))
        .isInstanceOfSatisfying(
            Trap.class,
            trap -> assertThat(trap.kind()).isEqualTo(Trap.Kind.NULL_STRUCTURE_REFERENCE));
  }
}
