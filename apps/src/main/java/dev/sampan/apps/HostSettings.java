package dev.sampan.apps;

import dev.sampan.apps.device.Devices;
import java.nio.file.Path;

/**
 * What a host is made of.
 *
 * @param home where it keeps everything; nobody else may use it
 * @param maxModuleBytes how long a module may be
 * @param maxCalls how many requests guests may handle at once, all functions together
 * @param devices the sensors and serial ports that apps may be granted
 */
public record HostSettings(Path home, long maxModuleBytes, int maxCalls, Devices devices) {

  /** Modules up to 256 MiB, 256 requests at once, and the devices that every machine has. */
  public static HostSettings at(Path home) {
    return new HostSettings(home, 256L << 20, 256, Devices.STANDARD);
  }

  /** The same with another limit for the length of modules, in bytes. */
  public HostSettings maxModuleBytes(long max) {
    return new HostSettings(home, max, maxCalls, devices);
  }

  /** The same with other devices. */
  public HostSettings devices(Devices others) {
    return new HostSettings(home, maxModuleBytes, maxCalls, others);
  }
}
