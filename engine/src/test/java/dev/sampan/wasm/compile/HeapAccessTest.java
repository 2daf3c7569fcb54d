package dev.sampan.wasm.compile;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.lang.classfile.ClassFile;
import java.lang.classfile.CodeElement;
import java.lang.classfile.attribute.CodeAttribute;
import java.lang.classfile.instruction.InvokeInstruction;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What HotSpot's inlining goes by, in the class through which generated code reaches memory. */
class HeapAccessTest {

  /** The default of its first compiler for a callee's operand stack. */
  private static final int FIRST_COMPILER_STACK = 10;

  /** The default of the second compiler for what is copied to rare callers too. */
  private static final int RARE_CALLEE_BYTES = 35;

  /** The code of all methods but those with a prefix. */
  private static List<CodeAttribute> methods(String without) throws IOException {
    try (InputStream in = HeapAccess.class.getResourceAsStream("HeapAccess.class")) {
      return ClassFile.of().parse(in.readAllBytes()).methods().stream()
          .filter(method -> !method.methodName().stringValue().startsWith(without))
          .flatMap(method -> method.code().stream())
          .map(CodeAttribute.class::cast)
          .toList();
    }
  }

  private static boolean usesHandle(CodeElement element) {
    return element instanceof InvokeInstruction call
        && call.owner().asInternalName().equals("java/lang/invoke/VarHandle");
  }

  @Test
  void accessesThroughHandlesAreLeftToTheSecondCompiler() throws IOException {
    List<CodeAttribute> accesses =
        methods("<").stream()
            .filter(code -> code.elementStream().anyMatch(HeapAccessTest::usesHandle))
            .toList();
    assertThat(accesses).hasSizeGreaterThan(30);
    assertThat(accesses)
        .allSatisfy(code -> assertThat(code.maxStack()).isGreaterThan(FIRST_COMPILER_STACK));
  }

  @Test
  void everyAccessToNumbersIsShortEnoughForRareCallers() throws IOException {
    assertThat(methods("v128"))
        .allSatisfy(code -> assertThat(code.codeLength()).isLessThanOrEqualTo(RARE_CALLEE_BYTES));
  }
}
