package dev.sampan.wasm;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.classfile.ClassModel;
import java.lang.classfile.MethodModel;
import java.lang.classfile.attribute.CodeAttribute;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** HotSpot never compiles a method of 8,000 bytes or more; none of the engine's is that large. */
class MethodSizeTest {

  private static final int LIMIT = 8_000;

  private static int size(MethodModel method) {
    return method.code().map(code -> ((CodeAttribute) code).codeLength()).orElse(0);
  }

  @Test
  void everyMethodIsSmallEnoughToBeCompiled() {
    Map<String, Integer> large = new TreeMap<>();
    for (ClassModel model : EngineClasses.all()) {
      for (MethodModel method : model.methods()) {
        // the rows of the instruction table are made once, so that class may have a long beginning
        if (size(method) >= LIMIT && !method.methodName().equalsString("<clinit>")) {
          large.put(
              model.thisClass().asInternalName() + "." + method.methodName().stringValue(),
              size(method));
        }
      }
    }
    assertThat(large).isEmpty();
  }

  @Test
  void interpreterLoopIsFoundAndSmallEnough() {
    assertThat(EngineClasses.all())
        .filteredOn(model -> model.thisClass().asInternalName().endsWith("interpret/Loop"))
        .singleElement()
        .satisfies(
            loop ->
                assertThat(loop.methods().stream().mapToInt(MethodSizeTest::size).max().orElse(0))
                    .isBetween(1_000, LIMIT - 1));
  }
}
