package dev.sampan.apps.service;

import dev.sampan.apps.device.Sensor;
import dev.sampan.apps.wire.Attribute;
import dev.sampan.apps.wire.AttributeContainer;
import dev.sampan.apps.wire.AttributeType;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The sensors that one app has open. Each is read as often as this app wants. */
final class Sensors {

  private static final int MAX = 64;
  private static final long NANOS = 1_000_000;
  private static final long NEVER = Long.MAX_VALUE;

  /** One that is open. */
  private static final class Open {
    final String name;
    final int instance;
    final Sensor sensor;
    long interval;
    long due;

    Open(String name, int instance, Sensor sensor) {
      this.name = name;
      this.instance = instance;
      this.sensor = sensor;
    }
  }

  /** A sensor that is to be read. */
  record Due(int id, String name, Sensor sensor) {}

  private final Map<Integer, Open> open = new HashMap<>();
  private int lastId;

  /** Whether the app has a sensor open already, or too many. */
  synchronized boolean refuses(String name, int instance) {
    return open.size() == MAX
        || open.values().stream()
            .anyMatch(each -> each.name.equals(name) && each.instance == instance);
  }

  /**
   * Opens a sensor, which is read as often as it suggests itself.
   *
   * @param now the time in nanoseconds, as for all methods
   * @return its number
   */
  synchronized int open(String name, int instance, Sensor sensor, long now) {
    Open one = new Open(name, instance, sensor);
    one.interval = Math.max(NANOS, sensor.interval().toNanos());
    one.due = now + one.interval;
    open.put(++lastId, one);
    return lastId;
  }

  /**
   * Changes how often a sensor is read.
   *
   * @param millis the interval; with 0 it is not read any more
   * @return whether the app has such a sensor
   */
  synchronized boolean configure(int id, long millis, int bits, int delay, long now) {
    Open one = open.get(id);
    if (one == null) {
      return false;
    }
    one.interval = millis * NANOS;
    one.due = millis == 0 ? NEVER : now + one.interval;
    one.sensor.configure(
        AttributeContainer.tagged("config sensor")
            .with("interval", number((int) millis))
            .with("bit_cfg", number(bits))
            .with("delay", number(delay)));
    return true;
  }

  private static Attribute number(int value) {
    return new Attribute.Whole(AttributeType.INT32, value);
  }

  /** The sensor of a number, or null if the app has none. */
  synchronized @Nullable Sensor sensor(int id) {
    Open one = open.get(id);
    return one == null ? null : one.sensor;
  }

  /** Closes a sensor. */
  synchronized boolean close(int id) {
    return open.remove(id) != null;
  }

  /** When the next sensor is to be read; far away if none is. */
  synchronized long nextDue() {
    long next = NEVER;
    for (Open each : open.values()) {
      next = Math.min(next, each.due);
    }
    return next;
  }

  /** A sensor that was to be read and was not, or null. */
  synchronized @Nullable Due take(long now) {
    for (Map.Entry<Integer, Open> each : open.entrySet()) {
      Open one = each.getValue();
      if (one.due <= now) {
        one.due = Math.max(one.due + one.interval, now + 1);
        return new Due(each.getKey(), one.name, one.sensor);
      }
    }
    return null;
  }
}
