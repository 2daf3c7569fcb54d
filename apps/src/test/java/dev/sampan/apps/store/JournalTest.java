package dev.sampan.apps.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JournalTest {

  @TempDir Path folder;

  private Path file() {
    return folder.resolve("journal");
  }

  private List<String> read() throws IOException {
    List<byte[]> records = new ArrayList<>();
    Journal.open(file(), records).close();
    return records.stream().map(each -> new String(each, StandardCharsets.UTF_8)).toList();
  }

  private void write(String... texts) throws IOException {
    try (Journal journal = Journal.open(file(), new ArrayList<>())) {
      for (String text : texts) {
        journal.append(text.getBytes(StandardCharsets.UTF_8));
      }
    }
  }

  @Test
  void recordsAreThereAgain() throws IOException {
    write("one", "", "three");
    write("four");
    assertThat(read()).containsExactly("one", "", "three", "four");
  }

  @Test
  void fileThatEndsAnywhereHasAllRecordsThatAreComplete() throws IOException {
    write("first", "second", "third");
    byte[] all = Files.readAllBytes(file());
    int[] ends = {8, 8 + 21, 8 + 21 + 22, all.length};
    for (int length = 0; length <= all.length; length++) {
      Files.write(file(), Arrays.copyOf(all, length));
      int complete = 0;
      while (complete < 3 && ends[complete + 1] <= length) {
        complete++;
      }
      assertThat(read()).as("length " + length).hasSize(complete);
      write("more");
      assertThat(read()).as("length " + length).hasSize(complete + 1).endsWith("more");
    }
  }

  @Test
  void zerosAtTheEndAreNoRecord() throws IOException {
    write("first");
    byte[] all = Files.readAllBytes(file());
    Files.write(file(), Arrays.copyOf(all, all.length + 4096));
    assertThat(read()).containsExactly("first");
    assertThat(Files.size(file())).isEqualTo(all.length);
  }

  @Test
  void anyChangeInFrontOfOtherRecordsIsFound() throws IOException {
    write("first", "second", "third");
    byte[] all = Files.readAllBytes(file());
    int last = 8 + 21 + 22;
    for (int i = 0; i < last; i++) {
      byte[] changed = all.clone();
      changed[i] ^= 0x10;
      Files.write(file(), changed);
      assertThatThrownBy(this::read)
          .as("byte " + i)
          .isInstanceOf(StoreException.class)
          .hasMessageMatching("(?s).*(damaged|no journal of this format).*");
      assertThat(Files.readAllBytes(file())).isEqualTo(changed);
    }
  }

  @Test
  void rewritingLeavesNothingButTheNewRecords() throws IOException {
    try (Journal journal = Journal.open(file(), new ArrayList<>())) {
      for (int i = 0; i < 100; i++) {
        journal.append(new byte[1000]);
      }
      journal.rewrite(List.of("a".getBytes(StandardCharsets.UTF_8)));
      journal.append("b".getBytes(StandardCharsets.UTF_8));
    }
    assertThat(read()).containsExactly("a", "b");
    try (var files = Files.list(folder)) {
      assertThat(files).containsExactly(file());
    }
  }
}
