package dev.sampan.wasm.compile;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodHandles.Lookup;
import java.lang.invoke.MethodType;
import java.lang.reflect.Modifier;
import org.jspecify.annotations.Nullable;

/**
 * Finds the place for classes that implement a Java interface: beside it, so that they see what it
 * sees. Where its package is closed to the engine, the place is a loader that sees what everybody
 * sees of it.
 *
 * <p>Only a class of the package can define classes there that are unloaded before the package is.
 * So where the engine is in another module than the interface, it puts one class there that does.
 */
final class GluePlace {

  private static final String NAME = "Sampan$Place";
  private static final String RESULT = "Ljava/lang/invoke/MethodHandles$Lookup;";
  private static final Member LOOKUP =
      new Member("java/lang/invoke/MethodHandles", "lookup", "()" + RESULT);

  private GluePlace() {}

  /** A loader of one class, which sees what an interface's loader sees. */
  private static final class Loader extends ClassLoader {

    Loader(@Nullable ClassLoader parent) {
      super(parent);
    }

    Class<?> define(byte[] bytes) {
      return defineClass(NAME, bytes, 0, bytes.length);
    }
  }

  /** What may define classes that implement an interface, or null if nothing may. */
  static @Nullable Lookup of(Class<?> type) {
    if (type.isHidden()) {
      return null;
    }
    try {
      GluePlace.class.getModule().addReads(type.getModule());
      Lookup beside = MethodHandles.privateLookupIn(type, MethodHandles.lookup());
      return beside.hasFullPrivilegeAccess() ? beside : in(besideOf(type, beside));
    } catch (IllegalAccessException e) {
      return Modifier.isPublic(type.getModifiers()) ? shownTo(type) : null;
    }
  }

  private static Class<?> besideOf(Class<?> type, Lookup lookup) throws IllegalAccessException {
    String name = type.getPackageName().isEmpty() ? NAME : type.getPackageName() + "." + NAME;
    try {
      return lookup.defineClass(write(name.replace('.', '/')));
    } catch (LinkageError e) {
      // it is there already
      return classOf(name, type.getClassLoader(), e);
    }
  }

  private static Class<?> classOf(String name, @Nullable ClassLoader loader, LinkageError failure) {
    try {
      return Class.forName(name, false, loader);
    } catch (ClassNotFoundException e) {
      throw failure;
    }
  }

  private static @Nullable Lookup shownTo(Class<?> type) {
    Loader loader = new Loader(type.getClassLoader());
    Module own = loader.getUnnamedModule();
    if (!type.getModule().isExported(type.getPackageName(), own)) {
      return null;
    }
    GluePlace.class.getModule().addReads(own);
    try {
      return in(loader.define(write(NAME)));
    } catch (IllegalAccessException e) {
      throw new AssertionError("the place of classes cannot be used; please report", e);
    }
  }

  private static Lookup in(Class<?> place) throws IllegalAccessException {
    try {
      return (Lookup)
          MethodHandles.privateLookupIn(place, MethodHandles.lookup())
              .findStatic(place, "lookup", MethodType.methodType(Lookup.class))
              .invokeExact();
    } catch (IllegalAccessException e) {
      throw e;
    } catch (Throwable e) {
      throw new AssertionError("the place of classes cannot be used; please report", e);
    }
  }

  private static byte[] write(String name) {
    int flags = ClassWriter.FINAL | ClassWriter.SYNTHETIC;
    ClassWriter out = new ClassWriter(flags, name, "java/lang/Object");
    Code code = new Code(out.pool, new int[0], 0);
    code.invokeStatic(LOOKUP);
    code.op(Jvm.ARETURN);
    out.method(ClassWriter.PRIVATE | ClassWriter.STATIC, "lookup", "()" + RESULT, code);
    return out.toBytes();
  }
}
