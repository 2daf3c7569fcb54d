package dev.sampan.apps.store;

import dev.sampan.apps.json.Json;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;

/** The content of the journal's records: a change as JSON. */
final class RecordFormat {

  /**
   * What has changed.
   *
   * @param app what is known of the app from now on, or null if it was removed
   */
  record Change(String name, @Nullable AppRecord app) {}

  private RecordFormat() {}

  static byte[] encode(String name, @Nullable AppRecord app) {
    return Json.bytes(new Change(name, app));
  }

  static Change decode(byte[] content) throws StoreException {
    try {
      return Json.read(content, Change.class);
    } catch (JacksonException e) {
      throw new StoreException(
          "a record of the journal is not understood: "
              + e.getOriginalMessage()
              + ": "
              + new String(content, StandardCharsets.UTF_8));
    }
  }
}
