package dev.sampan.apps.http;

import dev.sampan.apps.AppHost;
import dev.sampan.apps.AppStatus;
import dev.sampan.apps.Jobs;
import dev.sampan.apps.Revision;
import dev.sampan.apps.Trigger;
import java.util.List;
import java.util.Optional;

/**
 * An app as the management shows it.
 *
 * @param reason what else is to be said of the state
 * @param path where it answers, if it does
 * @param revision the number of the current revision
 * @param restarts how often it was run again by itself since it was started
 * @param memory bytes of memory that its instances have now
 * @param jobs what it has to do and has done, if it runs at times or for events
 */
record AppView(
    String name,
    String state,
    Optional<String> reason,
    Optional<String> path,
    int revision,
    int restarts,
    long memory,
    Optional<Jobs> jobs,
    List<Revision> revisions) {

  static AppView of(AppHost host, AppStatus app) {
    Optional<String> path =
        switch (app.revision().manifest().trigger()) {
          case Trigger.Http _ -> Optional.of("/fn/" + app.name());
          case Trigger.Service service when service.http() -> Optional.of("/app/" + app.name());
          case Trigger.Service _, Trigger.Start _, Trigger.Schedule _, Trigger.Events _ ->
              Optional.empty();
        };
    return new AppView(
        app.name(),
        app.state().word(),
        app.state().reason(),
        path,
        app.current(),
        app.restarts(),
        host.memory(app.name()),
        app.jobs(),
        app.revisions());
  }
}
