package dev.sampan.wasi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sampan.wasm.ExhaustedException;
import dev.sampan.wasm.Trap;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The {@code printf} family, {@code puts} and {@code putchar}: what C does not say. */
class LibcPrintingTest {

  private final LibcGuest guest = new LibcGuest();

  @AfterEach
  void end() {
    guest.close();
  }

  @Test
  void argumentsOfEightBytesAreAlignedToEight() {
    assertThat(guest.printf("%d %lld %d %f %s|", 1, -2L, 3, 4.5, "five"))
        .isEqualTo("1 -2 3 4.500000 five|");
    assertThat(guest.printf("%d %d %jd %f", 1, 2, 3L, 4.0)).isEqualTo("1 2 3 4.000000");
  }

  @Test
  void oneLIsFourBytesLikeAllButTwo() {
    assertThat(guest.printf("%ld %zu %td %lx %hhd %hd", -1, -1, -2, -1, 0x1FF, 0x1FFFF))
        .isEqualTo("-1 4294967295 -2 ffffffff -1 -1");
    assertThat(guest.printf("%llu %lli", -1L, Long.MIN_VALUE))
        .isEqualTo("18446744073709551615 -9223372036854775808");
  }

  @Test
  void integersAreCutAt63Characters() {
    assertThat(guest.printf("%100d|", 7)).isEqualTo(" ".repeat(63) + "|");
    assertThat(guest.printf("%-100d|", 7)).isEqualTo("7" + " ".repeat(62) + "|");
    assertThat(guest.printf("%.999999999999d|", 7)).isEqualTo("0".repeat(63) + "|");
  }

  @Test
  void floatsAreCutAt63Characters() {
    assertThat(guest.printf("%f|", 1e100))
        .isEqualTo("100000000000000001590289110975991804683608085639452813897813275|");
    assertThat(guest.printf("%.2000000000f|", 0.5)).isEqualTo("0.5" + "0".repeat(60) + "|");
    assertThat(guest.printf("%99e|", 1.0)).isEqualTo(" ".repeat(63) + "|");
  }

  @Test
  void stringsAreCut63CharactersBehindTheirLength() {
    assertThat(guest.printf("%100s|", "ab")).isEqualTo(" ".repeat(65) + "|");
    assertThat(guest.printf("%-100s|", "ab")).isEqualTo("ab" + " ".repeat(63) + "|");
    assertThat(guest.printf("%65s|", "ab")).isEqualTo(" ".repeat(63) + "ab|");
    assertThat(guest.printf("%s|", "x".repeat(10_000))).isEqualTo("x".repeat(10_000) + "|");
  }

  @Test
  void emptyStringAtAddress0IsTheNullText() {
    assertThat(guest.printf("%s|%8s|%.3s|%.6s", 0, 0, 0, 0)).isEqualTo("(null)|  (null)||(null)");
    guest.memory().setI8(0, (byte) 'x');
    assertThat(guest.printf("%s", 0)).isEqualTo("x");
  }

  @Test
  void stringNeedsItsEndWhateverThePrecision() {
    guest.memory().fill(guest.end() - 4, (byte) 'x', 4);
    int format = guest.text("before %.2s after");
    guest.outOfBounds("printf", format, guest.arguments(guest.end() - 4));
    assertThat(guest.takeOutput()).isEqualTo("before ");
    guest.outOfBounds("printf", format, guest.arguments(-1));
    guest.outOfBounds("printf", format, guest.arguments(guest.end()));
  }

  @Test
  void zeroCharacterEndsItsField() {
    assertThat(guest.printf("a%cb%5cc%-5cd", 0, 0, 0)).isEqualTo("ab    cd");
    assertThat(guest.printf("%c%c", 0x141, 0xE4)).isEqualTo("Aä");
  }

  @Test
  void nothingIsStoredByN() {
    int target = guest.room(4);
    guest.memory().setI32(target, 77);
    assertThat(guest.printf("ab%n%d", 5, target)).isEqualTo("ab5");
    assertThat(guest.memory().i32(target)).isEqualTo(77);
  }

  @Test
  void unknownConversionsArePrintedAndTakeNothing() {
    assertThat(guest.printf("%*d %5y %a %Lf %qd %5% %d", 8)).isEqualTo("%*d %y %a %Lf %qd % 8");
  }

  @Test
  void unfinishedConversionPrintsNothing() {
    assertThat(guest.printf("a%")).isEqualTo("a");
    assertThat(guest.printf("a%-08.3ll")).isEqualTo("a");
  }

  @Test
  void argumentsBeyondMemoryAreOutOfBounds() {
    int end = guest.end();
    guest.outOfBounds("printf", guest.text("none"), end - 3);
    assertThat(guest.call("printf", guest.text("none"), end - 4)).isEqualTo(4);
    guest.memory().setI32(end - 4, 9);
    assertThat(guest.call("printf", guest.text("%d"), end - 4)).isEqualTo(1);
    guest.takeOutput();
    guest.outOfBounds("printf", guest.text("%d%d"), end - 4);
    assertThat(guest.takeOutput()).isEqualTo("9");
    guest.outOfBounds("printf", guest.text("%lld"), end - 4);
    guest.outOfBounds("printf", guest.text("%f"), end - 4);
    guest.outOfBounds("printf", guest.text("x"), -1);
  }

  @Test
  void formatNeedsItsEnd() {
    guest.memory().setI8(guest.end() - 1, (byte) '%');
    guest.outOfBounds("printf", guest.end() - 1, 0);
    guest.outOfBounds("printf", guest.end(), 0);
    guest.outOfBounds("vprintf", -1, 0);
    assertThat(guest.takeOutput()).isEmpty();
  }

  @Test
  void namesWithVAreTheSameFunctions() {
    int args = guest.arguments(1);
    int target = guest.room(16);
    assertThat(guest.call("vprintf", guest.text("%d"), args)).isEqualTo(1);
    assertThat(guest.call("vsprintf", target, guest.text("%03d"), args)).isEqualTo(3);
    assertThat(guest.string(target)).isEqualTo("001");
    assertThat(guest.call("vsnprintf", target, 3, guest.text("%04d"), args)).isEqualTo(4);
    assertThat(guest.string(target)).isEqualTo("00");
  }

  @Test
  void snprintfCutsAndTellsTheWholeLength() {
    int target = guest.text("........");
    int format = guest.text("%s");
    int args = guest.arguments("abcdef");
    assertThat(guest.call("snprintf", target, 4, format, args)).isEqualTo(6);
    assertThat(guest.string(target)).isEqualTo("abc");
    assertThat(guest.memory().i8(target + 4)).isEqualTo((byte) '.');
    assertThat(guest.call("snprintf", target, 7, format, args)).isEqualTo(6);
    assertThat(guest.string(target)).isEqualTo("abcdef");
  }

  @Test
  void snprintfOfSize0WritesNothing() {
    int args = guest.arguments(12345);
    int target = guest.text("same");
    assertThat(guest.call("snprintf", target, 0, guest.text("%d"), args)).isEqualTo(5);
    assertThat(guest.string(target)).isEqualTo("same");
    assertThat(guest.call("snprintf", guest.end(), 0, guest.text("%d"), args)).isEqualTo(5);
    guest.outOfBounds("snprintf", guest.end() + 1, 0, guest.text("%d"), args);
  }

  @Test
  void snprintfChecksAllOfItsRoom() {
    int args = guest.arguments(1);
    guest.outOfBounds("snprintf", guest.end() - 8, 9, guest.text("%d"), args);
    guest.outOfBounds("snprintf", 8, -1, guest.text("%d"), args);
    assertThat(guest.call("snprintf", guest.end() - 8, 8, guest.text("%d"), args)).isEqualTo(1);
  }

  @Test
  void sprintfWantsAStringAndEndsWithMemory() {
    int end = guest.end();
    assertThat(guest.call("sprintf", end - 4, guest.text("%s"), guest.arguments("abcdef")))
        .isEqualTo(6);
    assertThat(guest.string(end - 4)).isEqualTo("abc");
    guest.memory().fill(end - 4, (byte) 'x', 4);
    guest.outOfBounds("sprintf", end - 4, guest.text("a"), guest.arguments());
  }

  @Test
  void sprintfOntoItsOwnFormatEnds() {
    int format = guest.text("%%%d and a long text behind it");
    guest.call("sprintf", format, format, guest.arguments(1));
    assertThat(guest.call("strlen", format)).isLessThan(1000);
  }

  @Test
  void putsCountsItsNewline() {
    assertThat(guest.call("puts", guest.text("abc"))).isEqualTo(4);
    assertThat(guest.takeOutput()).isEqualTo("abc\n");
    guest.outOfBounds("puts", guest.end());
  }

  @Test
  void putcharReturns1() {
    assertThat(guest.call("putchar", 0x141)).isEqualTo(1);
    assertThat(guest.takeOutput()).isEqualTo("A");
  }

  @Test
  void outputIsLimited() {
    try (LibcGuest limited = new LibcGuest(libc -> libc.maxOutput(10))) {
      assertThat(limited.printf("12345")).isEqualTo("12345");
      assertThatThrownBy(() -> limited.call("puts", limited.text("abcdefgh")))
          .isInstanceOf(ExhaustedException.class)
          .hasMessage("output exhausted: limit 10 bytes, used 14 bytes");
      assertThat(limited.takeOutput()).isEqualTo("abcde");
    }
    assertThatThrownBy(() -> Libc.builtin().maxOutput(-1))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void policyGrantsAndLimitsTheLibrary() {
    try (LibcGuest mute = new LibcGuest(Policy.none()::libc)) {
      assertThat(mute.call("puts", mute.text("abc"))).isEqualTo(4);
      assertThat(mute.takeOutput()).isEmpty();
      assertThat(mute.instance().function("xclock").call().i64()).isEqualTo(-1);
    }
    try (LibcGuest limited = new LibcGuest(Policy.standard().maxOutput(2)::libc)) {
      assertThatThrownBy(() -> limited.call("puts", limited.text("abc")))
          .isInstanceOf(ExhaustedException.class);
      assertThat(limited.takeOutput()).isEqualTo("ab");
      assertThat(limited.instance().function("xclock").call().i64()).isNotNegative();
    }
  }

  private static OutputStream failing(IOException failure) {
    return new OutputStream() {
      @Override
      public void write(int b) throws IOException {
        throw failure;
      }
    };
  }

  @Test
  void outputThatFailsGivesMinus1() {
    OutputStream closed = failing(new IOException("Broken pipe"));
    try (LibcGuest deaf = new LibcGuest(libc -> libc.stdout(closed))) {
      assertThat(deaf.call("printf", deaf.text("x"), deaf.arguments())).isEqualTo(-1);
      assertThat(deaf.call("puts", deaf.text("x"))).isEqualTo(-1);
      assertThat(deaf.call("putchar", 'x')).isEqualTo(-1);
    }
  }

  @Test
  void interruptedOutputIsATrap() {
    OutputStream interrupted = failing(new InterruptedIOException());
    try (LibcGuest stopped = new LibcGuest(libc -> libc.stdout(interrupted))) {
      assertThatThrownBy(() -> stopped.call("putchar", 'x'))
          .isInstanceOfSatisfying(
              Trap.class, trap -> assertThat(trap.kind()).isEqualTo(Trap.Kind.INTERRUPTED));
    }
  }
}
