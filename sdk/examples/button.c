/*
 * A button for the lamp: POST press switches it over by a request to the app "lamp", and answers
 * when the lamp has answered. GET seen tells how often the lamp has changed, whoever changed it.
 */
#include "sampan/app.h"

static bool lamp_is_on;
static uint32_t seen;

static void lamp_changed(const app_request *event) {
  app_reader now;
  if (app_request_attributes(&now, event)) {
    lamp_is_on = app_bool(&now, "on", lamp_is_on);
    seen++;
  }
}

static void lamp_answered(const app_response *response, void *data) {
  app_request *press = data;
  if (response == NULL) {
    app_respond_text(press, APP_TIMEOUT, "the lamp does not answer");
  } else if (response->status != APP_CHANGED) {
    app_respond(press, response->status, response->format, response->payload, response->length);
  } else {
    app_respond(press, APP_CHANGED, response->format, response->payload, response->length);
  }
  app_release(press);
}

static void press(const app_request *request) {
  app_request *kept = app_keep(request);
  app_attributes *wish = app_attributes_new("");
  bool asked = kept != NULL
      && wish != NULL
      && app_set_bool(wish, "on", !lamp_is_on)
      && app_ask_attributes(APP_PUT, "/app/lamp/lamp", wish, lamp_answered, kept);
  app_attributes_free(wish);
  if (!asked) {
    app_release(kept);
    app_respond_text(request, APP_FAILED, "the lamp cannot be asked");
  }
}

static void tell_seen(const app_request *request) {
  char text[16];
  snprintf(text, sizeof text, "%u", (unsigned)seen);
  app_respond_text(request, APP_CONTENT, text);
}

APP_INIT {
  app_on("press", press);
  app_on("seen", tell_seen);
  app_subscribe("lamp/+", lamp_changed);
}
