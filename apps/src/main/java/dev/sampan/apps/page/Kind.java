package dev.sampan.apps.page;

import dev.sampan.apps.AppStatus;
import dev.sampan.apps.Jobs;
import dev.sampan.apps.Trigger;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.Locale;

/**
 * How pages speak of an app, which depends on what makes it run.
 *
 * @param word what it is
 * @param what what is asked of it, in the plural; empty if nothing is
 */
record Kind(String word, String what) {

  static Kind of(AppStatus app) {
    return switch (trigger(app)) {
      case Trigger.Start _ -> new Kind("program", "");
      case Trigger.Service _ -> new Kind("service", "Requests");
      case Trigger.Http _ -> new Kind("function", "Requests");
      case Trigger.Schedule _ -> new Kind("schedule", "Runs");
      case Trigger.Events _ -> new Kind("events", "Runs");
    };
  }

  private static Trigger trigger(AppStatus app) {
    return app.revision().manifest().trigger();
  }

  /** Whether something is asked of it again and again. */
  boolean isAsked() {
    return !what.isEmpty();
  }

  /** What is asked of it, in the singular, in lower case. */
  String one() {
    return isAsked() ? what.substring(0, what.length() - 1).toLowerCase(Locale.ROOT) : "";
  }

  /** The word, and whose the app is if it is not the operator's. */
  static Html pills(AppStatus app) {
    Html tenant =
        app.tenant()
            .map(name -> Html.of(" <span class=\"kind\">of {}</span>", name))
            .orElse(Html.NONE);
    return Html.of("<span class=\"kind\">{}</span>{}", of(app).word(), tenant);
  }

  /** Where it answers, or when it runs. */
  static Html when(AppStatus app) {
    return switch (trigger(app)) {
      case Trigger.Start _ -> Html.NONE;
      case Trigger.Http _ -> answersAt("/fn/" + app.name());
      case Trigger.Service service ->
          service.http()
              ? answersAt("/app/" + app.name())
              : Html.of("<p>Answers other apps, but nobody outside.</p>");
      case Trigger.Schedule schedule ->
          Html.of(
              "<p>Runs at <code>{}</code>, {}.{}</p>",
              schedule.cron(),
              schedule.zone(),
              app.jobs()
                  .flatMap(Jobs::next)
                  .map(next -> Html.of(" The next time is {}.", time(next)))
                  .orElse(Html.NONE));
      case Trigger.Events events ->
          Html.of(
              "<p>Runs for events about {}.</p>",
              events.topics().stream()
                  .map(topic -> Html.of("<code>{}</code> ", topic))
                  .collect(Html.joined()));
    };
  }

  private static Html answersAt(String path) {
    return Html.of(
        "<p>Answers at <a href=\"{}\" rel=\"noopener noreferrer\" target=\"_blank\">{}</a></p>",
        path,
        path);
  }

  /** A moment. */
  static Html time(Instant when) {
    String text =
        DateTimeFormatter.ISO_LOCAL_DATE_TIME
            .format(when.truncatedTo(ChronoUnit.SECONDS).atOffset(ZoneOffset.UTC))
            .replace('T', ' ');
    return Html.of("<time datetime=\"{}\">{} UTC</time>", when, text);
  }
}
