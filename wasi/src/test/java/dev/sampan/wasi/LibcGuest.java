package dev.sampan.wasi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sampan.wasi.libc.LibraryFunction;
import dev.sampan.wasm.Engine;
import dev.sampan.wasm.Imports;
import dev.sampan.wasm.Instance;
import dev.sampan.wasm.Memory;
import dev.sampan.wasm.Trap;
import dev.sampan.wasm.WasmModule;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * A guest in the hands of a test: it imports the whole C library and exports each function with an
 * x before its name, because what is called {@code malloc} would be taken for the guest's own.
 */
final class LibcGuest implements AutoCloseable {

  private static final Engine ENGINE = Engine.create();
  private static final int PAGE = 1 << 16;

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final Instance instance;
  private final Memory memory;
  private int free = 1024;

  /** A guest with two pages of memory and 16 at most. */
  LibcGuest() {
    this(UnaryOperator.identity());
  }

  LibcGuest(UnaryOperator<Libc> settings) {
    this(settings, "(memory (export \"memory\") 2 16)");
  }

  /** A guest with a part of its own, in the text format, in which its memory is exported. */
  LibcGuest(UnaryOperator<Libc> settings, String body) {
    WasmModule module = ENGINE.load("(module\n" + imports() + body + exports() + ")");
    Libc libc = settings.apply(Libc.builtin().stdout(out));
    instance = module.instantiate(Imports.create().with(libc));
    memory = instance.memory("memory");
  }

  private static Stream<String> names() {
    return Stream.of(LibraryFunction.values()).flatMap(function -> function.names().stream());
  }

  private static String type(String name) {
    LibraryFunction function =
        Stream.of(LibraryFunction.values())
            .filter(each -> each.names().contains(name))
            .findFirst()
            .orElseThrow();
    return "(param %s) (result %s)"
        .formatted(
            function.signature().type().parameters().toString().replaceAll("[\\[\\],]", " "),
            function.signature().type().results().toString().replaceAll("[\\[\\],]", " "));
  }

  private static String imports() {
    return names()
        .map(name -> "(import \"env\" \"%s\" (func $%s %s))\n".formatted(name, name, type(name)))
        .collect(Collectors.joining());
  }

  private static String exports() {
    return names()
        .map(
            name ->
                "(func (export \"x%s\") %s %s call $%s)\n"
                    .formatted(name, type(name), arguments(type(name)), name))
        .collect(Collectors.joining());
  }

  private static String arguments(String type) {
    int count = type.substring(0, type.indexOf(')')).split("i32", -1).length - 1;
    return IntStream.range(0, count)
        .mapToObj(i -> "local.get " + i)
        .collect(Collectors.joining(" "));
  }

  Instance instance() {
    return instance;
  }

  Memory memory() {
    return memory;
  }

  /** The first address behind memory. */
  int end() {
    return (int) memory.size();
  }

  /** Calls a function that gives an {@code i32}. */
  int call(String function, Object... arguments) {
    return instance.function("x" + function).call(numbers(arguments)).i32();
  }

  /** Calls a function that gives nothing. */
  void run(String function, Object... arguments) {
    instance.function("x" + function).call(numbers(arguments));
  }

  private static Object[] numbers(Object... arguments) {
    return Stream.of(arguments)
        .map(argument -> argument instanceof Character c ? Integer.valueOf(c) : argument)
        .toArray();
  }

  /** Calls a function that must find an address out of bounds. */
  void outOfBounds(String function, Object... arguments) {
    assertThatThrownBy(() -> run(function, arguments))
        .as(function)
        .isInstanceOfSatisfying(
            Trap.class, trap -> assertThat(trap.kind()).isEqualTo(Trap.Kind.OUT_OF_BOUNDS_MEMORY));
  }

  /** Room in memory, aligned to 8, and not used again. */
  int room(int bytes) {
    int address = free;
    free = (free + bytes + 7) & -8;
    assertThat(free).isLessThan(PAGE);
    return address;
  }

  /** The address of a new string. */
  int text(String text) {
    byte[] bytes = (text + '\0').getBytes(StandardCharsets.ISO_8859_1);
    int address = room(bytes.length);
    memory.write(address, bytes, 0, bytes.length);
    return address;
  }

  /** The string at an address. */
  String string(int address) {
    StringBuilder text = new StringBuilder();
    for (long at = Integer.toUnsignedLong(address); memory.i8(at) != 0; at++) {
      text.append((char) (memory.i8(at) & 0xFF));
    }
    return text.toString();
  }

  /** Stores arguments as compilers do: texts by their address, 8 bytes at multiples of 8. */
  int arguments(Object... values) {
    int start = room(8 * values.length + 8);
    int at = start;
    for (Object value : values) {
      switch (value) {
        case Integer number -> {
          memory.setI32(at, number);
          at += 4;
        }
        case String text -> {
          memory.setI32(at, text(text));
          at += 4;
        }
        case Long number -> {
          at = at + 7 & -8;
          memory.setI64(at, number);
          at += 8;
        }
        case Double number -> {
          at = at + 7 & -8;
          memory.setI64(at, Double.doubleToRawLongBits(number));
          at += 8;
        }
        default -> throw new IllegalArgumentException(value.toString());
      }
    }
    return start;
  }

  /** What {@code printf} prints; it must return the length. */
  String printf(String format, Object... values) {
    int room = free;
    takeOutput();
    int result = call("printf", text(format), arguments(values));
    String text = takeOutput();
    assertThat(result).isEqualTo(text.length());
    free = room;
    return text;
  }

  /** What was printed since the last time. */
  String takeOutput() {
    String text = out.toString(StandardCharsets.ISO_8859_1);
    out.reset();
    return text;
  }

  @Override
  public void close() {
    instance.close();
  }
}
