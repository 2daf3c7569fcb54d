package dev.sampan.apps.service;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sampan.apps.AppHost;
import dev.sampan.apps.HostSettings;
import dev.sampan.apps.device.Devices;
import dev.sampan.apps.wire.Response;
import java.io.IOException;
import java.nio.file.Path;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Tests with a host of their own. */
@Timeout(120)
abstract class HostedTest {

  static final byte[] NOTHING = new byte[0];

  @TempDir Path home;
  AppHost host;

  /** The devices of the host. */
  Devices devices() {
    return Devices.STANDARD;
  }

  @BeforeEach
  void open() throws IOException {
    host = AppHost.open(HostSettings.at(home).devices(devices()));
  }

  @AfterEach
  void close() throws IOException {
    host.close();
  }

  String word(String name) {
    return host.status(name).state().word();
  }

  String log(String name) {
    return String.join("\n", host.log(name).tail(1_000));
  }

  static void eventually(BooleanSupplier condition, String what) {
    long end = System.nanoTime() + 20_000_000_000L;
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).as(what).isLessThan(end);
      try {
        Thread.sleep(2);
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
    }
  }

  static Response answered(Framework.Outcome outcome) {
    assertThat(outcome).isInstanceOf(Framework.Outcome.Answered.class);
    return ((Framework.Outcome.Answered) outcome).response();
  }

  static Framework.Refusal refused(Framework.Outcome outcome) {
    assertThat(outcome).isInstanceOf(Framework.Outcome.Refused.class);
    return ((Framework.Outcome.Refused) outcome).refusal();
  }
}
