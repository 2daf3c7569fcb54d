package dev.sampan.wasm.runtime;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.invoke.MutableCallSite;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;

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

  private static final MethodHandle CALM = MethodHandles.constant(boolean.class, false);
  private static final MethodHandle ALARMED = MethodHandles.constant(boolean.class, true);
  private static final MethodType QUESTION = MethodType.methodType(boolean.class);

  /** All guards there are, for stops that concern code of unknown modules. */
  private static final List<WeakReference<Guard>> ALL = new ArrayList<>();

  private final MutableCallSite site = new MutableCallSite(CALM);
  private final MethodHandle question;
  private int armed;

  /** A calm guard. */
  public Guard() {
    question = LoopSafepoints.present() ? site.dynamicInvoker() : pending();
    synchronized (ALL) {
      ALL.removeIf(each -> each.get() == null);
      ALL.add(new WeakReference<>(this));
    }
  }

  private static MethodHandle pending() {
    try {
      return MethodHandles.lookup().findStatic(Interruptions.class, "arePending", QUESTION);
    } catch (ReflectiveOperationException e) {
      throw new AssertionError("the guard of loops cannot be made; please report", e);
    }
  }

  /** The question, without arguments; its result is a boolean. To be called through a constant. */
  public MethodHandle question() {
    return question;
  }

  /** Has the question answered with yes, until it has been disarmed as often. */
  synchronized void arm() {
    if (armed++ == 0) {
      site.setTarget(ALARMED);
      MutableCallSite.syncAll(new MutableCallSite[] {site});
    }
  }

  synchronized void disarm() {
    if (--armed == 0) {
      site.setTarget(CALM);
    }
  }

  static List<Guard> all() {
    synchronized (ALL) {
      return ALL.stream().map(WeakReference::get).filter(each -> each != null).toList();
    }
  }
}
