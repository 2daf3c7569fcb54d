package dev.sampan.wasm.script;

import dev.sampan.wasm.V128;
import dev.sampan.wasm.model.Opcode;
import dev.sampan.wasm.script.Expected.NanKind;
import dev.sampan.wasm.script.Expected.RefKind;
import dev.sampan.wasm.text.Keyword;
import dev.sampan.wasm.text.TokenCursor;
import dev.sampan.wasm.text.TokenKind;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Parses arguments and expected results. */
final class ValueParser {

  private final TokenCursor cursor;

  ValueParser(TokenCursor cursor) {
    this.cursor = cursor;
  }

  /** An argument, as {@link dev.sampan.wasm.Func#call} wants it. */
  @Nullable Object argument() {
    int start = cursor.position();
    Expected value = expected();
    return switch (value) {
      case Expected.Int32 i -> i.value();
      case Expected.Int64 i -> i.value();
      case Expected.Float32 f -> Float.intBitsToFloat(f.bits());
      case Expected.Float64 f -> Double.longBitsToDouble(f.bits());
      case Expected.Vector vector -> vector(vector, start);
      case Expected.Null none -> null;
      case Expected.Host host -> host.object();
      case Expected.Nan32 nan -> throw noArgument(start);
      case Expected.Nan64 nan -> throw noArgument(start);
      case Expected.Reference reference -> throw noArgument(start);
      case Expected.Either either -> throw noArgument(start);
    };
  }

  private RuntimeException noArgument(int start) {
    cursor.position(start);
    return cursor.unexpected("a constant");
  }

  private V128 vector(Expected.Vector vector, int start) {
    long[] halves = new long[2];
    int bits = vector.laneBits();
    for (int i = 0; i < vector.lanes().size(); i++) {
      long lane =
          switch (vector.lanes().get(i)) {
            case Expected.Int64 value -> value.value();
            case Expected.Float32 value -> value.bits();
            case Expected.Float64 value -> value.bits();
            default -> throw noArgument(start);
          };
      halves[i * bits / 64] |= (lane & -1L >>> 64 - bits) << i * bits % 64;
    }
    return new V128(halves[0], halves[1]);
  }

  /** A constant or a pattern. */
  Expected expected() {
    Opcode opcode = cursor.openOpcode();
    Keyword keyword = cursor.openKeyword();
    cursor.open();
    Expected result = opcode != null ? ofOpcode(opcode) : ofKeyword(keyword);
    cursor.close();
    return result;
  }

  private Expected ofOpcode(Opcode opcode) {
    cursor.advance();
    return switch (opcode) {
      case I32_CONST -> new Expected.Int32((int) cursor.integer(32));
      case I64_CONST -> new Expected.Int64(cursor.integer(64));
      case F32_CONST -> f32();
      case F64_CONST -> f64();
      case V128_CONST -> vector();
      case REF_NULL -> {
        if (!cursor.at(TokenKind.RIGHT)) {
          cursor.advance();
        }
        yield new Expected.Null();
      }
      case REF_FUNC -> {
        // which function it is cannot be told by an embedder
        if (!cursor.at(TokenKind.RIGHT)) {
          cursor.advance();
        }
        yield new Expected.Reference(RefKind.FUNC);
      }
      case REF_EQ -> new Expected.Reference(RefKind.EQ);
      case REF_I31 -> new Expected.Reference(RefKind.I31);
      default -> {
        cursor.position(cursor.position() - 1);
        throw cursor.unexpected("a result");
      }
    };
  }

  private Expected ofKeyword(@Nullable Keyword keyword) {
    if (keyword == null) {
      throw cursor.unexpected("a result");
    }
    return switch (keyword) {
      case REF_ANY -> reference(RefKind.ANY);
      case REF_STRUCT -> reference(RefKind.STRUCT);
      case REF_ARRAY -> reference(RefKind.ARRAY);
      case REF_EXN -> reference(RefKind.EXN);
      case REF_EXTERN -> host(RefKind.EXTERN);
      case REF_HOST -> host(RefKind.HOST);
      case EITHER -> {
        cursor.advance();
        List<Expected> alternatives = new ArrayList<>();
        while (cursor.at(TokenKind.LEFT)) {
          // alternatives hold no alternatives, so that this cannot go deep
          if (cursor.atOpen(Keyword.EITHER)) {
            throw cursor.unexpected("a result");
          }
          alternatives.add(expected());
        }
        yield new Expected.Either(alternatives);
      }
      default -> throw cursor.unexpected("a result");
    };
  }

  private Expected reference(RefKind kind) {
    cursor.advance();
    return new Expected.Reference(kind);
  }

  private Expected host(RefKind kind) {
    cursor.advance();
    return cursor.at(TokenKind.NAT)
        ? new Expected.Host(new HostRef((int) cursor.integer(32)))
        : new Expected.Reference(kind);
  }

  private Expected f32() {
    NanKind nan = nan();
    return nan != null ? new Expected.Nan32(nan) : new Expected.Float32(cursor.f32());
  }

  private Expected f64() {
    NanKind nan = nan();
    return nan != null ? new Expected.Nan64(nan) : new Expected.Float64(cursor.f64());
  }

  private @Nullable NanKind nan() {
    if (cursor.accept(Keyword.NAN_CANONICAL)) {
      return NanKind.CANONICAL;
    }
    return cursor.accept(Keyword.NAN_ARITHMETIC) ? NanKind.ARITHMETIC : null;
  }

  private Expected vector() {
    Keyword shape = cursor.keyword();
    int bits =
        shape == null
            ? 0
            : switch (shape) {
              case I8X16 -> 8;
              case I16X8 -> 16;
              case I32X4, F32X4 -> 32;
              case I64X2, F64X2 -> 64;
              default -> 0;
            };
    if (bits == 0) {
      throw cursor.unexpected("a vector shape");
    }
    cursor.advance();
    List<Expected> lanes = new ArrayList<>();
    for (int i = 0; i < 128 / bits; i++) {
      lanes.add(
          shape == Keyword.F32X4
              ? f32()
              : shape == Keyword.F64X2 ? f64() : new Expected.Int64(cursor.integer(bits)));
    }
    return new Expected.Vector(bits, lanes);
  }
}
