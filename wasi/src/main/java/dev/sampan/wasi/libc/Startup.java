package dev.sampan.wasi.libc;

import dev.sampan.wasm.ExhaustedException;
import dev.sampan.wasm.ExportType;
import dev.sampan.wasm.Extern;
import dev.sampan.wasm.Func;
import dev.sampan.wasm.Instance;
import dev.sampan.wasm.Memory;
import dev.sampan.wasm.Resource;
import dev.sampan.wasm.WasmModule;
import dev.sampan.wasm.model.DefType;
import dev.sampan.wasm.model.ExternFuncType;
import dev.sampan.wasm.model.FuncType;
import dev.sampan.wasm.model.NumType;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/** How a program without WASI begins: constructors, then {@code main} with its arguments. */
public final class Startup {

  private static final FuncType NOTHING = new FuncType(List.of(), List.of());
  private static final FuncType STATUS = new FuncType(List.of(), List.of(NumType.I32));
  private static final FuncType WITH_ARGUMENTS =
      new FuncType(List.of(NumType.I32, NumType.I32), List.of(NumType.I32));

  private static final List<String> MAINS = List.of("main", "__main_argc_argv", "_main");
  private static final List<String> CONSTRUCTORS =
      List.of("_initialize", "__post_instantiate", "__wasm_call_ctors");

  private static final int POINTER_BYTES = 4;

  private Startup() {}

  /** The name of the function with which a module begins, or empty if it is no program. */
  public static Optional<String> main(WasmModule module) {
    return MAINS.stream()
        .filter(
            name -> {
              FuncType type = type(module, name);
              return STATUS.equals(type) || WITH_ARGUMENTS.equals(type);
            })
        .findFirst();
  }

  private static FuncType type(WasmModule module, String name) {
    for (ExportType export : module.exports()) {
      if (export.name().equals(name)
          && export.type() instanceof ExternFuncType(DefType type)
          && type.composite() instanceof FuncType function) {
        return function;
      }
    }
    return NOTHING;
  }

  /**
   * Runs a program.
   *
   * @param args its arguments, its name first
   * @return what {@code main} returned
   */
  public static int run(Library library, Instance instance, List<String> args) {
    String name =
        main(instance.module())
            .orElseThrow(
                () ->
                    new IllegalArgumentException(
                        "the module exports no main of type %s or %s"
                            .formatted(STATUS, WITH_ARGUMENTS)));
    for (String constructor : CONSTRUCTORS) {
      Optional<Extern> export = instance.export(constructor);
      if (export.isPresent()
          && export.get() instanceof Func function
          && function.type().equals(NOTHING)) {
        function.call();
      }
    }
    Func main = instance.function(name);
    return main.type().equals(STATUS)
        ? main.call().i32()
        : main.call(args.size(), store(library.allocation(), instance, args)).i32();
  }

  /** Puts the arguments into memory; gives the address of a table of their addresses. */
  private static int store(Allocation allocation, Instance instance, List<String> args) {
    Memory memory = allocation.room(instance, "main takes arguments");
    List<byte[]> strings =
        args.stream().map(arg -> (arg + '\0').getBytes(StandardCharsets.UTF_8)).toList();
    // a null address follows the last one
    int tableBytes = Math.multiplyExact(POINTER_BYTES, strings.size() + 1);
    long size = tableBytes + strings.stream().mapToLong(string -> string.length).sum();
    int table = size > Integer.MAX_VALUE ? 0 : allocation.allocate(instance, memory, size);
    if (table == 0) {
      throw new ExhaustedException(
          Resource.MEMORY,
          -1,
          size,
          "memory exhausted: no room for the arguments of main, %d bytes".formatted(size),
          null);
    }
    ByteBuffer block = ByteBuffer.allocate((int) size).order(ByteOrder.LITTLE_ENDIAN);
    int text = table + tableBytes;
    for (byte[] string : strings) {
      block.putInt(text);
      text += string.length;
    }
    block.putInt(0);
    strings.forEach(block::put);
    new Space(memory).write(Space.unsigned(table), block.array(), block.capacity());
    return table;
  }
}
