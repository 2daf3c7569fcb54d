package dev.sampan.wasm.text;

import dev.sampan.wasm.binary.ByteWriter;
import dev.sampan.wasm.binary.InstructionWriter;
import dev.sampan.wasm.model.Opcode;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Assembles instructions, flat and folded, into bytes (Text Format › Instructions).
 *
 * <p>A folded instruction stands before its operands in the text and behind them in the bytes;
 * until its operands are done it waits, assembled, in a second writer that is used as a stack.
 * Nesting is kept in arrays, so that no depth of it can exhaust the Java stack.
 */
final class InstructionParser {

  /** What may come next, and what the end of it means. */
  private enum State {
    /** Instructions up to a right parenthesis that is not ours. */
    SEQUENCE,
    /** A single folded instruction. */
    SINGLE,
    FLAT_BLOCK,
    FLAT_IF,
    FLAT_ELSE,
    FLAT_TRY,
    FLAT_CATCH,
    FLAT_CATCH_ALL,
    /** The operands of a plain instruction. */
    FOLDED,
    FOLDED_BLOCK,
    /** The condition, then {@code (then …)}. */
    FOLDED_IF,
    FOLDED_THEN,
    AFTER_THEN,
    FOLDED_ELSE,
    AFTER_ELSE,
    /** {@code (do …)}. */
    FOLDED_TRY,
    FOLDED_DO,
    AFTER_DO,
    /** The instructions in {@code (catch …)} or {@code (catch_all …)}. */
    FOLDED_HANDLER,
    AFTER_CATCH,
    AFTER_CATCH_ALL
  }

  private static final int NO_HINT = -1;

  private final TokenCursor cursor;
  private final Labels labels;
  private final Immediate immediate;
  private final BranchHintParser hints;
  private final ByteWriter waiting = new ByteWriter();

  private ByteWriter out = new ByteWriter();

  private State[] states = new State[32];
  private int[] marks = new int[32];
  private int[] hintsOf = new int[32];
  private @Nullable String[] ids = new String[32];
  private @Nullable String[] names = new String[32];
  private int depth;

  /** The hint for the next instruction: 0, 1 or {@link #NO_HINT}. */
  private int hint = NO_HINT;

  InstructionParser(
      TokenCursor cursor, ModuleContext context, TypeParser types, BranchHintParser hints) {
    this.cursor = cursor;
    this.hints = hints;
    this.labels = new Labels(context.names);
    this.immediate = new Immediate(cursor, context, types, labels);
  }

  /** Assembles a function's body up to the parenthesis that closes the function. */
  void body(ByteWriter target, int function, Locals locals) {
    immediate.locals(locals);
    labels.start(function);
    run(target, State.SEQUENCE);
    InstructionWriter.opcode(target, Opcode.END);
  }

  /** Assembles an expression up to the parenthesis that closes what holds it. */
  byte[] expression() {
    return expression(State.SEQUENCE);
  }

  /** Assembles an expression that is a single folded instruction. */
  byte[] foldedExpression() {
    return expression(State.SINGLE);
  }

  private byte[] expression(State state) {
    ByteWriter target = new ByteWriter(16);
    immediate.locals(null);
    labels.start(-1);
    run(target, state);
    InstructionWriter.opcode(target, Opcode.END);
    return target.toByteArray();
  }

  private void run(ByteWriter target, State first) {
    out = target;
    waiting.truncate(0);
    hint = NO_HINT;
    depth = 0;
    enter(first);
    while (depth > 0) {
      step(states[depth - 1]);
    }
  }

  private void enter(State state) {
    if (depth == states.length) {
      states = Arrays.copyOf(states, 2 * depth);
      marks = Arrays.copyOf(marks, 2 * depth);
      hintsOf = Arrays.copyOf(hintsOf, 2 * depth);
      ids = Arrays.copyOf(ids, 2 * depth);
      names = Arrays.copyOf(names, 2 * depth);
    }
    states[depth] = state;
    marks[depth] = waiting.size();
    hintsOf[depth] = hint;
    hint = NO_HINT;
    depth++;
  }

  private void become(State state) {
    states[depth - 1] = state;
  }

  private void step(State state) {
    switch (state) {
      case SEQUENCE -> {
        if (cursor.at(TokenKind.RIGHT) || cursor.at(TokenKind.END)) {
          leave();
        } else {
          instruction();
        }
      }
      case SINGLE -> {
        depth--;
        folded();
      }
      case FLAT_BLOCK, FLAT_IF, FLAT_ELSE, FLAT_TRY, FLAT_CATCH, FLAT_CATCH_ALL -> flat(state);
      case FOLDED -> {
        if (cursor.at(TokenKind.RIGHT)) {
          leaveFolded();
        } else {
          folded();
        }
      }
      case FOLDED_BLOCK -> {
        if (cursor.at(TokenKind.RIGHT)) {
          leaveBlock();
        } else {
          instruction();
        }
      }
      case FOLDED_THEN -> branch(State.AFTER_THEN);
      case FOLDED_ELSE -> branch(State.AFTER_ELSE);
      case FOLDED_DO -> branch(State.AFTER_DO);
      case FOLDED_HANDLER -> branch(states[depth - 2]);
      case FOLDED_IF -> foldedIf();
      case AFTER_THEN -> {
        if (cursor.openOpcode() == Opcode.ELSE) {
          openBranch(State.FOLDED_ELSE);
          InstructionWriter.opcode(out, Opcode.ELSE);
        } else {
          leaveBlock();
        }
      }
      case FOLDED_TRY -> {
        cursor.expectOpen(Keyword.DO);
        enter(State.FOLDED_DO);
      }
      case AFTER_DO, AFTER_CATCH -> foldedHandler(state);
      case AFTER_ELSE, AFTER_CATCH_ALL -> leaveBlock();
    }
  }

  /** Any instruction. */
  private void instruction() {
    if (cursor.at(TokenKind.LEFT) || cursor.at(TokenKind.BRANCH_HINT_ANNOTATION)) {
      folded();
    } else {
      plain();
    }
  }

  private void hint() {
    if (hint != NO_HINT) {
      throw cursor.malformed("@metadata.code.branch_hint annotation: duplicate annotation");
    }
    hint = hints.parse(cursor);
  }

  /** The end of something, where no hint may be left over. */
  private void leave() {
    requireNoHint();
    depth--;
  }

  private void requireNoHint() {
    if (hint != NO_HINT) {
      throw hints.invalidTarget(cursor);
    }
  }

  // Flat forms

  private void plain() {
    Opcode opcode = cursor.opcode();
    if (opcode == null) {
      throw cursor.unexpected("an instruction");
    }
    switch (opcode) {
      case BLOCK, LOOP, TRY_TABLE -> flatBlock(opcode, State.FLAT_BLOCK);
      case IF -> flatBlock(opcode, State.FLAT_IF);
      case TRY -> flatBlock(opcode, State.FLAT_TRY);
      case ELSE, END, CATCH, CATCH_ALL, DELEGATE -> throw cursor.unexpected("an instruction");
      default -> {
        int token = cursor.position();
        cursor.advance();
        hints.record(opcode, takeHint(), out.size(), cursor, token);
        immediate.write(opcode, out);
      }
    }
  }

  private int takeHint() {
    int taken = hint;
    hint = NO_HINT;
    return taken;
  }

  private void flatBlock(Opcode opcode, State state) {
    int token = cursor.position();
    cursor.advance();
    hints.record(opcode, takeHint(), out.size(), cursor, token);
    String id = cursor.id();
    String name = Bindings.annotation(cursor);
    InstructionWriter.opcode(out, opcode);
    immediate.blockHeader(opcode, out);
    labels.push(id, name != null ? name : id);
    enter(state);
  }

  private void flat(State state) {
    Opcode opcode = cursor.opcode();
    if (cursor.at(TokenKind.RIGHT) || cursor.at(TokenKind.END)) {
      throw cursor.unexpected("an instruction or \"end\"");
    }
    if (opcode == Opcode.END) {
      cursor.advance();
      labels.repeat(cursor);
      leaveFlat(Opcode.END);
    } else if (opcode == Opcode.ELSE && state == State.FLAT_IF) {
      cursor.advance();
      labels.repeat(cursor);
      InstructionWriter.opcode(out, opcode);
      become(State.FLAT_ELSE);
    } else if (opcode == Opcode.DELEGATE && state == State.FLAT_TRY) {
      cursor.advance();
      leaveFlat(Opcode.DELEGATE);
      out.u32(labels.index(cursor));
    } else if (opcode != null
        && isHandler(opcode)
        && (state == State.FLAT_TRY || state == State.FLAT_CATCH)) {
      cursor.advance();
      immediate.write(opcode, out);
      become(opcode == Opcode.CATCH ? State.FLAT_CATCH : State.FLAT_CATCH_ALL);
    } else {
      instruction();
    }
  }

  private static boolean isHandler(Opcode opcode) {
    return opcode == Opcode.CATCH || opcode == Opcode.CATCH_ALL;
  }

  private void leaveFlat(Opcode opcode) {
    labels.pop();
    InstructionWriter.opcode(out, opcode);
    leave();
  }

  // Folded forms

  private void folded() {
    if (cursor.at(TokenKind.BRANCH_HINT_ANNOTATION)) {
      hint();
      return;
    }
    if (!cursor.at(TokenKind.LEFT)) {
      throw cursor.unexpected("\"(\"");
    }
    Opcode opcode = cursor.openOpcode();
    cursor.advance();
    if (opcode == null) {
      throw cursor.unexpected("an instruction");
    }
    switch (opcode) {
      case BLOCK, LOOP, TRY_TABLE -> foldedBlock(opcode, State.FOLDED_BLOCK);
      case TRY -> foldedBlock(opcode, State.FOLDED_TRY);
      case IF -> {
        requireTarget(opcode);
        cursor.advance();
        enter(State.FOLDED_IF);
        ids[depth - 1] = cursor.id();
        String name = Bindings.annotation(cursor);
        names[depth - 1] = name != null ? name : ids[depth - 1];
        InstructionWriter.opcode(waiting, opcode);
        immediate.blockHeader(opcode, waiting);
      }
      case ELSE, END, CATCH, CATCH_ALL, DELEGATE -> throw cursor.unexpected("an instruction");
      default -> {
        requireTarget(opcode);
        cursor.advance();
        enter(State.FOLDED);
        immediate.write(opcode, waiting);
      }
    }
  }

  private void requireTarget(Opcode opcode) {
    if (hint != NO_HINT && !BranchHintParser.isTarget(opcode)) {
      throw hints.invalidTarget(cursor);
    }
  }

  private void foldedBlock(Opcode opcode, State state) {
    requireTarget(opcode);
    cursor.advance();
    String id = cursor.id();
    String name = Bindings.annotation(cursor);
    InstructionWriter.opcode(out, opcode);
    immediate.blockHeader(opcode, out);
    labels.push(id, name != null ? name : id);
    enter(state);
  }

  /** Ends a plain instruction, whose operands are written by now. */
  private void leaveFolded() {
    cursor.close();
    leave();
    release();
  }

  /** Moves the innermost waiting instruction to its place. */
  private void release() {
    int mark = marks[depth];
    if (hintsOf[depth] != NO_HINT) {
      hints.record(hintsOf[depth], out.size());
    }
    out.bytes(waiting, mark);
    waiting.truncate(mark);
  }

  private void foldedIf() {
    if (!cursor.acceptOpen(Keyword.THEN)) {
      folded();
      return;
    }
    leave();
    release();
    labels.push(ids[depth], names[depth]);
    depth++;
    enter(State.FOLDED_THEN);
  }

  private void openBranch(State state) {
    cursor.open();
    cursor.advance();
    enter(state);
  }

  /** The instructions in one part of an {@code if} or {@code try}. */
  private void branch(State after) {
    if (cursor.at(TokenKind.RIGHT)) {
      cursor.close();
      leave();
      become(after);
    } else {
      instruction();
    }
  }

  private void foldedHandler(State state) {
    Opcode opcode = cursor.openOpcode();
    if (opcode != null && isHandler(opcode)) {
      become(opcode == Opcode.CATCH ? State.AFTER_CATCH : State.AFTER_CATCH_ALL);
      openBranch(State.FOLDED_HANDLER);
      immediate.write(opcode, out);
    } else if (opcode == Opcode.DELEGATE && state == State.AFTER_DO) {
      cursor.open();
      cursor.advance();
      labels.pop();
      InstructionWriter.opcode(out, Opcode.DELEGATE);
      out.u32(labels.index(cursor));
      cursor.close();
      cursor.close();
      depth--;
    } else {
      leaveBlock();
    }
  }

  private void leaveBlock() {
    cursor.close();
    leaveFlat(Opcode.END);
  }
}
