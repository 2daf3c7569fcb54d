package dev.sampan.conformance;

import dev.sampan.wasm.model.Opcode;
import dev.sampan.wasm.model.Signature;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Changes modules at random: some changes know nothing, others know sections, bodies and numbers,
 * and keep the sizes around them right, so that what is changed is looked at.
 */
final class Mutator {

  private static final int[] BYTES = {
    0x00, 0x01, 0x02, 0x0B, 0x40, 0x41, 0x5E, 0x5F, 0x60, 0x63, 0x64, 0x6E, 0x6F, 0x70, 0x7B, 0x7E,
    0x7F, 0x80, 0xFB, 0xFC, 0xFD, 0xFE, 0xFF
  };

  private static final long[] NUMBERS = {
    0,
    1,
    2,
    3,
    15,
    16,
    63,
    64,
    127,
    128,
    255,
    256,
    1000,
    1001,
    16383,
    16384,
    50_000,
    50_001,
    65535,
    65536,
    65537,
    1_000_000,
    1_000_001,
    0x7FFF_FFFFL,
    0x8000_0000L,
    0xFFFF_FFFFL,
    0x1_0000_0000L,
    0x7FFF_FFFF_FFFF_FFFFL,
    0x8000_0000_0000_0000L,
    -1L
  };

  private static final String[] WORDS = {
    "(",
    ")",
    "0",
    "1",
    "-1",
    "4294967295",
    "18446744073709551615",
    "nan",
    "nan:0x1",
    "inf",
    "0x1p-1074",
    "1e999",
    "$x",
    "\"\"",
    "\"\\ff\"",
    "(param i32)",
    "(result i64)",
    "(local v128)",
    "i32.const",
    "local.get",
    "block",
    "loop",
    "if",
    "else",
    "end",
    "br",
    "br_table",
    "call",
    "unreachable",
    "drop",
    "select",
    "(ref null 0)",
    "funcref",
    "anyref",
    "exnref",
    "(mut i32)",
    "shared",
    "(pagesize 1)",
    "i64",
    "offset=1",
    "align=8",
    "(then",
    "(else",
    "(do",
    "(catch 0",
    "delegate",
    "try",
    "try_table",
    "struct.new 0",
    "array.new_fixed 0 3",
    "ref.func 0",
    "memory.grow",
    "v128.const i32x4 1 2 3 4",
    "i8x16.shuffle 0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15",
    "i64.add128",
    "(type 0)",
    "(type",
    "(rec",
    "(func",
    "(export \"x\" (func 0))",
    "(import \"a\" \"b\" (func))",
    "(start 0)",
    "(elem",
    "(data",
    "(@name \"x\")",
    "(;",
    ";)",
    ";;",
    "\"",
    "throw_ref",
    "return_call 0"
  };

  private static final String[] TYPES = {
    "i32",
    "i64",
    "f32",
    "f64",
    "v128",
    "funcref",
    "externref",
    "anyref",
    "eqref",
    "\\(ref 0\\)",
    "i8",
    "i16"
  };

  private static final Pattern NUMBER = Pattern.compile("-?\\b\\d+\\b(?!;)");

  /** For each mnemonic, those that take and give the same. */
  private static final Map<String, List<String>> ALIKE =
      Arrays.stream(Opcode.values())
          .filter(opcode -> opcode.signature() != Signature.NONE)
          .collect(
              Collectors.groupingBy(
                  opcode -> opcode.signature() + " " + opcode.immediates(),
                  Collectors.mapping(Opcode::text, Collectors.toList())))
          .values()
          .stream()
          .flatMap(group -> group.stream().map(each -> Map.entry(each, group)))
          .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));

  private final Random random;

  Mutator(long seed) {
    random = new Random(seed);
  }

  /** A number below a bound. */
  int below(int bound) {
    return random.nextInt(bound);
  }

  // Binaries

  /** A changed module; pieces may come from the other one. */
  byte[] binary(byte[] module, byte[] other) {
    byte[] changed = module;
    for (int i = changes(); i > 0; i--) {
      changed = random.nextInt(10) == 0 ? flat(changed, 8, other) : inSections(changed, other);
    }
    return changed;
  }

  /** How many changes to make: mostly one, since most changes end a module's life. */
  private int changes() {
    return 1 + (int) Math.abs(random.nextGaussian());
  }

  /** Changes bytes from a position on, without regard to what they mean. */
  private byte[] flat(byte[] bytes, int from, byte[] other) {
    if (bytes.length <= from) {
      return replace(bytes, bytes.length, bytes.length, bytes(1 + random.nextInt(4)));
    }
    int at = from + random.nextInt(bytes.length - from);
    int rest = bytes.length - at;
    int some = 1 + random.nextInt(Math.min(rest, 1 << random.nextInt(6)));
    return switch (random.nextInt(16)) {
      case 0, 11 -> {
        byte[] copy = bytes.clone();
        copy[at] ^= (byte) (1 << random.nextInt(8));
        yield copy;
      }
      case 1, 2, 12 -> {
        byte[] copy = bytes.clone();
        copy[at] = (byte) BYTES[random.nextInt(BYTES.length)];
        yield copy;
      }
      case 3 -> {
        byte[] copy = bytes.clone();
        copy[at] = (byte) random.nextInt(256);
        yield copy;
      }
      case 4, 13, 14, 15 -> {
        byte[] copy = bytes.clone();
        copy[at] += (byte) (random.nextBoolean() ? 1 : -1);
        yield copy;
      }
      case 5 -> replace(bytes, at, at, bytes(1 + random.nextInt(4)));
      case 6 -> replace(bytes, at, at + some, new byte[0]);
      case 7 -> replace(bytes, at, at, slice(bytes, at, at + some));
      case 8 -> replace(bytes, at, endOfNumber(bytes, at), number());
      case 9 -> {
        int start = random.nextInt(other.length);
        int end = start + Math.min(other.length - start, 1 << random.nextInt(7));
        yield replace(
            bytes, at, Math.min(bytes.length, at + random.nextInt(9)), slice(other, start, end));
      }
      default -> slice(bytes, 0, at);
    };
  }

  private byte[] bytes(int count) {
    byte[] bytes = new byte[count];
    for (int i = 0; i < count; i++) {
      bytes[i] =
          (byte) (random.nextBoolean() ? BYTES[random.nextInt(BYTES.length)] : random.nextInt(256));
    }
    return bytes;
  }

  private byte[] number() {
    long number = NUMBERS[random.nextInt(NUMBERS.length)];
    Bytes out = new Bytes();
    if (random.nextInt(3) == 0) {
      out.s(number);
    } else {
      out.u(number);
    }
    byte[] bytes = out.toByteArray();
    if (random.nextInt(4) == 0) {
      // longer than necessary
      bytes[bytes.length - 1] |= (byte) 0x80;
      return replace(bytes, bytes.length, bytes.length, new byte[] {0});
    }
    return bytes;
  }

  private static int endOfNumber(byte[] bytes, int at) {
    int end = at;
    while (end < bytes.length && bytes[end] < 0 && end < at + 10) {
      end++;
    }
    return Math.min(bytes.length, end + 1);
  }

  private record Section(int id, byte[] content) {}

  /** Changes a section, or their order, and writes all sizes anew. */
  private byte[] inSections(byte[] module, byte[] other) {
    List<Section> sections = sections(module);
    List<Section> others = sections(other);
    if (sections.isEmpty()) {
      return flat(module, 0, other);
    }
    int at = random.nextInt(sections.size());
    Section section = sections.get(at);
    switch (random.nextInt(40)) {
      case 0 -> sections.remove(at);
      case 1 -> sections.add(random.nextInt(sections.size() + 1), section);
      case 2 -> {
        int to = random.nextInt(sections.size());
        sections.set(at, sections.get(to));
        sections.set(to, section);
      }
      case 3 -> {
        if (!others.isEmpty()) {
          sections.add(at, others.get(random.nextInt(others.size())));
        }
      }
      case 4 -> {
        // the section of the same kind of another module
        for (Section each : others) {
          if (each.id == section.id) {
            sections.set(at, each);
          }
        }
      }
      case 5 -> sections.set(at, new Section(random.nextInt(14), section.content));
      default -> {
        byte[] content =
            section.id == 10 ? inBody(section.content, other) : flat(section.content, 0, other);
        sections.set(at, new Section(section.id, content));
      }
    }
    Bytes out = Bytes.module();
    for (Section each : sections) {
      out.section(each.id, new Bytes().raw(each.content));
    }
    return out.toByteArray();
  }

  /** Changes one function's body, and its size with it. */
  private byte[] inBody(byte[] code, byte[] other) {
    int[] position = {0};
    long count = number(code, position);
    if (count <= 0 || count > code.length) {
      return flat(code, 0, other);
    }
    int chosen = random.nextInt((int) count);
    for (int i = 0; i < count; i++) {
      int start = position[0];
      long size = number(code, position);
      int body = position[0];
      if (size < 0 || size > code.length - body) {
        return flat(code, 0, other);
      }
      int end = body + (int) size;
      if (i == chosen) {
        byte[] changed = flat(slice(code, body, end), 0, other);
        byte[] sized = new Bytes().sized(new Bytes().raw(changed)).toByteArray();
        return replace(code, start, end, sized);
      }
      position[0] = end;
    }
    return code;
  }

  private static List<Section> sections(byte[] module) {
    List<Section> sections = new ArrayList<>();
    int[] position = {8};
    while (position[0] < module.length) {
      int id = module[position[0]++];
      long size = number(module, position);
      int start = position[0];
      if (size < 0 || size > module.length - start) {
        break;
      }
      position[0] = start + (int) size;
      sections.add(new Section(id & 0xFF, slice(module, start, position[0])));
    }
    return sections;
  }

  /** An unsigned number, or -1; the position moves behind it. */
  private static long number(byte[] bytes, int[] position) {
    long value = 0;
    for (int shift = 0; shift < 35 && position[0] < bytes.length; shift += 7) {
      byte next = bytes[position[0]++];
      value |= (long) (next & 0x7F) << shift;
      if (next >= 0) {
        return value;
      }
    }
    return -1;
  }

  private static byte[] slice(byte[] bytes, int start, int end) {
    return Arrays.copyOfRange(bytes, start, end);
  }

  private static byte[] replace(byte[] bytes, int start, int end, byte[] by) {
    byte[] result = new byte[bytes.length - (end - start) + by.length];
    System.arraycopy(bytes, 0, result, 0, start);
    System.arraycopy(by, 0, result, start, by.length);
    System.arraycopy(bytes, end, result, start + by.length, bytes.length - end);
    return result;
  }

  // Texts

  /** A changed text; pieces may come from the other one. */
  String text(String text, String other) {
    if (random.nextInt(4) > 0) {
      return String.join("\n", lines(text, other));
    }
    List<String> tokens = tokens(text);
    List<String> others = tokens(other);
    for (int i = changes(); i > 0 && !tokens.isEmpty() && !others.isEmpty(); i--) {
      int at = random.nextInt(tokens.size());
      switch (random.nextInt(8)) {
        case 0 -> tokens.remove(at);
        case 1 -> tokens.add(at, tokens.get(at));
        case 2 -> tokens.set(at, word());
        case 3 -> tokens.add(at, word());
        case 4 -> tokens.set(at, tokens.get(random.nextInt(tokens.size())));
        case 5 -> tokens.set(at, others.get(random.nextInt(others.size())));
        case 6 -> {
          String old = tokens.get(at);
          String word = word();
          tokens.replaceAll(token -> token.equals(old) ? word : token);
        }
        default -> {
          String token = tokens.get(at);
          int place = random.nextInt(token.length() + 1);
          char strange = "()\";$@x_0. \n\u0000\u00e4\ud800".charAt(random.nextInt(15));
          tokens.set(at, token.substring(0, place) + strange + token.substring(place));
        }
      }
    }
    return String.join(" ", tokens);
  }

  private String word() {
    return WORDS[random.nextInt(WORDS.length)];
  }

  /** Changes whole lines: in a printed module, each is one instruction or one field. */
  private List<String> lines(String text, String other) {
    List<String> lines = new ArrayList<>(text.lines().toList());
    List<String> others = other.lines().toList();
    for (int i = changes(); i > 0 && lines.size() > 2 && others.size() > 2; i--) {
      // the first line opens the module
      int at = 1 + random.nextInt(lines.size() - 1);
      int from = 1 + random.nextInt(lines.size() - 1);
      switch (random.nextInt(9)) {
        case 0 -> lines.remove(at);
        case 1 -> lines.add(at, instruction(lines.get(from)));
        case 2 -> lines.add(at, instruction(others.get(1 + random.nextInt(others.size() - 1))));
        case 3 -> {
          String line = lines.get(at);
          lines.set(at, lines.get(from));
          lines.set(from, line);
        }
        case 4 -> {
          Matcher digits = NUMBER.matcher(lines.get(at));
          long number = NUMBERS[random.nextInt(NUMBERS.length)];
          lines.set(at, digits.replaceFirst(Long.toUnsignedString(number)));
        }
        case 5 ->
            lines.set(
                at,
                lines
                    .get(at)
                    .replaceAll(
                        TYPES[random.nextInt(TYPES.length)],
                        TYPES[random.nextInt(TYPES.length)].replace("\\", "")));
        default -> otherInstructions(lines, at);
      }
    }
    return lines;
  }

  /** A line without the brackets that end a function on it. */
  private static String instruction(String line) {
    return line.endsWith(")") && !line.strip().startsWith("(")
        ? line.substring(0, line.length() - 1)
        : line;
  }

  /** Exchanges instructions, from a line on, for others of the same type. */
  private void otherInstructions(List<String> lines, int from) {
    int changes = 1 + random.nextInt(4);
    for (int i = from; i < lines.size() && changes > 0; i++) {
      String line = lines.get(i);
      String mnemonic = line.strip().split("[ )]", 2)[0];
      List<String> alike = ALIKE.get(mnemonic);
      if (alike != null) {
        lines.set(i, line.replace(mnemonic, alike.get(random.nextInt(alike.size()))));
        changes--;
      }
    }
  }

  private static List<String> tokens(String text) {
    List<String> tokens = new ArrayList<>();
    int start = 0;
    boolean quoted = false;
    for (int i = 0; i <= text.length(); i++) {
      char c = i < text.length() ? text.charAt(i) : ' ';
      boolean bracket = c == '(' || c == ')';
      if (c == '"' && (i == 0 || text.charAt(i - 1) != '\\')) {
        quoted = !quoted;
      }
      if (!quoted && (bracket || Character.isWhitespace(c))) {
        if (i > start) {
          tokens.add(text.substring(start, i));
        }
        if (bracket) {
          tokens.add(String.valueOf(c));
        }
        start = i + 1;
      }
    }
    return tokens;
  }
}
