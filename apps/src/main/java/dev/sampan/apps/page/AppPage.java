package dev.sampan.apps.page;

import dev.sampan.apps.AppHost;
import dev.sampan.apps.AppStatus;
import dev.sampan.apps.JobResult;
import dev.sampan.apps.Jobs;
import dev.sampan.apps.Revision;
import dev.sampan.apps.function.CallStats;
import dev.sampan.apps.json.Json;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The page of an app. */
public final class AppPage {

  /** How many runs are shown. */
  private static final int MAX_JOBS = 10;

  private final AppHost host;
  private final Samples samples;

  /** Pages of a host's apps. */
  public AppPage(AppHost host, Samples samples) {
    this.host = host;
    this.samples = samples;
  }

  /**
   * The page of an app as it is now.
   *
   * @throws dev.sampan.apps.AppException if there is no such app
   */
  public String of(Layout layout, String name) {
    AppStatus app = host.status(name);
    return layout.page(
        name + " – Sampan",
        Html.of(
            """
            <div data-live="/ui/apps/{}/state" data-version="{}">
            <nav aria-label="Where you are"><a href="/ui">Apps</a> / {}</nav>
            <div class="headline"><h1>{}</h1> {}</div>
            <div class="headline" data-part="head">{} <div class="actions">{}</div></div>
            <div data-part="when">{}</div>
            {}
            {}
            <div data-part="jobs">{}</div>
            <div data-part="revisions">{}</div>
            </div>
            {}
            {}
            """,
            name,
            version(app),
            name,
            name,
            Kind.pills(app),
            Overview.state(app.state()),
            Verbs.in(app.state()).stream()
                .map(verb -> verb.button(layout, name))
                .collect(Html.joined()),
            Kind.when(app),
            facts(app),
            charts(app),
            jobs(app),
            revisions(layout, app),
            logs(name),
            end(layout, name)));
  }

  private Html facts(AppStatus app) {
    Map<String, String> cells = cells(app);
    Map<String, String> labels = new LinkedHashMap<>();
    Kind kind = Kind.of(app);
    if (kind.isAsked()) {
      labels.put("calls", kind.what());
      labels.put("errors", "Errors");
      labels.put("refused", "Refused");
      labels.put("latency", "Time of a " + kind.one());
    }
    if (app.jobs().isPresent()) {
      labels.put("running", "Going on");
      labels.put("waiting", "Waiting");
      labels.put("passed", "Passed over");
    }
    labels.put("cpu", "CPU time");
    labels.put("memory", "Memory");
    labels.put("peak", "Peak memory");
    labels.put("fuel", "Fuel");
    labels.put("restarts", "Restarts");
    return Html.of(
        "<dl class=\"facts\">{}</dl>",
        labels.entrySet().stream()
            .map(
                each ->
                    Html.of(
                        "<div><dt>{}</dt><dd data-cell=\"{}\">{}</dd></div>",
                        each.getValue(),
                        each.getKey(),
                        cells.getOrDefault(each.getKey(), "")))
            .collect(Html.joined()));
  }

  private boolean isMetered(AppStatus app) {
    return app.revision().manifest().permissions().limits().fuel().isPresent()
        || host.stats(app.name()).fuel() > 0;
  }

  private Html charts(AppStatus app) {
    Kind kind = Kind.of(app);
    return Html.of(
        """
        <section class="card" aria-labelledby="charts">
        <div class="headline"><h2 id="charts">What it uses</h2>
        <div class="range" role="group" aria-label="How far back">
        <button type="button" data-range="minutes" aria-pressed="true">5 min</button>
        <button type="button" data-range="hour" aria-pressed="false">1 h</button></div></div>
        <div class="charts">{}{}{}{}{}</div>
        <noscript><p>The charts are drawn by a script.</p></noscript>
        </section>
        """,
        chart("calls", "errors", kind.what() + " each second", "count").when(kind.isAsked()),
        chart("latency", "", "Time of a " + kind.one(), "millis").when(kind.isAsked()),
        chart("cpu", "", "CPU", "percent"),
        chart("memory", "", "Memory", "bytes"),
        chart("fuel", "", "Fuel each second", "count").when(isMetered(app)));
  }

  private static Html chart(String measure, String second, String label, String unit) {
    Html legend = Html.of(" <span class=\"legend\">errors</span>").when(!second.isEmpty());
    return Html.of(
        """
        <figure><figcaption>{}{} <span class="reading" data-reading></span></figcaption>
        <svg class="chart" data-chart="{}" data-second="{}" data-unit="{}" role="img"
          aria-label="{}"></svg></figure>
        """,
        label,
        legend,
        measure,
        second,
        unit,
        label);
  }

  private static Html jobs(AppStatus app) {
    List<JobResult> last = app.jobs().map(Jobs::last).orElse(List.of());
    return Html.of(
            """
            <section class="card" aria-labelledby="jobs">
            <h2 id="jobs">Last runs</h2>
            <table class="revisions">
            <thead><tr><th scope="col">For</th><th scope="col">Began</th>
            <th scope="col" class="number">Took</th><th scope="col">Ended</th></tr></thead>
            <tbody>{}</tbody>
            </table>
            </section>
            """,
            last.reversed().stream().limit(MAX_JOBS).map(AppPage::job).collect(Html.joined()))
        .when(!last.isEmpty());
  }

  private static Html job(JobResult job) {
    Html well =
        job.status().isPresent() && job.failure().isEmpty()
            ? Html.of("well")
            : Html.of("<span class=\"state failed\">{}</span>", job.failure().orElse("not at all"));
    return Html.of(
        """
        <tr><td data-label="For">{}</td><td data-label="Began">{}</td>
        <td data-label="Took" class="number">{}</td><td data-label="Ended">{}</td></tr>
        """,
        job.reason(),
        Kind.time(job.began()),
        Units.seconds(job.took().toNanos() / 1e9),
        well);
  }

  private Html revisions(Layout layout, AppStatus app) {
    return Html.of(
        """
        <section class="card" aria-labelledby="revisions">
        <h2 id="revisions">Revisions</h2>
        <table class="revisions">
        <thead><tr><th scope="col" class="number">No.</th><th scope="col">Installed</th>
        <th scope="col">Module</th><th scope="col">Manifest</th>
        <th scope="col"><span class="hidden">What can be done</span></th></tr></thead>
        <tbody>{}</tbody>
        </table>
        </section>
        """,
        app.revisions().reversed().stream()
            .map(revision -> revision(layout, app, revision))
            .collect(Html.joined()));
  }

  private static Html revision(Layout layout, AppStatus app, Revision revision) {
    boolean current = revision.number() == app.current();
    String manifest = new String(Json.pretty(revision.manifest()), StandardCharsets.UTF_8);
    String digest = revision.digest().substring(0, Math.min(19, revision.digest().length()));
    return Html.of(
        """
        <tr{}>
        <td data-label="No." class="number">{}</td>
        <td data-label="Installed">{}</td>
        <td data-label="Module"><code title="{}">{}…</code></td>
        <td data-label="Manifest"><details><summary>Show</summary><pre>{}</pre></details></td>
        <td class="actions"><div>{}</div></td>
        </tr>
        """,
        new Html(current ? " class=\"current\"" : ""),
        revision.number(),
        Kind.time(revision.installed()),
        revision.digest(),
        digest,
        manifest,
        current
            ? Html.of("<span class=\"kind\">current</span>")
            : Verbs.rollback(layout, app.name(), revision.number()));
  }

  private static Html logs(String name) {
    return Html.of(
        """
        <section class="card" aria-labelledby="logs">
        <div class="headline"><h2 id="logs">Log</h2>
        <label class="inline"><input type="checkbox" data-follow checked> Follow</label></div>
        <div class="log" data-log="/ui/apps/{}/logs" role="log" aria-label="Log of {}" tabindex="0"></div>
        <noscript><p>The log is shown by a script; <code>sampan app logs -f {}</code> shows it,
        too.</p></noscript>
        </section>
        """,
        name,
        name,
        name);
  }

  private static Html end(Layout layout, String name) {
    return Html.of(
        """
        {}
        <section class="card" aria-labelledby="end">
        <h2 id="end">Remove</h2>
        <p>The app goes with all its revisions and its log.</p>
        {}
        </section>
        """,
        DeployForm.upgrade(layout, name),
        Verbs.REMOVE.button(layout, name));
  }

  // ---- what changes all the time ----

  /**
   * What changes on the page.
   *
   * @param version changes when the page is to be fetched anew
   * @param cells texts
   * @param samples values for the charts
   */
  public record State(String version, Map<String, String> cells, Samples.Excerpt samples) {}

  /**
   * What there is of an app now.
   *
   * @param hour whether the charts show an hour
   */
  public State state(String name, boolean hour) {
    AppStatus app = host.status(name);
    return new State(version(app), cells(app), samples.of(name, hour));
  }

  /** Something that changes when what is known of an app changes, but not what it uses. */
  static String version(AppStatus app) {
    List<Integer> numbers = app.revisions().stream().map(Revision::number).toList();
    String jobs =
        app.jobs().filter(all -> !all.last().isEmpty()).map(AppPage::lastBegan).orElse("");
    return app.state().word() + app.state().reason().orElse("") + app.current() + numbers + jobs;
  }

  private static String lastBegan(Jobs jobs) {
    return jobs.last().getLast().began().toString();
  }

  private Map<String, String> cells(AppStatus app) {
    CallStats.Snapshot stats = host.stats(app.name());
    double mean = stats.calls() == 0 ? 0 : stats.seconds() / stats.calls();
    Map<String, String> cells = new LinkedHashMap<>();
    cells.put("calls", Units.count(stats.calls()));
    cells.put("errors", Units.count(stats.errors()));
    cells.put("refused", Units.count(stats.refused()));
    cells.put("latency", Units.seconds(mean));
    cells.put("cpu", Units.seconds(stats.cpuSeconds()));
    cells.put("memory", Units.bytes(host.memory(app.name())));
    cells.put("peak", Units.bytes(stats.peakMemory()));
    cells.put("fuel", isMetered(app) ? Units.count(stats.fuel()) : "not counted");
    cells.put("restarts", String.valueOf(app.restarts()));
    app.jobs()
        .ifPresent(
            jobs -> {
              cells.put("running", String.valueOf(jobs.running()));
              cells.put("waiting", String.valueOf(jobs.waiting()));
              cells.put("passed", Units.count(jobs.passedOver()));
            });
    return cells;
  }

  /** Asks whether something is really to be done, for browsers without a script. */
  public static String question(
      Layout layout, String name, Verbs verb, String question, String revision) {
    return layout.page(
        verb.label() + " " + name + " – Sampan",
        Html.of(
            """
            <section class="card narrow">
            <h1>{}</h1>
            <form method="post" action="/ui/apps/{}/{}">
            {}<input type="hidden" name="sure" value="yes">
            <input type="hidden" name="revision" value="{}">
            <div class="row"><button class="primary">{}</button>
            <a class="button" href="/ui/apps/{}">No</a></div>
            </form>
            </section>
            """,
            question,
            name,
            verb.word(),
            layout.token(),
            revision,
            verb.label(),
            name));
  }
}
