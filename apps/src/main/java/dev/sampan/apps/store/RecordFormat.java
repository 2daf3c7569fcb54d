package dev.sampan.apps.store;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import dev.sampan.apps.json.Json;
import dev.sampan.apps.tenant.Tenant;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;

/** The content of the journal's records: a change as JSON. */
final class RecordFormat {

  /** What has changed. */
  @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "of")
  @JsonSubTypes({
    @JsonSubTypes.Type(value = OfApp.class, name = "app"),
    @JsonSubTypes.Type(value = OfTenant.class, name = "tenant")
  })
  sealed interface Change {}

  /**
   * A change of an app.
   *
   * @param app what is known of it from now on, or null if it was removed
   */
  record OfApp(String name, @Nullable AppRecord app) implements Change {}

  /**
   * A change of a tenant.
   *
   * @param tenant what is known of it from now on, or null if it was removed
   */
  record OfTenant(String name, @Nullable Tenant tenant) implements Change {}

  private RecordFormat() {}

  static byte[] encode(Change change) {
    return Json.bytes(change);
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
