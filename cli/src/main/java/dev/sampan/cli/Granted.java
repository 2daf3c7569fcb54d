package dev.sampan.cli;

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
 */
record Granted(Policy policy, List<String> publish, List<String> subscribe) {

  /** What a policy grants, and no topics. */
  static Granted of(Policy policy) {
    return new Granted(policy, List.of(), List.of());
  }

  /** The same with another policy. */
  Granted policy(Policy other) {
    return new Granted(other, publish, subscribe);
  }

  /** The same with leave to publish on topics. */
  Granted publish(String filter) {
    Topics.requirePublishable(filter);
    return new Granted(policy, with(publish, filter), subscribe);
  }

  /** The same with leave to hear of topics. */
  Granted subscribe(String filter) {
    TopicFilter.of(filter);
    return new Granted(policy, publish, with(subscribe, filter));
  }

  private static List<String> with(List<String> filters, String filter) {
    List<String> all = new ArrayList<>(filters);
    all.add(filter);
    return all;
  }

  /** The permissions of an app. */
  Permissions permissions() {
    return Permissions.of(policy).topics(publish, subscribe);
  }
}
