package dev.sampan.apps;

import dev.sampan.apps.event.TopicFilter;
import dev.sampan.wasi.NetworkGrant;
import dev.sampan.wasi.Policy;
import dev.sampan.wasi.Rights;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;

/**
 * A {@link Policy} as plain data, which can be kept and sent: what the instances of an app may do,
 * and how much each may use. Standard streams are always granted, for they are how a function gets
 * its requests, and the log of a program.
 *
 * @param env variables of the environment
 * @param directories granted directories
 * @param network grants in the text form of {@link NetworkGrant}
 * @param lookups names of hosts that may be looked up beside those
 * @param listeners {@code ADDRESS:PORT} of sockets that listen, in the order of their descriptors
 * @param publish filters of the topics on which it may publish
 * @param subscribe filters of the topics of which it may hear
 * @param requests names of apps that it may ask something, {@code *} for all
 * @param devices names of sensors and serial ports that it may use, {@code *} for all
 * @param clocks whether the time may be known
 * @param random whether there are random numbers
 */
public record Permissions(
    Map<String, String> env,
    List<Directory> directories,
    List<String> network,
    List<String> lookups,
    List<String> listeners,
    List<String> publish,
    List<String> subscribe,
    List<String> requests,
    List<String> devices,
    boolean clocks,
    boolean random,
    Limits limits) {

  /** Stands for all names. */
  private static final String ALL = "*";

  /**
   * A granted directory.
   *
   * @param host where it is, absolute
   * @param guest what the guest calls it
   * @param rights what the guest may do there
   * @param maxBytes by how much it may grow through one instance
   */
  public record Directory(String host, String guest, Rights rights, long maxBytes) {}

  /**
   * What one instance may use at most.
   *
   * @param maxMemory bytes of memories, tables, structures and arrays
   * @param maxTableElements elements of tables
   * @param fuel how much it may execute in the engine's unit; nothing is counted if empty
   * @param timeout how long a call may take
   * @param maxThreads threads beside its first
   * @param maxOpenFiles descriptors that are open at once
   * @param maxOutput bytes of standard output and error
   * @param maxDisk bytes by which all directories together may grow
   */
  public record Limits(
      long maxMemory,
      long maxTableElements,
      OptionalLong fuel,
      Optional<Duration> timeout,
      int maxThreads,
      int maxOpenFiles,
      long maxOutput,
      long maxDisk) {}

  /**
   * Nothing granted but the time and random numbers; 256 MiB of memory, a million table elements,
   * 256 open files, 1 GiB of output and on disk, no further threads.
   */
  public static final Permissions NONE =
      new Permissions(
          Map.of(),
          List.of(),
          List.of(),
          List.of(),
          List.of(),
          List.of(),
          List.of(),
          List.of(),
          List.of(),
          true,
          true,
          new Limits(
              256L << 20,
              1_000_000,
              OptionalLong.empty(),
              Optional.empty(),
              0,
              256,
              1L << 30,
              1L << 30));

  /** Checks all there is, so that what has been accepted can be put into effect. */
  public Permissions {
    env = Collections.unmodifiableMap(new TreeMap<>(env));
    directories = List.copyOf(directories);
    network = List.copyOf(network);
    lookups = List.copyOf(lookups);
    listeners = List.copyOf(listeners);
    publish = List.copyOf(publish);
    subscribe = List.copyOf(subscribe);
    requests = List.copyOf(requests);
    devices = List.copyOf(devices);
    for (String app : requests) {
      if (!app.equals(ALL)) {
        AppName.require(app);
      }
    }
    try {
      publish.forEach(Topics::requirePublishable);
      subscribe.forEach(TopicFilter::of);
      PolicyForm.policy(env, directories, network, lookups, listeners, clocks, random, limits);
    } catch (IllegalArgumentException e) {
      throw new AppException(AppException.Reason.INVALID, String.valueOf(e.getMessage()), e);
    }
  }

  /**
   * What a policy says; variables that it inherits are as they are in this process now. A policy
   * knows no topics.
   */
  public static Permissions of(Policy policy) {
    return PolicyForm.permissions(policy);
  }

  /** The same with other topics on which it may publish, and of which it may hear. */
  public Permissions topics(List<String> newPublish, List<String> newSubscribe) {
    return new Permissions(
        env,
        directories,
        network,
        lookups,
        listeners,
        newPublish,
        newSubscribe,
        requests,
        devices,
        clocks,
        random,
        limits);
  }

  /** The same, and it may ask apps. */
  public Permissions requests(String... apps) {
    return new Permissions(
        env,
        directories,
        network,
        lookups,
        listeners,
        publish,
        subscribe,
        List.of(apps),
        devices,
        clocks,
        random,
        limits);
  }

  /** The same, and it may use devices. */
  public Permissions devices(String... names) {
    return new Permissions(
        env,
        directories,
        network,
        lookups,
        listeners,
        publish,
        subscribe,
        requests,
        List.of(names),
        clocks,
        random,
        limits);
  }

  /** Whether it may ask an app something. */
  public boolean mayRequest(String app) {
    return requests.contains(ALL) || requests.contains(app);
  }

  /** Whether it may use a sensor or a serial port. */
  public boolean mayUse(String device) {
    return devices.contains(ALL) || devices.contains(device);
  }

  /** Whether it may publish on a topic. */
  public boolean mayPublish(String topic) {
    return Topics.mayPublish(publish, topic);
  }

  /** Whether it may hear of all topics that a filter means. */
  public boolean maySubscribe(TopicFilter filter) {
    return Topics.maySubscribe(subscribe, filter);
  }

  /** The policy, to be put into effect. */
  public Policy policy() {
    return PolicyForm.policy(env, directories, network, lookups, listeners, clocks, random, limits);
  }
}
