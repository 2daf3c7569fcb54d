package dev.sampan.wasm.compile;

import dev.sampan.wasm.model.AbstractHeapType;
import dev.sampan.wasm.model.ArrayType;
import dev.sampan.wasm.model.CompositeType;
import dev.sampan.wasm.model.DefType;
import dev.sampan.wasm.model.FieldType;
import dev.sampan.wasm.model.NumType;
import dev.sampan.wasm.model.PackedType;
import dev.sampan.wasm.model.RefType;
import dev.sampan.wasm.model.StorageType;
import dev.sampan.wasm.model.StructType;
import dev.sampan.wasm.model.SubType;
import dev.sampan.wasm.model.TypeRegistry;
import dev.sampan.wasm.model.TypeUse;
import dev.sampan.wasm.model.VecType;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Structure and array types for tests. */
final class SampleTypes {

  static final RefType ANYREF = new RefType(true, AbstractHeapType.ANY);

  /** Every kind of storage. */
  static final StorageType[] KINDS = {
    PackedType.I8,
    PackedType.I16,
    NumType.I32,
    NumType.I64,
    NumType.F32,
    NumType.F64,
    VecType.V128,
    ANYREF
  };

  private final TypeRegistry registry = new TypeRegistry();

  static StructType struct(StorageType... fields) {
    return new StructType(Arrays.stream(fields).map(each -> new FieldType(each, true)).toList());
  }

  static ArrayType array(StorageType element) {
    return new ArrayType(new FieldType(element, true));
  }

  /** A type that others may extend. */
  static SubType open(@Nullable TypeUse supertype, CompositeType composite) {
    return new SubType(false, supertype == null ? List.of() : List.of(supertype), composite);
  }

  DefType define(CompositeType composite) {
    return registry.define(composite);
  }

  DefType defineOpen(@Nullable DefType supertype, CompositeType composite) {
    return group(open(supertype, composite)).getFirst();
  }

  List<DefType> group(SubType... types) {
    return registry.define(List.of(types));
  }

  /** A type of some fields, each kind in its turn. */
  static StorageType[] mixture(int count) {
    StorageType[] fields = new StorageType[count];
    for (int i = 0; i < count; i++) {
      fields[i] = KINDS[i % KINDS.length];
    }
    return fields;
  }
}
