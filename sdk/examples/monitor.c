/*
 * Watches a sensor: reads the processors' load ten times a second, and publishes mean and maximum
 * on monitor/load each second. GET load tells the latest; PUT load {"every": 200} sets the time
 * between two publications in milliseconds.
 */
#include "sampan/app.h"

static app_sensor *sensor;
static app_timer *timer;
static double sum;
static double most;
static uint32_t count;
static uint32_t published;
static uint32_t every = 1000;
static app_attributes *latest;

static void measured(app_sensor *from, const app_reader *reading, void *data) {
  (void)from;
  (void)data;
  double load = app_double(reading, "load", 0);
  sum += load;
  most = load > most ? load : most;
  count++;
}

static void publish(app_timer *struck, void *data) {
  (void)struck;
  (void)data;
  app_attributes *made = app_attributes_new("load");
  if (made == NULL) {
    return;
  }
  app_set_double(made, "mean", count == 0 ? 0 : sum / count);
  app_set_double(made, "max", most);
  app_set_uint32(made, "readings", count);
  app_set_uint32(made, "number", ++published);
  app_publish_attributes("monitor/load", made);
  app_attributes_free(latest);
  latest = made;
  sum = most = 0;
  count = 0;
}

static void load(const app_request *request) {
  app_reader wishes;
  if (request->action == APP_PUT && app_request_attributes(&wishes, request)) {
    int64_t wanted = app_int(&wishes, "every", every);
    if (wanted < 10 || wanted > 3600000) {
      app_respond_text(request, APP_BAD_REQUEST, "expected 'every' from 10 to 3600000");
      return;
    }
    every = (uint32_t)wanted;
    app_timer_restart(timer, every);
    app_respond(request, APP_CHANGED, APP_FORMAT_TEXT, NULL, 0);
  } else if (request->action != APP_GET) {
    app_respond_text(request, APP_WRONG_METHOD, "expected GET or PUT");
  } else if (latest == NULL) {
    app_respond_text(request, APP_UNAVAILABLE, "nothing has been measured yet");
  } else {
    app_respond_attributes(request, APP_CONTENT, latest);
  }
}

APP_INIT {
  sensor = app_sensor_new("cpu", 0, measured, NULL);
  timer = app_timer_new(every, true, publish, NULL);
  if (sensor == NULL || timer == NULL) {
    printf("there is no sensor 'cpu', or no timer, for this app\n");
    __builtin_trap();
  }
  app_sensor_interval(sensor, 100);
  app_on("load", load);
}

APP_DESTROY {
  app_sensor_free(sensor);
  app_timer_free(timer);
}
