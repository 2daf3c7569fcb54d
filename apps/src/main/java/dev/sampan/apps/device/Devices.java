package dev.sampan.apps.device;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The devices of a host. Immutable: each method that is given something returns a changed copy.
 *
 * @param sensors who knows sensors; the first that knows one counts
 * @param ports who knows serial ports; the first that knows one counts
 */
public record Devices(List<SensorProvider> sensors, List<SerialProvider> ports) {

  /** {@link SimulatedSensors} and {@link MachineSensors}, and no serial port. */
  public static final Devices STANDARD =
      new Devices(List.of(new SimulatedSensors(), new MachineSensors()), List.of());

  /** Keeps copies. */
  public Devices {
    sensors = List.copyOf(sensors);
    ports = List.copyOf(ports);
  }

  /** With further sensors, which come before those that are there. */
  public Devices with(SensorProvider provider) {
    List<SensorProvider> all = new ArrayList<>(sensors);
    all.addFirst(provider);
    return new Devices(all, ports);
  }

  /** With further serial ports, which come before those that are there. */
  public Devices with(SerialProvider provider) {
    List<SerialProvider> all = new ArrayList<>(ports);
    all.addFirst(provider);
    return new Devices(sensors, all);
  }

  /** A sensor, or empty if nobody knows it. */
  public Optional<Sensor> sensor(String name, int instance) {
    return sensors.stream().flatMap(each -> each.sensor(name, instance).stream()).findFirst();
  }

  /** A serial port that has been opened, or empty if nobody knows it. */
  public Optional<SerialProvider.Port> port(
      String device, int baudRate, SerialProvider.Receiver receiver) throws IOException {
    for (SerialProvider each : ports) {
      Optional<SerialProvider.Port> port = each.open(device, baudRate, receiver);
      if (port.isPresent()) {
        return port;
      }
    }
    return Optional.empty();
  }
}
