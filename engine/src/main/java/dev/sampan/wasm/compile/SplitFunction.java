package dev.sampan.wasm.compile;

import dev.sampan.wasm.model.Opcode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A function that is too large for one method, because HotSpot would never compile it. Its code is
 * cut into parts of a few thousand bytes, each a method that begins with a switch over the places
 * at which it is entered, and yields the number of the place where the function goes on, or that it
 * is done. A driver calls one part after the other. Locals lie in a frame that all parts share.
 *
 * <p>Any function can be cut, at any instruction: no nesting, no count of labels, locals,
 * parameters or operands stands in the way, because whatever may be many goes through arrays.
 */
final class SplitFunction extends FunctionCompiler {

  /** Parts in one class: their code and frames together stay far below the limits of a class. */
  private static final int PARTS_PER_CLASS = 8;

  /** How many values may be on the Java virtual machine's stack. */
  private static final int MAX_STACKED = 64;

  /** Tables with more labels are looked up in an array. */
  private static final int MAX_SWITCH_LABELS = 200;

  /** What the numbers of regions are counted from while parts are written. */
  private static final int REGIONS = 1 << 20;

  /** Bytes that are left for what must be at the end of a part. */
  private static final int TAIL_RESERVE = 1_500;

  static final int DONE = -1;
  static final int TAIL_CALLED = -2;

  static final int ENTRY = 2;
  static final int INSTANCE = 3;
  private static final int MEMORY = 4;
  private static final int CHAIN = 5;
  static final String PART_DESCRIPTOR =
      "([J[" + FunctionShape.OBJECT + "I" + FunctionShape.INSTANCE + ")I";

  /** Makes the classes that parts go to. */
  interface Classes {
    ClassWriter next(int lineBase);
  }

  private final FrameVariables.Extent extent;
  private final Classes classes;
  private final String name;
  private int lineBase;

  /** The place in the module of the instruction that was written last. */
  private int offset;

  private final boolean step;
  private ClassWriter out;
  private int part = -1;
  private final List<Member> parts = new ArrayList<>();

  /** Regions that are entered from the driver, as if they were parts behind all others. */
  private final List<Member> regions = new ArrayList<>();

  /** The place behind the next region, which has its number already if one did not succeed. */
  private Place behindRegion = new Place();

  /** The place where code was written to last, and how much code there was. */
  private @Nullable Place lastBound;

  private int lastBoundAt;

  /** The places that are entered from other parts, by their numbers: part and entry. */
  private final List<int[]> entries = new ArrayList<>();

  private final LinkedHashSet<Place> exits = new LinkedHashSet<>();
  private List<Label> partEntries = new ArrayList<>();
  private Label dispatch = new Label();
  private int[] frame = {};

  /** Branch tables of the present class: the numbers of the places. */
  private List<int[]> tables = new ArrayList<>();

  private SplitFunction(
      ModuleShape shape,
      Body body,
      FunctionShape function,
      Classes classes,
      String name,
      int lineBase,
      boolean step,
      Emission emission,
      FrameVariables.Extent extent,
      ClassWriter out) {
    super(shape, body, function, emission);
    this.classes = classes;
    this.name = name;
    this.lineBase = lineBase;
    this.step = step;
    this.extent = extent;
    this.out = out;
  }

  /**
   * Writes a function.
   *
   * @param target the class of the function itself, which gets the driver
   * @param classes makes the classes for the parts
   * @param lineBase the place in the module that lines count from
   * @param step whether the method takes its arguments from a tail call
   * @return the code of the driver
   */
  static Code write(
      ModuleShape shape,
      Body body,
      FunctionShape function,
      ConstantPool target,
      Classes classes,
      String name,
      int lineBase,
      boolean step) {
    int[] kinds = body.kinds();
    FrameVariables.Extent extent = new FrameVariables.Extent(kinds);
    ClassWriter first = classes.next(lineBase);
    Code code = partCode(first);
    Variables variables = new FrameVariables(code, extent);
    Operands operands = new Operands(variables, code);
    Emission emission = emission(shape, body, code, variables, operands, lineBase);
    SplitFunction writer =
        new SplitFunction(
            shape, body, function, classes, name, lineBase, step, emission, extent, first);
    writer.run();
    return writer.driver(target);
  }

  private static Emission emission(
      ModuleShape shape,
      Body body,
      Code code,
      Variables variables,
      Operands operands,
      int lineBase) {
    return new Emission(shape, body, code, variables, operands, INSTANCE, MEMORY, lineBase);
  }

  static Code partCode(ClassWriter out) {
    return new Code(out.pool, partFrame(out.pool), INSTANCE + 1);
  }

  static int[] partFrame(ConstantPool pool) {
    return new int[] {
      VerificationType.object(pool.classInfo("[J")),
      VerificationType.object(pool.classInfo("[" + FunctionShape.OBJECT)),
      VerificationType.INTEGER,
      CodeFrames.instance(pool)
    };
  }

  private void run() {
    open();
    beginPart();
    enterHere();
    begin();
    instructions(0, body.count());
    writeHandlers();
    endPart();
    writeTables();
  }

  // ---- parts ----

  private void beginPart() {
    part++;
    int[] arguments = partFrame(e.code.pool);
    frame = Arrays.copyOf(arguments, arguments.length + 1);
    frame[MEMORY] = VerificationType.object(e.code.pool.classInfo(Emission.MEMORY_CLASS));
    Emission.readMemory(e.code, INSTANCE, MEMORY);
    dispatch = new Label();
    partEntries = new ArrayList<>();
    exits.clear();
    lastBound = null;
    e.code.jump(Jvm.GOTO, dispatch);
    loops = 0;
    guarded.clear();
    guardStart = e.code.size();
  }

  /** Makes this place one that the driver can go to; yields its number. */
  private int enterHere() {
    Place place = new Place();
    number(place);
    place.part = part;
    bind(place);
    return place.number;
  }

  private void endPart() {
    endGuard(control == null ? null : control.handler);
    writeGuards();
    while (!exits.isEmpty()) {
      Place exit = exits.removeFirst();
      if (exit.label.used && exit.label.position < 0 && exit.part == part) {
        e.code.bind(exit.label, frame, frame.length);
        if (!writeTail(exit)) {
          leaveFor(number(exit));
        }
      }
    }
    // loops that are still open are entered again from later parts
    for (Control block = control; block != null; block = block.outer) {
      Place head = block.label;
      if (block.opcode == Opcode.LOOP && head.part == part && head.label.position >= 0) {
        if (head.number == Place.NO_NUMBER) {
          number(head);
          addEntry(head);
        }
      }
    }
    e.code.bind(dispatch, frame, frame.length);
    e.code.local(Jvm.ILOAD, ENTRY);
    Label[] cases = partEntries.toArray(Label[]::new);
    if (cases.length == 1) {
      e.code.op(Jvm.POP);
      e.code.jump(Jvm.GOTO, cases[0]);
    } else {
      e.code.tableSwitch(0, cases, cases[0]);
    }
    if (e.code.size() >= MethodSize.LIMIT) {
      throw new AssertionError(
          "a part of "
              + shape.module().functionName(body.function)
              + " has "
              + e.code.size()
              + " bytes; please report");
    }
    Member member = new Member(out.name, MethodNames.part(name, "" + part), PART_DESCRIPTOR);
    out.method(ClassWriter.PUBLIC | ClassWriter.STATIC, member.name, PART_DESCRIPTOR, e.code);
    parts.add(member);
  }

  /** The number of a place, which it gets now if it has none. */
  private int number(Place place) {
    if (place.number == Place.NO_NUMBER) {
      place.number = entries.size();
      entries.add(new int[] {-1, -1});
    }
    return place.number;
  }

  private void addEntry(Place place) {
    int[] entry = entries.get(place.number);
    entry[0] = part;
    entry[1] = partEntries.size();
    partEntries.add(place.label);
  }

  private void leaveFor(int number) {
    e.code.pushInt(number);
    e.code.op(Jvm.IRETURN);
  }

  /**
   * Writes the few instructions that are at the end of a block, up to a branch, also where the
   * block is left in another part: going to another part only to be sent on costs more.
   */
  private boolean writeTail(Place exit) {
    Control block = exit.block;
    // handlers, behind all other code, go to blocks whose surroundings have ended
    boolean open = control != null;
    if (block == null || !open || e.code.size() > MethodSize.LIMIT - TAIL_RESERVE) {
      return false;
    }
    Tail tail = Tail.behind(body, block);
    if (tail == null) {
      return false;
    }
    writeTail(tail);
    e.code.jump(Jvm.GOTO, target(tail.target().label));
    return true;
  }

  @Override
  void afterInstruction(int i) {
    offset = body.offsets[i];
    if (e.operands.stacked() > MAX_STACKED) {
      numbers().settle();
      e.operands.settle();
    }
    if (control != null && isFull() && goesOn(body.opcode(i))) {
      cut();
    }
  }

  /** Whether the class can take another part, with all loops that may be in it. */
  private boolean isRoomy() {
    return out.pool.hasRoom(20_000) && offset - lineBase < MAX_CLASS_SPAN;
  }

  /** Whether a region up to an instruction can be in the class, too. */
  private boolean isRoomy(int end) {
    return isRoomy() && body.offsets[end] - lineBase <= 2 * MAX_CLASS_SPAN;
  }

  /** How much of the module a class covers at most, as lines are counted in 16 bits. */
  private static final int MAX_CLASS_SPAN = 30_000;

  private boolean isFull() {
    return e.code.size() + 5 * exits.size() + 4 * (partEntries.size() + loops) + 12 * guarded.size()
        > MethodSize.PART;
  }

  private void cut() {
    numbers().settle();
    e.operands.settle();
    Place next = new Place();
    next.part = part + 1;
    leaveFor(number(next));
    nextPart();
    bind(next);
  }

  /** Goes on in another part; the code here must have ended. */
  private void nextPart() {
    endPart();
    if ((part + 1) % PARTS_PER_CLASS == 0 || !isRoomy()) {
      writeTables();
      lineBase = offset;
      out = classes.next(lineBase);
    }
    Code code = partCode(out);
    Variables variables = new FrameVariables(code, extent);
    e.operands.moveTo(variables, code);
    moveTo(emission(shape, body, code, variables, e.operands, lineBase));
    beginPart();
  }

  // ---- labels ----

  @Override
  Label target(Place place) {
    if (place.part != part) {
      place.part = part;
      place.label = new Label();
    }
    if (place.label.position < 0) {
      exits.add(place);
    }
    return place.label;
  }

  /** How many loops of this part may have to be entered from other ones. */
  private int loops;

  @Override
  boolean outline(int loop) {
    Control outer = control;
    if (outer == null || outer.handler != null || !isRoomy(body.first[loop])) {
      return false;
    }
    e.operands.settle();
    Stretch stretch = Stretch.loop(shape, body, outer, loop);
    return stretch != null && writeRegion(stretch, behindRegion);
  }

  @Override
  int elsewhere(int i) {
    Control block = control;
    if (block == null || block.handler != null || !isStart(block, i) || !isRoomy(i)) {
      return i;
    }
    int end = block.start < 0 ? body.count() - 1 : body.first[block.start];
    if (block.opcode == Opcode.IF && body.second[block.start] > i) {
      end = body.second[block.start];
    }
    for (int bytes = MethodSize.WHOLE; bytes > MethodSize.WHOLE / 8; bytes /= 2) {
      Stretch stretch = Stretch.longest(shape, body, block, i, end, bytes);
      if (stretch == null) {
        return i;
      }
      boolean labelled = stretch.to() == end && block.start >= 0 && block.opcode != Opcode.LOOP;
      if (writeRegion(stretch, labelled ? block.label : behindRegion)) {
        return stretch.to();
      }
    }
    return i;
  }

  /** Whether a statement may begin with an instruction: no operands of the block wait. */
  private boolean isStart(Control block, int i) {
    if (block.parameters.length > 0
        || e.operands.height() != block.height
        || body.opcode(i) == Opcode.ELSE) {
      return false;
    }
    return i == 0
        || switch (body.opcode(i - 1)) {
          case BLOCK, LOOP, IF, ELSE, END -> true;
          default -> false;
        };
  }

  /** Writes a stretch as a method, and its call. */
  private boolean writeRegion(Stretch stretch, Place end) {
    int[] arguments = partFrame(out.pool);
    Region.Written region =
        Region.write(
            shape,
            body,
            function,
            stretch,
            end,
            out.pool,
            arguments,
            extent,
            lineBase,
            this::leaveNumber);
    if (region == null) {
      return false;
    }
    String method = MethodNames.part(name, "from" + stretch.from());
    out.method(ClassWriter.PUBLIC | ClassWriter.STATIC, method, PART_DESCRIPTOR, region.code());
    Member member = new Member(out.name, method, PART_DESCRIPTOR);
    enterDirectly(member);
    e.code.local(Jvm.ALOAD, FrameVariables.NUMBERS);
    e.code.local(Jvm.ALOAD, FrameVariables.REFERENCES);
    e.code.local(Jvm.ILOAD, ENTRY);
    e.mark(stretch.from());
    e.helper(member);
    e.code.local(Jvm.ISTORE, ENTRY);
    Label on = new Label();
    if (region.fallsThrough()) {
      goOnAt(end.number, on);
    }
    // most often it goes on with the next round of a loop that is written here
    for (Place exit : region.exits()) {
      if (exit.part == part && exit.label.position >= 0) {
        goOnAt(exit.number, exit.label);
      }
    }
    e.code.local(Jvm.ILOAD, ENTRY);
    e.code.op(Jvm.IRETURN);
    e.operands.allWritten();
    if (end == behindRegion) {
      end.part = part;
      end.label = on;
      bind(end);
      behindRegion = new Place();
    } else {
      bind(on);
    }
    return true;
  }

  private void goOnAt(int number, Label label) {
    e.code.local(Jvm.ILOAD, ENTRY);
    e.code.pushInt(number);
    e.code.jump(Jvm.IF_ICMPEQ, label);
  }

  /** Lets the driver call a region itself for the place where it is called here. */
  private void enterDirectly(Member region) {
    Place place = lastBound;
    if (place != null && lastBoundAt == e.code.size() && place.number != Place.NO_NUMBER) {
      entries.set(place.number, new int[] {REGIONS + regions.size(), 0});
      regions.add(region);
    }
  }

  /** The number of a place that code in another method leaves for. */
  private int leaveNumber(Place place) {
    boolean known = place.number != Place.NO_NUMBER;
    number(place);
    if (!known && place.part == part && place.label.position >= 0) {
      addEntry(place);
    }
    return place.number;
  }

  @Override
  void loopHead(int i, Control block) {
    super.loopHead(i, block);
    if (body.isTarget(i)) {
      loops++;
    }
  }

  @Override
  void bind(Place place) {
    if (place.part != part) {
      place.part = part;
      place.label = new Label();
    }
    e.code.bind(place.label, frame, frame.length);
    if (place.number != Place.NO_NUMBER) {
      addEntry(place);
    }
    lastBound = place;
    lastBoundAt = e.code.size();
  }

  @Override
  void bind(Label label) {
    e.code.bind(label, frame, frame.length);
  }

  @Override
  boolean isUsed(Place place) {
    return true;
  }

  // ---- handlers: a part leaves for the place where the clauses are told apart ----

  /** The ranges of the present part, each with the innermost handler around it. */
  private final List<int[]> guardRanges = new ArrayList<>();

  private final List<Control.Handler> guards = new ArrayList<>();

  /** The handlers that guard anything in the present part. */
  private final Set<Control.Handler> guarded = new LinkedHashSet<>();

  private final List<Control.Handler> handlers = new ArrayList<>();
  private int guardStart;

  /** Ends the range that began last; another handler, or none, is the innermost now. */
  private void endGuard(Control.@Nullable Handler handler) {
    if (handler != null && guardStart < e.code.size()) {
      guardRanges.add(new int[] {guardStart, e.code.size()});
      guards.add(handler);
      guarded.add(handler);
    }
    guardStart = e.code.size();
  }

  @Override
  void openHandler(Control.Handler handler) {
    endGuard(handler.outer);
    handlers.add(handler);
  }

  @Override
  void willJump(Control block) {
    leaveNumber(block.label);
  }

  @Override
  void closeHandler(Control.Handler handler) {
    endGuard(handler);
  }

  @Override
  void pauseHandlers() {}

  @Override
  void resumeHandlers() {}

  /** Writes the ways out of the present part for exceptions. */
  private void writeGuards() {
    Map<Control.Handler, Label> ways = new HashMap<>();
    for (Control.Handler handler : guarded) {
      if (handler.needed) {
        Label way = new Label();
        bindHandler(way, handler);
        e.code.local(Jvm.ALOAD, FrameVariables.REFERENCES);
        e.code.invokeStatic(Frames.KEEP);
        leaveFor(number(handler.place));
        ways.put(handler, way);
      }
    }
    for (int k = 0; k < guards.size(); k++) {
      Label way = ways.get(guards.get(k));
      if (way != null) {
        int[] range = guardRanges.get(k);
        e.code.handler(range[0], range[1], way, Exceptions.GUEST_EXCEPTION);
        extent.references = true;
      }
    }
    guardRanges.clear();
    guards.clear();
  }

  /** Writes where the clauses are told apart, behind all other code. */
  private void writeHandlers() {
    for (Control.Handler handler : handlers) {
      if (handler.needed) {
        if (isFull()) {
          nextPart();
        }
        handler.place.part = part;
        handler.place.label = new Label();
        number(handler.place);
        bind(handler.place);
        e.code.local(Jvm.ALOAD, FrameVariables.REFERENCES);
        e.code.invokeStatic(Frames.KEPT);
        dispatch(handler);
      }
    }
  }

  @Override
  void passOn(Control.Handler outer) {
    e.code.local(Jvm.ALOAD, FrameVariables.REFERENCES);
    e.code.invokeStatic(Frames.KEEP);
    leaveFor(number(outer.place));
  }

  @Override
  void bindHandler(Label label, Control.Handler handler) {
    int exception = VerificationType.object(e.code.pool.classInfo(Exceptions.GUEST_EXCEPTION));
    e.code.bind(label, frame, frame.length, new int[] {exception});
  }

  @Override
  boolean leaveThroughTable(Control[] blocks, int count) {
    if (blocks.length <= MAX_SWITCH_LABELS) {
      return false;
    }
    int[] numbers = new int[blocks.length];
    // labels that want their operands elsewhere are reached through a place where these are moved
    Map<Control, Place> moves = new LinkedHashMap<>();
    for (int k = 0; k < blocks.length; k++) {
      Control block = blocks[k];
      if (count > 0 && !e.operands.areAt(count, block.home)) {
        numbers[k] = number(moves.computeIfAbsent(block, key -> new Place()));
        continue;
      }
      numbers[k] = leaveNumber(block.label);
    }
    e.code.getStatic(new Member(out.name, tableName(tables.size()), "[I"));
    tables.add(numbers);
    e.code.invokeStatic(Frames.TARGET);
    e.code.op(Jvm.IRETURN);
    for (Map.Entry<Control, Place> move : moves.entrySet()) {
      if (isFull()) {
        nextPart();
      }
      bind(move.getValue());
      copyToLabel(move.getKey(), count, 0);
    }
    return true;
  }

  private static String tableName(int index) {
    return "table" + index;
  }

  /** Writes the branch tables of the present class. */
  private void writeTables() {
    if (!tables.isEmpty()) {
      Code code = new Code(out.pool, new int[0], 0);
      for (int k = 0; k < tables.size(); k++) {
        String field = tableName(k);
        out.field(ClassWriter.STATIC | ClassWriter.FINAL, field, "[I");
        NumberTable.push(code, tables.get(k));
        code.putStatic(new Member(out.name, field, "[I"));
      }
      code.op(Jvm.RETURN);
      out.method(ClassWriter.STATIC, "<clinit>", "()V", code);
      tables = new ArrayList<>();
    }
  }

  // ---- the end ----

  @Override
  void returnFromFunction() {
    int count = function.results.length;
    e.operands.settleTop(count);
    if (!e.operands.areAt(count, 0)) {
      e.operands.copyDown(count, 0, 0);
    }
    leaveFor(DONE);
  }

  @Override
  void tailCall(int i, Opcode opcode) {
    e.code.local(Jvm.ALOAD, FrameVariables.REFERENCES);
    e.code.invokeStatic(Frames.CHAIN);
    e.code.local(Jvm.ASTORE, CHAIN);
    TailCall.leave(e, i, calls().typeOf(i), CHAIN);
    leaveFor(TAIL_CALLED);
  }

  // ---- the driver ----

  private Code driver(ConstantPool target) {
    List<Member> callees = new ArrayList<>(parts);
    callees.addAll(regions);
    ClassWriter choice = classes.next(lineBase);
    return new PartsDriver(function, extent, step, name, callees, places(), choice).write(target);
  }

  /** The callee and its entry for each place, by the number of the place. */
  private int[] places() {
    int[] places = new int[entries.size()];
    for (int k = 0; k < places.length; k++) {
      int[] entry = entries.get(k);
      if (entry[0] < 0 && k != behindRegion.number) {
        throw new AssertionError(
            "a place of "
                + shape.module().functionName(body.function)
                + " is in no part; please report");
      }
      int callee = entry[0] < REGIONS ? entry[0] : parts.size() + entry[0] - REGIONS;
      places[k] = PartsDriver.place(callee, entry[1]);
    }
    return places;
  }
}
