package dev.sampan.wasm.compile;

/**
 * Names of methods made from names of functions, such that Java stack traces show the latter. A few
 * characters are not allowed in names of methods (JVMS §4.2.2); others stand for them that look
 * like them and hardly occur.
 */
final class MethodNames {

  private static final String FORBIDDEN = ".;[/<>";
  private static final String REPLACEMENTS = "\u2024\u037e\uff3b\u2215\u2039\u203a";

  /** Behind it comes what tells functions of the same name apart. */
  private static final char DISTINCTION = '\uff03';

  /** Behind it comes which part of the function it is. */
  private static final char PART = '\uff04';

  /** So long that nothing is lost in practice, and suffixes fit what a class file can hold. */
  private static final int MAX_LENGTH = 4_000;

  private MethodNames() {}

  static String encode(String functionName) {
    String name = functionName.isEmpty() ? "_" : functionName;
    if (name.length() > MAX_LENGTH) {
      name = name.substring(0, MAX_LENGTH);
    }
    return replace(name, FORBIDDEN, REPLACEMENTS);
  }

  /** The name of the function that a method, or a part, is of. */
  static String decode(String methodName) {
    String name = whole(methodName);
    int mark = name.lastIndexOf(DISTINCTION);
    return replace(mark < 0 ? name : name.substring(0, mark), REPLACEMENTS, FORBIDDEN);
  }

  private static String replace(String name, String from, String to) {
    StringBuilder changed = null;
    for (int i = 0; i < name.length(); i++) {
      int index = from.indexOf(name.charAt(i));
      if (index >= 0) {
        if (changed == null) {
          changed = new StringBuilder(name);
        }
        changed.setCharAt(i, to.charAt(index));
      }
    }
    return changed == null ? name : changed.toString();
  }

  /** The name of a function where another one has the same. */
  static String distinct(String methodName, int function) {
    return methodName + DISTINCTION + function;
  }

  /** The name of a part of a function. */
  static String part(String methodName, String part) {
    return methodName + PART + part;
  }

  static boolean isPart(String methodName) {
    return methodName.indexOf(PART) >= 0;
  }

  /** The name of the method that a part belongs to. */
  static String whole(String methodName) {
    int mark = methodName.indexOf(PART);
    return mark < 0 ? methodName : methodName.substring(0, mark);
  }
}
