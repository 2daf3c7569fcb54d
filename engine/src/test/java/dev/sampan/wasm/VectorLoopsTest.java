package dev.sampan.wasm;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Loops with vector instructions, and their second version with vectors of the JDK. */
class VectorLoopsTest {

  private static final String[] MODULE = {"--add-modules", "jdk.incubator.vector"};

  @Test
  void everyVectorInstructionMeansTheSameInTheSecondVersion() throws Exception {
    String output =
        ChildJvm.run(VectorLoops.class, MODULE[0], MODULE[1], "-Dsampan.vectors-always=true");
    assertThat(output).doesNotContain("different").containsPattern("[4-9]\\d\\d loops");
  }

  @Test
  void exportedLoaderLoadsTheModuleWhenALoopIsHotAndNobodyIsWarned() throws Exception {
    String exports = "--add-exports=java.base/jdk.internal.module=ALL-UNNAMED";
    String output = ChildJvm.run(HotVectorLoop.class, exports, "-Xlog:class+load");
    assertThat(output)
        .contains(" wasm.V", " jdk.incubator.vector.ByteVector ", "sum -1480494976")
        .doesNotContain("WARNING");
  }

  @Test
  void withoutTheModuleTheOrdinaryLoopsRun() throws Exception {
    String output = ChildJvm.run(VectorLoops.class, "-Xlog:class+load");
    assertThat(output)
        .doesNotContain("different")
        .doesNotContain(" wasm.V")
        .doesNotContain("jdk.incubator")
        .containsPattern("[4-9]\\d\\d loops");
  }

  @Test
  void hotLoopGetsASecondVersion() throws Exception {
    String output = ChildJvm.run(HotVectorLoop.class, MODULE[0], MODULE[1], "-Xlog:class+load");
    assertThat(output).contains(" wasm.V").contains("sum -1480494976");
  }

  @Test
  void severalLoopsHandTheirStateToEachOther() throws Exception {
    assertThat(
            ChildJvm.run(VectorPhases.class, MODULE[0], MODULE[1], "-Dsampan.vectors-always=true"))
        .contains("same");
    assertThat(
            ChildJvm.run(
                VectorPhases.class, MODULE[0], MODULE[1], "-Dtimes=20000", "-Xlog:class+load"))
        .contains(" wasm.V", "same");
  }

  @Test
  void trapInTheSecondVersionIsTheGuestsAndNamesItsPlace() throws Exception {
    String output =
        ChildJvm.run(
            HotVectorLoop.class,
            MODULE[0],
            MODULE[1],
            "-Dsampan.vectors-always=true",
            "-Dtrap=true");
    assertThat(output)
        .contains("trap out of bounds memory access")
        .contains("at wasm//loops.walk(loops.wasm:0x")
        .doesNotContain("at jdk.")
        .contains("last byte 0");
  }
}
