package dev.sampan.wasm.runtime;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Stops guests that run, those whose time is up and those that somebody wants to stop; and has
 * guests wait that are paused.
 *
 * <p>A request concerns the thread that is inside the instance, wherever it is: in a loop of the
 * instance's module, in one of another instance that it has called, in an instruction on gigabytes,
 * or blocked in the host. So the guard of the module's code is armed, then those of all modules;
 * the thread is interrupted; and instructions that may take long ask {@link #arePending}
 * themselves. What ends the guest is thrown in its thread, and guests cannot catch it.
 *
 * <p>A thread that does not come out, because the host does not react to interrupts, is tried again
 * from time to time; in between guards are calm.
 *
 * <p>A thread that is to wait is not interrupted, as what it does in the host is to be done. It
 * asks when it comes back from there. Where it does not, it is tried again, more and more rarely,
 * and by the guard of the instance's module alone: others must not become slower because a guest is
 * paused.
 *
 * <p>One thread of the process looks at the clock for all. It ends when there is nothing to wait
 * for.
 */
public final class Interruptions {

  /** So much later all guards are armed, not only that of the instance's module. */
  private static final long ESCALATE = TimeUnit.MILLISECONDS.toNanos(2);

  /** How long guards stay armed, and how long they are calm before they are armed again. */
  private static final long ALARM = TimeUnit.MILLISECONDS.toNanos(50);

  private static final long CALM = TimeUnit.MILLISECONDS.toNanos(100);

  /** How often the time of calm is doubled for a thread that is to wait. */
  private static final int DOUBLINGS = 4;

  /** How long the thread waits at most before it looks again, and ends if there is nothing. */
  private static final long IDLE = TimeUnit.MILLISECONDS.toNanos(500);

  private static final ReentrantLock LOCK = new ReentrantLock();
  private static final Condition CHANGED = LOCK.newCondition();

  /** Requests whose thread may still be inside, and has not heard of them. */
  private static final List<Interruption> REQUESTS = new ArrayList<>();

  /** Instances that have been inside since the thread last looked, and have a timeout. */
  private static final List<ModuleInstance> TIMED = new ArrayList<>();

  private static @Nullable Thread watch;

  /** When the thread looks again by itself. */
  private static long nextLook;

  /** How many requests there are of which all hear. Written under the lock, read without order. */
  private static int pending;

  /** How many requests there are. */
  private static volatile int present;

  private static final VarHandle PENDING;

  static {
    try {
      PENDING =
          MethodHandles.lookup().findStaticVarHandle(Interruptions.class, "pending", int.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private Interruptions() {}

  // ---- what running guests ask ----

  /** Whether any guest is to be stopped or to wait. */
  public static boolean arePending() {
    return (int) PENDING.getOpaque() != 0;
  }

  /**
   * Ends the guest that runs in the calling thread, if it is to be stopped, and lets it wait if it
   * is paused. To be called now and then by whatever takes long.
   */
  public static void poll() {
    if (arePending()) {
      check();
    }
  }

  /** The same after the thread was blocked, when requests may have become calm meanwhile. */
  static void pollAfterBlocking() {
    if (present != 0) {
      check();
    }
  }

  /** The same without a first look. */
  public static void check() {
    Thread current = Thread.currentThread();
    Interruption mine = null;
    LOCK.lock();
    try {
      for (Interruption each : REQUESTS) {
        if (each.instance.isInside(current) && !(mine instanceof StopRequest)) {
          mine = each;
        }
      }
    } finally {
      LOCK.unlock();
    }
    if (mine != null) {
      mine.instance.heed();
    }
  }

  // ---- requests ----

  /** Begins to do something about a request, which its instance knows already. */
  static void begin(Interruption request) {
    LOCK.lock();
    try {
      REQUESTS.add(request);
      advance(request, System.nanoTime());
      count();
      wakeWatch();
    } finally {
      LOCK.unlock();
    }
  }

  /** A thread has left an instance that is to be stopped. */
  static void left(StopRequest request) {
    LOCK.lock();
    try {
      if (request.interrupted == Thread.currentThread()) {
        // it has done its work, and what comes next in this thread is not concerned
        request.interrupted = null;
        Thread.interrupted();
      }
      end(request);
    } finally {
      LOCK.unlock();
    }
  }

  /** An instance does not know a request any more. */
  static void end(Interruption request) {
    LOCK.lock();
    try {
      disarm(request);
      if (REQUESTS.remove(request)) {
        count();
      }
      if (watch != null) {
        CHANGED.signal(); // where a guest was paused, its time has stood still
      }
    } finally {
      LOCK.unlock();
    }
  }

  private static void count() {
    int asking = 0;
    for (Interruption each : REQUESTS) {
      asking += each.isPending() ? 1 : 0;
    }
    PENDING.setVolatile(asking);
    present = REQUESTS.size();
  }

  /** Does the next thing about a request; yields whether there will be another. */
  private static boolean advance(Interruption request, long now) {
    return switch (request) {
      case StopRequest stop -> advance(stop, now);
      case PauseRequest pause -> advance(pause, now);
    };
  }

  private static boolean advance(StopRequest request, long now) {
    Thread inside = request.instance.inside();
    if (inside != null && inside != Thread.currentThread()) {
      interrupt(request, inside);
    }
    if (request.steps == 0) {
      arm(request, request.instance.module().executor().guards());
      // with nobody inside, another instance may be running its code all the same
      request.due = now + (inside == null ? ALARM : ESCALATE);
    } else if (request.steps % 2 == 1) {
      disarm(request);
      if (inside == null) {
        return false;
      }
      arm(request, Guard.all());
      request.due = now + ALARM;
    } else {
      disarm(request);
      request.due = now + CALM;
    }
    request.steps++;
    return true;
  }

  private static boolean advance(PauseRequest request, long now) {
    disarm(request);
    if (request.steps > 0 && request.isHeld()) {
      return false;
    }
    if (request.steps == 0) {
      arm(request, request.instance.module().executor().guards());
      request.due = now + (request.instance.inside() == null ? ALARM : ESCALATE);
    } else if (request.steps == 1) {
      arm(request, Guard.all());
      request.due = now + ALARM;
    } else if (request.steps % 2 == 1) {
      arm(request, request.instance.module().executor().guards());
      request.due = now + ALARM;
    } else {
      request.due = now + (CALM << Math.min(request.steps / 2 - 1, DOUBLINGS));
    }
    request.steps++;
    return true;
  }

  private static void interrupt(StopRequest request, Thread inside) {
    // after this the thread has seen the request, or has not: then it will when it leaves
    inside.getStackTrace();
    if (request.instance.isInside(inside)) {
      request.interrupted = inside;
      inside.interrupt();
    }
  }

  private static void arm(Interruption request, Iterable<Guard> guards) {
    guards.forEach(Guard::arm);
    request.armed = guards;
  }

  private static void disarm(Interruption request) {
    Iterable<Guard> guards = request.armed;
    if (guards != null) {
      request.armed = null;
      guards.forEach(Guard::disarm);
    }
  }

  // ---- time ----

  /**
   * Looks at the clock for an instance from now on, until it is found empty. Most calls are over
   * long before their time, and waking a thread costs more than many of them take: it is woken only
   * for one whose time is up before it looks again.
   */
  static void watch(ModuleInstance instance) {
    LOCK.lock();
    try {
      TIMED.add(instance);
      if (watch == null || instance.timeout() < nextLook - System.nanoTime()) {
        wakeWatch();
      }
    } finally {
      LOCK.unlock();
    }
  }

  /** Looks at the clock for an instance no longer, because it is closed. */
  static void forget(ModuleInstance instance) {
    LOCK.lock();
    try {
      TIMED.remove(instance);
    } finally {
      LOCK.unlock();
    }
  }

  private static void wakeWatch() {
    if (watch == null) {
      watch = Thread.ofPlatform().daemon().name("sampan-watch").start(Interruptions::run);
    } else {
      CHANGED.signal();
    }
  }

  private static void run() {
    LOCK.lock();
    try {
      while (true) {
        long now = System.nanoTime();
        long wait = Math.min(lookAtTimes(now), lookAtRequests(now));
        if (wait > 0 && await(Math.min(wait, IDLE), now) && TIMED.isEmpty() && REQUESTS.isEmpty()) {
          break;
        }
      }
    } catch (InterruptedException e) {
      // nobody has a reason to interrupt it; whoever needs it starts another one
    } finally {
      watch = null;
      LOCK.unlock();
    }
  }

  /** Waits until something has changed, or for the whole time; yields whether it was that. */
  private static boolean await(long nanos, long now) throws InterruptedException {
    nextLook = now + nanos;
    return CHANGED.awaitNanos(nanos) <= 0;
  }

  private static long lookAtTimes(long now) {
    long wait = Long.MAX_VALUE;
    List<StopRequest> late = new ArrayList<>();
    for (Iterator<ModuleInstance> all = TIMED.iterator(); all.hasNext(); ) {
      ModuleInstance each = all.next();
      long left = each.timeLeft(now);
      if (left == ModuleInstance.NOBODY_INSIDE) {
        if (each.unwatched()) {
          all.remove();
        } else {
          wait = 0;
        }
      } else if (left > 0) {
        wait = Math.min(wait, left);
      } else {
        StopRequest request = each.timeUp();
        if (request != null) {
          late.add(request);
        }
        if (each.isStopped()) {
          all.remove();
          each.forgotten();
        } else {
          wait = 0; // just now another call has begun, or the guest was paused
        }
      }
    }
    for (StopRequest each : late) {
      begin(each);
      wait = 0;
    }
    return wait;
  }

  private static long lookAtRequests(long now) {
    long wait = Long.MAX_VALUE;
    boolean changed = false;
    for (Iterator<Interruption> all = REQUESTS.iterator(); all.hasNext(); ) {
      Interruption each = all.next();
      if (each.due <= now) {
        changed = true;
        if (!advance(each, now)) {
          all.remove();
          continue;
        }
      }
      wait = Math.min(wait, Math.max(1, each.due - now));
    }
    if (changed) {
      count();
    }
    return wait;
  }
}
