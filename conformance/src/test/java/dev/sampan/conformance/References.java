package dev.sampan.conformance;

import static dev.sampan.wasm.model.Opcode.*;

import dev.sampan.wasm.binary.TypeWriter;
import dev.sampan.wasm.model.AbstractHeapType;
import dev.sampan.wasm.model.ArrayType;
import dev.sampan.wasm.model.FuncType;
import dev.sampan.wasm.model.HeapType;
import dev.sampan.wasm.model.NumType;
import dev.sampan.wasm.model.RefType;
import dev.sampan.wasm.model.StructType;
import dev.sampan.wasm.model.TypeIndex;
import dev.sampan.wasm.model.ValType;
import java.util.ArrayList;
import java.util.List;

/** Generated references: how to come by one of each type, tests, casts and the branches on them. */
final class References extends Chapter {

  private static final RefType ANY = new RefType(true, AbstractHeapType.ANY);
  private static final RefType EQ = new RefType(true, AbstractHeapType.EQ);

  /** How many references are being made around this place, as parts of one another. */
  private int making;

  References(FunctionGenerator function) {
    super(function);
  }

  @Override
  boolean expression(ValType type, int depth) {
    if (type == NumType.I32) {
      question(depth);
      return true;
    }
    if (!(type instanceof RefType reference)) {
      return false;
    }
    if (reference.heap() == top(reference.heap()).bottom()) {
      make(reference, depth);
      return true;
    }
    switch (dice.below(8)) {
      case 0 -> {
        boolean certain = dice.percent(85);
        function.expression(new RefType(!certain, reference.heap()), depth);
        code.op(REF_AS_NON_NULL);
      }
      case 1, 2 -> castAround(reference, depth);
      case 3 -> {
        return branchOnNull(reference, depth);
      }
      case 4 -> branchOnNonNull(reference, depth);
      case 5, 6 -> {
        if (!function.canNest()) {
          return false;
        }
        branchOnCast(reference, depth);
      }
      default -> make(reference, depth);
    }
    return true;
  }

  @Override
  boolean statement(int depth) {
    ValType type = types.value();
    if (!(type instanceof RefType reference)) {
      return false;
    }
    int local = function.settable(reference);
    if (local < 0) {
      local = function.fresh(reference);
    }
    function.expression(reference, depth);
    function.setLocal(local);
    return true;
  }

  // Questions

  private void question(int depth) {
    switch (dice.below(5)) {
      case 0 -> {
        function.expression(some(), depth);
        code.op(REF_IS_NULL);
      }
      case 1 -> {
        function.expression(EQ, depth);
        function.expression(EQ, depth);
        code.op(REF_EQ);
      }
      case 2 -> {
        RefType tested = some();
        function.expression(new RefType(true, top(tested.heap())), depth);
        code.op(tested.nullable() ? REF_TEST_NULL : REF_TEST);
        TypeWriter.heapType(code.out(), tested.heap());
      }
      default -> {
        boolean certain = dice.percent(90);
        function.expression(new RefType(!certain, AbstractHeapType.I31), depth);
        code.op(dice.percent(50) ? I31_GET_S : I31_GET_U);
      }
    }
  }

  /** A reference type that occurs, or a nullable one of the abstract ones. */
  private RefType some() {
    for (int attempt = 0; attempt < 6; attempt++) {
      if (types.value() instanceof RefType reference) {
        return reference;
      }
    }
    return new RefType(
        true,
        dice.pick(
            AbstractHeapType.ANY,
            AbstractHeapType.EQ,
            AbstractHeapType.I31,
            AbstractHeapType.FUNC,
            AbstractHeapType.NOFUNC,
            AbstractHeapType.NONE,
            AbstractHeapType.EXTERN,
            AbstractHeapType.NOEXTERN));
  }

  private AbstractHeapType top(HeapType heap) {
    return types.kind(heap).top();
  }

  // Casts

  /** Forgets what a reference is, and casts it back. */
  private void castAround(RefType wanted, int depth) {
    RefType wide = new RefType(true, top(wanted.heap()));
    function.open(BLOCK, List.of(), List.of(wide), true);
    if (dice.percent(92)) {
      make(wanted, depth);
    } else {
      function.expression(wide, depth);
    }
    function.close();
    code.op(wanted.nullable() ? REF_CAST_NULL : REF_CAST);
    TypeWriter.heapType(code.out(), wanted.heap());
  }

  private boolean branchOnNull(RefType wanted, int depth) {
    int label = function.anyLabel();
    if (label < 0) {
      return false;
    }
    List<ValType> carried = function.label(label).types();
    function.expressions(carried, depth);
    boolean certain = dice.percent(60);
    function.expression(new RefType(!certain, wanted.heap()), depth);
    code.op(BR_ON_NULL, label);
    List<ValType> left = new ArrayList<>(carried);
    left.add(new RefType(false, wanted.heap()));
    function.settle(left, wanted);
    return true;
  }

  private void branchOnNonNull(RefType wanted, int depth) {
    RefType certain = new RefType(false, wanted.heap());
    function.open(BLOCK, List.of(), List.of(certain), true);
    function.expression(new RefType(true, wanted.heap()), depth);
    code.op(BR_ON_NON_NULL, 0);
    make(certain, depth);
    function.close();
  }

  /** A block whose result comes through a cast that succeeds, or one that fails. */
  private void branchOnCast(RefType wanted, int depth) {
    RefType wide = new RefType(dice.percent(60), top(wanted.heap()));
    RefType target = new RefType(wide.nullable() && wanted.nullable(), wanted.heap());
    RefType rest = new RefType(wide.nullable() && !target.nullable(), wide.heap());
    boolean onFailure = dice.percent(50);
    function.open(BLOCK, List.of(), List.of(onFailure ? rest : target), true);
    if (dice.percent(50)) {
      make(target, depth);
    } else {
      function.expression(wide, depth);
    }
    code.op(onFailure ? BR_ON_CAST_FAIL : BR_ON_CAST);
    code.out().u8((wide.nullable() ? 1 : 0) | (target.nullable() ? 2 : 0));
    code.out().u32(0);
    TypeWriter.heapType(code.out(), wide.heap());
    TypeWriter.heapType(code.out(), target.heap());
    if (onFailure) {
      // the cast value is used, and something else goes on
      function.consume(List.of(target));
      make(rest, depth);
      function.close();
      function.consume(List.of(rest));
      make(wanted, depth);
    } else {
      function.consume(List.of(rest));
      make(target, depth);
      function.close();
    }
  }

  // Making

  /** Leaves a new reference of a type, or null if that is one. */
  void make(RefType wanted, int depth) {
    boolean isShort = depth <= 0;
    if (wanted.nullable() && (making > 1 || dice.percent(isShort ? 70 : 15))) {
      nothing(wanted.heap());
      return;
    }
    if (wanted.heap() == top(wanted.heap()).bottom()) {
      nothing(wanted.heap());
      if (!wanted.nullable()) {
        // there is no such value
        code.op(REF_AS_NON_NULL);
      }
      return;
    }
    making++;
    switch (wanted.heap()) {
      case AbstractHeapType heap -> make(heap, depth - 1);
      case HeapType heap -> make(((TypeIndex) heap).index(), depth - 1);
    }
    making--;
  }

  private void nothing(HeapType heap) {
    code.op(REF_NULL);
    TypeWriter.heapType(code.out(), dice.percent(50) ? heap : top(heap).bottom());
  }

  private void make(AbstractHeapType heap, int depth) {
    boolean aggregates = !types.structs().isEmpty();
    switch (heap) {
      case ANY, EQ -> {
        if (aggregates && dice.percent(50)) {
          make(dice.percent(50) ? dice.pick(types.structs()) : dice.pick(types.arrays()), depth);
        } else if (heap == AbstractHeapType.ANY && dice.percent(20)) {
          make(new RefType(false, AbstractHeapType.EXTERN), depth);
          code.op(ANY_CONVERT_EXTERN);
        } else {
          make(AbstractHeapType.I31, depth);
        }
      }
      case I31 -> {
        function.i32(depth);
        code.op(REF_I31);
      }
      case STRUCT -> make(dice.pick(types.structs()), depth);
      case ARRAY -> make(dice.pick(types.arrays()), depth);
      case FUNC -> code.op(REF_FUNC, dice.below(world.functions.size()));
      case EXTERN -> {
        function.expression(depth > 0 ? ANY : new RefType(false, AbstractHeapType.I31), depth);
        code.op(EXTERN_CONVERT_ANY);
        if (depth > 0) {
          code.op(REF_AS_NON_NULL);
        }
      }
      case EXN -> function.exceptions().caught();
      case NONE, NOFUNC, NOEXTERN, NOEXN -> nothing(heap);
    }
  }

  /** Makes a structure, an array or a function of a defined type or one below it. */
  private void make(int type, int depth) {
    switch (types.composite(type)) {
      case StructType struct ->
          function.aggregates().newStruct(below(type, types.structs(), depth), depth);
      case ArrayType array ->
          function.aggregates().newArray(below(type, types.arrays(), depth), depth);
      case FuncType func -> functionOf(type);
    }
  }

  /** A type or one below it; near the leaves itself, since its parts come before it. */
  private int below(int type, List<Integer> all, int depth) {
    if (depth <= 0) {
      return type;
    }
    int other = dice.pick(all);
    return types.matches(new TypeIndex(other), new TypeIndex(type)) ? other : type;
  }

  private void functionOf(int type) {
    int start = dice.below(world.functions.size());
    for (int i = 0; i < world.functions.size(); i++) {
      int index = (start + i) % world.functions.size();
      if (types.matches(new TypeIndex(world.functions.get(index).type()), new TypeIndex(type))) {
        code.op(REF_FUNC, index);
        return;
      }
    }
    throw new IllegalStateException("no function of type " + type);
  }
}
