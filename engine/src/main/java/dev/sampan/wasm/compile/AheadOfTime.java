package dev.sampan.wasm.compile;

import dev.sampan.wasm.binary.ByteReader;
import dev.sampan.wasm.model.Export;
import dev.sampan.wasm.model.ExternKind;
import dev.sampan.wasm.model.FuncType;
import dev.sampan.wasm.model.ModuleDefinition;
import dev.sampan.wasm.valid.Workers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Generates a module's classes before anything of it runs: all groups of functions, what leads to
 * exported ones from outside, and whatever class those name. What is left is generated at run time,
 * as ever.
 */
final class AheadOfTime {

  private static final String PACKAGE = "wasm/";
  private static final int UTF8 = 1;

  private final ModuleShape shape;
  private final AtomicInteger nextGroup = new AtomicInteger();

  /** The names of classes that are not groups of functions, each of which is made once. */
  private final Set<String> others = ConcurrentHashMap.newKeySet();

  private volatile @Nullable Throwable failure;

  private AheadOfTime(ModuleShape shape) {
    this.shape = shape;
  }

  /**
   * Generates a module's classes.
   *
   * @param code makes what generates; each thread has its own
   * @param threads how many threads may work, the caller's among them
   */
  static void generate(ModuleShape shape, Supplier<ModuleCode> code, int threads) {
    new AheadOfTime(shape).run(code, threads);
  }

  private void run(Supplier<ModuleCode> code, int threads) {
    Workers.run(
        Math.max(1, Math.min(threads, shape.groupCount())), "sampan-compile", () -> work(code));
    switch (failure) {
      case null -> entrances(code.get());
      case RuntimeException e -> throw e;
      case Error e -> throw e;
      default -> throw new AssertionError(failure);
    }
  }

  private void work(Supplier<ModuleCode> each) {
    try {
      ModuleCode code = each.get();
      for (int group = nextGroup.getAndIncrement();
          group < shape.groupCount() && failure == null;
          group = nextGroup.getAndIncrement()) {
        for (byte[] classFile : code.generateGroup(group)) {
          follow(classFile, code);
        }
      }
    } catch (RuntimeException | Error e) {
      failure = e;
    }
  }

  /** The classes through which others than the module's own code call its functions. */
  private void entrances(ModuleCode code) {
    ModuleDefinition definition = shape.definition();
    int imported = shape.importedFunctions();
    for (Export export : definition.exports()) {
      if (export.kind() == ExternKind.FUNC && export.index() >= imported) {
        int group = shape.groupOf(export.index() - imported);
        generate(FunctionClass.ADAPTORS + group, code);
        generate(EntryClass.CLASSES + group, code);
      }
    }
    if (definition.start().isPresent() && definition.start().getAsInt() >= imported) {
      int group = shape.groupOf(definition.start().getAsInt() - imported);
      generate(FunctionClass.ADAPTORS + group, code);
    }
    for (int type = 0; type < shape.types().size(); type++) {
      if (shape.type(type).composite() instanceof FuncType && shape.callees(type).length > 0) {
        generate(OwnCallee.CLASSES + type, code);
      }
    }
  }

  private void generate(String name, ModuleCode code) {
    if (!name.startsWith(ModuleShape.FUNCTIONS) && others.add(name)) {
      byte[] classFile = code.classFile(name);
      if (classFile != null) {
        follow(classFile, code);
      }
    }
  }

  /** Generates the classes that a class names. */
  private void follow(byte[] classFile, ModuleCode code) {
    for (String name : names(classFile)) {
      if (isOwn(name)) {
        generate(name, code);
      }
    }
  }

  /** Whether a text is the name of one of the module's classes, and not a part of something. */
  private static boolean isOwn(String text) {
    return text.startsWith(ModuleShape.DISPATCH) && !text.contains("$")
        || text.startsWith(ModuleShape.IMPORTS);
  }

  /** The texts in a class file's constant pool that begin as the names of own classes do. */
  private static List<String> names(byte[] classFile) {
    List<String> names = new ArrayList<>();
    ByteReader in = new ByteReader(classFile, 8, classFile.length);
    int count = u2(in);
    for (int i = 1; i < count; i++) {
      int tag = in.u8();
      switch (tag) {
        case UTF8 -> {
          int length = u2(in);
          byte[] bytes = new byte[length];
          for (int k = 0; k < length; k++) {
            bytes[k] = (byte) in.u8();
          }
          String text = new String(bytes, StandardCharsets.UTF_8);
          if (text.startsWith(PACKAGE)) {
            names.add(text);
          }
        }
        // a long and a double count twice
        case 5, 6 -> {
          in.skip(8);
          i++;
        }
        case 7, 8, 16 -> in.skip(2);
        case 15 -> in.skip(3);
        default -> in.skip(4);
      }
    }
    return names;
  }

  private static int u2(ByteReader in) {
    return in.u8() << 8 | in.u8();
  }
}
