/* Lets a test try the attribute containers of the SDK. */
#include "sampan/app.h"

/* Answers with the same attributes, written anew, or with 4.00. */
static void copy(const app_request *request) {
  app_reader in;
  if (!app_read(&in, request->payload, request->length)) {
    app_respond_text(request, APP_BAD_REQUEST, "no container");
    return;
  }
  app_attributes *out = app_attributes_new(app_tag(&in));
  bool good = out != NULL
      && app_set_int8(out, "a", (int8_t)app_int(&in, "a", 0))
      && app_set_int16(out, "b", (int16_t)app_int(&in, "b", 0))
      && app_set_int32(out, "c", (int32_t)app_int(&in, "c", 0))
      && app_set_int64(out, "d", app_int(&in, "d", 0))
      && app_set_uint8(out, "e", (uint8_t)app_int(&in, "e", 0))
      && app_set_uint16(out, "f", (uint16_t)app_int(&in, "f", 0))
      && app_set_uint32(out, "g", (uint32_t)app_int(&in, "g", 0))
      && app_set_uint64(out, "h", (uint64_t)app_int(&in, "h", 0))
      && app_set_float(out, "i", (float)app_double(&in, "i", 0))
      && app_set_double(out, "j", app_double(&in, "j", 0))
      && app_set_bool(out, "k", app_bool(&in, "k", false))
      && app_set_text(out, "l", app_text(&in, "l", ""));
  uint32_t length;
  const uint8_t *bytes = app_bytes(&in, "m", &length);
  good = good && app_set_bytes(out, "m", bytes, length);
  app_respond(
      request,
      good ? APP_CONTENT : APP_FAILED,
      APP_FORMAT_ATTRIBUTES,
      app_attributes_data(out),
      app_attributes_length(out));
  app_attributes_free(out);
}

/* Replaces, converts, and looks for what is not there; answers with what does not hold. */
static void rules(const app_request *request) {
  app_attributes *out = app_attributes_new("rules");
  app_set_int32(out, "n", -7);
  app_set_text(out, "s", "one");
  app_set_text(out, "s", "a longer one");
  app_set_double(out, "x", 2.75);
  app_set_double(out, "huge", 1e300);
  app_set_uint64(out, "u", UINT64_MAX);
  app_set_int16(out, "n", -8);
  app_reader in;
  const char *wrong = "";
#define HOLDS(what)                                                             \
  if (!(what)) {                                                                \
    wrong = #what;                                                              \
  }
  HOLDS(app_read(&in, app_attributes_data(out), app_attributes_length(out)))
  HOLDS(app_count(&in) == 5)
  HOLDS(strcmp(app_key(&in, 0), "s") == 0)
  HOLDS(strcmp(app_key(&in, 4), "n") == 0)
  HOLDS(app_key(&in, 5) == NULL)
  HOLDS(strcmp(app_tag(&in), "rules") == 0)
  HOLDS(strcmp(app_text(&in, "s", ""), "a longer one") == 0)
  HOLDS(app_int(&in, "n", 0) == -8)
  HOLDS(app_double(&in, "n", 0) == -8.0)
  HOLDS(app_int(&in, "x", 0) == 2)
  HOLDS(app_int(&in, "huge", 5) == 5)
  HOLDS(app_double(&in, "u", 0) == 18446744073709551615.0)
  HOLDS(app_int(&in, "s", 5) == 5)
  HOLDS(app_double(&in, "s", 5) == 5)
  HOLDS(app_text(&in, "n", NULL) == NULL)
  HOLDS(app_bool(&in, "n", true))
  HOLDS(!app_has(&in, "nothing"))
  HOLDS(!app_read(&in, app_attributes_data(out), app_attributes_length(out) - 1))
  HOLDS(!app_read(&in, NULL, 0))
  app_attributes_free(out);
  app_respond_text(request, APP_CONTENT, wrong);
}

/* Keeps as many attributes as it is told, and gives all of them back. */
static void many(const app_request *request) {
  app_reader in;
  app_request_attributes(&in, request);
  app_attributes *out = app_attributes_new("many");
  char key[16];
  int64_t count = app_int(&in, "count", 0);
  for (int64_t i = 0; i < count; i++) {
    snprintf(key, sizeof key, "k%d", (int)i);
    app_set_int32(out, key, (int32_t)i);
  }
  app_respond_attributes(request, APP_CONTENT, out);
  app_attributes_free(out);
}

APP_INIT {
  app_on("copy", copy);
  app_on("rules", rules);
  app_on("many", many);
}
