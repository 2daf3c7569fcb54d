package dev.sampan.apps;

import dev.sampan.apps.device.Devices;
import dev.sampan.apps.mqtt.MqttSettings;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Optional;

/**
 * What a host is made of.
 *
 * @param home where it keeps everything; nobody else may use it
 * @param maxModuleBytes how long a module may be
 * @param maxCalls how many requests guests may handle at once, all functions together
 * @param clock what schedules go by
 * @param devices the sensors and serial ports that apps may be granted
 * @param mqtt the broker to which events go, and from which they come
 */
public record HostSettings(
    Path home,
    long maxModuleBytes,
    int maxCalls,
    InstantSource clock,
    Devices devices,
    Optional<MqttSettings> mqtt) {

  /** Modules up to 256 MiB, 256 requests at once, the system's clock and the machine's devices. */
  public static HostSettings at(Path home) {
    return new HostSettings(
        home, 256L << 20, 256, InstantSource.system(), Devices.STANDARD, Optional.empty());
  }

  /** The same with other limits. */
  public HostSettings limits(long newMaxModuleBytes, int newMaxCalls) {
    return new HostSettings(home, newMaxModuleBytes, newMaxCalls, clock, devices, mqtt);
  }

  /** The same with another clock. */
  public HostSettings clock(InstantSource other) {
    return new HostSettings(home, maxModuleBytes, maxCalls, other, devices, mqtt);
  }

  /** The same with other devices. */
  public HostSettings devices(Devices others) {
    return new HostSettings(home, maxModuleBytes, maxCalls, clock, others, mqtt);
  }

  /** The same with a broker. */
  public HostSettings mqtt(MqttSettings broker) {
    return new HostSettings(home, maxModuleBytes, maxCalls, clock, devices, Optional.of(broker));
  }
}
