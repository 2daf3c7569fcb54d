package dev.sampan.apps.jmx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sampan.apps.AppHost;
import dev.sampan.apps.HostSettings;
import dev.sampan.apps.Manifest;
import dev.sampan.apps.TestGuests;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.Set;
import java.util.stream.Collectors;
import javax.management.JMX;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class AppBeansTest {

  @TempDir Path home;
  private final MBeanServer server = ManagementFactory.getPlatformMBeanServer();
  private AppHost host;
  private AppBeans beans;

  @BeforeEach
  void open() throws IOException {
    host = AppHost.open(HostSettings.at(home));
    host.install("early", Manifest.PROGRAM, TestGuests.module(TestGuests.spins()));
    beans = AppBeans.of(host);
  }

  @AfterEach
  void close() throws IOException {
    beans.close();
    host.close();
  }

  private Set<String> names() throws Exception {
    return server.queryNames(new ObjectName("dev.sampan:type=App,*"), null).stream()
        .map(name -> name.getKeyProperty("name"))
        .collect(Collectors.toSet());
  }

  private AppMXBean bean(String app) throws Exception {
    return JMX.newMXBeanProxy(
        server, new ObjectName("dev.sampan:type=App,name=" + app), AppMXBean.class);
  }

  @Test
  void beansComeAndGoWithTheirApps() throws Exception {
    assertThat(names()).containsExactly("early");
    host.install("late", Manifest.PROGRAM, TestGuests.module(TestGuests.exits(0)));
    assertThat(names()).containsExactlyInAnyOrder("early", "late");
    host.remove("early", false);
    assertThat(names()).containsExactly("late");
    beans.close();
    assertThat(names()).isEmpty();
    host.install("later", Manifest.PROGRAM, TestGuests.module(TestGuests.exits(0)));
    assertThat(names()).isEmpty();
  }

  @Test
  void beanTellsAndDoes() throws Exception {
    AppMXBean early = bean("early");
    assertThat(early.getState()).isEqualTo("installed");
    early.start();
    assertThat(early.getState()).isEqualTo("running");
    assertThat(early.getRevision()).isEqualTo(1);
    assertThat(early.getReason()).isEmpty();
    while (early.getCpuSeconds() < 0.01) {
      Thread.onSpinWait();
    }
    early.restart();
    assertThat(early.getState()).isEqualTo("running");
    early.stop();
    assertThat(early.getState()).isEqualTo("stopped");
    assertThat(early.getMemory()).isZero();
    assertThat(early.getFuel()).isZero();
    assertThat(early.getRestarts()).isZero();
    assertThat(early.getCalls() + early.getErrors() + early.getRefused()).isZero();
  }

  @Test
  void failureIsToldInWordsThatEveryClientHas() throws Exception {
    host.start("early");
    host.pause("early");
    assertThatThrownBy(
            () ->
                server.invoke(
                    new ObjectName("dev.sampan:type=App,name=early"), "start", null, null))
        .hasRootCauseInstanceOf(IllegalStateException.class)
        .hasStackTraceContaining("expected it to be stopped");
  }
}
