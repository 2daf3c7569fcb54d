package dev.sampan.wasm.model;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A closed type definition: nothing in it depends on a module's indices any more (Validation ›
 * Conventions › Defined Types).
 *
 * <p>A {@link TypeRegistry} keeps one object per definition, so that equivalence is identity, also
 * between modules.
 */
public final class DefType implements TypeUse {

  private static final int LONGEST_BRIEF = 8;
  private static final VarHandle ATTACHMENT;

  static {
    try {
      ATTACHMENT = MethodHandles.lookup().findVarHandle(DefType.class, "attachment", Object.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private final TypeRegistry.Group group;
  private final int index;
  private final SubType type;
  private final DefType[] ancestors;

  /** What the tier that runs the code keeps for this type. */
  private volatile @Nullable Object attachment;

  DefType(TypeRegistry.Group group, int index, DefType[] members) {
    this.group = group;
    this.index = index;
    SubType rolled = group.types().get(index);
    List<TypeUse> supertypes = new ArrayList<>();
    for (TypeUse supertype : rolled.supertypes()) {
      supertypes.add(unroll(supertype, members));
    }
    if (supertypes.isEmpty()) {
      this.ancestors = new DefType[] {this};
    } else {
      DefType[] above = ((DefType) supertypes.getFirst()).ancestors;
      this.ancestors = Arrays.copyOf(above, above.length + 1);
      this.ancestors[above.length] = this;
    }
    members[index] = this;
    this.type = rolled;
  }

  /** Whether other types may declare this one as their supertype. */
  public boolean isFinal() {
    return type.isFinal();
  }

  /** The declared supertype, or null. */
  public @Nullable DefType supertype() {
    return ancestors.length == 1 ? null : ancestors[ancestors.length - 2];
  }

  /** The number of declared supertypes above this one. */
  public int depth() {
    return ancestors.length - 1;
  }

  /** The structure, with every mention of the own group replaced by the definition itself. */
  public CompositeType composite() {
    return group.unrolled(index);
  }

  /** The structure as a function type; only for function types. */
  public FuncType function() {
    return (FuncType) composite();
  }

  /** Whether this type is the other or declares it, directly or not, as its supertype. */
  public boolean isSubtypeOf(DefType other) {
    int depth = other.ancestors.length - 1;
    return depth < ancestors.length && ancestors[depth] == other;
  }

  /** The abstract type that holds all types of this kind: func, struct or array. */
  public AbstractHeapType kind() {
    return switch (type.composite()) {
      case FuncType f -> AbstractHeapType.FUNC;
      case StructType s -> AbstractHeapType.STRUCT;
      case ArrayType a -> AbstractHeapType.ARRAY;
    };
  }

  /**
   * The recursive group that the type belongs to, with all types in it in their order; mentions of
   * the group itself are {@link RecIndex}, all others {@link DefType}.
   */
  public List<SubType> group() {
    return group.types();
  }

  /** The definitions of the group. */
  public List<DefType> groupMembers() {
    return group.members();
  }

  /** The type's place in its group. */
  public int groupIndex() {
    return index;
  }

  /**
   * What the tier that runs the code keeps for this type, and nobody else may use; it lives exactly
   * as long as the type.
   *
   * @param kind its class
   * @param make makes it when it is first asked for; of several that threads make at once, one
   *     stays
   */
  public <T> T attachment(Class<T> kind, Function<DefType, T> make) {
    Object known = attachment;
    if (known == null) {
      T made = make.apply(this);
      known = ATTACHMENT.compareAndExchange(this, null, made);
      if (known == null) {
        return made;
      }
    }
    return kind.cast(known);
  }

  private static TypeUse unroll(TypeUse use, DefType[] members) {
    return use instanceof RecIndex rec ? members[rec.index()] : use;
  }

  @Override
  public String toString() {
    return type.composite().toString();
  }

  /**
   * The text for use in the text of another type: only the kind if it is long or would itself
   * mention definitions. Types in types in types, written out, fill any memory.
   */
  String brief() {
    List<? extends StorageType> parts =
        switch (type.composite()) {
          case FuncType function ->
              Stream.of(function.parameters(), function.results()).flatMap(List::stream).toList();
          case StructType struct -> struct.fields().stream().map(FieldType::storage).toList();
          case ArrayType array -> List.of(array.element().storage());
        };
    boolean plain =
        parts.size() <= LONGEST_BRIEF
            && parts.stream()
                .noneMatch(part -> part instanceof RefType ref && ref.heap() instanceof TypeUse);
    return plain ? toString() : "(" + kind() + " ...)";
  }
}
