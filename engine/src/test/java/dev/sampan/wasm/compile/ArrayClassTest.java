package dev.sampan.wasm.compile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sampan.wasm.Engine;
import dev.sampan.wasm.Imports;
import dev.sampan.wasm.Trap;
import dev.sampan.wasm.model.DefType;
import dev.sampan.wasm.model.NumType;
import dev.sampan.wasm.model.PackedType;
import dev.sampan.wasm.model.RefType;
import dev.sampan.wasm.model.StorageType;
import dev.sampan.wasm.model.VecType;
import dev.sampan.wasm.runtime.ArrayObject;
import dev.sampan.wasm.runtime.ArraySegments;
import dev.sampan.wasm.runtime.ByteArray;
import dev.sampan.wasm.runtime.IntArray;
import dev.sampan.wasm.runtime.ModuleInstance;
import dev.sampan.wasm.runtime.SlotAggregates;
import java.io.IOException;
import java.io.InputStream;
import java.lang.classfile.ClassFile;
import java.lang.classfile.MethodModel;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Locale;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Arrays of generated classes, and the methods through which compiled code works with arrays. */
class ArrayClassTest {

  static final StorageType[] KINDS = SampleTypes.KINDS;

  private final SampleTypes types = new SampleTypes();

  private static ArrayObject create(DefType type, int length) {
    return GeneratedAggregates.INSTANCE.array(type, length);
  }

  private static @Nullable Object[] value(StorageType kind, int seed) {
    return switch (kind) {
      case PackedType packed -> new Object[] {seed};
      case NumType num ->
          switch (num) {
            case I32 -> new Object[] {seed};
            case I64 -> new Object[] {(long) seed << 32 | seed};
            case F32 -> new Object[] {(float) seed};
            case F64 -> new Object[] {seed / 3.0};
          };
      case VecType vec -> new Object[] {(long) seed, ~(long) seed};
      case RefType ref -> new Object[] {"value " + seed};
    };
  }

  private static @Nullable Object call(
      DefType type, String method, Object before, @Nullable Object[] value, Object after) {
    @Nullable Object[] head = (Object[]) before;
    @Nullable Object[] tail = (Object[]) after;
    @Nullable Object[] all = new Object[head.length + value.length + tail.length];
    System.arraycopy(head, 0, all, 0, head.length);
    System.arraycopy(value, 0, all, head.length, value.length);
    System.arraycopy(tail, 0, all, head.length + value.length, tail.length);
    return Generated.call(ArrayClass.elementClass(type), method, all);
  }

  private static Object[] list(Object... values) {
    return values;
  }

  private static @Nullable Object get(DefType type, StorageType kind, ArrayObject array, int i) {
    Class<?> owner = ArrayClass.elementClass(type);
    return switch (kind) {
      case PackedType packed -> Generated.call(owner, "getS", array, i);
      case VecType vec ->
          Generated.call(owner, "get", array, i)
              + ", "
              + Generated.call(owner, "getHigh", array, i);
      default -> Generated.call(owner, "get", array, i);
    };
  }

  private static Object expected(StorageType kind, int seed) {
    Object value = value(kind, seed)[0];
    assert value != null;
    return switch (kind) {
      case PackedType packed -> packed == PackedType.I8 ? (int) (byte) seed : (int) (short) seed;
      case VecType vec -> (long) seed + ", " + ~(long) seed;
      default -> value;
    };
  }

  @ParameterizedTest
  @FieldSource("KINDS")
  void compiledCodeReadsWhatItSets(StorageType kind) {
    DefType type = types.define(SampleTypes.array(kind));
    ArrayObject array = (ArrayObject) Generated.call(type, "ofDefaults", 10);
    assertThat(array).isNotNull();
    assertThat(array.type()).isSameAs(type);
    assertThat(array.length()).isEqualTo(10);
    assertThat(Generated.call(array.getClass(), "count", array)).isEqualTo(10);
    for (int i = 0; i < 10; i++) {
      call(type, "set", list(array, i), value(kind, 1000 + i), list());
    }
    for (int i = 0; i < 10; i++) {
      assertThat(get(type, kind, array, i)).isEqualTo(expected(kind, 1000 + i));
    }
    assertThat(call(type, "put", list(), value(kind, 5), list(array, 3))).isSameAs(array);
    assertThat(get(type, kind, array, 3)).isEqualTo(expected(kind, 5));
    call(type, "fill", list(array, 4), value(kind, 6), list(2));
    assertThat(get(type, kind, array, 3)).isEqualTo(expected(kind, 5));
    assertThat(get(type, kind, array, 4)).isEqualTo(expected(kind, 6));
    assertThat(get(type, kind, array, 5)).isEqualTo(expected(kind, 6));
    assertThat(get(type, kind, array, 6)).isEqualTo(expected(kind, 1006));
    Generated.call(ArrayClass.elementClass(type), "copy", array, 1, array, 0, 9);
    assertThat(get(type, kind, array, 1)).isEqualTo(expected(kind, 1000));
    assertThat(get(type, kind, array, 5)).isEqualTo(expected(kind, 6));
    assertThat(get(type, kind, array, 9)).isEqualTo(expected(kind, 1008));
    assertThat(call(type, "filled", list(), value(kind, 8), list(array))).isSameAs(array);
    assertThat(get(type, kind, array, 0)).isEqualTo(expected(kind, 8));
    assertThat(get(type, kind, array, 9)).isEqualTo(expected(kind, 8));
  }

  @ParameterizedTest
  @FieldSource("KINDS")
  void generatedAndPlainArraysAreTheSameFromOutside(StorageType kind) {
    ArrayObject actual = create(types.define(SampleTypes.array(kind)), 33);
    ArrayObject plain =
        SlotAggregates.INSTANCE.array(new SampleTypes().define(SampleTypes.array(kind)), 33);
    Random random = new Random(3);
    for (int i = 0; i < 33; i++) {
      long low = random.nextLong();
      for (ArrayObject each : new ArrayObject[] {actual, plain}) {
        switch (kind) {
          case RefType ref -> each.reference(i, "value " + low);
          case VecType vec -> each.vector(i, low, ~low);
          default -> each.number(i, low);
        }
      }
    }
    for (ArrayObject each : new ArrayObject[] {actual, plain}) {
      each.copy(3, each, 7, 20);
      if (kind instanceof RefType) {
        each.fill(20, 13, "end");
      } else {
        each.fill(20, 13, 0x1234_5678_9ABC_DEF0L, -5);
      }
    }
    for (int i = 0; i < 33; i++) {
      if (kind instanceof RefType) {
        assertThat(actual.reference(i)).isEqualTo(plain.reference(i));
      } else {
        assertThat(actual.number(i)).isEqualTo(plain.number(i));
      }
      if (kind instanceof VecType) {
        assertThat(actual.high(i)).isEqualTo(plain.high(i));
      }
    }
    assertThat(actual.blank(3).getClass()).isSameAs(actual.getClass());
    assertThat(actual.blank(3).length()).isEqualTo(3);
  }

  @ParameterizedTest
  @FieldSource("KINDS")
  void indicesOutsideAndNullTrap(StorageType kind) {
    DefType type = types.define(SampleTypes.array(kind));
    ArrayObject array = create(type, 4);
    Class<?> owner = ArrayClass.elementClass(type);
    String get = kind instanceof PackedType ? "getU" : "get";
    // twice 0x8000_0001 would wrap to 2
    for (int index : new int[] {4, -1, Integer.MIN_VALUE, Integer.MIN_VALUE + 1}) {
      assertThatThrownBy(() -> Generated.call(owner, get, array, index))
          .isInstanceOf(Trap.class)
          .hasMessage("out of bounds array access");
      assertThatThrownBy(() -> call(type, "set", list(array, index), value(kind, 1), list()))
          .isInstanceOf(Trap.class)
          .hasMessage("out of bounds array access");
      assertThatThrownBy(() -> call(type, "fill", list(array, index), value(kind, 1), list(1)))
          .isInstanceOf(Trap.class)
          .hasMessage("out of bounds array access");
      assertThatThrownBy(() -> Generated.call(owner, "copy", array, 0, array, index, 1))
          .isInstanceOf(Trap.class)
          .hasMessage("out of bounds array access");
    }
    assertThatThrownBy(() -> Generated.call(owner, "copy", array, 1, array, 0, -1))
        .isInstanceOf(Trap.class)
        .hasMessage("out of bounds array access");
    Generated.call(owner, "copy", array, 4, array, 4, 0);
    @Nullable Object[] nothing = {null};
    assertThatThrownBy(() -> Generated.call(owner, get, null, 0))
        .isInstanceOf(Trap.class)
        .hasMessage("null array reference");
    assertThatThrownBy(() -> Generated.call(owner, "count", nothing))
        .isInstanceOf(Trap.class)
        .hasMessage("null array reference");
    assertThatThrownBy(() -> ArrayObject.length(null))
        .isInstanceOf(Trap.class)
        .hasMessage("null array reference");
    assertThatThrownBy(() -> Generated.call(owner, "copy", array, 0, null, 0, 0))
        .isInstanceOf(Trap.class)
        .hasMessage("null array reference");
  }

  @ParameterizedTest
  @FieldSource("KINDS")
  void lengthsThatCannotBeHadTrap(StorageType kind) {
    DefType type = types.define(SampleTypes.array(kind));
    for (int length : new int[] {-1, Integer.MIN_VALUE, Integer.MAX_VALUE, 0x4000_0001}) {
      // one gigabyte of bytes may be there
      if (length >= 0 && kind == PackedType.I8) {
        continue;
      }
      assertThatThrownBy(() -> Generated.call(type, "ofDefaults", length))
          .isInstanceOf(Trap.class)
          .hasMessage(
              "allocation failure: an array of " + Integer.toUnsignedString(length) + " elements");
    }
  }

  /** Segments of 32 bytes from 1 on, and of two functions. */
  private static ModuleInstance instance() {
    StringBuilder bytes = new StringBuilder();
    for (int i = 1; i <= 32; i++) {
      bytes.append(String.format(Locale.ROOT, "\\%02x", i));
    }
    String module = "(module (data \"" + bytes + "\") (func $f) (func $g) (elem func $f $g))";
    return (ModuleInstance) Engine.create().load(module).instantiate(Imports.create());
  }

  @ParameterizedTest
  @FieldSource("KINDS")
  void elementsComeFromSegments(StorageType kind) {
    ModuleInstance instance = instance();
    DefType type = types.define(SampleTypes.array(kind));
    if (kind instanceof RefType) {
      ArrayObject array = (ArrayObject) Generated.call(type, "ofElements", 1, 1, instance, 0);
      assertThat(array).isNotNull();
      assertThat(array.length()).isEqualTo(1);
      assertThat(array.reference(0)).isSameAs(instance.function(1));
      ArraySegments.initElements(array, 0, 0, 1, instance, 0);
      assertThat(array.reference(0)).isSameAs(instance.function(0));
      for (int offset : new int[] {2, -1}) {
        assertThatThrownBy(() -> Generated.call(type, "ofElements", offset, 1, instance, 0))
            .isInstanceOf(Trap.class)
            .hasMessage("out of bounds table access");
      }
      return;
    }
    int width = FieldCode.of(kind).segmentBytes;
    int count = (32 - 3) / width;
    ArrayObject array = (ArrayObject) Generated.call(type, "ofData", 3, count, instance, 0);
    assertThat(array).isNotNull();
    assertThat(array.length()).isEqualTo(count);
    assertThat(array.elementBytes()).isEqualTo(width);
    byte[] read = new byte[8];
    for (int i = 0; i < Math.min(width, 8); i++) {
      read[i] = (byte) (4 + (count - 1) * width + i);
    }
    long expected = ByteBuffer.wrap(read).order(ByteOrder.LITTLE_ENDIAN).getLong();
    assertThat(array.number(count - 1)).isEqualTo(expected);
    ArraySegments.initData(array, 0, 4, 1, instance, 0);
    assertThat(array.number(0) & 0xFF).isEqualTo(5);
    if (kind == VecType.V128) {
      assertThat(array.high(0) & 0xFF).isEqualTo(13);
    }
    for (int offset : new int[] {33 - width, -1}) {
      assertThatThrownBy(() -> Generated.call(type, "ofData", offset, 1, instance, 0))
          .isInstanceOf(Trap.class)
          .hasMessage("out of bounds memory access");
    }
    assertThatThrownBy(() -> ArraySegments.initData(array, count, 0, 1, instance, 0))
        .isInstanceOf(Trap.class)
        .hasMessage("out of bounds array access");
  }

  @Test
  void subtypesAreSubclasses() {
    DefType base = types.defineOpen(null, SampleTypes.array(PackedType.I8));
    DefType derived = types.defineOpen(base, SampleTypes.array(PackedType.I8));
    assertThat(SharedClasses.classOf(base).getSuperclass()).isSameAs(ByteArray.class);
    assertThat(SharedClasses.classOf(derived).getSuperclass())
        .isSameAs(SharedClasses.classOf(base));
    ArrayObject array = create(derived, 1);
    assertThat(array).isInstanceOf(SharedClasses.classOf(base));
    assertThat(array.type()).isSameAs(derived);
  }

  @ParameterizedTest
  @ValueSource(strings = {"Byte", "Short", "Int", "Long", "Float", "Double", "Vector", "Reference"})
  void methodsForCompiledCodeAreSmallEnoughToBeInlined(String kind) throws IOException {
    // HotSpot inlines methods of up to 35 bytes wherever they are called
    Set<String> hot = Set.of("get", "getS", "getU", "getHigh", "set", "put", "count", "check");
    var tooLarge = new TreeMap<String, Integer>();
    try (InputStream file = IntArray.class.getResourceAsStream(kind + "Array.class")) {
      assertThat(file).isNotNull();
      for (MethodModel method : ClassFile.of().parse(file.readAllBytes()).methods()) {
        String name = method.methodName().stringValue();
        if (hot.contains(name) && Generated.size(method) > 35) {
          tooLarge.put(name, Generated.size(method));
        }
      }
    }
    assertThat(tooLarge).isEmpty();
  }
}
