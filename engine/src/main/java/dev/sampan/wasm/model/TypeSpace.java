package dev.sampan.wasm.model;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * The types of one module, closed and packed: what validation and execution look at.
 *
 * <p>Built group by group by the validator, unchanged afterwards. Type codes are those of {@link
 * TypeCode}; the index inside a code is the first of all equivalent definitions.
 */
public final class TypeSpace {

  private static final int[] NO_CODES = {};

  private final TypeRegistry registry;
  private final List<DefType> types = new ArrayList<>();
  private final Map<DefType, Integer> canonical = new HashMap<>();
  private final List<int[]> parameters = new ArrayList<>();
  private final List<int[]> results = new ArrayList<>();

  /** Creates an empty space over an engine's definitions. */
  public TypeSpace(TypeRegistry registry) {
    this.registry = registry;
  }

  /** Adds a group whose indices all lie below the end of the group. */
  public void add(RecType group) {
    int start = types.size();
    List<DefType> members =
        registry.define(
            group.types().stream()
                .map(type -> TypeMap.sub(type, use -> roll(use, start)))
                .toList());
    for (int i = 0; i < members.size(); i++) {
      types.add(members.get(i));
      canonical.putIfAbsent(members.get(i), start + i);
    }
    for (DefType member : members) {
      boolean function = member.composite() instanceof FuncType;
      parameters.add(function ? codes(member.function().parameters()) : NO_CODES);
      results.add(function ? codes(member.function().results()) : NO_CODES);
    }
  }

  private TypeUse roll(TypeUse use, int start) {
    return switch (use) {
      case TypeIndex i ->
          i.index() < start ? types.get(i.index()) : new RecIndex(i.index() - start);
      case RecIndex rec -> rec;
      case DefType definition -> definition;
    };
  }

  /** The number of types. */
  public int size() {
    return types.size();
  }

  /** The definition with an index. */
  public DefType type(int index) {
    return types.get(index);
  }

  /** The codes of a function type's parameters; not to be changed. */
  public int[] parameters(int typeIndex) {
    return parameters.get(typeIndex);
  }

  /** The codes of a function type's results; not to be changed. */
  public int[] results(int typeIndex) {
    return results.get(typeIndex);
  }

  /** The heap code of the type with an index. */
  public int heapCode(int typeIndex) {
    return heapCode(types.get(typeIndex));
  }

  /** The definition behind a heap code at or above {@link TypeCode#CONCRETE}. */
  public DefType definition(int heapCode) {
    return types.get(heapCode - TypeCode.CONCRETE);
  }

  /** Closes a type that speaks in the module's indices. */
  public ValType close(ValType type) {
    return TypeMap.value(type, this::close);
  }

  /** Closes a reference type that speaks in the module's indices. */
  public RefType close(RefType type) {
    return TypeMap.reference(type, this::close);
  }

  /** Closes an external type that speaks in the module's indices. */
  public ExternType close(ExternType type) {
    return TypeMap.extern(type, this::close);
  }

  /** The definition that a use means. */
  public TypeUse close(TypeUse use) {
    return use instanceof TypeIndex index ? types.get(index.index()) : use;
  }

  /** The code of a type, open or closed. */
  public int code(ValType type) {
    return switch (type) {
      case NumType num ->
          switch (num) {
            case I32 -> TypeCode.I32;
            case I64 -> TypeCode.I64;
            case F32 -> TypeCode.F32;
            case F64 -> TypeCode.F64;
          };
      case VecType vec -> TypeCode.V128;
      case RefType ref -> TypeCode.reference(ref.nullable(), heapCode(ref.heap()));
    };
  }

  /** The code of a heap type, open or closed. */
  public int heapCode(HeapType heap) {
    return switch (heap) {
      case AbstractHeapType abstractType -> TypeCode.heap(abstractType);
      case TypeIndex index -> heapCode(index.index());
      case DefType definition ->
          TypeCode.CONCRETE + Objects.requireNonNull(canonical.get(definition));
      case RecIndex rec ->
          throw new AssertionError("type " + rec + " is not closed; please report");
    };
  }

  private int[] codes(List<ValType> list) {
    int[] codes = new int[list.size()];
    for (int i = 0; i < codes.length; i++) {
      codes[i] = code(list.get(i));
    }
    return codes;
  }

  /** Whether the type of one code is a subtype of another's. */
  public boolean matches(int code, int other) {
    if (code == other || code == TypeCode.BOTTOM) {
      return true;
    }
    return (code & other & TypeCode.REF) != 0
        && (!TypeCode.isNullable(code) || TypeCode.isNullable(other))
        && heapMatches(TypeCode.heap(code), TypeCode.heap(other));
  }

  /** Whether the heap type of one code is a subtype of another's. */
  public boolean heapMatches(int code, int other) {
    if (code == other || code == TypeCode.BOTTOM_HEAP) {
      return true;
    }
    return other != TypeCode.BOTTOM_HEAP && Matching.heap(heap(code), heap(other));
  }

  /** The heap type of a code. */
  public HeapType heap(int heapCode) {
    return heapCode >= TypeCode.CONCRETE ? definition(heapCode) : AbstractHeapType.at(heapCode);
  }

  /** The top of the hierarchy that a heap code belongs to. */
  public AbstractHeapType top(int heapCode) {
    return heapCode >= TypeCode.CONCRETE
        ? definition(heapCode).kind().top()
        : AbstractHeapType.at(heapCode).top();
  }

  /** How messages write the type of a code. */
  public String describe(int code) {
    return switch (code) {
      case TypeCode.BOTTOM -> "any type";
      case TypeCode.I32 -> "i32";
      case TypeCode.I64 -> "i64";
      case TypeCode.F32 -> "f32";
      case TypeCode.F64 -> "f64";
      case TypeCode.V128 -> "v128";
      default -> describeReference(code);
    };
  }

  private static String describeReference(int code) {
    int heap = TypeCode.heap(code);
    String nullable = TypeCode.isNullable(code) ? "null " : "";
    if (heap == TypeCode.BOTTOM_HEAP) {
      return "a reference";
    }
    return heap >= TypeCode.CONCRETE
        ? "(ref " + nullable + (heap - TypeCode.CONCRETE) + ")"
        : new RefType(TypeCode.isNullable(code), AbstractHeapType.at(heap)).toString();
  }
}
