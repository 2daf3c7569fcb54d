package dev.sampan.wasm.valid;

import dev.sampan.wasm.InvalidException;
import dev.sampan.wasm.binary.ByteReader;
import dev.sampan.wasm.binary.ByteWriter;
import dev.sampan.wasm.binary.InstructionReader;
import dev.sampan.wasm.binary.InstructionWriter;
import dev.sampan.wasm.binary.TypeReader;
import dev.sampan.wasm.model.AbstractHeapType;
import dev.sampan.wasm.model.FuncType;
import dev.sampan.wasm.model.FunctionBody;
import dev.sampan.wasm.model.Opcode;
import dev.sampan.wasm.model.RefType;
import dev.sampan.wasm.model.ValType;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One function's rewriting. A {@code try} becomes
 *
 * <pre>
 * block $exit
 *   block $last                      ;; one block per clause, the first clause innermost
 *     block $first
 *       try_table (catch_ref tag $first) … (catch_all_ref $last)
 *         block $landing             ;; only if something delegates here
 *           body
 *           br 1
 *         end
 *         throw_ref
 *       end
 *       br $exit
 *     end
 *     local.set $exception           ;; for rethrow
 *     first handler
 *     br $exit
 *   end
 *   …
 * end
 * </pre>
 *
 * and {@code delegate} a {@code try_table} whose one clause jumps to the landing of the target.
 */
final class LegacyFunction {

  private static final RefType EXNREF = new RefType(true, AbstractHeapType.EXN);
  private static final int CATCH_REF = 1;
  private static final int CATCH_ALL_REF = 3;
  private static final int NO_TAG = -1;
  private static final int NO_DELEGATE = -1;

  /** What the first pass learns of a {@code try}. */
  private static final class Try {
    /** The clauses' tags, {@link #NO_TAG} for catch_all. */
    final List<Integer> tags = new ArrayList<>();

    int delegateTo = NO_DELEGATE;
    boolean isTarget;

    /** The target of a delegate; null stands for the function. */
    @Nullable Try target;
  }

  /** A block of the source while it is open. */
  private static final class Frame {
    final @Nullable Try legacy;

    /** The level of the label to which branches to this block go. */
    int level;

    /** The level of the landing, if this is a target of delegates. */
    int landing;

    /** How many clauses have begun. */
    int clause;

    /** The local that holds the exception in handlers. */
    int local;

    Frame(@Nullable Try legacy) {
      this.legacy = legacy;
    }

    boolean inHandler() {
      return clause > 0;
    }
  }

  private final LegacyExceptions module;
  private final FunctionBody body;
  private final int parameters;
  private final List<Try> tries = new ArrayList<>();
  private boolean found;
  private boolean functionIsTarget;

  private final ByteReader in;
  private final ByteWriter out = new ByteWriter();
  private final List<Frame> frames = new ArrayList<>();
  private int level;
  private int nextTry;
  private int firstLocal;
  private int addedLocals;

  LegacyFunction(LegacyExceptions module, FunctionBody body, int parameters) {
    this.module = module;
    this.body = body;
    this.parameters = parameters;
    this.in = new ByteReader(body.bytes(), body.start(), body.end());
  }

  FunctionBody rewrite() {
    int locals = skipLocals();
    int start = in.position();
    survey();
    if (!found) {
      return body;
    }
    firstLocal = parameters + locals;
    in.position(start);
    emit();
    return assemble(start);
  }

  private int skipLocals() {
    int total = 0;
    int groups = in.count();
    for (int i = 0; i < groups; i++) {
      total += in.u32();
      TypeReader.valType(in);
    }
    return total;
  }

  // ---- first pass: clauses and delegates ----

  private void survey() {
    List<Frame> open = new ArrayList<>();
    open.add(new Frame(null));
    while (in.hasMore()) {
      Opcode opcode = InstructionReader.opcode(in);
      switch (opcode) {
        case BLOCK, LOOP, IF, TRY_TABLE -> open.add(new Frame(null));
        case TRY -> {
          Try legacy = new Try();
          found = true;
          tries.add(legacy);
          open.add(new Frame(legacy));
        }
        case CATCH, CATCH_ALL -> {
          Frame frame = open.getLast();
          if (frame.legacy == null || frame.legacy.tags.contains(NO_TAG)) {
            throw ByteReader.malformed("unexpected token: " + opcode.text(), in.position());
          }
          int at = in.position();
          frame.legacy.tags.add(opcode == Opcode.CATCH ? in.u32() : NO_TAG);
          in.position(at);
          frame.clause++;
        }
        case RETHROW -> found = true;
        case DELEGATE -> {
          int at = in.position();
          delegate(open, in.u32());
          in.position(at);
        }
        case END -> {
          open.removeLast();
        }
        default -> {}
      }
      InstructionReader.skipImmediates(in, opcode.immediates());
      if (open.isEmpty()) {
        if (in.hasMore()) {
          throw ByteReader.malformed(
              "section size mismatch: a body goes on behind its end", in.position());
        }
        return;
      }
    }
    throw ByteReader.malformed("unexpected end of section or function", in.position());
  }

  private void delegate(List<Frame> open, int depth) {
    Try legacy = open.removeLast().legacy;
    if (legacy == null || !legacy.tags.isEmpty()) {
      throw ByteReader.malformed("unexpected token: delegate", in.position());
    }
    if (Integer.compareUnsigned(depth, open.size()) >= 0) {
      throw new InvalidException("unknown label " + Integer.toUnsignedString(depth));
    }
    legacy.delegateTo = depth;
    for (int i = open.size() - 1 - depth; i >= 0; i--) {
      Frame frame = open.get(i);
      if (frame.legacy != null && !frame.inHandler()) {
        frame.legacy.isTarget = true;
        legacy.target = frame.legacy;
        return;
      }
    }
    functionIsTarget = true;
  }

  // ---- second pass ----

  private void emit() {
    Frame function = new Frame(null);
    function.level = level++;
    frames.add(function);
    if (functionIsTarget) {
      openBlock(List.of(), List.of());
      function.landing = level - 1;
    }
    while (!frames.isEmpty()) {
      int start = in.position();
      Opcode opcode = InstructionReader.opcode(in);
      switch (opcode) {
        case BLOCK, LOOP, IF -> {
          copy(opcode, start);
          Frame frame = new Frame(null);
          frame.level = level++;
          frames.add(frame);
        }
        case TRY_TABLE -> tryTable();
        case TRY -> legacyTry();
        case CATCH, CATCH_ALL -> legacyCatch(opcode);
        case DELEGATE -> {
          in.u32();
          closePart(frames.removeLast());
        }
        case RETHROW -> rethrow(in.u32());
        case END -> legacyEnd();
        case BR, BR_IF, BR_ON_NULL, BR_ON_NON_NULL -> {
          InstructionWriter.opcode(out, opcode);
          out.u32(label(in.u32()));
        }
        case BR_TABLE -> {
          InstructionWriter.opcode(out, opcode);
          int count = in.count();
          out.u32(count);
          for (int i = 0; i <= count; i++) {
            out.u32(label(in.u32()));
          }
        }
        case BR_ON_CAST, BR_ON_CAST_FAIL -> {
          InstructionWriter.opcode(out, opcode);
          out.u8(in.u8());
          out.u32(label(in.u32()));
          int types = in.position();
          TypeReader.heapType(in);
          TypeReader.heapType(in);
          out.bytes(in.bytes(), types, in.position());
        }
        default -> copy(opcode, start);
      }
    }
  }

  private void copy(Opcode opcode, int start) {
    InstructionReader.skipImmediates(in, opcode.immediates());
    out.bytes(in.bytes(), start, in.position());
  }

  private int label(int depth) {
    int index = frames.size() - 1 - depth;
    // a label that does not exist stays one, and validation reports it
    return index < 0 || depth < 0 ? depth + level : level - 1 - frames.get(index).level;
  }

  private void tryTable() {
    InstructionWriter.opcode(out, Opcode.TRY_TABLE);
    int type = in.position();
    InstructionReader.blockType(in);
    out.bytes(in.bytes(), type, in.position());
    int count = in.count();
    out.u32(count);
    for (int i = 0; i < count; i++) {
      int kind = in.u8();
      out.u8(kind);
      if (kind < 2) {
        out.u32(in.u32());
      }
      out.u32(label(in.u32()));
    }
    Frame frame = new Frame(null);
    frame.level = level++;
    frames.add(frame);
  }

  private void legacyTry() {
    Try legacy = tries.get(nextTry++);
    Frame frame = new Frame(legacy);
    int typeStart = in.position();
    int typeIndex = InstructionReader.blockType(in);
    int typeEnd = in.position();
    FuncType type = typeIndex < 0 ? null : module.function(typeIndex);
    List<ValType> parameterTypes = type == null ? List.of() : type.parameters();
    int clauses = legacy.tags.size();
    if (clauses > 0) {
      frame.local = firstLocal + addedLocals++;
      InstructionWriter.opcode(out, Opcode.BLOCK);
      out.bytes(in.bytes(), typeStart, typeEnd);
      level++;
      for (int i = clauses - 1; i >= 0; i--) {
        int tag = legacy.tags.get(i);
        openBlock(parameterTypes, tag == NO_TAG ? List.of() : module.payload(tag));
      }
    }
    InstructionWriter.opcode(out, Opcode.TRY_TABLE);
    out.bytes(in.bytes(), typeStart, typeEnd);
    if (legacy.delegateTo != NO_DELEGATE) {
      out.u32(1);
      out.u8(CATCH_ALL_REF);
      out.u32(level - 1 - landing(legacy));
    } else {
      out.u32(clauses);
      for (int i = 0; i < clauses; i++) {
        int tag = legacy.tags.get(i);
        if (tag == NO_TAG) {
          out.u8(CATCH_ALL_REF);
        } else {
          out.u8(CATCH_REF);
          out.u32(tag);
        }
        out.u32(i);
      }
    }
    frame.level = level++;
    frames.add(frame);
    if (legacy.isTarget) {
      openBlock(parameterTypes, List.of());
      frame.landing = level - 1;
    }
  }

  private int landing(Try legacy) {
    for (Frame frame : frames) {
      if (frame.legacy == legacy.target) {
        return frame.landing;
      }
    }
    throw new AssertionError("a delegate has lost its target; please report");
  }

  /** Opens a block that takes some operands and yields others and an exception. */
  private void openBlock(List<ValType> operands, List<ValType> payload) {
    InstructionWriter.opcode(out, Opcode.BLOCK);
    List<ValType> results = new ArrayList<>(payload);
    results.add(EXNREF);
    out.s33(module.typeIndex(new FuncType(operands, results)));
    level++;
  }

  /** Ends the body or a handler of a try, up to the place of the next handler. */
  private void legacyCatch(Opcode opcode) {
    if (opcode == Opcode.CATCH) {
      in.u32();
    }
    Frame frame = frames.getLast();
    closePart(frame);
    // now inside the block whose end is the next handler's beginning
    branchToExit(frame);
    end();
    level--;
    frame.clause++;
    frame.level = level - 1 - (clauses(frame) - frame.clause);
    InstructionWriter.opcode(out, Opcode.LOCAL_SET);
    out.u32(frame.local);
  }

  private static int clauses(Frame frame) {
    return frame.legacy == null ? 0 : frame.legacy.tags.size();
  }

  private void branchToExit(Frame frame) {
    InstructionWriter.opcode(out, Opcode.BR);
    out.u32(clauses(frame) - frame.clause);
  }

  /** Closes the try_table, if the body ends here. */
  private void closePart(Frame frame) {
    if (frame.inHandler()) {
      return;
    }
    if (frame.legacy != null && frame.legacy.isTarget) {
      InstructionWriter.opcode(out, Opcode.BR);
      out.u32(1);
      end();
      InstructionWriter.opcode(out, Opcode.THROW_REF);
    }
    end();
    level = frame.level;
  }

  private void rethrow(int depth) {
    int index = frames.size() - 1 - depth;
    if (depth < 0 || index < 0 || !frames.get(index).inHandler()) {
      throw new InvalidException("invalid rethrow label " + Integer.toUnsignedString(depth));
    }
    InstructionWriter.opcode(out, Opcode.LOCAL_GET);
    out.u32(frames.get(index).local);
    InstructionWriter.opcode(out, Opcode.THROW_REF);
  }

  private void legacyEnd() {
    Frame frame = frames.removeLast();
    if (frames.isEmpty()) {
      if (functionIsTarget) {
        InstructionWriter.opcode(out, Opcode.RETURN);
        end();
        InstructionWriter.opcode(out, Opcode.THROW_REF);
      }
      end();
      return;
    }
    if (frame.legacy == null) {
      end();
      level = frame.level;
    } else if (frame.inHandler()) {
      end();
      level--;
    } else {
      closePart(frame);
    }
  }

  private void end() {
    InstructionWriter.opcode(out, Opcode.END);
  }

  private FunctionBody assemble(int codeStart) {
    ByteWriter whole = new ByteWriter();
    ByteReader locals = new ByteReader(body.bytes(), body.start(), codeStart);
    int groups = locals.u32();
    whole.u32(groups + (addedLocals > 0 ? 1 : 0));
    whole.bytes(body.bytes(), locals.position(), codeStart);
    if (addedLocals > 0) {
      whole.u32(addedLocals);
      whole.u8(AbstractHeapType.EXN.code());
    }
    whole.bytes(out);
    byte[] bytes = whole.toByteArray();
    return new FunctionBody(bytes, 0, bytes.length);
  }
}
