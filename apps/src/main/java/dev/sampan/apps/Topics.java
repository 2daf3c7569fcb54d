package dev.sampan.apps;

import dev.sampan.apps.event.Event;
import dev.sampan.apps.event.TopicFilter;
import java.util.List;
import java.util.Optional;

/** What grants for topics mean. */
public final class Topics {

  private Topics() {}

  /**
   * Checks a grant to publish.
   *
   * @throws IllegalArgumentException if it is no filter, or lets an app speak in the host's name
   */
  public static void requirePublishable(String filter) {
    TopicFilter.of(filter);
    if (filter.startsWith(Event.RESERVED)) {
      throw new IllegalArgumentException(
          ("expected topics to publish on that do not begin with '%s', which are the host's;"
                  + " found '%s'")
              .formatted(Event.RESERVED, filter));
    }
  }

  /**
   * Checks what a trigger is about.
   *
   * @throws AppException if something is no filter or topic, or the app would run for its own reply
   *     again and again
   */
  static void requireNoLoop(List<String> topics, Optional<String> reply) {
    try {
      List<TopicFilter> filters = topics.stream().map(TopicFilter::of).toList();
      if (reply.isPresent()) {
        TopicFilter.requireTopic(reply.get());
        if (filters.stream().anyMatch(each -> each.matches(reply.get()))) {
          throw new IllegalArgumentException(
              "expected a reply on another topic than those of the trigger, found '%s' for %s"
                  .formatted(reply.get(), topics));
        }
      }
    } catch (IllegalArgumentException e) {
      throw new AppException(AppException.Reason.INVALID, String.valueOf(e.getMessage()), e);
    }
  }

  static boolean mayPublish(List<String> granted, String topic) {
    return !topic.startsWith(Event.RESERVED)
        && granted.stream().anyMatch(each -> TopicFilter.of(each).matches(topic));
  }

  static boolean maySubscribe(List<String> granted, TopicFilter wanted) {
    return granted.stream().anyMatch(each -> TopicFilter.of(each).covers(wanted));
  }

  /**
   * Checks that an app may hear and say what its trigger is about.
   *
   * @throws AppException if a grant is missing, with its name
   */
  static void requireGranted(Trigger.Events events, Permissions permissions) {
    for (String each : events.topics()) {
      if (!permissions.maySubscribe(TopicFilter.of(each))) {
        throw missing("hear of", each, "subscribe", permissions.subscribe());
      }
    }
    if (events.reply().isPresent() && !permissions.mayPublish(events.reply().get())) {
      throw missing("publish on", events.reply().get(), "publish", permissions.publish());
    }
  }

  private static AppException missing(
      String what, String topic, String permission, List<String> granted) {
    return AppException.invalid(
        "the app is to %s '%s' and may not: expected its permission '%s' to grant that, found %s"
            .formatted(what, topic, permission, granted));
  }
}
