package dev.sampan.wasm.compile;

import java.util.HashMap;
import java.util.Map;

/** The constant pool of a class file (Java Virtual Machine Specification §4.4). */
final class ConstantPool {

  /** A class file counts constants in 16 bits. */
  static final int LIMIT = 65_535;

  private static final int UTF8 = 1;
  private static final int INTEGER = 3;
  private static final int FLOAT = 4;
  private static final int LONG = 5;
  private static final int DOUBLE = 6;
  private static final int CLASS = 7;
  private static final int STRING = 8;
  private static final int FIELD = 9;
  private static final int METHOD = 10;
  private static final int INTERFACE_METHOD = 11;
  private static final int NAME_AND_TYPE = 12;
  private static final int METHOD_HANDLE = 15;
  private static final int INVOKE_DYNAMIC = 18;

  private final Bytes out = new Bytes(1024);
  private int count = 1;
  private final Map<String, Integer> texts = new HashMap<>();
  private final Map<String, Integer> classes = new HashMap<>();
  private final Map<Member, Integer> members = new HashMap<>();
  private final Map<Key, Integer> others = new HashMap<>();

  private record Key(int tag, long value) {}

  /** How many entries there are, the first one that does not exist included. */
  int count() {
    return count;
  }

  /** Whether there is room for what one function needs. */
  boolean hasRoom(int entries) {
    return count + entries < LIMIT;
  }

  void writeTo(Bytes target) {
    if (count > LIMIT) {
      throw new AssertionError("a class has " + count + " constants; please report");
    }
    target.u2(count);
    target.append(out);
  }

  int utf8(String text) {
    Integer known = texts.get(text);
    if (known != null) {
      return known;
    }
    out.u1(UTF8);
    int lengthAt = out.size;
    out.u2(0);
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c != 0 && c < 0x80) {
        out.u1(c);
      } else if (c < 0x800) {
        out.u1(0xC0 | c >>> 6);
        out.u1(0x80 | c & 0x3F);
      } else {
        out.u1(0xE0 | c >>> 12);
        out.u1(0x80 | c >>> 6 & 0x3F);
        out.u1(0x80 | c & 0x3F);
      }
    }
    out.patch2(lengthAt, out.size - lengthAt - 2);
    texts.put(text, count);
    return count++;
  }

  /** A class by its internal name, or an array class by its descriptor. */
  int classInfo(String name) {
    Integer known = classes.get(name);
    if (known != null) {
      return known;
    }
    int text = utf8(name);
    out.u1(CLASS);
    out.u2(text);
    classes.put(name, count);
    return count++;
  }

  private int other(int tag, long value, int entries) {
    Key key = new Key(tag, value);
    Integer known = others.get(key);
    if (known != null) {
      return known;
    }
    out.u1(tag);
    switch (tag) {
      case STRING -> out.u2((int) value);
      case METHOD_HANDLE -> {
        out.u1((int) (value >>> 16));
        out.u2((int) value);
      }
      case LONG, DOUBLE -> out.u8(value);
      default -> out.u4((int) value);
    }
    others.put(key, count);
    int index = count;
    count += entries;
    return index;
  }

  int integer(int value) {
    return other(INTEGER, value, 1);
  }

  int float32(int bits) {
    return other(FLOAT, bits, 1);
  }

  int long64(long value) {
    return other(LONG, value, 2);
  }

  int double64(long bits) {
    return other(DOUBLE, bits, 2);
  }

  int string(String value) {
    return other(STRING, utf8(value), 1);
  }

  private int nameAndType(String name, String descriptor) {
    return other(NAME_AND_TYPE, pair(utf8(name), utf8(descriptor)), 1);
  }

  private static long pair(int first, int second) {
    return (long) first << 16 | second;
  }

  int field(Member member) {
    return member(FIELD, member);
  }

  int method(Member member) {
    return member(METHOD, member);
  }

  int interfaceMethod(Member member) {
    return member(INTERFACE_METHOD, member);
  }

  private int member(int tag, Member member) {
    Integer known = members.get(member);
    if (known != null) {
      return known;
    }
    int owner = classInfo(member.owner);
    int index = other(tag, pair(owner, nameAndType(member.name, member.descriptor)), 1);
    members.put(member, index);
    return index;
  }

  /** A handle of a static method. */
  int methodHandle(Member member) {
    int invokeStatic = 6;
    return other(METHOD_HANDLE, pair(invokeStatic, method(member)), 1);
  }

  int invokeDynamic(int bootstrapMethod, String name, String descriptor) {
    return other(INVOKE_DYNAMIC, pair(bootstrapMethod, nameAndType(name, descriptor)), 1);
  }
}
