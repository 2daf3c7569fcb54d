package dev.sampan.wasm.compile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sampan.wasm.Trap;
import dev.sampan.wasm.binary.ModuleLimits;
import dev.sampan.wasm.model.DefType;
import dev.sampan.wasm.model.NumType;
import dev.sampan.wasm.model.PackedType;
import dev.sampan.wasm.model.RecIndex;
import dev.sampan.wasm.model.RefType;
import dev.sampan.wasm.model.StorageType;
import dev.sampan.wasm.model.VecType;
import dev.sampan.wasm.runtime.SlotAggregates;
import dev.sampan.wasm.runtime.StructObject;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Structures of generated classes, held against those that keep their fields in slots. */
class StructClassTest {

  private final SampleTypes types = new SampleTypes();

  private static StructObject create(DefType type) {
    return GeneratedAggregates.INSTANCE.struct(type);
  }

  /** Sets all fields of two structures to the same values. */
  private static void scramble(
      Random random, StorageType[] fields, StructObject first, StructObject second) {
    for (int i = 0; i < fields.length; i++) {
      long low = random.nextLong();
      long high = random.nextLong();
      Object reference = "value " + low;
      for (StructObject each : List.of(first, second)) {
        switch (fields[i]) {
          case RefType ref -> each.reference(i, reference);
          case VecType vec -> each.vector(i, low, high);
          default -> each.number(i, low);
        }
      }
    }
  }

  private static boolean isSame(
      StorageType field, int i, StructObject actual, StructObject expected) {
    return switch (field) {
      case RefType ref -> actual.reference(i) == expected.reference(i);
      case VecType vec ->
          actual.number(i) == expected.number(i) && actual.high(i) == expected.high(i);
      case PackedType packed ->
          StructObject.unpack(actual.number(i), packed, true)
              == StructObject.unpack(expected.number(i), packed, true);
      case NumType num -> {
        boolean wide = num == NumType.I64 || num == NumType.F64;
        yield wide
            ? actual.number(i) == expected.number(i)
            : (int) actual.number(i) == (int) expected.number(i);
      }
    };
  }

  private static void assertSameFields(
      StorageType[] fields, StructObject actual, StructObject expected) {
    List<Integer> different = new ArrayList<>();
    for (int i = 0; i < fields.length; i++) {
      if (!isSame(fields[i], i, actual, expected)) {
        different.add(i);
      }
    }
    assertThat(different).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 8, 9, 249, 250, 251, 500, 1003})
  void fieldsByIndexAreThoseOfASlotStructure(int count) {
    StorageType[] fields = SampleTypes.mixture(count);
    DefType type = types.define(SampleTypes.struct(fields));
    StructObject actual = create(type);
    // an interpreter's engine has types of its own
    StructObject expected =
        SlotAggregates.INSTANCE.struct(new SampleTypes().define(SampleTypes.struct(fields)));
    assertThat(actual.type()).isSameAs(type);
    assertSameFields(fields, actual, expected);
    scramble(new Random(count), fields, actual, expected);
    assertSameFields(fields, actual, expected);
    assertSameFields(fields, actual.blank(), expected.blank());
    assertThat(actual.blank().type()).isSameAs(type);
  }

  @Test
  void compiledCodeReadsWhatItSets() {
    DefType type = types.define(SampleTypes.struct(SampleTypes.KINDS));
    Object object = Generated.call(type, "ofDefaults");
    Generated.call(type, "set0", object, 0x180);
    Generated.call(type, "set1", object, 0x1_FFFE);
    Generated.call(type, "set2", object, Integer.MIN_VALUE);
    Generated.call(type, "set3", object, Long.MIN_VALUE);
    Generated.call(type, "set4", object, -0.0f);
    Generated.call(type, "set5", object, Double.MIN_VALUE);
    Generated.call(type, "set6", object, 5L, 6L);
    Generated.call(type, "set7", object, "seven");
    assertThat(Generated.call(type, "get0_s", object)).isEqualTo(-128);
    assertThat(Generated.call(type, "get0_u", object)).isEqualTo(128);
    assertThat(Generated.call(type, "get1_s", object)).isEqualTo(-2);
    assertThat(Generated.call(type, "get1_u", object)).isEqualTo(0xFFFE);
    assertThat(Generated.call(type, "get2", object)).isEqualTo(Integer.MIN_VALUE);
    assertThat(Generated.call(type, "get3", object)).isEqualTo(Long.MIN_VALUE);
    assertThat(Generated.call(type, "get4", object)).isEqualTo(-0.0f);
    assertThat(Generated.call(type, "get5", object)).isEqualTo(Double.MIN_VALUE);
    assertThat(Generated.call(type, "get6", object)).isEqualTo(5L);
    assertThat(Generated.call(type, "get6h", object)).isEqualTo(6L);
    assertThat(Generated.call(type, "get7", object)).isEqualTo("seven");
  }

  @Test
  void factoryTakesAllFields() {
    StorageType[] fields = SampleTypes.KINDS;
    DefType type = types.define(SampleTypes.struct(fields));
    Object object = Generated.call(type, "of", 1, 2, 3, 4L, 5f, 6d, 7L, 8L, "nine");
    StructObject expected =
        SlotAggregates.INSTANCE.struct(new SampleTypes().define(SampleTypes.struct(fields)));
    expected.number(0, 1);
    expected.number(1, 2);
    expected.number(2, 3);
    expected.number(3, 4);
    expected.number(4, Float.floatToRawIntBits(5));
    expected.number(5, Double.doubleToRawLongBits(6));
    expected.vector(6, 7, 8);
    expected.reference(7, "nine");
    assertThat(object).isInstanceOf(StructObject.class);
    assertSameFields(fields, (StructObject) object, expected);
  }

  /** Sizes around those at which classes split and the ways of making an object change. */
  @ParameterizedTest
  @CsvSource({"0,300", "10,300", "160,400", "250,251", "300,300", "300,301", "600,1200"})
  void factoryTakesInheritedFieldsFromSlots(int inherited, int all) {
    StorageType[] fields = SampleTypes.mixture(all);
    DefType base = types.defineOpen(null, SampleTypes.struct(Arrays.copyOf(fields, inherited)));
    DefType derived = types.defineOpen(base, SampleTypes.struct(fields));
    StructObject expected =
        SlotAggregates.INSTANCE.struct(new SampleTypes().define(SampleTypes.struct(fields)));
    scramble(new Random(all), fields, expected, expected);
    long[] numbers = new long[2 * all + 3];
    Object[] references = new Object[2 * all + 3];
    int slot = 3;
    for (int i = 0; i < all; i++) {
      switch (fields[i]) {
        case RefType ref -> references[slot++] = expected.reference(i);
        case VecType vec -> {
          numbers[slot++] = expected.number(i);
          numbers[slot++] = expected.high(i);
        }
        default -> numbers[slot++] = expected.number(i);
      }
    }
    Object object = Generated.call(derived, "ofSlots", numbers, references, 3);
    assertThat(object).isInstanceOf(StructObject.class);
    assertSameFields(fields, (StructObject) object, expected);
  }

  @Test
  void methodsThatAlsoSetInheritedFieldsAreSmallEnoughToBeCompiled() {
    for (StorageType kind : SampleTypes.KINDS) {
      StorageType[] fields = new StorageType[500];
      Arrays.fill(fields, kind);
      int inherited = 250 / FieldCode.of(kind).slots();
      DefType base = types.defineOpen(null, SampleTypes.struct(Arrays.copyOf(fields, inherited)));
      assertThat(AggregateMembers.structOf(base)).isPresent();
      DefType derived = types.defineOpen(base, SampleTypes.struct(fields));
      for (StructClass each : StructClass.chain(derived)) {
        assertThat(Generated.longestMethod(each.toBytes()))
            .as("%s of %s", each.name(), kind)
            .isLessThan(MethodSize.LIMIT);
      }
    }
  }

  @Test
  void factoryFromArgumentsIsThereAsLongAsTheyFit() {
    StorageType[] fields = new StorageType[251];
    Arrays.fill(fields, NumType.I32);
    DefType tooMany = types.define(SampleTypes.struct(fields));
    DefType enough = types.define(SampleTypes.struct(Arrays.copyOf(fields, 250)));
    assertThat(AggregateMembers.structOf(tooMany)).isEmpty();
    assertThat(AggregateMembers.structOf(enough)).isPresent();
    Object[] values = new Object[250];
    Arrays.setAll(values, i -> 3 * i);
    Object object = Generated.call(enough, "of", values);
    assertThat(Generated.call(enough, "get249", object)).isEqualTo(747);
    assertThat(SharedClasses.classOf(tooMany).getMethods())
        .noneMatch(method -> method.getName().equals("of"));
  }

  @Test
  void nullTraps() {
    DefType type = types.define(SampleTypes.struct(SampleTypes.KINDS));
    assertThatThrownBy(() -> Generated.call(type, "get0_u", (Object) null))
        .isInstanceOf(Trap.class)
        .hasMessage("null structure reference");
    assertThatThrownBy(() -> Generated.call(type, "get7", (Object) null))
        .isInstanceOf(Trap.class)
        .hasMessage("null structure reference");
    assertThatThrownBy(() -> Generated.call(type, "set6", null, 1L, 2L))
        .isInstanceOf(Trap.class)
        .hasMessage("null structure reference");
  }

  @Test
  void subtypesAddTheirFieldsToThoseOfTheSupertype() {
    DefType base = types.defineOpen(null, SampleTypes.struct(PackedType.I8, VecType.V128));
    StorageType[] fields = {PackedType.I8, VecType.V128, NumType.I64, SampleTypes.ANYREF};
    DefType derived = types.defineOpen(base, SampleTypes.struct(fields));
    assertThat(SharedClasses.classOf(derived).getSuperclass())
        .isSameAs(SharedClasses.classOf(base));
    assertThat(SharedClasses.classOf(derived).getDeclaredFields())
        .extracting("name")
        .containsExactlyInAnyOrder("TYPE", "f2", "f3");
    Object object = Generated.call(derived, "of", -1, 1L, 2L, 3L, "four");
    assertThat(Generated.call(derived, "get0_s", object)).isEqualTo(-1);
    assertThat(Generated.call(base, "get1h", object)).isEqualTo(2L);
    assertThat(Generated.call(derived, "get2", object)).isEqualTo(3L);
    assertThat(object).isInstanceOf(StructObject.class);
    StructObject byIndex = create(derived);
    StructObject expected =
        SlotAggregates.INSTANCE.struct(new SampleTypes().define(SampleTypes.struct(fields)));
    scramble(new Random(1), fields, byIndex, expected);
    assertSameFields(fields, byIndex, expected);
    assertThat(byIndex.type()).isSameAs(derived);
    assertThat(create(base).type()).isSameAs(base);
  }

  @Test
  void subtypesOfOneGroupAndOfLongChainsAreSubclasses() {
    DefType[] chain = new DefType[20];
    for (int i = 0; i < chain.length; i++) {
      chain[i] =
          types.defineOpen(
              i == 0 ? null : chain[i - 1], SampleTypes.struct(SampleTypes.mixture(i * 40)));
    }
    StructObject last = create(chain[19]);
    for (DefType each : chain) {
      assertThat(SharedClasses.classOf(each)).isAssignableFrom(last.getClass());
    }
    last.number(0, 77);
    last.reference(759, "end");
    assertThat(last.number(0)).isEqualTo(77);
    assertThat(Generated.call(chain[1], "get0_u", last)).isEqualTo(77);
    assertThat(Generated.call(chain[19], "get759", last)).isEqualTo("end");

    var group =
        types.group(
            SampleTypes.open(null, SampleTypes.struct(NumType.I32)),
            SampleTypes.open(new RecIndex(0), SampleTypes.struct(NumType.I32, NumType.F32)));
    assertThat(SharedClasses.classOf(group.get(1)).getSuperclass())
        .isSameAs(SharedClasses.classOf(group.get(0)));
    assertThat(SharedClasses.classOf(group.get(1)).getClassLoader())
        .isSameAs(SharedClasses.classOf(group.get(0)).getClassLoader());
  }

  private static DefType largest(SampleTypes types, StorageType kind) {
    StorageType[] fields = new StorageType[ModuleLimits.FIELDS];
    Arrays.fill(fields, kind);
    return types.define(SampleTypes.struct(fields));
  }

  @Test
  void everyMethodOfTheLargestTypesIsSmallEnoughToBeCompiled() {
    for (StorageType kind : SampleTypes.KINDS) {
      for (StructClass each : StructClass.chain(largest(types, kind))) {
        assertThat(Generated.longestMethod(each.toBytes()))
            .as("%s of %s", each.name(), kind)
            .isLessThan(MethodSize.LIMIT);
      }
    }
  }

  @Test
  void asManyFieldsAsAModuleMayHaveWork() throws ReflectiveOperationException {
    int last = ModuleLimits.FIELDS - 1;
    for (StorageType kind : List.of(PackedType.I8, VecType.V128, SampleTypes.ANYREF)) {
      DefType type = largest(types, kind);
      StorageType[] fields = new StorageType[ModuleLimits.FIELDS];
      Arrays.fill(fields, kind);
      StructObject actual = create(type);
      StructObject expected = SlotAggregates.INSTANCE.struct(largest(new SampleTypes(), kind));
      scramble(new Random(7), fields, actual, expected);
      assertSameFields(fields, actual, expected);

      long[] numbers = new long[2 * ModuleLimits.FIELDS];
      Object[] references = new Object[numbers.length];
      Arrays.setAll(numbers, i -> 3L * i);
      Arrays.setAll(references, i -> i);
      Object loaded =
          SharedClasses.classOf(type)
              .getMethod("ofSlots", long[].class, Object[].class, int.class)
              .invoke(null, numbers, references, 0);
      StructObject object = (StructObject) loaded;
      switch (kind) {
        case RefType ref -> assertThat(object.reference(last)).isEqualTo(last);
        case VecType vec -> assertThat(object.high(last)).isEqualTo(3L * (2 * last + 1));
        default -> assertThat(object.number(last)).isEqualTo((byte) (3 * last));
      }
    }
  }

  @Test
  void finalTypesHaveFinalClasses() {
    DefType closed = types.define(SampleTypes.struct(NumType.I32));
    DefType open = types.defineOpen(null, SampleTypes.struct(NumType.I32));
    assertThat(SharedClasses.classOf(closed)).isFinal();
    assertThat(SharedClasses.classOf(open)).isNotFinal();
  }
}
