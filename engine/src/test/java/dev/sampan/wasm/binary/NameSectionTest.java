package dev.sampan.wasm.binary;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sampan.wasm.binary.Names.InnerSpace;
import dev.sampan.wasm.binary.Names.Space;
import dev.sampan.wasm.model.CustomSection;
import dev.sampan.wasm.model.SectionKind;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class NameSectionTest {

  private static Names example() {
    Names names = new Names();
    names.module("modül");
    for (Space space : Space.values()) {
      names.put(space, 0, space + " zero");
      names.put(space, 300, space.toString());
    }
    for (InnerSpace space : InnerSpace.values()) {
      names.put(space, 7, 1, "one of " + space);
      names.put(space, 7, 0, "");
      names.put(space, 2, 5, "five");
    }
    return names;
  }

  private static Names read(byte[] content) {
    return NameSection.read(
        new CustomSection(NameSection.NAME, SectionKind.DATA, content, 0, content.length));
  }

  @Test
  void readNamesAreThoseWritten() {
    Names read = read(NameSection.write(example()));
    assertThat(read.module()).hasValue("modül");
    for (Space space : Space.values()) {
      assertThat(read.all(space)).isEqualTo(example().all(space));
    }
    for (InnerSpace space : InnerSpace.values()) {
      assertThat(read.owners(space)).containsExactly(2, 7);
      assertThat(read.all(space, 7)).isEqualTo(example().all(space, 7));
    }
    assertThat(read.get(Space.TAG, 300)).hasValue("TAG");
    assertThat(read.get(Space.TAG, 1)).isEmpty();
  }

  @Test
  void writingReadNamesYieldsTheSameBytes() {
    byte[] content = NameSection.write(example());
    assertThat(NameSection.write(read(content))).isEqualTo(content);
  }

  @Test
  void everyTruncatedSectionCanBeRead() {
    byte[] content = NameSection.write(example());
    for (int size = 0; size < content.length; size++) {
      Names names = read(Arrays.copyOf(content, size));
      assertThat(names.isEmpty()).as("size %s", size).isEqualTo(size < 9);
    }
  }

  @Test
  void unknownSubsectionsAreSkipped() {
    byte[] content = {99, 2, 1, 2, 0, 2, 1, 'm'};
    assertThat(read(content).module()).hasValue("m");
  }
}
