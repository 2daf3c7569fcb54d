package dev.sampan.conformance;

import static dev.sampan.wasm.model.Opcode.*;

import dev.sampan.wasm.binary.ByteWriter;
import dev.sampan.wasm.binary.TypeWriter;
import dev.sampan.wasm.model.FuncType;
import dev.sampan.wasm.model.NumType;
import dev.sampan.wasm.model.Opcode;
import dev.sampan.wasm.model.RefType;
import dev.sampan.wasm.model.ValType;
import dev.sampan.wasm.model.VecType;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/**
 * Writes the body of one function: it knows locals, labels and what is left of the size, and asks
 * its {@link Chapter}s in turn for code of a type that is wanted.
 *
 * <p>Every body ends: functions and loops use up the fuel in a global, or else have few rounds by
 * their shape.
 */
final class FunctionGenerator {

  /**
   * The target of a branch.
   *
   * @param types what a branch to it carries
   * @param open whether branches at random may go there
   */
  record Label(List<ValType> types, boolean open) {}

  private static final int DEEPEST = 9;

  private final Surroundings world;
  private final Dice dice;
  private final FuncType type;
  private final CodeBuffer code;
  private final References references;
  private final Numbers numbers;
  private final List<Chapter> chapters;

  private final List<ValType> locals = new ArrayList<>();

  /** Locals that code at random must not change, since a loop counts with them. */
  private final BitSet locked = new BitSet();

  /** Locals without default value that have been set. */
  private BitSet set = new BitSet();

  private final List<BitSet> outerSet = new ArrayList<>();
  private final List<Label> labels = new ArrayList<>();
  private final int limit;

  FunctionGenerator(
      Surroundings world,
      Dice dice,
      Variation variation,
      FuncType type,
      int limit,
      CodeBuffer code) {
    this.world = world;
    this.dice = dice;
    this.type = type;
    this.limit = limit;
    this.code = code;
    this.references = new References(this);
    this.numbers = new Numbers(this, variation);
    this.chapters =
        List.of(
            new Variables(this),
            numbers,
            new MemoryAccesses(this),
            new Control(this),
            new Calls(this),
            new LoopShapes(this),
            new Vectors(this, variation),
            new TableAccesses(this),
            references,
            new Aggregates(this),
            new Exceptions(this),
            new AtomicAccesses(this));
  }

  Surroundings world() {
    return world;
  }

  Dice dice() {
    return dice;
  }

  CodeBuffer code() {
    return code;
  }

  Numbers numbers() {
    return numbers;
  }

  Calls calls() {
    return (Calls) chapters.get(Flavour.Part.CALLS.ordinal());
  }

  Exceptions exceptions() {
    return (Exceptions) chapters.get(Flavour.Part.EXCEPTIONS.ordinal());
  }

  Aggregates aggregates() {
    return (Aggregates) chapters.get(Flavour.Part.AGGREGATES.ordinal());
  }

  References references() {
    return references;
  }

  FuncType type() {
    return type;
  }

  // The whole

  /** The body: declarations of locals, then the instructions with the last {@code end}. */
  byte[] body() {
    locals.addAll(type.parameters());
    int count = dice.oneIn(40) ? dice.between(50, 400) : dice.between(0, 8);
    if (dice.oneIn(3000)) {
      count = 5000;
    }
    for (int i = 0; i < count; i++) {
      locals.add(world.types.value());
    }
    labels.add(new Label(type.results(), true));
    burn();
    boolean ends = block(Math.min(12, 1 + limit / 40), 4);
    while (!ends && code.size() < limit / 2) {
      ends = block(dice.between(1, 6), 4);
    }
    if (!ends || dice.percent(20)) {
      type.results().forEach(result -> expression(result, 3));
    }
    code.op(END);
    ByteWriter body = new ByteWriter(code.size() + 16);
    declareLocals(body);
    body.bytes(code.out());
    return body.toByteArray();
  }

  private void declareLocals(ByteWriter out) {
    List<ValType> declared = locals.subList(type.parameters().size(), locals.size());
    ByteWriter groups = new ByteWriter();
    int count = 0;
    for (int i = 0; i < declared.size(); ) {
      int start = i;
      while (i < declared.size() && declared.get(i).equals(declared.get(start))) {
        i++;
      }
      groups.u32(i - start);
      TypeWriter.valType(groups, declared.get(start));
      count++;
    }
    out.u32(count);
    out.bytes(groups);
  }

  /** Uses up some fuel; without any, the function ends. */
  void burn() {
    code.op(GLOBAL_GET, Surroundings.FUEL).op(I32_EQZ);
    open(IF, List.of(), List.of(), false);
    if (dice.percent(10)) {
      code.op(UNREACHABLE);
    } else {
      type.results().forEach(this::leaf);
      code.op(RETURN);
    }
    close();
    code.op(GLOBAL_GET, Surroundings.FUEL).i32(1).op(I32_SUB);
    code.op(GLOBAL_SET, Surroundings.FUEL);
  }

  /**
   * Some statements, the last of which may be a jump.
   *
   * @return whether it was
   */
  boolean block(int statements, int depth) {
    for (int i = 0; i < statements && !isFull(); i++) {
      statement(depth);
    }
    return dice.percent(12) && control().jump(depth);
  }

  private Control control() {
    return (Control) chapters.get(Flavour.Part.CONTROL.ordinal());
  }

  void statement(int depth) {
    for (int attempt = 0; attempt < 6; attempt++) {
      if (chapters.get(dice.weighted(world.flavour.weights())).statement(depth)) {
        return;
      }
    }
    code.op(NOP);
  }

  /** Code that leaves a value of the type, or of one below it. */
  void expression(ValType wanted, int depth) {
    if (depth > 0 && !isFull()) {
      for (int attempt = 0; attempt < 8; attempt++) {
        if (chapters.get(dice.weighted(world.flavour.weights())).expression(wanted, depth - 1)) {
          return;
        }
      }
    }
    leaf(wanted);
  }

  void i32(int depth) {
    expression(NumType.I32, depth);
  }

  void expressions(List<ValType> wanted, int depth) {
    wanted.forEach(each -> expression(each, depth));
  }

  /** A constant, a local, or what else is short. */
  void leaf(ValType wanted) {
    if (dice.percent(60)) {
      int local = local(wanted);
      if (local >= 0) {
        code.op(LOCAL_GET, local);
        return;
      }
    }
    switch (wanted) {
      case NumType num -> numbers.constant(num);
      case VecType vec -> code.v128(dice.lanes(), dice.lanes());
      case RefType reference -> references.make(reference, 0);
    }
  }

  boolean isFull() {
    return code.size() >= limit;
  }

  /** Whether blocks may be nested once more. */
  boolean canNest() {
    return labels.size() < DEEPEST && !isFull();
  }

  // Values left by instructions with several results

  /** Takes all of some values from the stack. */
  void consume(List<ValType> values) {
    for (int i = values.size() - 1; i >= 0; i--) {
      consume(values.get(i));
    }
  }

  private void consume(ValType value) {
    if (value instanceof NumType num && dice.percent(30)) {
      numbers.fold(num);
    }
    int local = dice.percent(70) ? settable(value) : -1;
    if (local >= 0) {
      code.op(LOCAL_SET, local);
      set.set(local);
    } else {
      code.op(DROP);
    }
  }

  /** Leaves one value of a type of those on the stack. */
  void settle(List<ValType> values, ValType wanted) {
    for (int i = values.size() - 1; i >= 0; i--) {
      if (world.types.matches(values.get(i), wanted)) {
        if (i > 0) {
          int kept = fresh(values.get(i));
          setLocal(kept);
          consume(values.subList(0, i));
          code.op(LOCAL_GET, kept);
        }
        return;
      }
      consume(values.get(i));
    }
    leaf(wanted);
  }

  // Locals

  /** A new local. */
  int fresh(ValType local) {
    locals.add(local);
    return locals.size() - 1;
  }

  /** A new local that other code only reads. */
  int counter(ValType local) {
    int index = fresh(local);
    locked.set(index);
    return index;
  }

  void setLocal(int local) {
    code.op(LOCAL_SET, local);
    set.set(local);
  }

  void teeLocal(int local) {
    code.op(LOCAL_TEE, local);
    set.set(local);
  }

  ValType localType(int local) {
    return locals.get(local);
  }

  int localCount() {
    return locals.size();
  }

  boolean isLocked(int local) {
    return locked.get(local);
  }

  /** A local whose value is of a type, or -1. */
  int local(ValType wanted) {
    int count = locals.size();
    int start = count == 0 ? 0 : dice.below(count);
    for (int i = 0; i < Math.min(count, 40); i++) {
      int local = (start + i) % count;
      ValType own = locals.get(local);
      if (world.types.matches(own, wanted) && (TypePool.hasDefault(own) || set.get(local))) {
        return local;
      }
    }
    return -1;
  }

  /** A local that takes values of a type, or -1. */
  int settable(ValType value) {
    int count = locals.size();
    int start = count == 0 ? 0 : dice.below(count);
    for (int i = 0; i < Math.min(count, 40); i++) {
      int local = (start + i) % count;
      if (!locked.get(local) && world.types.matches(value, locals.get(local))) {
        return local;
      }
    }
    return -1;
  }

  // Labels

  void open(Opcode opcode, List<ValType> parameters, List<ValType> results, boolean target) {
    code.op(opcode);
    blockType(parameters, results);
    enter(opcode == LOOP ? parameters : results, target);
  }

  void blockType(List<ValType> parameters, List<ValType> results) {
    if (parameters.isEmpty() && results.isEmpty()) {
      code.out().u8(0x40);
    } else if (parameters.isEmpty() && results.size() == 1) {
      TypeWriter.valType(code.out(), results.getFirst());
    } else {
      code.out().s33(world.types.function(parameters, results));
    }
  }

  void enter(List<ValType> carried, boolean target) {
    labels.add(new Label(carried, target));
    outerSet.add(set);
    set = (BitSet) set.clone();
  }

  void otherwise() {
    code.op(ELSE);
    set = (BitSet) outerSet.getLast().clone();
  }

  void close() {
    code.op(END);
    labels.removeLast();
    set = outerSet.removeLast();
  }

  /** How many labels there are, with the function's own. */
  int labelCount() {
    return labels.size();
  }

  /** The label so many blocks further out. */
  Label label(int depth) {
    return labels.get(labels.size() - 1 - depth);
  }

  /** An open label at random, as the number of blocks to leave, or -1. */
  int anyLabel() {
    for (int attempt = 0; attempt < 4; attempt++) {
      int depth = dice.below(labels.size());
      if (label(depth).open) {
        return depth;
      }
    }
    return -1;
  }

  /** An open label to which values of these types can be carried, or -1. */
  int labelFor(List<ValType> carried) {
    int start = dice.below(labels.size());
    for (int i = 0; i < labels.size(); i++) {
      int depth = (start + i) % labels.size();
      if (label(depth).open && world.types.matches(carried, label(depth).types)) {
        return depth;
      }
    }
    return -1;
  }
}
