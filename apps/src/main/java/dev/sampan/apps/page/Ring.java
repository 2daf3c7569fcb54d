package dev.sampan.apps.page;

import java.util.Arrays;

/**
 * The latest values of something that is looked at again and again. As long as it never changes it
 * takes no room: most apps do nothing most of the time, and a host may have many.
 */
final class Ring {

  private static final float[] NONE = {};

  private final int capacity;
  private float first;
  private float[] values = NONE;

  /** How many have come in all. */
  private long count;

  Ring(int capacity) {
    this.capacity = capacity;
  }

  void add(float value) {
    if (count == 0) {
      first = value;
    } else if (values.length == 0 && value != first) {
      values = new float[capacity];
      Arrays.fill(values, first);
    }
    if (values.length > 0) {
      values[(int) (count % capacity)] = value;
    }
    count++;
  }

  /** The latest values, the oldest first: all that there are, but no more than so many. */
  float[] latest(int max) {
    int n = (int) Math.min(Math.min(count, capacity), max);
    float[] latest = new float[n];
    if (values.length == 0) {
      Arrays.fill(latest, first);
    } else {
      for (int i = 0; i < n; i++) {
        latest[i] = values[(int) ((count - n + i) % capacity)];
      }
    }
    return latest;
  }
}
