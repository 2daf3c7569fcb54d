package dev.sampan.apps.device;

import dev.sampan.apps.wire.AttributeContainer;
import java.time.Duration;

/** Something that can be read again and again. May be used by any number of threads. */
public interface Sensor {

  /** How often it is read for an app that says nothing else. */
  default Duration interval() {
    return Duration.ofSeconds(1);
  }

  /**
   * Reads it. The app waits meanwhile, so this must be quick: a sensor that is slow hands out its
   * latest value.
   */
  AttributeContainer read();

  /**
   * Takes an app's wishes. One that comes from {@code wasm_sensor_config} is called {@code config
   * sensor} and has {@code interval}, {@code bit_cfg} and {@code delay}; the interval is heeded by
   * the host.
   *
   * @return whether it heeds them
   */
  default boolean configure(AttributeContainer wishes) {
    return false;
  }
}
