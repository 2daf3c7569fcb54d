package dev.sampan.wasm.compile;

import dev.sampan.wasm.model.AbstractHeapType;
import dev.sampan.wasm.model.ArrayType;
import dev.sampan.wasm.model.DefType;
import dev.sampan.wasm.model.FieldType;
import dev.sampan.wasm.model.FuncType;
import dev.sampan.wasm.model.HeapType;
import dev.sampan.wasm.model.NumType;
import dev.sampan.wasm.model.PackedType;
import dev.sampan.wasm.model.RecIndex;
import dev.sampan.wasm.model.RefType;
import dev.sampan.wasm.model.StorageType;
import dev.sampan.wasm.model.StructType;
import dev.sampan.wasm.model.SubType;
import dev.sampan.wasm.model.TypeIndex;
import dev.sampan.wasm.model.TypeUse;
import dev.sampan.wasm.model.ValType;
import dev.sampan.wasm.model.VecType;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;

/**
 * The digest of a recursive group: the same for equivalent groups in every process, because it says
 * all that makes a type what it is. Groups that are mentioned stand in it with their digests.
 */
final class TypeDigest {

  private static final int HEX_DIGITS = 32;

  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private final DataOutputStream out = new DataOutputStream(bytes);

  private TypeDigest() {}

  /** The digest of a group, those of all mentioned groups being known. */
  static String of(List<SubType> group) {
    TypeDigest digest = new TypeDigest();
    try {
      digest.group(group);
      byte[] hash = MessageDigest.getInstance("SHA-256").digest(digest.bytes.toByteArray());
      return HexFormat.of().formatHex(hash).substring(0, HEX_DIGITS);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java platform has SHA-256", e);
    }
  }

  private void group(List<SubType> group) throws IOException {
    out.writeInt(group.size());
    for (SubType type : group) {
      out.writeBoolean(type.isFinal());
      out.writeInt(type.supertypes().size());
      for (TypeUse supertype : type.supertypes()) {
        heap(supertype);
      }
      switch (type.composite()) {
        case FuncType func -> {
          out.writeByte('f');
          values(func.parameters());
          values(func.results());
        }
        case StructType struct -> {
          out.writeByte('s');
          out.writeInt(struct.fields().size());
          for (FieldType field : struct.fields()) {
            field(field);
          }
        }
        case ArrayType array -> {
          out.writeByte('a');
          field(array.element());
        }
      }
    }
  }

  private void values(List<ValType> types) throws IOException {
    out.writeInt(types.size());
    for (ValType type : types) {
      storage(type);
    }
  }

  private void field(FieldType field) throws IOException {
    out.writeBoolean(field.mutable());
    storage(field.storage());
  }

  private void storage(StorageType type) throws IOException {
    switch (type) {
      case PackedType packed -> out.writeUTF(packed.name());
      case NumType num -> out.writeUTF(num.name());
      case VecType vec -> out.writeUTF(vec.name());
      case RefType ref -> {
        out.writeUTF(ref.nullable() ? "ref null" : "ref");
        heap(ref.heap());
      }
    }
  }

  private void heap(HeapType type) throws IOException {
    switch (type) {
      case AbstractHeapType abstractType -> out.writeUTF(abstractType.name());
      case RecIndex own -> {
        out.writeUTF("rec");
        out.writeInt(own.index());
      }
      case DefType other -> {
        out.writeUTF("def");
        out.writeUTF(GeneratedType.of(other).group.digest());
        out.writeInt(other.groupIndex());
      }
      case TypeIndex open ->
          throw new AssertionError("type " + open + " is not closed; please report");
    }
  }
}
