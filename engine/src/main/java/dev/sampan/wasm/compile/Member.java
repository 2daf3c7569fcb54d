package dev.sampan.wasm.compile;

/**
 * A method or field that code refers to. Constant pools remember members by identity, so those that
 * are used often are constants.
 */
final class Member {

  final String owner;
  final String name;
  final String descriptor;

  /** What the instruction that uses it takes from the operand stack, in slots, without receiver. */
  final int argumentSlots;

  /** What it leaves there. */
  final int resultSlots;

  Member(String owner, String name, String descriptor) {
    this.owner = owner;
    this.name = name;
    this.descriptor = descriptor;
    int slots = 0;
    int i = 0;
    if (descriptor.charAt(0) == '(') {
      i = 1;
      while (descriptor.charAt(i) != ')') {
        slots += slots(descriptor, i);
        i = after(descriptor, i);
      }
      i++;
    }
    argumentSlots = slots;
    resultSlots = slots(descriptor, i);
  }

  static Member of(Class<?> owner, String name, String descriptor) {
    return new Member(internalName(owner), name, descriptor);
  }

  /** How class files name a class. */
  static String internalName(Class<?> type) {
    return type.getName().replace('.', '/');
  }

  static int slots(String descriptor, int at) {
    return switch (descriptor.charAt(at)) {
      case 'V' -> 0;
      case 'J', 'D' -> 2;
      default -> 1;
    };
  }

  private static int after(String descriptor, int at) {
    int i = at;
    while (descriptor.charAt(i) == '[') {
      i++;
    }
    return descriptor.charAt(i) == 'L' ? descriptor.indexOf(';', i) + 1 : i + 1;
  }
}
