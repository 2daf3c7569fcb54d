package dev.sampan.wasm.runtime;

import dev.sampan.wasm.model.DefType;
import dev.sampan.wasm.model.FieldType;
import dev.sampan.wasm.model.RefType;
import dev.sampan.wasm.model.StructType;
import dev.sampan.wasm.model.VecType;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A structure of any type: fields lie in slots as values on a stack do. */
public final class SlotStruct extends StructObject {

  private static final @Nullable Object[] NO_REFERENCES = {};
  private static final long[] NO_NUMBERS = {};

  /** Where the fields of a type lie. */
  public static final class Layout {
    private final DefType type;
    private final int[] slots;
    private final int size;
    private final boolean numbers;
    private final boolean references;
    private final int bytes;

    private Layout(DefType type) {
      this.type = type;
      List<FieldType> fields = ((StructType) type.composite()).fields();
      slots = new int[fields.size()];
      int next = 0;
      boolean anyNumber = false;
      boolean anyReference = false;
      for (int i = 0; i < slots.length; i++) {
        FieldType field = fields.get(i);
        slots[i] = next;
        next += field.storage() == VecType.V128 ? 2 : 1;
        anyReference |= field.storage() instanceof RefType;
        anyNumber |= !(field.storage() instanceof RefType);
      }
      size = next;
      numbers = anyNumber;
      references = anyReference;
      bytes =
          2 * HeapAccount.HEADER
              + (numbers ? HeapAccount.HEADER + 8 * size : 0)
              + (references ? HeapAccount.HEADER + 4 * size : 0);
    }

    /** The bytes that a structure takes, about. */
    public int bytes() {
      return bytes;
    }

    /** The layout of a structure type; made once. */
    public static Layout of(DefType type) {
      return type.attachment(Layout.class, Layout::new);
    }

    /** The slot of a field. */
    public int slot(int field) {
      return slots[field];
    }
  }

  private final Layout layout;
  private final long[] numbers;
  private final @Nullable Object[] references;

  /** A structure whose fields have their default values. */
  public SlotStruct(Layout layout) {
    this.layout = layout;
    numbers = layout.numbers ? new long[layout.size] : NO_NUMBERS;
    references = layout.references ? new Object[layout.size] : NO_REFERENCES;
  }

  @Override
  public DefType type() {
    return layout.type;
  }

  @Override
  public SlotStruct blank() {
    return new SlotStruct(layout);
  }

  @Override
  public long number(int field) {
    return numbers[layout.slots[field]];
  }

  @Override
  public long high(int field) {
    return numbers[layout.slots[field] + 1];
  }

  @Override
  public @Nullable Object reference(int field) {
    return references[layout.slots[field]];
  }

  @Override
  public void number(int field, long value) {
    numbers[layout.slots[field]] = value;
  }

  @Override
  public void vector(int field, long low, long high) {
    int slot = layout.slots[field];
    numbers[slot] = low;
    numbers[slot + 1] = high;
  }

  @Override
  public void reference(int field, @Nullable Object value) {
    references[layout.slots[field]] = value;
  }
}
