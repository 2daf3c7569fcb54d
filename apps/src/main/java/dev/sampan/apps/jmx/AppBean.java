package dev.sampan.apps.jmx;

import dev.sampan.apps.AppException;
import dev.sampan.apps.AppHost;
import java.util.function.Consumer;

/** An app of a host, by its name. */
final class AppBean implements AppMXBean {

  private final AppHost host;
  private final String name;

  AppBean(AppHost host, String name) {
    this.host = host;
    this.name = name;
  }

  @Override
  public String getState() {
    return host.status(name).state().word();
  }

  @Override
  public String getReason() {
    return host.status(name).state().reason().orElse("");
  }

  @Override
  public int getRevision() {
    return host.status(name).current();
  }

  @Override
  public int getRestarts() {
    return host.status(name).restarts();
  }

  @Override
  public long getMemory() {
    return host.memory(name);
  }

  @Override
  public long getFuel() {
    return host.stats(name).fuel();
  }

  @Override
  public double getCpuSeconds() {
    return host.stats(name).cpuSeconds();
  }

  @Override
  public long getCalls() {
    return host.stats(name).calls();
  }

  @Override
  public long getErrors() {
    return host.stats(name).errors();
  }

  @Override
  public long getRefused() {
    return host.stats(name).refused();
  }

  @Override
  public void start() {
    perform(host::start);
  }

  @Override
  public void stop() {
    perform(host::stop);
  }

  @Override
  public void restart() {
    perform(host::restart);
  }

  /** Whoever asks from another process does not have our exceptions. */
  private void perform(Consumer<String> verb) {
    try {
      verb.accept(name);
    } catch (AppException e) {
      throw new IllegalStateException(e.getMessage());
    }
  }
}
