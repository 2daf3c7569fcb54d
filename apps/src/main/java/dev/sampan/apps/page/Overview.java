package dev.sampan.apps.page;

import dev.sampan.apps.AppHost;
import dev.sampan.apps.AppState;
import dev.sampan.apps.AppStatus;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The page of a host: what it is doing, its apps, and a place for a new one. */
public final class Overview {

  private final AppHost host;
  private final Samples samples;

  /** The page of a host. */
  public Overview(AppHost host, Samples samples) {
    this.host = host;
    this.samples = samples;
  }

  /** The page as it is now. */
  public String of(Layout layout) {
    List<AppStatus> apps = host.list();
    return layout.page(
        "Apps – Sampan",
        Html.of(
            """
            <div data-live="/ui/state" data-version="{}">
            <h1>Apps</h1>
            {}
            <div data-part="apps">{}</div>
            </div>
            {}
            """,
            version(apps),
            tiles(),
            apps.isEmpty() ? empty() : table(layout, apps),
            DeployForm.deploy(layout)));
  }

  private static Html empty() {
    return Html.of(
        "<p class=\"empty\">There are no apps yet. Deploy one below, or with"
            + " <code>sampan fn deploy NAME FILE</code>.</p>");
  }

  private Html tiles() {
    return Html.of(
        """
        <section class="tiles" aria-label="The host">
        {}{}{}{}
        </section>
        """,
        tile("running", "Apps running", ""),
        tile("calls", "Requests each second", "calls"),
        tile("cpu", "CPU", "cpu"),
        tile("heap", "Heap", "memory"));
  }

  private Html tile(String cell, String label, String chart) {
    Html spark =
        Html.of("<svg class=\"spark\" data-spark=\"{}\" aria-hidden=\"true\"></svg>", chart)
            .when(!chart.isEmpty());
    return Html.of(
        """
        <div class="tile"><span class="label">{}</span>\
        <span class="value" data-cell="{}">{}</span>{}</div>
        """,
        label,
        cell,
        hostCells().getOrDefault(cell, ""),
        spark);
  }

  private Html table(Layout layout, List<AppStatus> apps) {
    return Html.of(
        """
        <table class="apps">
        <thead><tr><th scope="col">App</th><th scope="col">State</th>
        <th scope="col" class="number">Requests/s</th><th scope="col" class="number">CPU</th>
        <th scope="col" class="number">Memory</th><th scope="col" class="number">Revision</th>
        <th scope="col"><span class="hidden">What can be done</span></th></tr></thead>
        <tbody>{}</tbody>
        </table>
        """,
        apps.stream().map(app -> row(layout, app)).collect(Html.joined()));
  }

  private Html row(Layout layout, AppStatus app) {
    Cells cells = cells(app);
    return Html.of(
        """
        <tr data-app="{}">
        <th scope="row"><a href="/ui/apps/{}">{}</a> {}</th>
        <td data-label="State">{}</td>
        <td data-label="Requests/s" class="number"><svg class="spark" data-spark="calls"
          aria-hidden="true"></svg> <span data-cell="calls">{}</span></td>
        <td data-label="CPU" class="number" data-cell="cpu">{}</td>
        <td data-label="Memory" class="number" data-cell="memory">{}</td>
        <td data-label="Revision" class="number">{}</td>
        <td class="actions"><div>{}</div></td>
        </tr>
        """,
        app.name(),
        app.name(),
        app.name(),
        Kind.pills(app),
        state(app.state()),
        cells.calls(),
        cells.cpu(),
        cells.memory(),
        app.current(),
        Verbs.in(app.state()).stream()
            .map(verb -> verb.button(layout, app.name()))
            .collect(Html.joined()));
  }

  /** A state, with its reason. */
  static Html state(AppState state) {
    Html why =
        state
            .reason()
            .map(text -> Html.of(" <span class=\"why\">{}</span>", text))
            .orElse(Html.NONE);
    return Html.of(
        "<span><span class=\"state {}\">{}</span>{}</span>", state.word(), state.word(), why);
  }

  // ---- what changes all the time ----

  /**
   * What changes on the page.
   *
   * @param version changes when the page is to be fetched anew
   * @param cells texts of the host
   * @param sparks values of the host
   * @param apps texts and values of apps, by name
   */
  public record State(
      String version,
      Map<String, String> cells,
      Map<String, float[]> sparks,
      Map<String, Row> apps) {}

  /**
   * What changes of an app.
   *
   * @param sparks values
   */
  public record Row(Cells cells, Map<String, float[]> sparks) {}

  /** Texts of an app. */
  public record Cells(String calls, String cpu, String memory) {}

  /** What there is now. */
  public State state() {
    List<AppStatus> apps = host.list();
    Map<String, Row> rows = new TreeMap<>();
    for (AppStatus app : apps) {
      rows.put(app.name(), new Row(cells(app), Map.of("calls", samples.calls(app.name()))));
    }
    return new State(version(apps), hostCells(), samples.ofHost(false).values(), rows);
  }

  private static String version(List<AppStatus> apps) {
    StringBuilder all = new StringBuilder();
    for (AppStatus app : apps) {
      all.append(app.name()).append(AppPage.version(app));
    }
    return Integer.toHexString(all.toString().hashCode());
  }

  private Cells cells(AppStatus app) {
    float[] calls = samples.calls(app.name());
    return new Cells(
        Units.count(calls.length == 0 ? 0 : calls[calls.length - 1]),
        Units.percent(samples.cpu(app.name())),
        Units.bytes(host.memory(app.name())));
  }

  private Map<String, String> hostCells() {
    List<AppStatus> apps = host.list();
    long running = apps.stream().filter(app -> app.state() instanceof AppState.Running).count();
    Map<String, float[]> latest = samples.ofHost(false).values();
    Map<String, String> cells = new LinkedHashMap<>();
    cells.put("running", running + " of " + apps.size());
    cells.put("calls", Units.count(last(latest, "calls")));
    cells.put("cpu", Units.percent(last(latest, "cpu")));
    cells.put("heap", Units.bytes(last(latest, "memory")));
    return cells;
  }

  private static double last(Map<String, float[]> latest, String measure) {
    float[] values = latest.getOrDefault(measure, new float[0]);
    return values.length == 0 ? 0 : values[values.length - 1];
  }
}
