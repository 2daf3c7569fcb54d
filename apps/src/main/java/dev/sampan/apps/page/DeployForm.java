package dev.sampan.apps.page;

/** Places where a module can be given to the host, from a file or by dropping it there. */
final class DeployForm {

  private DeployForm() {}

  /** For a new app. */
  static Html deploy(Layout layout) {
    return Html.of(
        """
        <section class="card" aria-labelledby="deploy">
        <h2 id="deploy">Deploy</h2>
        <form method="post" action="/ui/deploy" enctype="multipart/form-data" data-upload>
        {}
        {}
        <div class="fields">
        <div><label for="name">Name</label>
        <input id="name" name="name" required maxlength="63" pattern="[a-z0-9](?:[a-z0-9\\-]*[a-z0-9])?"
          autocomplete="off" autocapitalize="none" spellcheck="false" aria-describedby="name-rule">
        <small id="name-rule">Lower-case letters, digits and hyphens. If there is such an app, the
        module becomes its next revision.</small></div>
        <fieldset><legend>It is</legend>
        <label><input type="radio" name="kind" value="function" checked> a function, which answers
        at /fn/NAME</label>
        <label><input type="radio" name="kind" value="program"> a program, which runs by itself</label>
        <label><input type="radio" name="kind" value="service"> a service, which is called for
        requests, events and timers</label>
        </fieldset>
        </div>
        {}
        <button class="primary">Deploy</button>
        </form>
        </section>
        """,
        layout.token(),
        drop("module", "Drop a module here"),
        manifest("Manifest, as JSON: what differs from the default"));
  }

  /** For the next revision of an app. */
  static Html upgrade(Layout layout, String app) {
    return Html.of(
        """
        <section class="card" aria-labelledby="upgrade">
        <h2 id="upgrade">Upgrade</h2>
        <form method="post" action="/ui/apps/{}/upgrade" enctype="multipart/form-data" data-upload>
        {}
        {}
        {}
        <button class="primary">Upgrade</button>
        </form>
        </section>
        """,
        app,
        layout.token(),
        drop("module", "Drop the next module here"),
        manifest("Manifest, as JSON: what differs from now"));
  }

  private static Html drop(String name, String text) {
    return Html.of(
        """
        <div class="drop" data-drop>
        <label for="{}"><strong>{}</strong>, or <u>choose a file</u>
        <span data-chosen>.wasm or .wat</span></label>
        <input type="file" id="{}" name="{}" accept=".wasm,.wat,application/wasm" required>
        </div>
        """,
        name,
        text,
        name,
        name);
  }

  private static Html manifest(String label) {
    return Html.of(
        """
        <details><summary>More</summary>
        <label for="manifest">{}</label>
        <textarea id="manifest" name="manifest" rows="5" spellcheck="false"
          placeholder='{"permissions": {"env": {"KEY": "value"}}}'></textarea>
        </details>
        """,
        label);
  }
}
