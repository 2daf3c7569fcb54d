package dev.sampan.wasm.binary;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ByteWriterTest {

  @ParameterizedTest
  @ValueSource(
      longs = {
        0,
        1,
        -1,
        63,
        64,
        -64,
        -65,
        127,
        128,
        8191,
        8192,
        -8192,
        -8193,
        Integer.MAX_VALUE,
        Integer.MIN_VALUE,
        0xFFFF_FFFFL,
        1L << 32,
        -(1L << 32),
        Long.MAX_VALUE,
        Long.MIN_VALUE
      })
  void readerReadsWhatWriterWrites(long value) {
    ByteWriter out = new ByteWriter(1);
    out.u32((int) value);
    out.s32((int) value);
    out.u64(value);
    out.s64(value);
    out.s33(value << 31 >> 31);
    out.fixed32((int) value);
    out.fixed64(value);
    byte[] bytes = out.toByteArray();
    ByteReader in = new ByteReader(bytes, 0, bytes.length);
    assertThat(in.u32()).isEqualTo((int) value);
    assertThat(in.s32()).isEqualTo((int) value);
    assertThat(in.u64()).isEqualTo(value);
    assertThat(in.s64()).isEqualTo(value);
    assertThat(in.s33()).isEqualTo(value << 31 >> 31);
    assertThat(in.fixed32()).isEqualTo((int) value);
    assertThat(in.fixed64()).isEqualTo(value);
    assertThat(in.hasMore()).isFalse();
  }

  @Test
  void numbersTakeTheirShortestForm() {
    assertThat(signed(63)).containsExactly(0x3F);
    assertThat(signed(64)).containsExactly(0xC0, 0x00);
    assertThat(signed(-64)).containsExactly(0x40);
    assertThat(signed(-65)).containsExactly(0xBF, 0x7F);
    ByteWriter out = new ByteWriter();
    out.u32(-1);
    assertThat(out.toByteArray()).containsExactly(0xFF, 0xFF, 0xFF, 0xFF, 0x0F);
  }

  private static byte[] signed(long value) {
    ByteWriter out = new ByteWriter();
    out.s64(value);
    return out.toByteArray();
  }

  @Test
  void namesAndSectionsStateTheirSizeInBytes() {
    ByteWriter content = new ByteWriter();
    content.name("λ");
    ByteWriter out = new ByteWriter(0);
    out.sized(content);
    assertThat(out.toByteArray()).containsExactly(3, 2, 0xCE, 0xBB);
  }

  @Test
  void truncatedBytesAreGone() {
    ByteWriter out = new ByteWriter();
    out.bytes(new byte[] {1, 2, 3});
    out.truncate(1);
    out.u8(9);
    assertThat(out.toByteArray()).containsExactly(1, 9);
    assertThat(out.toByteArray(1)).containsExactly(9);
  }
}
