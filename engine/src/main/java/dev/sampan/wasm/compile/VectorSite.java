package dev.sampan.wasm.compile;

import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * A loop with vector instructions that has a second version, and what is known about its speed.
 *
 * <p>Vectors are two longs in ordinary code, which is right everywhere and fast at once, but far
 * from what a processor can do. The second version has objects of {@code jdk.incubator.vector} for
 * them, which HotSpot's optimizing compiler keeps in vector registers, and which are terribly slow
 * before it has compiled the loop. So a hot loop hands its state to the second version for a few
 * rounds at a time, gets it back, and goes on; the second version takes over when its rounds turn
 * out to be the faster ones. Where they never do, because HotSpot could not compile them, the
 * ordinary loop stays.
 *
 * <p>The state also goes there and back, for nothing, while the loop is new: HotSpot would
 * otherwise compile the ordinary loop on the assumption that this never happens, and throw the code
 * away when it does.
 *
 * <p>Several threads may run the same loop; what they do to the counters of each other is harmless.
 */
public final class VectorSite {

  /** Whether second versions run from the first round on, and are as often left: for tests. */
  private static final boolean ALWAYS = Boolean.getBoolean("sampan.vectors-always");

  /** Rounds of an ordinary loop between two looks at it. */
  private static final int PAUSE = 1_000;

  /** Looks until a loop is worth a second version. */
  private static final int HOT = 20;

  /**
   * Rounds of a visit as long as HotSpot has not compiled the method. With so few, it compiles the
   * method as it is entered; with more, it would first compile the running loop, and could not keep
   * vectors in registers there.
   */
  private static final int WARM_ROUNDS = 20;

  /**
   * A round that takes longer, in nanoseconds, has not been compiled at all: then a visit has but
   * one.
   */
  private static final int INTERPRETED = 50_000;

  /** Visits in a row at first, until HotSpot has seen enough. */
  private static final int WARM_VISITS = 900;

  /** Visits in a row later, when it may be compiling. */
  private static final int BURST_VISITS = 50;

  /** Rounds of a visit whose time is compared. */
  private static final int TRIAL_ROUNDS = 512;

  /** How much longer a round of a short visit may take, which is not exact. */
  private static final int TOLERANCE = 8;

  /** A round that takes longer, in nanoseconds, has not been compiled for good. */
  private static final int UNFINISHED = 500;

  /** Rounds of a visit in the end: they must not take long when HotSpot compiles anew. */
  private static final int FULL_ROUNDS = 1 << 13;

  /** Visits in a row that may be slow, because the processor was busy elsewhere. */
  private static final int SLOW_VISITS = 3;

  /** How many times longer than a burst the ordinary loop runs between two. */
  private static final int SHARE = 2;

  /** How often the ordinary loop must have been measured, as it may have been disturbed. */
  private static final int MEASUREMENTS = 3;

  /** How often the second version may lose until the next trials are far between. */
  private static final int PATIENCE = 500;

  private static final int LONG_PAUSE = 10_000_000;

  private enum State {
    NEW,
    MAKING,
    WARMING,
    ORDINARY,
    FASTER,
    USELESS
  }

  private final int function;
  private final int loop;
  private volatile State state = State.NEW;
  private volatile @Nullable VectorLoop second;

  /** Where the second version may come to an end, by the numbers of the loops. */
  private final Map<Long, VectorSite> others = new ConcurrentHashMap<>();

  /** Rounds until the next look. */
  private int left = ALWAYS ? 0 : PAUSE;

  private int visits;
  private int lost;
  private int pause;

  /** When the present visits, or the present pause, began. */
  private long began;

  /** What a round takes, in nanoseconds: of the ordinary loop, and of the last visit. */
  private double ordinaryTime;

  private int measured;
  private double visitTime = Double.MAX_VALUE;
  private int slow;

  /** What a round took when it was last run for another loop, in nanoseconds. */
  private double stepTime = UNFINISHED;

  /**
   * The site of a loop.
   *
   * @param function the function, imports counted
   * @param loop the number of the loop's instruction
   */
  public VectorSite(int function, int loop) {
    this.function = function;
    this.loop = loop;
  }

  /** Counts a round of the ordinary loop; yields whether it is time to look at it. */
  public static boolean isDue(VectorSite site) {
    return --site.left < 0;
  }

  /**
   * Looks at a loop, and may run rounds of its second version.
   *
   * @return the locals as they are then, or null if the function has ended
   */
  public static long @Nullable [] visit(
      @Nullable Object @Nullable [] references,
      long[] numbers,
      VectorSite site,
      CompiledInstance in) {
    return site.visit(references, numbers, in);
  }

  private long @Nullable [] visit(
      @Nullable Object @Nullable [] references, long[] numbers, CompiledInstance in) {
    VectorLoop loop = second;
    switch (state) {
      case NEW -> {
        left = PAUSE;
        if (ALWAYS) {
          make(in);
          return visit(references, numbers, in);
        }
        if (++visits == HOT) {
          visits = 0;
          state = State.MAKING;
          Thread.ofPlatform().daemon().name("sampan-vectors").start(() -> make(in));
        }
      }
      case MAKING -> left = PAUSE;
      case USELESS -> left = Integer.MAX_VALUE;
      case WARMING -> {
        if (loop != null) {
          return warm(loop, references, numbers, in);
        }
      }
      case ORDINARY -> {
        double time = (double) (System.nanoTime() - began) / pause;
        ordinaryTime = measured++ == 0 ? time : Math.min(time, ordinaryTime);
        begin();
      }
      case FASTER -> {
        if (loop != null) {
          return goOn(loop, references, numbers, in);
        }
      }
    }
    return numbers;
  }

  /** Begins a number of visits. */
  private void begin() {
    state = State.WARMING;
    visits = 0;
    left = 0;
    began = System.nanoTime();
  }

  /** A visit of a few rounds; the last one in a row shows whether HotSpot is so far. */
  private long @Nullable [] warm(
      VectorLoop loop,
      @Nullable Object @Nullable [] references,
      long[] numbers,
      CompiledInstance in) {
    left = 0;
    if (ALWAYS) {
      return timed(loop, references, numbers, visits++ % 3 + 1, in);
    }
    int rounds = visitTime > INTERPRETED ? 1 : WARM_ROUNDS;
    long[] after = timed(loop, references, numbers, rounds, in);
    if (++visits < (ordinaryTime == 0 ? WARM_VISITS : BURST_VISITS)) {
      return after;
    }
    if (after != null && visitTime < TOLERANCE * ordinaryTime) {
      after = timed(loop, references, after, TRIAL_ROUNDS, in);
      if (visitTime < ordinaryTime && measured >= MEASUREMENTS) {
        state = State.FASTER;
        slow = 0;
        return after;
      }
    }
    pause();
    return after;
  }

  /** Lets the ordinary loop run, to know its time, and because it is faster by now. */
  private void pause() {
    state = State.ORDINARY;
    long now = System.nanoTime();
    double rounds = ordinaryTime == 0 ? PAUSE : SHARE * (now - began) / ordinaryTime;
    pause = (int) Math.clamp(rounds, PAUSE, LONG_PAUSE);
    if (++lost > PATIENCE) {
      pause = LONG_PAUSE;
    }
    left = pause;
    began = now;
  }

  private long @Nullable [] goOn(
      VectorLoop loop,
      @Nullable Object @Nullable [] references,
      long[] numbers,
      CompiledInstance in) {
    left = 0;
    int rounds = slow == 0 ? FULL_ROUNDS : TRIAL_ROUNDS;
    long[] after = timed(loop, references, numbers, rounds, in);
    if (visitTime < ordinaryTime) {
      slow = 0;
      lost = 0;
    } else if (++slow > SLOW_VISITS) {
      begin();
    }
    return after;
  }

  private long @Nullable [] timed(
      VectorLoop loop,
      @Nullable Object @Nullable [] references,
      long[] numbers,
      int rounds,
      CompiledInstance in) {
    long began = System.nanoTime();
    long[] after = loop.run(references, numbers, rounds, in);
    visitTime = (double) (System.nanoTime() - began) / rounds;
    while (after != null && after[after.length - 1] != this.loop) {
      // the ordinary version can go on only where it has stopped
      GuardClass.stop(in);
      after = Objects.requireNonNull(others.get(after[after.length - 1])).step(after, in);
    }
    return after;
  }

  /** Runs rounds of this loop, to which the second version of another one has come. */
  private long @Nullable [] step(long[] numbers, CompiledInstance in) {
    VectorLoop loop = second;
    if (loop == null) {
      throw new AssertionError("loop " + this.loop + " has no second version; please report");
    }
    int rounds = ALWAYS ? 2 : stepTime < UNFINISHED ? FULL_ROUNDS : WARM_ROUNDS;
    long began = System.nanoTime();
    long[] after = loop.run(null, numbers, rounds, in);
    stepTime = (double) (System.nanoTime() - began) / rounds;
    return after;
  }

  private void make(CompiledInstance in) {
    State made = State.USELESS;
    try {
      if (VectorModule.load()) {
        if (isMade(in) && VectorApi.isComplete() && areOthersMade(in)) {
          made = State.WARMING;
        }
      }
    } catch (OutOfMemoryError e) {
      // the ordinary loop is still there
    } finally {
      state = made;
    }
  }

  private synchronized boolean isMade(CompiledInstance in) {
    if (second == null) {
      second = in.code.makeVectorLoop(function, loop);
    }
    return second != null;
  }

  private boolean areOthersMade(CompiledInstance in) {
    for (long other : Objects.requireNonNull(second).others()) {
      VectorSite site = in.code.vectorSite(function, (int) other);
      if (!site.isMade(in)) {
        return false;
      }
      others.put(other, site);
    }
    return true;
  }
}
