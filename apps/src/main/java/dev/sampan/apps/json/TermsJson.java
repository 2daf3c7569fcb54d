package dev.sampan.apps.json;

import dev.sampan.apps.AppException;
import dev.sampan.apps.tenant.Terms;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** A tenant's terms as people write them: what is not said is as in terms that stand behind. */
public final class TermsJson {

  private TermsJson() {}

  /**
   * Reads terms.
   *
   * @param json an object with some of their components, or nothing
   * @throws AppException if it is none
   */
  public static Terms read(byte[] json, Terms otherwise) {
    if (json.length == 0) {
      return otherwise;
    }
    try {
      JsonNode given = Json.parse(json);
      if (!(given instanceof ObjectNode object)) {
        throw new AppException(
            AppException.Reason.INVALID,
            "expected terms as a JSON object, found " + given.getNodeType(),
            null);
      }
      ObjectNode base = (ObjectNode) Json.tree(otherwise);
      ManifestJson.merge(base, object);
      return Json.read(base, Terms.class);
    } catch (JacksonException e) {
      if (e.getCause() instanceof AppException invalid) {
        throw invalid;
      }
      throw new AppException(
          AppException.Reason.INVALID,
          "the terms are not understood: " + ManifestJson.message(e),
          e);
    }
  }
}
