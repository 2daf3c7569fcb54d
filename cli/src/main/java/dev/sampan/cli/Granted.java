package dev.sampan.cli;

import dev.sampan.apps.AppName;
import dev.sampan.apps.Permissions;
import dev.sampan.apps.Topics;
import dev.sampan.apps.event.TopicFilter;
import dev.sampan.wasi.Policy;
import java.util.ArrayList;
import java.util.List;

/**
 * All that a command line and its files grant.
 *
 * @param policy what every guest can use
 * @param publish filters of topics on which an app may publish
 * @param subscribe filters of topics of which an app may hear
 * @param requests names of apps that an app may ask
 * @param devices names of devices that an app may use
 * @param elsewhere whether folders are those of another machine, where nobody can look from here
 */
record Granted(
    Policy policy,
    List<String> publish,
    List<String> subscribe,
    List<String> requests,
    List<String> devices,
    boolean elsewhere) {

  /** Stands for all names. */
  private static final String ALL = "*";

  /** What a policy grants, and nothing that only apps have. */
  static Granted of(Policy policy) {
    return new Granted(policy, List.of(), List.of(), List.of(), List.of(), false);
  }

  /** The same on another machine, or not. */
  Granted elsewhere(boolean on) {
    return new Granted(policy, publish, subscribe, requests, devices, on);
  }

  /** The same with another policy. */
  Granted policy(Policy other) {
    return new Granted(other, publish, subscribe, requests, devices, elsewhere);
  }

  /** The same with leave to publish on topics. */
  Granted publish(String filter) {
    Topics.requirePublishable(filter);
    return new Granted(policy, with(publish, filter), subscribe, requests, devices, elsewhere);
  }

  /** The same with leave to hear of topics. */
  Granted subscribe(String filter) {
    TopicFilter.of(filter);
    return new Granted(policy, publish, with(subscribe, filter), requests, devices, elsewhere);
  }

  /** The same with leave to ask an app. */
  Granted request(String app) {
    if (!app.equals(ALL)) {
      AppName.require(app);
    }
    return new Granted(policy, publish, subscribe, with(requests, app), devices, elsewhere);
  }

  /** The same with leave to use a sensor or a serial port. */
  Granted device(String name) {
    return new Granted(policy, publish, subscribe, requests, with(devices, name), elsewhere);
  }

  private static List<String> with(List<String> before, String more) {
    List<String> all = new ArrayList<>(before);
    all.add(more);
    return all;
  }

  /** The permissions of an app. */
  Permissions permissions() {
    return Permissions.of(policy)
        .topics(publish, subscribe)
        .requests(requests.toArray(String[]::new))
        .devices(devices.toArray(String[]::new));
  }
}
