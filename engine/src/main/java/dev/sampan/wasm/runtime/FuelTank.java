package dev.sampan.wasm.runtime;

import dev.sampan.wasm.ExhaustedException;
import dev.sampan.wasm.Fuel;
import dev.sampan.wasm.Resource;

/** The fuel of an instance. It belongs to the thread that is inside. */
public final class FuelTank implements Fuel {

  /** What is left; negative only until that has been noticed. For executors. */
  public long left;

  private long given;

  FuelTank(long units) {
    given = units;
    left = units;
  }

  /** Takes fuel for a stretch of code. */
  public static void take(int units, FuelTank tank) {
    if ((tank.left -= units) < 0) {
      throw tank.empty();
    }
  }

  /** Takes fuel for a range whose size counts unsigned. */
  public static void takeForRange(long size, int log2, FuelTank tank) {
    long units = size >>> log2;
    if (Long.compareUnsigned(units, tank.left) > 0) {
      throw tank.empty();
    }
    tank.left -= units;
  }

  /** The failure of a guest that has run out: all of its fuel is used. */
  public ExhaustedException empty() {
    left = 0;
    return new ExhaustedException(Resource.FUEL, given, given);
  }

  @Override
  public long remaining() {
    return left;
  }

  @Override
  public long used() {
    return given - left;
  }

  @Override
  public void add(long units) {
    if (units <= 0 || units > Long.MAX_VALUE - given) {
      throw new IllegalArgumentException("fuel cannot be added: " + units + " to " + given);
    }
    given += units;
    left += units;
  }

  @Override
  public void consume(long units) {
    if (units < 0) {
      throw new IllegalArgumentException("fuel cannot be consumed: " + units);
    }
    takeForRange(units, 0, this);
  }

  /** Fills up to what there was at the beginning, and forgets what was used. */
  void reset(long units) {
    given = units;
    left = units;
  }
}
