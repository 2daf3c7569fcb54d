package dev.sampan.wasm.runtime;

import dev.sampan.wasm.model.DefType;
import dev.sampan.wasm.model.FieldType;
import dev.sampan.wasm.model.PackedType;
import dev.sampan.wasm.model.RefType;
import dev.sampan.wasm.model.StructType;
import dev.sampan.wasm.model.VecType;
import org.jspecify.annotations.Nullable;

/** A structure. Fields lie in slots as values on a stack do; {@link Layout} knows where. */
public final class StructObject extends Aggregate {

  private static final @Nullable Object[] NO_REFERENCES = {};
  private static final long[] NO_NUMBERS = {};

  /** Where the fields of a type lie. */
  public static final class Layout {
    private final int[] slots;
    private final int size;
    private final boolean numbers;
    private final boolean references;

    private Layout(StructType type) {
      int count = type.fields().size();
      slots = new int[count];
      int next = 0;
      boolean anyNumber = false;
      boolean anyReference = false;
      for (int i = 0; i < count; i++) {
        FieldType field = type.fields().get(i);
        slots[i] = next;
        next += field.storage() == VecType.V128 ? 2 : 1;
        anyReference |= field.storage() instanceof RefType;
        anyNumber |= !(field.storage() instanceof RefType);
      }
      size = next;
      numbers = anyNumber;
      references = anyReference;
    }

    /** The layout of a structure type. */
    public static Layout of(DefType type) {
      return new Layout((StructType) type.composite());
    }

    /** The slot of a field. */
    public int slot(int field) {
      return slots[field];
    }

    /** The number of slots. */
    public int size() {
      return size;
    }
  }

  private final long[] numbers;
  private final @Nullable Object[] references;

  /** A structure whose fields have their default values. */
  public StructObject(DefType type, Layout layout) {
    super(type);
    numbers = layout.numbers ? new long[layout.size] : NO_NUMBERS;
    references = layout.references ? new Object[layout.size] : NO_REFERENCES;
  }

  /** A number in a slot; packed integers are kept in the low bits. */
  public long number(int slot) {
    return numbers[slot];
  }

  /** Sets a number in a slot. */
  public void number(int slot, long value) {
    numbers[slot] = value;
  }

  /** A reference in a slot. */
  public @Nullable Object reference(int slot) {
    return references[slot];
  }

  /** Sets a reference in a slot. */
  public void reference(int slot, @Nullable Object value) {
    references[slot] = value;
  }

  /** The bits of a packed integer, extended to an {@code i32}. */
  public static int unpack(long bits, PackedType type, boolean signed) {
    return switch (type) {
      case I8 -> signed ? (byte) bits : (int) bits & 0xFF;
      case I16 -> signed ? (short) bits : (int) bits & 0xFFFF;
    };
  }
}
