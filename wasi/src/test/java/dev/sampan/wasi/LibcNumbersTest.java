package dev.sampan.wasi;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.function.IntPredicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Numbers from text, classes of characters, and the clock. */
class LibcNumbersTest {

  private final LibcGuest guest = new LibcGuest(libc -> libc.clock(new Late()));

  /** Clocks that show some time. */
  private static final class Late implements Clocks {
    @Override
    public long realtime() {
      return 0;
    }

    @Override
    public long monotonic() {
      return 5_000_000_007L;
    }

    @Override
    public void sleep(long nanos) {
      throw new AssertionError("nobody sleeps here");
    }
  }

  @AfterEach
  void end() {
    guest.close();
  }

  @ParameterizedTest
  @CsvSource({
    "42,10,42,2",
    "' \t\n-17xyz',10,-17,6",
    "+5,10,5,2",
    "0x1fG,16,31,4",
    "0x1fG,0,31,4",
    "0X,16,0,1",
    "0xg,0,0,1",
    "017,0,15,3",
    "08,0,0,1",
    "z,36,35,1",
    "12,2,1,1",
    "'',10,0,0",
    "'  -',10,0,0",
    "abc,10,0,0",
    "5,1,0,0",
    "5,37,0,0",
    "5,-1,0,0",
    "2147483647,10,2147483647,10",
    "2147483648,10,2147483647,10",
    "-2147483648,10,-2147483648,11",
    "-99999999999999999999999,10,-2147483648,24",
    "99999999999999999999999,10,2147483647,23"
  })
  void strtolReadsWhatItCanAndFitsTheRestTo32Bits(String text, int base, int value, int length) {
    int address = guest.text(text);
    int end = guest.room(16);
    guest.memory().setI64(end, -1);
    assertThat(guest.call("strtol", address, end, base)).isEqualTo(value);
    assertThat(guest.memory().i32(end)).isEqualTo(address + length);
    assertThat(guest.memory().i32(end + 4)).isEqualTo(-1);
  }

  @ParameterizedTest
  @CsvSource({
    "4294967295,4294967295",
    "4294967296,4294967295",
    "-1,4294967295",
    "-4294967295,1",
    "-4294967296,4294967295",
    "99999999999999999999999,4294967295"
  })
  void strtoulEndsAt32Bits(String text, long value) {
    int result = guest.call("strtoul", guest.text(text), guest.room(4), 10);
    assertThat(Integer.toUnsignedLong(result)).isEqualTo(value);
  }

  @Test
  void endIsStoredEvenAtAddress0() {
    int text = guest.text("12");
    assertThat(guest.call("strtol", text, 0, 10)).isEqualTo(12);
    assertThat(guest.memory().i32(0)).isEqualTo(text + 2);
    guest.outOfBounds("strtol", text, guest.end() - 3, 10);
    guest.outOfBounds("strtoul", text, guest.end(), 10);
    guest.outOfBounds("strtoul", guest.end(), 0, 10);
  }

  @Test
  void atoiReadsDecimals() {
    assertThat(guest.call("atoi", guest.text("  -12ab"))).isEqualTo(-12);
    assertThat(guest.call("atoi", guest.text("0x10"))).isZero();
    assertThat(guest.call("atoi", guest.text(""))).isZero();
    guest.outOfBounds("atoi", guest.end());
  }

  private void holds(String function, IntPredicate expected) {
    for (int c = -2; c < 300; c++) {
      assertThat(guest.call(function, c) != 0)
          .as("%s(%d)", function, c)
          .isEqualTo(expected.test(c));
    }
    assertThat(guest.call(function, Integer.MIN_VALUE)).isZero();
    assertThat(guest.call(function, Integer.MAX_VALUE)).isZero();
  }

  @Test
  void classesOfCharactersAreThoseOfAscii() {
    holds("isupper", c -> c >= 'A' && c <= 'Z');
    holds("isalpha", c -> c >= 'A' && c <= 'Z' || c >= 'a' && c <= 'z');
    holds("isspace", c -> c > 0 && " \t\n\u000B\f\r".indexOf(c) >= 0);
    holds("isgraph", c -> c > 32 && c < 127);
    holds("isprint", c -> c >= 32 && c < 127);
    holds("isdigit", c -> c >= '0' && c <= '9');
    holds("isxdigit", c -> c > 0 && "0123456789abcdefABCDEF".indexOf(c) >= 0);
    holds("isalnum", c -> c < 128 && Character.isLetterOrDigit(c));
  }

  @Test
  void caseChangesInAsciiOnly() {
    assertThat(guest.call("tolower", (int) 'Q')).isEqualTo('q');
    assertThat(guest.call("tolower", (int) '[')).isEqualTo('[');
    assertThat(guest.call("toupper", (int) 'q')).isEqualTo('Q');
    assertThat(guest.call("toupper", (int) 'ä')).isEqualTo('ä');
    assertThat(guest.call("toupper", -1)).isEqualTo(-1);
  }

  @Test
  void withoutClocksThereIsNoTime() {
    try (LibcGuest timeless = new LibcGuest(Libc::withoutClocks)) {
      assertThat(timeless.instance().function("xclock").call().i64()).isEqualTo(-1);
      int time = timeless.room(16);
      assertThat(timeless.call("clock_gettime", 0, time)).isEqualTo(-1);
      assertThat(timeless.memory().i64(time)).isZero();
      timeless.outOfBounds("clock_gettime", 0, timeless.end() - 15);
    }
  }

  @Test
  void clocksAreTheMonotonicOne() {
    assertThat(guest.instance().function("xclock").call().i64()).isEqualTo(5_000_000_007L);
    int time = guest.room(16);
    guest.memory().setI64(time + 8, -1);
    assertThat(guest.call("clock_gettime", 99, time)).isZero();
    assertThat(guest.memory().i64(time)).isEqualTo(5);
    assertThat(guest.memory().i32(time + 8)).isEqualTo(7);
    assertThat(guest.memory().i32(time + 12)).isEqualTo(-1);
    guest.outOfBounds("clock_gettime", 0, guest.end() - 15);
  }
}
