package dev.sampan.wasi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sampan.wasm.Trap;
import java.nio.charset.StandardCharsets;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The functions {@code mem…} and {@code str…}. */
class LibcMemoryTest {

  private final LibcGuest guest = new LibcGuest(libc -> libc, "(memory (export \"memory\") 64)");
  private final int end = guest.end();

  @AfterEach
  void close() {
    guest.close();
  }

  /** The address of a text whose zero is memory's last byte. */
  private int atEnd(String text) {
    int address = end - text.length() - 1;
    for (int i = 0; i < text.length(); i++) {
      guest.memory().setI8(address + i, (byte) text.charAt(i));
    }
    guest.memory().setI8(end - 1, (byte) 0);
    return address;
  }

  @Test
  void memcmpComparesBytesAsUnsigned() {
    assertThat(guest.call("memcmp", guest.text("ab\0c"), guest.text("ab\0d"), 3)).isZero();
    assertThat(guest.call("memcmp", guest.text("ab\0c"), guest.text("ab\0d"), 4)).isNegative();
    assertThat(guest.call("memcmp", guest.text("\u00FF"), guest.text("a"), 1)).isPositive();
    assertThat(guest.call("memcmp", 0, end, 0)).isZero();
  }

  @Test
  void memcmpChecksBothRanges() {
    guest.outOfBounds("memcmp", 0, end - 4, 5);
    guest.outOfBounds("memcmp", end - 4, 0, 5);
    guest.outOfBounds("memcmp", end, 0, 0);
    guest.outOfBounds("memcmp", 0, 0, -1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"memcpy", "memmove", "emscripten_memcpy_big"})
  void copiesMayOverlap(String function) {
    int text = guest.text("0123456789");
    assertThat(guest.call(function, text + 2, text, 6)).isEqualTo(text + 2);
    assertThat(guest.string(text)).isEqualTo("0101234589");
    assertThat(guest.call(function, text, text + 3, 7)).isEqualTo(text);
    assertThat(guest.string(text)).isEqualTo("1234589589");
  }

  @Test
  void longCopiesMayOverlapInBothDirections() {
    int length = 1_000_000;
    byte[] bytes = new byte[length];
    for (int i = 0; i < length; i++) {
      bytes[i] = (byte) (i * 31 >> 3);
    }
    guest.memory().write(100_000, bytes, 0, length);
    guest.call("memcpy", 100_777, 100_000, length);
    assertThat(guest.memory().bytes(100_777, length)).isEqualTo(bytes);
    guest.call("memmove", 99_999, 100_777, length);
    assertThat(guest.memory().bytes(99_999, length)).isEqualTo(bytes);
  }

  @ParameterizedTest
  @ValueSource(strings = {"memcpy", "memmove", "emscripten_memcpy_big"})
  void copiesCheckBothRangesBeforeTheyBegin(String function) {
    int before = guest.memory().i32(end - 4);
    guest.outOfBounds(function, end - 4, 0, 5);
    guest.outOfBounds(function, 0, end - 4, 5);
    guest.outOfBounds(function, 0, 8, -1);
    guest.outOfBounds(function, -1, 0, 1);
    assertThat(guest.memory().i32(end - 4)).isEqualTo(before);
  }

  @ParameterizedTest
  @ValueSource(strings = {"memcpy", "memmove"})
  void copyOfNothingStillNeedsATarget(String function) {
    assertThat(guest.call(function, end - 1, end, 0)).isEqualTo(end - 1);
    guest.outOfBounds(function, end, 0, 0);
    guest.outOfBounds(function, 0, end + 1, 0);
  }

  @Test
  void memsetFillsWithTheLowByte() {
    assertThat(guest.call("memset", 2048, 0x1AB, 3)).isEqualTo(2048);
    assertThat(guest.memory().i32(2047)).isEqualTo(0xABABAB00);
    assertThat(guest.call("memset", 65_536, 1, 3_000_000)).isEqualTo(65_536);
    assertThat(guest.memory().i8(65_536 + 2_999_999)).isEqualTo((byte) 1);
    assertThat(guest.memory().i8(65_536 + 3_000_000)).isZero();
    guest.outOfBounds("memset", end - 4, 1, 5);
    guest.outOfBounds("memset", 4, 1, -1);
    assertThat(guest.memory().i32(end - 4)).isZero();
  }

  @Test
  void memchrFindsBytesInItsRangeOnly() {
    int text = guest.text("ab\0cd");
    assertThat(guest.call("memchr", text, 'd', 5)).isEqualTo(text + 4);
    assertThat(guest.call("memchr", text, 'd' + 256, 5)).isEqualTo(text + 4);
    assertThat(guest.call("memchr", text, 'd', 4)).isZero();
    assertThat(guest.call("memchr", text, 0, 5)).isEqualTo(text + 2);
    guest.outOfBounds("memchr", end - 4, 0, 5);
  }

  @Test
  void strlenScansToTheLastByteOfMemory() {
    assertThat(guest.call("strlen", atEnd("hello"))).isEqualTo(5);
    assertThat(guest.call("strlen", end - 1)).isZero();
    guest.call("memset", 0, 'x', end);
    guest.outOfBounds("strlen", 0);
    guest.outOfBounds("strlen", end);
    guest.outOfBounds("strlen", -1);
    guest.memory().setI8(end - 1, (byte) 0);
    assertThat(guest.call("strlen", 0)).isEqualTo(end - 1);
  }

  @Test
  void strchrFindsTheEndToo() {
    int text = guest.text("hello");
    assertThat(guest.call("strchr", text, 'l')).isEqualTo(text + 2);
    assertThat(guest.call("strchr", text, 0)).isEqualTo(text + 5);
    assertThat(guest.call("strchr", text, 'x')).isZero();
    guest.outOfBounds("strchr", end, 'x');
  }

  @ParameterizedTest
  @CsvSource({"abc,abc,0", "abc,abd,-1", "abd,abc,1", "ab,abc,-1", "abc,ab,1", "'',a,-1", "ä,a,1"})
  void strcmpOrdersStrings(String a, String b, int sign) {
    assertThat(Integer.signum(guest.call("strcmp", guest.text(a), guest.text(b)))).isEqualTo(sign);
    assertThat(Integer.signum(guest.call("strcmp", guest.text(a), atEnd(b)))).isEqualTo(sign);
    assertThat(Integer.signum(guest.call("strncmp", guest.text(a), guest.text(b), 8)))
        .isEqualTo(sign);
    assertThat(guest.call("strncmp", guest.text(a), guest.text(b), 0)).isZero();
  }

  @Test
  void strncmpNeedsAllBytesEvenBehindTheEnd() {
    int text = atEnd("ab");
    assertThat(guest.call("strncmp", text, guest.text("ab"), 3)).isZero();
    assertThat(guest.call("strncmp", guest.text("abX"), guest.text("abY"), 2)).isZero();
    guest.outOfBounds("strncmp", text, guest.text("ab"), 4);
    guest.outOfBounds("strncmp", guest.text("ab"), text, 4);
  }

  @Test
  void strncasecmpNeedsBothEnds() {
    assertThat(guest.call("strncasecmp", guest.text("HeLLo"), guest.text("hEllO"), 9)).isZero();
    assertThat(guest.call("strncasecmp", guest.text("ABx"), guest.text("aby"), 2)).isZero();
    assertThat(guest.call("strncasecmp", guest.text("ABx"), guest.text("aby"), 3)).isNegative();
    assertThat(guest.call("strncasecmp", guest.text("_"), guest.text("A"), 1)).isNegative();
    guest.memory().setI8(end - 1, (byte) 'x');
    guest.outOfBounds("strncasecmp", guest.text("x"), end - 1, 1);
    guest.outOfBounds("strncasecmp", end - 1, guest.text("x"), 0);
  }

  @ParameterizedTest
  @CsvSource({
    "hello,ll,2",
    "hello,hello,0",
    "hello,'',0",
    "hello,lo!,-1",
    "aaab,aab,1",
    "'',a,-1",
    "'','',0"
  })
  void strstrFindsTheFirst(String text, String wanted, int index) {
    int address = guest.text(text);
    assertThat(guest.call("strstr", address, guest.text(wanted)))
        .isEqualTo(index < 0 ? 0 : address + index);
  }

  @Test
  void strstrWorksAcrossTheReadersBuffers() {
    guest.call("memset", 70_000, 'a', 20_000);
    guest.memory().setI8(90_000, (byte) 'b');
    guest.call("memset", 100_000, 'a', 5_000);
    guest.memory().setI8(105_000, (byte) 'b');
    assertThat(guest.call("strstr", 70_000, 100_000)).isEqualTo(85_000);
  }

  @Test
  void strstrFindsWhatIsLongerThanItsTable() {
    guest.call("memset", 100_000, 'a', 60_000);
    guest.call("memset", 200_000, 'a', 30_000);
    guest.memory().setI8(229_999, (byte) 'b');
    assertThat(guest.call("strstr", 100_000, 200_000)).isZero();
    guest.memory().setI8(150_000, (byte) 'b');
    assertThat(guest.call("strstr", 100_000, 200_000)).isEqualTo(120_001);
    assertThat(guest.call("strstr", 200_000, 100_000)).isZero();
  }

  @Test
  void strstrFindsWhatJavaFinds() {
    SplittableRandom random = new SplittableRandom(5);
    for (int i = 0; i < 2000; i++) {
      StringBuilder text = new StringBuilder();
      StringBuilder wanted = new StringBuilder();
      random.ints(random.nextInt(30), 'a', 'c').forEach(c -> text.append((char) c));
      random.ints(random.nextInt(8), 'a', 'c').forEach(c -> wanted.append((char) c));
      int index = text.indexOf(wanted.toString());
      byte[] both = (text + "\0" + wanted + "\0").getBytes(StandardCharsets.US_ASCII);
      guest.memory().write(1024, both, 0, both.length);
      assertThat(guest.call("strstr", 1024, 1024 + text.length() + 1))
          .as("%s in %s", wanted, text)
          .isEqualTo(index < 0 ? 0 : 1024 + index);
    }
  }

  @Test
  void spansCountFromTheBeginning() {
    int text = guest.text("abcxyz");
    assertThat(guest.call("strspn", text, guest.text("cab"))).isEqualTo(3);
    assertThat(guest.call("strspn", text, guest.text(""))).isZero();
    assertThat(guest.call("strspn", text, guest.text("zyxcba"))).isEqualTo(6);
    assertThat(guest.call("strcspn", text, guest.text("zx"))).isEqualTo(3);
    assertThat(guest.call("strcspn", text, guest.text(""))).isEqualTo(6);
    guest.outOfBounds("strspn", text, end);
    guest.outOfBounds("strcspn", end, text);
  }

  @Test
  void strcpyNeedsRoomForTheZero() {
    int target = guest.room(8);
    assertThat(guest.call("strcpy", target, guest.text("abc"))).isEqualTo(target);
    assertThat(guest.string(target)).isEqualTo("abc");
    assertThat(guest.call("strcpy", end - 4, guest.text("abc"))).isEqualTo(end - 4);
    guest.outOfBounds("strcpy", end - 3, guest.text("xyz"));
    assertThat(guest.string(end - 4)).isEqualTo("abc");
    guest.outOfBounds("strcpy", end, guest.text(""));
  }

  @Test
  void strncpyPadsWithZerosAndChecksBothSides() {
    int target = guest.text("........");
    assertThat(guest.call("strncpy", target, guest.text("ab"), 5)).isEqualTo(target);
    assertThat(guest.memory().i64(target)).isEqualTo(0x2E2E2E_00_00_00_62_61L);
    guest.call("strncpy", target, guest.text("xyz"), 2);
    assertThat(guest.string(target)).isEqualTo("xy");
    guest.outOfBounds("strncpy", end - 4, guest.text("ab"), 5);
    guest.outOfBounds("strncpy", target, atEnd("ab"), 4);
  }

  @Test
  void strdupCopiesToTheHeap() {
    int text = guest.text("twice");
    int copy = guest.call("strdup", text);
    assertThat(copy).isNotEqualTo(text);
    assertThat(guest.string(copy)).isEqualTo("twice");
    assertThat(guest.string(guest.call("_strdup", text))).isEqualTo("twice");
    guest.outOfBounds("strdup", guest.end());
  }

  @Test
  void longWorkCanBeInterrupted() {
    guest.call("memset", 0, 'a', end - 1);
    for (Object[] work :
        new Object[][] {
          {"strlen", 0},
          {"strstr", 0, 2_000_000},
          {"memcpy", 0, 8, end - 8},
          {"memset", 0, 1, end - 1},
          {"memcmp", 0, 1, end - 1},
          {"puts", 0}
        }) {
      Object[] arguments = java.util.Arrays.copyOfRange(work, 1, work.length);
      Thread.currentThread().interrupt();
      assertThatThrownBy(() -> guest.call((String) work[0], arguments))
          .as((String) work[0])
          .isInstanceOfSatisfying(
              Trap.class, trap -> assertThat(trap.kind()).isEqualTo(Trap.Kind.INTERRUPTED));
      assertThat(Thread.interrupted()).isTrue();
      guest.call("memset", 0, 'a', end - 1);
    }
  }

  @Test
  void shortWorkTakesNoNoticeOfAnInterrupt() {
    Thread.currentThread().interrupt();
    int length = guest.call("strlen", guest.text("abc"));
    assertThat(Thread.interrupted()).isTrue();
    assertThat(length).isEqualTo(3);
  }
}
