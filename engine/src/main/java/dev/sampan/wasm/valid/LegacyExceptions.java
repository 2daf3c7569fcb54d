package dev.sampan.wasm.valid;

import dev.sampan.wasm.model.CompositeType;
import dev.sampan.wasm.model.FuncType;
import dev.sampan.wasm.model.FunctionBody;
import dev.sampan.wasm.model.ModuleDefinition;
import dev.sampan.wasm.model.RecType;
import dev.sampan.wasm.model.SubType;
import dev.sampan.wasm.model.TypeIndex;
import dev.sampan.wasm.model.ValType;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Rewrites a module that uses the exceptions from before 3.0 ({@code try}, {@code catch}, {@code
 * delegate}, {@code rethrow}) to {@code try_table} and {@code throw_ref}, so that nothing behind
 * the validator needs to know the old form.
 */
final class LegacyExceptions {

  private final ModuleDefinition module;
  private final List<SubType> types = new ArrayList<>();
  private final Map<FuncType, Integer> added = new HashMap<>();
  private final List<RecType> groups;

  private LegacyExceptions(ModuleDefinition module) {
    this.module = module;
    this.groups = new ArrayList<>(module.types());
    module.types().forEach(group -> types.addAll(group.types()));
  }

  /** The module with all functions rewritten that need it, and types added for their blocks. */
  static ModuleDefinition rewrite(ModuleDefinition module) {
    return new LegacyExceptions(module).rewrite();
  }

  private ModuleDefinition rewrite() {
    ModuleDefinition.Builder builder = module.toBuilder();
    for (int i = 0; i < builder.code.size(); i++) {
      FunctionBody body = builder.code.get(i);
      FuncType type = function(module.functions()[i]);
      int parameters = type == null ? 0 : type.parameters().size();
      builder.code.set(i, new LegacyFunction(this, body, parameters).rewrite());
    }
    builder.types.clear();
    builder.types.addAll(groups);
    return builder.build();
  }

  /** The function type with an index, or null, which validation will report. */
  @Nullable FuncType function(int index) {
    if (Integer.compareUnsigned(index, types.size()) >= 0) {
      return null;
    }
    CompositeType composite = types.get(index).composite();
    return composite instanceof FuncType func ? func : null;
  }

  /** The payload of a tag; empty for an unknown one, which validation will report. */
  List<ValType> payload(int tag) {
    if (Integer.compareUnsigned(tag, module.allTags().size()) >= 0) {
      return List.of();
    }
    int index = ((TypeIndex) module.allTags().get(tag).type()).index();
    FuncType type = function(index);
    return type == null ? List.of() : type.parameters();
  }

  /** The index of a function type, which is added to the module if needed. */
  int typeIndex(FuncType type) {
    return added.computeIfAbsent(
        type,
        missing -> {
          SubType definition = SubType.of(missing);
          types.add(definition);
          groups.add(new RecType(List.of(definition)));
          return types.size() - 1;
        });
  }
}
