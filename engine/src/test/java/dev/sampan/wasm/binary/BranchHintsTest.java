package dev.sampan.wasm.binary;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sampan.wasm.model.CustomSection;
import dev.sampan.wasm.model.SectionKind;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class BranchHintsTest {

  private static Optional<BranchHints> read(byte... content) {
    return BranchHints.read(
        new CustomSection(BranchHints.NAME, SectionKind.FUNCTION, content, 0, content.length));
  }

  @Test
  void readHintsAreThoseWritten() {
    BranchHints hints = new BranchHints();
    hints.put(3, 200, true);
    hints.put(3, 5, false);
    hints.put(1, 9, true);
    byte[] content = hints.write();
    assertThat(content).containsExactly(2, 1, 1, 9, 1, 1, 3, 2, 5, 1, 0, 0xC8, 1, 1, 1);
    BranchHints read = read(content).orElseThrow();
    assertThat(read.function(3)).isEqualTo(Map.of(5, false, 200, true));
    assertThat(read.function(0)).isEmpty();
    assertThat(read.size()).isEqualTo(3);
  }

  @Test
  void sectionWithAnythingWrongIsNoHints() {
    assertThat(read((byte) 1, (byte) 0)).isEmpty();
    assertThat(read((byte) 1, (byte) 0, (byte) 1, (byte) 4, (byte) 2, (byte) 1)).isEmpty();
    assertThat(read((byte) 1, (byte) 0, (byte) 1, (byte) 4, (byte) 1, (byte) 2)).isEmpty();
    assertThat(read((byte) 0, (byte) 0)).isEmpty();
  }
}
