package dev.sampan.conformance;

import dev.sampan.wasm.binary.ByteWriter;
import dev.sampan.wasm.binary.InstructionWriter;
import dev.sampan.wasm.binary.ModuleWriter;
import dev.sampan.wasm.binary.TypeWriter;
import dev.sampan.wasm.model.AbstractHeapType;
import dev.sampan.wasm.model.AddressType;
import dev.sampan.wasm.model.DataSegment;
import dev.sampan.wasm.model.ElementSegment;
import dev.sampan.wasm.model.Export;
import dev.sampan.wasm.model.Expr;
import dev.sampan.wasm.model.ExternFuncType;
import dev.sampan.wasm.model.ExternKind;
import dev.sampan.wasm.model.FuncType;
import dev.sampan.wasm.model.FunctionBody;
import dev.sampan.wasm.model.GlobalDefinition;
import dev.sampan.wasm.model.GlobalType;
import dev.sampan.wasm.model.Import;
import dev.sampan.wasm.model.Limits;
import dev.sampan.wasm.model.MemoryType;
import dev.sampan.wasm.model.ModuleDefinition;
import dev.sampan.wasm.model.NumType;
import dev.sampan.wasm.model.Opcode;
import dev.sampan.wasm.model.RefType;
import dev.sampan.wasm.model.SegmentMode;
import dev.sampan.wasm.model.TableDefinition;
import dev.sampan.wasm.model.TableType;
import dev.sampan.wasm.model.TagType;
import dev.sampan.wasm.model.TypeIndex;
import dev.sampan.wasm.model.ValType;
import dev.sampan.wasm.model.VecType;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * Makes valid modules at random: everything follows from a seed. Their functions come to an end,
 * and most of them get far before they trap.
 *
 * <p>The exports are {@code f0…} the module's own functions, {@code m0…} all memories, {@code g0…}
 * all globals, the first of which is the fuel to be filled before each call, and {@code t0…} all
 * tables. Imports come from a {@link GeneratedHost}.
 */
final class ModuleGenerator {

  private final Dice dice;
  private final Variation variation;
  private final int[] counts;
  private final boolean probed;
  private final Flavour flavour;
  private final TypePool types;
  private final Surroundings world;
  private final ModuleDefinition.Builder module = new ModuleDefinition.Builder();
  private int probe = CodeBuffer.NO_PROBE;

  private ModuleGenerator(
      long seed, int variation, Flavour given, int[] counts, boolean probed, Dice dice) {
    this.dice = dice;
    this.variation = new Variation(seed, variation);
    this.counts = counts;
    this.probed = probed;
    this.flavour = given;
    this.types = new TypePool(dice, flavour);
    this.world = new Surroundings(types, flavour);
  }

  /** The module of a seed. */
  static byte[] module(long seed, int variation) {
    return module(seed, variation, new int[Opcode.count()], false);
  }

  /**
   * The module of a seed.
   *
   * @param variation which of the modules of the same shape
   * @param counts where its instructions are counted by their ordinals
   * @param probed whether the code tells the host each instruction before executing it
   */
  static byte[] module(long seed, int variation, int[] counts, boolean probed) {
    Dice dice = new Dice(seed);
    Flavour flavour = dice.oneIn(8) ? Flavour.everything() : Flavour.random(dice);
    return new ModuleGenerator(seed, variation, flavour, counts, probed, dice).make();
  }

  private byte[] make() {
    imports();
    ownFunctions();
    memories();
    tables();
    tags();
    globals();
    segments();
    start();
    bodies();
    module.types.addAll(types.groups());
    exports();
    module.dataCount = OptionalInt.of(module.data.size());
    return ModuleWriter.write(module.build());
  }

  // Functions

  private void imports() {
    // before all others, so that the fuel is global 0
    if (probed) {
      int type = types.function(List.of(NumType.I32), List.of());
      probe = 0;
      importFunction("probe", type);
    }
    for (int i = 0; i < dice.between(0, 3); i++) {
      int type = dice.below(types.count());
      if (types.composite(type) instanceof FuncType function
          && function.results().stream().allMatch(TypePool::hasDefault)) {
        importFunction(dice.pick("echo", "echo", "throw", "back", "other") + i, type);
      }
    }
  }

  private void importFunction(String name, int type) {
    module.imports.add(new Import("host", name, new ExternFuncType(new TypeIndex(type))));
    world.functions.add(new Surroundings.Function(type, true));
  }

  private void ownFunctions() {
    List<Integer> all = new ArrayList<>();
    for (int type = 0; type < types.count(); type++) {
      if (types.composite(type) instanceof FuncType) {
        all.add(type);
      }
    }
    // one of each type, so that there are references to all of them
    List<Integer> defined = new ArrayList<>(all);
    for (int i = dice.between(0, 3); i > 0; i--) {
      defined.add(dice.pick(all));
    }
    module.functions = defined.stream().mapToInt(Integer::intValue).toArray();
    defined.forEach(type -> world.functions.add(new Surroundings.Function(type, false)));
  }

  /** Chooses a start function now and then. */
  private void start() {
    int type = types.function(List.of(), List.of());
    for (int i = 0; i < world.functions.size(); i++) {
      if (world.functions.get(i).type() == type && dice.oneIn(15)) {
        module.start = OptionalInt.of(i);
        return;
      }
    }
  }

  private void bodies() {
    boolean huge = dice.oneIn(500);
    for (int type : module.functions) {
      int limit =
          switch (dice.below(12)) {
            case 0 -> 15;
            case 1, 2, 3 -> 60;
            case 4, 5, 6, 7 -> 150;
            case 8, 9, 10 -> 300;
            default -> dice.oneIn(20) ? 5000 : 900;
          };
      if (huge) {
        limit = dice.between(20_000, 150_000);
        huge = false;
      }
      CodeBuffer code = new CodeBuffer(counts, probe);
      byte[] body =
          new FunctionGenerator(
                  world, dice, variation, types.function(type), probed ? 3 * limit : limit, code)
              .body();
      module.code.add(new FunctionBody(body, 0, body.length));
    }
  }

  // Memories, tables, globals, tags

  private void memories() {
    int count = dice.pick(0, 1, 1, 1, 1, 1, 1, 2, 2, 3);
    for (int i = 0; i < count; i++) {
      AddressType address = dice.percent(20) ? AddressType.I64 : AddressType.I32;
      boolean small = dice.percent(30);
      long min = small ? dice.between(64, 2000) : dice.pick(1, 1, 1, 2);
      if (dice.oneIn(40)) {
        min = 0;
      }
      long max = min + (small ? dice.below(600) : dice.below(3));
      boolean shared = dice.percent(flavour.has(Flavour.Part.ATOMICS) ? 50 : 5);
      boolean bounded = shared || dice.percent(60);
      MemoryType type =
          new MemoryType(
              address,
              bounded ? Limits.between(min, max) : Limits.from(min),
              shared,
              small ? 0 : MemoryType.DEFAULT_PAGE_SIZE_LOG2);
      world.memories.add(type);
      if (i == 0 && dice.percent(10)) {
        module.imports.add(new Import("host", "memory", type));
      } else {
        module.memories.add(type);
      }
    }
  }

  private void tables() {
    if (dice.percent(90)) {
      table(RefType.FUNCREF, dice.between(1, 12), null, dice.percent(10));
    }
    if (flavour.has(Flavour.Part.TABLES) || flavour.has(Flavour.Part.REFERENCES)) {
      table(RefType.FUNCREF, dice.between(0, 5), null, dice.percent(50));
      table(RefType.EXTERNREF, dice.between(0, 5), null, dice.percent(30));
      int function = dice.below(world.functions.size());
      int type = world.functions.get(function).type();
      table(
          new RefType(dice.percent(50), new TypeIndex(type)),
          dice.between(1, 4),
          function(function),
          false);
      if (flavour.has(Flavour.Part.REFERENCES)) {
        table(new RefType(true, AbstractHeapType.ANY), dice.between(1, 5), null, false);
      }
    }
  }

  private void table(RefType element, int size, @Nullable Expr init, boolean wide) {
    AddressType address = wide ? AddressType.I64 : AddressType.I32;
    int count =
        Math.max(size, element.equals(RefType.FUNCREF) ? world.tables.isEmpty() ? 3 : 0 : 0);
    Limits limits =
        dice.percent(70) ? Limits.between(count, count + dice.below(8)) : Limits.from(count);
    TableType type = new TableType(address, limits, element);
    int[] functions = new int[count];
    for (int i = 0; i < count; i++) {
      functions[i] = -1;
    }
    int index = world.tables.size();
    world.tables.add(new Surroundings.Table(type, functions));
    if (index == 0 && dice.percent(10)) {
      module.imports.add(new Import("host", "table", type));
    } else {
      module.tables.add(new TableDefinition(type, init));
    }
    if (element.equals(RefType.FUNCREF) && count > 0) {
      int[] all = new int[dice.below(count) + 1];
      for (int i = 0; i < all.length; i++) {
        all[i] = dice.below(world.functions.size());
        functions[i] = all[i];
      }
      Expr start = constant(wide ? NumType.I64 : NumType.I32, 0);
      module.elements.add(
          new ElementSegment(SegmentMode.ACTIVE, index, start, element, all, List.of()));
      // an active segment is empty once the instance is made
      world.elements.add(new Surroundings.Elements(element, 0));
    }
  }

  private void tags() {
    if (!flavour.has(Flavour.Part.EXCEPTIONS)) {
      return;
    }
    for (int i = dice.between(1, 3); i >= 0; i--) {
      List<ValType> payload = i == 0 ? List.of() : types.values(dice.pick(0, 1, 1, 2, 3));
      int type = types.function(payload, List.of());
      world.tags.add(type);
      TagType tag = new TagType(new TypeIndex(type));
      if (world.tags.size() == 1) {
        module.imports.add(new Import("host", "tag", tag));
      } else {
        module.tags.add(tag);
      }
    }
  }

  private void globals() {
    GlobalType fuel = new GlobalType(NumType.I32, true);
    if (dice.percent(15)) {
      importGlobal("fuel", fuel);
      for (int i = dice.below(3); i > 0; i--) {
        ValType type = types.value();
        if (TypePool.hasDefault(type)) {
          importGlobal("global", new GlobalType(type, dice.percent(60)));
        }
      }
    } else {
      global(fuel, constant(NumType.I32, 100));
    }
    for (int i = dice.between(0, 6); i > 0; i--) {
      ValType type = types.value();
      Expr value = constant(type);
      if (value != null) {
        global(new GlobalType(type, dice.percent(80)), value);
      }
    }
  }

  private void importGlobal(String name, GlobalType type) {
    world.globals.add(type);
    module.imports.add(new Import("host", name, type));
  }

  private void global(GlobalType type, Expr value) {
    world.globals.add(type);
    module.globals.add(new GlobalDefinition(type, value));
  }

  private @Nullable Expr constant(ValType type) {
    return switch (type) {
      case NumType num ->
          constant(
              num,
              switch (num) {
                case I32 -> dice.i32();
                case I64 -> dice.i64();
                case F32 -> dice.f32();
                case F64 -> dice.f64();
              });
      case VecType vec -> {
        CodeBuffer code = new CodeBuffer(counts, CodeBuffer.NO_PROBE);
        yield expr(code.v128(dice.lanes(), dice.lanes()));
      }
      case RefType reference -> {
        ByteWriter out = new ByteWriter();
        if (reference.nullable()) {
          InstructionWriter.opcode(out, Opcode.REF_NULL);
          TypeWriter.heapType(out, reference.heap());
          yield expr(out);
        }
        if (reference.heap() == AbstractHeapType.FUNC) {
          yield function(dice.below(world.functions.size()));
        }
        if (reference.heap() instanceof TypeIndex(int index)
            && types.composite(index) instanceof FuncType) {
          for (int i = 0; i < world.functions.size(); i++) {
            if (world.functions.get(i).type() == index) {
              yield function(i);
            }
          }
        }
        if (reference.heap() instanceof AbstractHeapType heap
            && AbstractHeapType.I31.matches(heap)) {
          CodeBuffer code = new CodeBuffer(counts, CodeBuffer.NO_PROBE);
          yield expr(code.i32(dice.i32()).op(Opcode.REF_I31));
        }
        yield null;
      }
    };
  }

  private Expr constant(NumType type, long bits) {
    CodeBuffer code = new CodeBuffer(counts, CodeBuffer.NO_PROBE);
    return expr(
        switch (type) {
          case I32 -> code.i32((int) bits);
          case I64 -> code.i64(bits);
          case F32 -> code.f32((int) bits);
          case F64 -> code.f64(bits);
        });
  }

  private Expr function(int index) {
    return expr(new CodeBuffer(counts, CodeBuffer.NO_PROBE).op(Opcode.REF_FUNC, index));
  }

  private static Expr expr(CodeBuffer code) {
    return expr(code.out());
  }

  private static Expr expr(ByteWriter out) {
    out.u8(Opcode.END.code());
    byte[] bytes = out.toByteArray();
    return new Expr(bytes, 0, bytes.length);
  }

  // Segments and exports

  private void segments() {
    for (int i = dice.between(0, 3); i > 0; i--) {
      byte[] bytes = new byte[dice.below(60)];
      for (int at = 0; at < bytes.length; at++) {
        bytes[at] = (byte) dice.i32();
      }
      int memory = world.memories.isEmpty() ? -1 : dice.below(world.memories.size());
      boolean active = memory >= 0 && world.bytes(memory) > 200 && dice.percent(50);
      @Nullable Expr offset = null;
      if (active) {
        NumType address = Surroundings.number(world.memories.get(memory).address());
        offset = constant(address, dice.below(100));
      }
      module.data.add(
          new DataSegment(
              active ? SegmentMode.ACTIVE : SegmentMode.PASSIVE,
              active ? memory : 0,
              offset,
              bytes,
              0,
              bytes.length));
      world.data.add(active ? 0 : bytes.length);
    }
    // all functions may be referred to
    int[] all = new int[world.functions.size()];
    for (int i = 0; i < all.length; i++) {
      all[i] = i;
    }
    module.elements.add(
        new ElementSegment(SegmentMode.PASSIVE, 0, null, RefType.FUNCREF, all, List.of()));
    world.elements.add(new Surroundings.Elements(RefType.FUNCREF, all.length));
    if (flavour.has(Flavour.Part.REFERENCES)) {
      RefType type = new RefType(true, AbstractHeapType.I31);
      List<Expr> numbers = new ArrayList<>();
      for (int i = dice.below(6); i >= 0; i--) {
        Expr value = constant(new RefType(dice.percent(20), AbstractHeapType.I31));
        if (value != null) {
          numbers.add(value);
        }
      }
      module.elements.add(new ElementSegment(SegmentMode.PASSIVE, 0, null, type, null, numbers));
      world.elements.add(new Surroundings.Elements(type, numbers.size()));
    }
  }

  private void exports() {
    int imported = world.functions.size() - module.functions.length;
    for (int i = 0; i < module.functions.length; i++) {
      module.exports.add(new Export("f" + i, ExternKind.FUNC, imported + i));
    }
    for (int i = 0; i < world.memories.size(); i++) {
      module.exports.add(new Export("m" + i, ExternKind.MEMORY, i));
    }
    for (int i = 0; i < world.globals.size(); i++) {
      module.exports.add(new Export("g" + i, ExternKind.GLOBAL, i));
    }
    for (int i = 0; i < world.tables.size(); i++) {
      module.exports.add(new Export("t" + i, ExternKind.TABLE, i));
    }
  }
}
