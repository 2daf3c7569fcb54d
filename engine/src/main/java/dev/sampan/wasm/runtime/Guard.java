package dev.sampan.wasm.runtime;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.invoke.MutableCallSite;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The question that compiled code asks in each loop and each function that calls: is anybody to be
 * stopped? The answer is a constant of a call site, so that HotSpot's compilers leave the question
 * out. Arming the guard makes another constant of it, and HotSpot throws away what it has compiled
 * on the other assumption, while it runs.
 *
 * <p>Running code can be thrown away only where it polls for safepoints, and some collectors let
 * HotSpot leave polls out of loops that it counts. With those the question is a real one.
 *
 * <p>Each module's code has its own guard, so that stopping one guest does not slow down others.
 */
public final class Guard {

  private static final MethodHandle CALM = answer("calm");
  private static final MethodHandle ALARMED = answer("alarmed");

  /** All guards there are, for stops that concern code of unknown modules. */
  private static final List<WeakReference<Guard>> ALL = new ArrayList<>();

  private final MutableCallSite site;

  /** Whether the code polls wherever it asks, so that it can be thrown away there. */
  private final boolean polls;

  private int armed;

  /** A calm guard of loops of any shape. */
  public Guard() {
    this(LoopSafepoints.present());
  }

  /**
   * A calm guard.
   *
   * @param polls whether the code that asks has a safepoint poll in each of its loops
   */
  public Guard(boolean polls) {
    this.polls = polls;
    this.site = new MutableCallSite(polls ? CALM : answer("pending"));
    synchronized (ALL) {
      ALL.removeIf(each -> each.get() == null);
      ALL.add(new WeakReference<>(this));
    }
  }

  // Methods that yield an object, and not constants or booleans: for these the Java virtual machine
  // has all that it needs in its archive of classes, and would make classes for others.

  private static MethodHandle answer(String name) {
    try {
      return MethodHandles.lookup()
          .findStatic(Guard.class, name, MethodType.methodType(Object.class));
    } catch (ReflectiveOperationException e) {
      throw new AssertionError("the guard of loops cannot be made; please report", e);
    }
  }

  private static @Nullable Object calm() {
    return null;
  }

  private static @Nullable Object alarmed() {
    return ALL;
  }

  private static @Nullable Object pending() {
    return Interruptions.arePending() ? ALL : null;
  }

  /**
   * The question: the site's target, without arguments, yields null if all is calm. To be read from
   * a constant.
   */
  public MutableCallSite question() {
    return site;
  }

  /** Has the question answered with yes, until it has been disarmed as often. */
  synchronized void arm() {
    if (armed++ == 0 && polls) {
      site.setTarget(ALARMED);
      MutableCallSite.syncAll(new MutableCallSite[] {site});
    }
  }

  synchronized void disarm() {
    if (--armed == 0 && polls) {
      site.setTarget(CALM);
    }
  }

  static List<Guard> all() {
    synchronized (ALL) {
      return ALL.stream().map(WeakReference::get).filter(Objects::nonNull).toList();
    }
  }
}
