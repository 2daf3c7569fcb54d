package dev.sampan.apps.device;

import com.sun.management.OperatingSystemMXBean;
import dev.sampan.apps.wire.Attribute;
import dev.sampan.apps.wire.AttributeContainer;
import dev.sampan.apps.wire.AttributeType;
import java.lang.management.ManagementFactory;
import java.util.Optional;

/**
 * The machine itself: {@code cpu} with {@code load}, from 0 for idle to 1 for all processors busy,
 * and their number {@code processors}; {@code memory} with {@code total} and {@code free} bytes.
 */
public final class MachineSensors implements SensorProvider {

  @Override
  public Optional<Sensor> sensor(String name, int instance) {
    if (instance != 0) {
      return Optional.empty();
    }
    return switch (name) {
      case "cpu" -> Optional.of(MachineSensors::cpu);
      case "memory" -> Optional.of(MachineSensors::memory);
      default -> Optional.empty();
    };
  }

  private static OperatingSystemMXBean machine() {
    return ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
  }

  private static AttributeContainer cpu() {
    OperatingSystemMXBean machine = machine();
    // below 0 if it is not known yet
    return AttributeContainer.tagged("cpu")
        .with("load", new Attribute.Fraction(Math.max(0, machine.getCpuLoad())))
        .with("processors", whole(AttributeType.INT32, machine.getAvailableProcessors()));
  }

  private static AttributeContainer memory() {
    OperatingSystemMXBean machine = machine();
    return AttributeContainer.tagged("memory")
        .with("total", whole(AttributeType.INT64, machine.getTotalMemorySize()))
        .with("free", whole(AttributeType.INT64, machine.getFreeMemorySize()));
  }

  private static Attribute whole(AttributeType type, long value) {
    return new Attribute.Whole(type, value);
  }
}
