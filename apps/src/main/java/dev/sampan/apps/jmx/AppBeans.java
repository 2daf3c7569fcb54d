package dev.sampan.apps.jmx;

import dev.sampan.apps.AppHost;
import java.lang.management.ManagementFactory;
import java.util.HashSet;
import java.util.Set;
import javax.management.InstanceAlreadyExistsException;
import javax.management.InstanceNotFoundException;
import javax.management.JMException;
import javax.management.MBeanServer;
import javax.management.ObjectName;

/** The beans of a host's apps in this Java virtual machine. */
public final class AppBeans implements AppHost.Watcher, AutoCloseable {

  private static final System.Logger LOG = System.getLogger(AppBeans.class.getName());

  private final AppHost host;
  private final MBeanServer server = ManagementFactory.getPlatformMBeanServer();
  private final Set<String> registered = new HashSet<>();
  private boolean closed;

  private AppBeans(AppHost host) {
    this.host = host;
  }

  /** Registers beans of all apps that there are, and of those that come. */
  public static AppBeans of(AppHost host) {
    AppBeans beans = new AppBeans(host);
    host.watch(beans);
    return beans;
  }

  private static ObjectName name(String app) throws JMException {
    return new ObjectName("dev.sampan:type=App,name=" + app);
  }

  @Override
  public synchronized void added(String app) {
    if (closed) {
      return;
    }
    try {
      server.registerMBean(new AppBean(host, app), name(app));
      registered.add(app);
    } catch (InstanceAlreadyExistsException e) {
      LOG.log(System.Logger.Level.WARNING, "another host here has an app '" + app + "', too");
    } catch (JMException e) {
      throw new AssertionError("a bean cannot be registered; please report", e);
    }
  }

  @Override
  public synchronized void removed(String app) {
    if (!registered.remove(app)) {
      return;
    }
    try {
      server.unregisterMBean(name(app));
    } catch (InstanceNotFoundException e) {
      // somebody else has removed it
    } catch (JMException e) {
      throw new AssertionError("a bean cannot be removed; please report", e);
    }
  }

  /** Removes all of them. */
  @Override
  public synchronized void close() {
    closed = true;
    Set.copyOf(registered).forEach(this::removed);
  }
}
