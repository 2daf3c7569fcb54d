package dev.sampan.apps.device;

import dev.sampan.apps.wire.Attribute;
import dev.sampan.apps.wire.AttributeContainer;
import java.util.Optional;
import java.util.Set;

/** {@code sensor_test1} and {@code sensor_test2}, which always read the same, to try apps out. */
public final class SimulatedSensors implements SensorProvider {

  private static final Set<String> NAMES = Set.of("sensor_test1", "sensor_test2");

  private static final AttributeContainer READING =
      AttributeContainer.tagged("").with("name", new Attribute.Text("read test sensor"));

  private static final Sensor SENSOR =
      new Sensor() {
        @Override
        public AttributeContainer read() {
          return READING;
        }

        @Override
        public boolean configure(AttributeContainer wishes) {
          return true;
        }
      };

  @Override
  public Optional<Sensor> sensor(String name, int instance) {
    return NAMES.contains(name) && instance == 0 ? Optional.of(SENSOR) : Optional.empty();
  }
}
