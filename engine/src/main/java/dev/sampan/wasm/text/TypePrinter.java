package dev.sampan.wasm.text;

import dev.sampan.wasm.binary.Names.Space;
import dev.sampan.wasm.model.AbstractHeapType;
import dev.sampan.wasm.model.AddressType;
import dev.sampan.wasm.model.ArrayType;
import dev.sampan.wasm.model.CompositeType;
import dev.sampan.wasm.model.FieldType;
import dev.sampan.wasm.model.FuncType;
import dev.sampan.wasm.model.GlobalType;
import dev.sampan.wasm.model.HeapType;
import dev.sampan.wasm.model.MemoryType;
import dev.sampan.wasm.model.NumType;
import dev.sampan.wasm.model.PackedType;
import dev.sampan.wasm.model.RecType;
import dev.sampan.wasm.model.RefType;
import dev.sampan.wasm.model.StructType;
import dev.sampan.wasm.model.SubType;
import dev.sampan.wasm.model.TableType;
import dev.sampan.wasm.model.TypeIndex;
import dev.sampan.wasm.model.TypeUse;
import dev.sampan.wasm.model.ValType;
import dev.sampan.wasm.model.VecType;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Prints types. */
final class TypePrinter {

  private final StringBuilder out;
  private final ModuleNames names;
  private final List<SubType> types;

  TypePrinter(StringBuilder out, ModuleNames names, List<SubType> types) {
    this.out = out;
    this.names = names;
    this.types = types;
  }

  /** A recursive group whose first type has an index. */
  void recType(RecType group, int first) {
    if (group.types().size() == 1) {
      out.append("\n  ");
      definition(group.types().getFirst(), first);
      return;
    }
    out.append("\n  (rec");
    for (int i = 0; i < group.types().size(); i++) {
      out.append("\n    ");
      definition(group.types().get(i), first + i);
    }
    out.append(')');
  }

  private void definition(SubType type, int index) {
    out.append("(type");
    names.of(Space.TYPE).bind(out, index);
    out.append(" (;").append(index).append(";) ");
    boolean plain = type.isFinal() && type.supertypes().isEmpty();
    if (!plain) {
      out.append("(sub ");
      if (type.isFinal()) {
        out.append("final ");
      }
      for (TypeUse supertype : type.supertypes()) {
        heapType(supertype);
        out.append(' ');
      }
    }
    compositeType(type.composite(), index);
    out.append(plain ? ")" : "))");
  }

  private void compositeType(CompositeType type, int index) {
    switch (type) {
      case FuncType func -> {
        out.append("(func");
        signature(func, null);
      }
      case StructType struct -> {
        out.append("(struct");
        for (int i = 0; i < struct.fields().size(); i++) {
          out.append(" (field");
          names.fields(index).bind(out, i);
          out.append(' ');
          fieldType(struct.fields().get(i));
          out.append(')');
        }
      }
      case ArrayType array -> {
        out.append("(array ");
        fieldType(array.element());
      }
    }
    out.append(')');
  }

  private void fieldType(FieldType type) {
    out.append(type.mutable() ? "(mut " : "");
    switch (type.storage()) {
      case PackedType packed -> out.append(packed);
      case ValType value -> valType(value);
    }
    out.append(type.mutable() ? ")" : "");
  }

  /** Appends parameters and results, each with a space before it. */
  private void signature(FuncType type, @Nullable PrintedNames locals) {
    List<ValType> parameters = type.parameters();
    for (int i = 0; i < parameters.size(); ) {
      i = group("param", parameters, i, i, locals);
    }
    if (!type.results().isEmpty()) {
      out.append(" (result");
      type.results().forEach(this::spaced);
      out.append(')');
    }
  }

  /**
   * Appends a {@code (param …)} or {@code (local …)} that holds one named member, or all members up
   * to the next named one.
   *
   * @param start the first member's place in the list
   * @param index the first member's index
   * @return the place behind the last member
   */
  int group(
      String keyword, List<ValType> list, int start, int index, @Nullable PrintedNames locals) {
    out.append(" (").append(keyword);
    int next = start;
    if (locals != null && locals.hasName(index)) {
      locals.bind(out, index);
      spaced(list.get(next++));
    } else {
      while (next < list.size() && (locals == null || !locals.hasName(index + next - start))) {
        spaced(list.get(next++));
      }
    }
    out.append(')');
    return next;
  }

  private void spaced(ValType type) {
    out.append(' ');
    valType(type);
  }

  /** Appends a type use, and if the type is known its parameters and results. */
  void typeUse(TypeUse use, @Nullable PrintedNames locals) {
    out.append(" (type ");
    heapType(use);
    out.append(')');
    FuncType function = function(use);
    if (function != null) {
      signature(function, locals);
    }
  }

  /** The function type that a use means, or null. */
  @Nullable FuncType function(TypeUse use) {
    return use instanceof TypeIndex index
            && Integer.compareUnsigned(index.index(), types.size()) < 0
            && types.get(index.index()).composite() instanceof FuncType function
        ? function
        : null;
  }

  void valType(ValType type) {
    switch (type) {
      case NumType num -> out.append(num);
      case VecType vec -> out.append(vec);
      case RefType ref -> refType(ref);
    }
  }

  void refType(RefType type) {
    if (type.nullable() && type.heap() instanceof AbstractHeapType heap) {
      out.append(heap.referenceText());
      return;
    }
    out.append(type.nullable() ? "(ref null " : "(ref ");
    heapType(type.heap());
    out.append(')');
  }

  void heapType(HeapType type) {
    switch (type) {
      case AbstractHeapType heap -> out.append(heap.text());
      case TypeIndex index -> out.append(names.of(Space.TYPE).use(index.index()));
      case TypeUse closed -> throw new IllegalArgumentException("type " + closed + " is not open");
    }
  }

  void globalType(GlobalType type) {
    out.append(type.mutable() ? " (mut " : " ");
    valType(type.type());
    out.append(type.mutable() ? ")" : "");
  }

  void tableType(TableType type) {
    out.append(type.address() == AddressType.I64 ? " i64 " : " ").append(type.limits()).append(' ');
    refType(type.element());
  }

  void memoryType(MemoryType type) {
    out.append(type.address() == AddressType.I64 ? " i64 " : " ").append(type.limits());
    out.append(type.shared() ? " shared" : "");
    if (type.pageSizeLog2() != MemoryType.DEFAULT_PAGE_SIZE_LOG2) {
      out.append(" (pagesize ");
      out.append(Long.toUnsignedString(1L << type.pageSizeLog2())).append(')');
    }
  }
}
