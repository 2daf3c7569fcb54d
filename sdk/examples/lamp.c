/*
 * A lamp: GET lamp tells whether it is on, PUT lamp {"on": true} switches it. Whoever subscribes to
 * lamp/changed hears of each change.
 */
#include "sampan/app.h"

static bool on;
static uint32_t changes;

static app_attributes *state(void) {
  app_attributes *made = app_attributes_new("lamp");
  if (made != NULL) {
    app_set_bool(made, "on", on);
    app_set_uint32(made, "changes", changes);
  }
  return made;
}

static void answer(const app_request *request, int status) {
  app_attributes *now = state();
  if (now == NULL) {
    app_respond_text(request, APP_FAILED, "no memory");
    return;
  }
  app_respond_attributes(request, status, now);
  app_attributes_free(now);
}

static void switch_to(bool wanted) {
  if (wanted == on) {
    return;
  }
  on = wanted;
  changes++;
  printf("the lamp is %s\n", on ? "on" : "off");
  app_attributes *now = state();
  if (now != NULL) {
    app_publish_attributes("lamp/changed", now);
    app_attributes_free(now);
  }
}

static void lamp(const app_request *request) {
  app_reader wishes;
  switch (request->action) {
    case APP_GET:
      answer(request, APP_CONTENT);
      break;
    case APP_PUT:
      if (!app_request_attributes(&wishes, request) || !app_has(&wishes, "on")) {
        app_respond_text(request, APP_BAD_REQUEST, "expected an attribute 'on'");
        break;
      }
      switch_to(app_bool(&wishes, "on", on));
      answer(request, APP_CHANGED);
      break;
    default:
      app_respond_text(request, APP_WRONG_METHOD, "expected GET or PUT");
      break;
  }
}

APP_INIT {
  app_on("lamp", lamp);
}

APP_DESTROY {
  switch_to(false);
}
