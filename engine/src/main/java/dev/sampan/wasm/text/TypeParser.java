package dev.sampan.wasm.text;

import dev.sampan.wasm.binary.Names.InnerSpace;
import dev.sampan.wasm.model.AbstractHeapType;
import dev.sampan.wasm.model.AddressType;
import dev.sampan.wasm.model.ArrayType;
import dev.sampan.wasm.model.CompositeType;
import dev.sampan.wasm.model.FieldType;
import dev.sampan.wasm.model.FuncType;
import dev.sampan.wasm.model.GlobalType;
import dev.sampan.wasm.model.HeapType;
import dev.sampan.wasm.model.Limits;
import dev.sampan.wasm.model.MemoryType;
import dev.sampan.wasm.model.NumType;
import dev.sampan.wasm.model.PackedType;
import dev.sampan.wasm.model.RecType;
import dev.sampan.wasm.model.RefType;
import dev.sampan.wasm.model.StorageType;
import dev.sampan.wasm.model.StructType;
import dev.sampan.wasm.model.SubType;
import dev.sampan.wasm.model.TableType;
import dev.sampan.wasm.model.TypeIndex;
import dev.sampan.wasm.model.TypeUse;
import dev.sampan.wasm.model.ValType;
import dev.sampan.wasm.model.VecType;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Parses types and type uses (Text Format › Types). */
final class TypeParser {

  /** What is done with the identifiers of parameters. */
  enum ParameterNames {
    /** They are an error. */
    FORBIDDEN,
    /** They are read and mean nothing. */
    IGNORED
  }

  private final TokenCursor cursor;
  private final ModuleContext context;

  TypeParser(TokenCursor cursor, ModuleContext context) {
    this.cursor = cursor;
    this.context = context;
  }

  // Definitions

  /** The definitions of the {@code type} or {@code rec} field that is next. */
  RecType recType() {
    List<SubType> types = new ArrayList<>();
    if (cursor.acceptOpen(Keyword.REC)) {
      while (cursor.at(TokenKind.LEFT)) {
        types.add(definition());
      }
      cursor.close();
    } else {
      types.add(definition());
    }
    return new RecType(types);
  }

  private SubType definition() {
    cursor.expectOpen(Keyword.TYPE);
    Bindings.skip(cursor);
    SubType type = subType();
    cursor.close();
    return type;
  }

  private SubType subType() {
    if (!cursor.acceptOpen(Keyword.SUB)) {
      return SubType.of(compositeType());
    }
    boolean isFinal = cursor.accept(Keyword.FINAL);
    List<TypeUse> supertypes = new ArrayList<>();
    while (IndexSpace.isNext(cursor)) {
      supertypes.add(typeIndex());
    }
    SubType type = new SubType(isFinal, supertypes, compositeType());
    cursor.close();
    return type;
  }

  private CompositeType compositeType() {
    IndexSpace fieldIds = context.addFields();
    if (cursor.acceptOpen(Keyword.FUNC)) {
      FuncType type = functionType(ParameterNames.IGNORED, null);
      cursor.close();
      return type;
    }
    if (cursor.acceptOpen(Keyword.STRUCT)) {
      List<FieldType> fields = new ArrayList<>();
      while (cursor.acceptOpen(Keyword.FIELD)) {
        fields(fieldIds, fields);
      }
      cursor.close();
      return new StructType(fields);
    }
    if (cursor.acceptOpen(Keyword.ARRAY)) {
      ArrayType type = new ArrayType(fieldType());
      cursor.close();
      return type;
    }
    throw cursor.unexpected("a function, structure or array type");
  }

  private void fields(IndexSpace ids, List<FieldType> fields) {
    if (isBinding()) {
      int index = ids.add();
      String name = Bindings.bind(cursor, ids);
      if (name != null) {
        context.names.put(InnerSpace.FIELD, context.fieldOwner(), index, name);
      }
      fields.add(fieldType());
    } else {
      while (!cursor.at(TokenKind.RIGHT)) {
        ids.add();
        fields.add(fieldType());
      }
    }
    cursor.close();
  }

  private boolean isBinding() {
    return cursor.at(TokenKind.ID) || cursor.at(TokenKind.NAME_ANNOTATION);
  }

  private FieldType fieldType() {
    if (cursor.acceptOpen(Keyword.MUT)) {
      FieldType type = new FieldType(storageType(), true);
      cursor.close();
      return type;
    }
    return new FieldType(storageType(), false);
  }

  private StorageType storageType() {
    if (cursor.accept(Keyword.I8)) {
      return PackedType.I8;
    }
    return cursor.accept(Keyword.I16) ? PackedType.I16 : valType();
  }

  // Function types

  /**
   * Parameters and results.
   *
   * @param names what to do with parameters' identifiers where there are no locals
   * @param locals where parameters are declared, or null
   */
  private FuncType functionType(ParameterNames names, @Nullable Locals locals) {
    List<ValType> parameters = new ArrayList<>();
    while (cursor.acceptOpen(Keyword.PARAM)) {
      if (isBinding() && locals != null) {
        locals.addParameter(cursor);
        parameters.add(valType());
      } else if (isBinding() && names == ParameterNames.IGNORED) {
        Bindings.skip(cursor);
        parameters.add(valType());
      } else {
        while (!cursor.at(TokenKind.RIGHT)) {
          if (locals != null) {
            locals.addParameter();
          }
          parameters.add(valType());
        }
      }
      cursor.close();
    }
    FuncType type = new FuncType(parameters, results());
    // a wrong order is told before the type is compared with anything
    if (cursor.atOpen(Keyword.PARAM) || cursor.atOpen(Keyword.TYPE)) {
      cursor.open();
      throw cursor.unexpected("no further part of a function type");
    }
    return type;
  }

  /** Any number of {@code (result …)}. */
  List<ValType> results() {
    List<ValType> results = new ArrayList<>();
    while (cursor.acceptOpen(Keyword.RESULT)) {
      while (!cursor.at(TokenKind.RIGHT)) {
        results.add(valType());
      }
      cursor.close();
    }
    return results;
  }

  /** A type use of a function or tag, with parameters that are locals. */
  int typeUse(Locals locals) {
    return typeUse(ParameterNames.IGNORED, locals);
  }

  /** A type use whose parameters are no locals. */
  int typeUse(ParameterNames names) {
    return typeUse(names, null);
  }

  private int typeUse(ParameterNames names, @Nullable Locals locals) {
    int token = cursor.position();
    boolean explicit = cursor.acceptOpen(Keyword.TYPE);
    int index = 0;
    if (explicit) {
      index = context.typeIds.index(cursor);
      cursor.close();
    }
    FuncType inline = functionType(names, locals);
    if (!explicit) {
      return context.functionType(inline);
    }
    if (!inline.parameters().isEmpty() || !inline.results().isEmpty()) {
      checkInline(index, inline, token);
    } else if (locals != null) {
      SubType type = context.type(index);
      if (type != null && type.composite() instanceof FuncType function) {
        locals.parameters(function.parameters().size());
      }
    }
    return index;
  }

  private void checkInline(int index, FuncType inline, int token) {
    SubType type = context.type(index);
    if (type == null) {
      throw cursor.malformed("unknown type " + Integer.toUnsignedString(index), token);
    }
    if (!type.composite().equals(inline)) {
      throw cursor.malformed(
          "inline function type: type "
              + index
              + " is "
              + type.composite()
              + ", but what follows says "
              + inline,
          token);
    }
  }

  /** A block type. */
  BlockType blockType() {
    if (cursor.atOpen(Keyword.TYPE)) {
      return new BlockType(null, new TypeIndex(typeUse(ParameterNames.FORBIDDEN)));
    }
    FuncType type = functionType(ParameterNames.FORBIDDEN, null);
    if (type.parameters().isEmpty() && type.results().size() <= 1) {
      return new BlockType(type.results().isEmpty() ? null : type.results().getFirst(), null);
    }
    return new BlockType(null, new TypeIndex(context.functionType(type)));
  }

  /**
   * A block type as it will be written.
   *
   * @param result the only result's type, or null
   * @param type the function type, or null if there are no parameters and one result at most
   */
  record BlockType(@Nullable ValType result, @Nullable TypeIndex type) {}

  // Value types

  /** A value type. */
  ValType valType() {
    Keyword keyword = cursor.keyword();
    ValType number =
        keyword == null
            ? null
            : switch (keyword) {
              case I32 -> NumType.I32;
              case I64 -> NumType.I64;
              case F32 -> NumType.F32;
              case F64 -> NumType.F64;
              case V128 -> VecType.V128;
              default -> null;
            };
    if (number != null) {
      cursor.advance();
      return number;
    }
    if (!isRefType()) {
      throw cursor.unexpected("a value type");
    }
    return refType();
  }

  /** Whether a reference type is next. */
  boolean isRefType() {
    return cursor.atOpen(Keyword.REF) || shorthand() != null;
  }

  /** A reference type. */
  RefType refType() {
    if (cursor.acceptOpen(Keyword.REF)) {
      boolean nullable = cursor.accept(Keyword.NULL);
      RefType type = new RefType(nullable, heapType());
      cursor.close();
      return type;
    }
    AbstractHeapType heap = shorthand();
    if (heap == null) {
      throw cursor.unexpected("a reference type");
    }
    cursor.advance();
    return new RefType(true, heap);
  }

  private @Nullable AbstractHeapType shorthand() {
    Keyword keyword = cursor.keyword();
    if (keyword == null) {
      return null;
    }
    return switch (keyword) {
      case ANYREF -> AbstractHeapType.ANY;
      case EQREF -> AbstractHeapType.EQ;
      case I31REF -> AbstractHeapType.I31;
      case STRUCTREF -> AbstractHeapType.STRUCT;
      case ARRAYREF -> AbstractHeapType.ARRAY;
      case NULLREF -> AbstractHeapType.NONE;
      case FUNCREF -> AbstractHeapType.FUNC;
      case NULLFUNCREF -> AbstractHeapType.NOFUNC;
      case EXTERNREF -> AbstractHeapType.EXTERN;
      case NULLEXTERNREF -> AbstractHeapType.NOEXTERN;
      case EXNREF -> AbstractHeapType.EXN;
      case NULLEXNREF -> AbstractHeapType.NOEXN;
      default -> null;
    };
  }

  /** A heap type. */
  HeapType heapType() {
    if (IndexSpace.isNext(cursor)) {
      return typeIndex();
    }
    AbstractHeapType type = abstractHeapType(cursor.keyword());
    if (type == null) {
      throw cursor.unexpected("a heap type");
    }
    cursor.advance();
    return type;
  }

  private static @Nullable AbstractHeapType abstractHeapType(@Nullable Keyword keyword) {
    if (keyword == null) {
      return null;
    }
    return switch (keyword) {
      case ANY -> AbstractHeapType.ANY;
      case EQ -> AbstractHeapType.EQ;
      case I31 -> AbstractHeapType.I31;
      case STRUCT -> AbstractHeapType.STRUCT;
      case ARRAY -> AbstractHeapType.ARRAY;
      case NONE -> AbstractHeapType.NONE;
      case FUNC -> AbstractHeapType.FUNC;
      case NOFUNC -> AbstractHeapType.NOFUNC;
      case EXTERN -> AbstractHeapType.EXTERN;
      case NOEXTERN -> AbstractHeapType.NOEXTERN;
      case EXN -> AbstractHeapType.EXN;
      case NOEXN -> AbstractHeapType.NOEXN;
      default -> null;
    };
  }

  private TypeIndex typeIndex() {
    return new TypeIndex(context.typeIds.index(cursor));
  }

  // External types

  /** The address type, {@code i32} if none is given. */
  AddressType addressType() {
    if (cursor.accept(Keyword.I64)) {
      return AddressType.I64;
    }
    cursor.accept(Keyword.I32);
    return AddressType.I32;
  }

  private Limits limits() {
    long min = cursor.u64("a minimum size");
    return cursor.at(TokenKind.NAT)
        ? Limits.between(min, cursor.u64("a maximum size"))
        : Limits.from(min);
  }

  /** The rest of a table type, behind the address type. */
  TableType tableType(AddressType address) {
    return new TableType(address, limits(), refType());
  }

  /** The rest of a memory type, behind the address type. */
  MemoryType memoryType(AddressType address) {
    Limits limits = limits();
    boolean shared = cursor.accept(Keyword.SHARED);
    return new MemoryType(address, limits, shared, pageSizeLog2());
  }

  /** The exponent of a {@code (pagesize …)}, or that of pages without one. */
  int pageSizeLog2() {
    if (!cursor.acceptOpen(Keyword.PAGESIZE)) {
      return MemoryType.DEFAULT_PAGE_SIZE_LOG2;
    }
    int token = cursor.position();
    long size = cursor.u64("a page size");
    if (Long.bitCount(size) != 1) {
      throw cursor.malformed(
          "invalid custom page size: " + Long.toUnsignedString(size) + " is not a power of two",
          token);
    }
    cursor.close();
    return Long.numberOfTrailingZeros(size);
  }

  /** A global's type. */
  GlobalType globalType() {
    if (cursor.acceptOpen(Keyword.MUT)) {
      GlobalType type = new GlobalType(valType(), true);
      cursor.close();
      return type;
    }
    return new GlobalType(valType(), false);
  }
}
