package dev.sampan.apps;

import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;

/**
 * The apps of a host by their names, whosever they are, and who is told when one comes or goes. May
 * be used by any number of threads.
 */
final class Apps {

  private final Map<String, ManagedApp> byName = new ConcurrentHashMap<>();

  /** Names of apps that are being installed. */
  private final Set<String> reserved = ConcurrentHashMap.newKeySet();

  private final List<AppHost.Watcher> watchers = new CopyOnWriteArrayList<>();

  /** The app of that name, if there is one. */
  Optional<ManagedApp> find(String name) {
    return Optional.ofNullable(byName.get(name));
  }

  /** All apps, as they are at each moment. */
  Collection<ManagedApp> all() {
    return Collections.unmodifiableCollection(byName.values());
  }

  /** The names of all apps, in their order. */
  List<String> names() {
    return List.copyOf(new TreeSet<>(byName.keySet()));
  }

  /** Tells somebody of the apps that are there, and of those that come and go. */
  void watch(AppHost.Watcher watcher) {
    watchers.add(watcher);
    byName.keySet().forEach(watcher::added);
  }

  /**
   * Does something while nobody else installs an app of that name: its record must not be written
   * by two at once.
   *
   * @throws AppException if somebody does so already
   */
  <T> T reserving(String name, Supplier<T> install) {
    if (!reserved.add(name)) {
      throw new AppException(
          AppException.Reason.EXISTS, "an app '" + name + "' is being installed already", null);
    }
    try {
      return install.get();
    } finally {
      reserved.remove(name);
    }
  }

  /** Adds an app; nobody is told before {@link #tellAdded}. */
  void add(String name, ManagedApp app) {
    byName.put(name, app);
  }

  /** Tells that there is another app. */
  void tellAdded(String name) {
    watchers.forEach(each -> each.added(name));
  }

  /** Forgets an app, and tells so. */
  void remove(String name) {
    byName.remove(name);
    watchers.forEach(each -> each.removed(name));
  }
}
