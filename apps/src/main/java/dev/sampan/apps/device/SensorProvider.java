package dev.sampan.apps.device;

import java.util.Optional;

/** Knows sensors. May be used by any number of threads. */
@FunctionalInterface
public interface SensorProvider {

  /**
   * A sensor.
   *
   * @param name what it measures
   * @param instance which one, if there are several of that name; 0 for the first
   * @return empty if there is none
   */
  Optional<Sensor> sensor(String name, int instance);
}
