package dev.sampan.wasi.libc;

import dev.sampan.wasm.Call;
import dev.sampan.wasm.model.FuncType;
import dev.sampan.wasm.model.NumType;
import dev.sampan.wasm.model.ValType;
import java.util.ArrayList;
import java.util.List;

/**
 * A function's type, and which of its arguments are checked before it runs.
 *
 * @param type the type that an import must declare
 * @param letters one for each parameter: {@code i} a number; {@code *} an address of at least one
 *     byte; {@code ~} the length of the range at the address before it; {@code $} the address of a
 *     string, whose terminating zero must lie in memory
 */
public record Signature(FuncType type, String letters) {

  /**
   * Reads the parameters' letters in parentheses, and behind them the result's, if there is one.
   */
  static Signature parse(String text) {
    int end = text.indexOf(')');
    String letters = text.substring(1, end);
    List<ValType> parameters = new ArrayList<>();
    letters.chars().forEach(letter -> parameters.add(NumType.I32));
    List<ValType> results =
        switch (text.substring(end + 1)) {
          case "" -> List.of();
          case "i" -> List.of(NumType.I32);
          case "I" -> List.of(NumType.I64);
          default -> throw new AssertionError("no signature: " + text);
        };
    return new Signature(new FuncType(parameters, results), letters);
  }

  /**
   * Checks the arguments of a call.
   *
   * @return for each parameter the length of its string, or of its range as checked here
   */
  long[] check(Call call, Space space) {
    long[] lengths = new long[letters.length()];
    for (int i = 0; i < lengths.length; i++) {
      switch (letters.charAt(i)) {
        case '*' -> {
          boolean sized = i + 1 < lengths.length && letters.charAt(i + 1) == '~';
          lengths[i] = sized ? Integer.toUnsignedLong(call.i32(i + 1)) : 1;
          space.check(call.i32(i), lengths[i]);
        }
        case '$' -> lengths[i] = space.stringLength(call.i32(i));
        default -> {
          // a number, or a length that was checked with its address
        }
      }
    }
    return lengths;
  }

  /** Whether an argument is an address. */
  boolean hasAddresses() {
    return letters.indexOf('*') >= 0 || letters.indexOf('$') >= 0;
  }
}
