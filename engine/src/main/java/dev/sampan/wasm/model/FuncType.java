package dev.sampan.wasm.model;

import java.util.List;
import java.util.stream.Collectors;

/**
 * The type of a function.
 *
 * @param parameters the parameters' types, in order
 * @param results the results' types, in order
 */
public record FuncType(List<ValType> parameters, List<ValType> results) implements CompositeType {

  /** Copies the lists. */
  public FuncType {
    parameters = List.copyOf(parameters);
    results = List.copyOf(results);
  }

  @Override
  public String toString() {
    return "[" + join(parameters) + "] -> [" + join(results) + "]";
  }

  private static String join(List<ValType> types) {
    return types.stream().map(ValType::toString).collect(Collectors.joining(" "));
  }
}
