#include "sampan/sensors.h"

#include "sampan/abi.h"
#include "sampan/libc.h"

struct app_sensor {
  app_sensor *next;
  int32_t id;
  app_sensor_handler *call;
  void *data;
};

static app_sensor *sensors;

/* The one whose handler is running, and whether it is to be freed afterwards. */
static app_sensor *reading;
static bool closed;

app_sensor *app_sensor_new(
    const char *name, uint32_t instance, app_sensor_handler *call, void *data) {
  app_sensor *made = malloc(sizeof *made);
  if (made == NULL) {
    return NULL;
  }
  made->id = wasm_sensor_open(name, instance);
  if (made->id < 0) {
    free(made);
    return NULL;
  }
  made->call = call;
  made->data = data;
  made->next = sensors;
  sensors = made;
  return made;
}

bool app_sensor_interval(app_sensor *sensor, uint32_t milliseconds) {
  return wasm_sensor_config(sensor->id, milliseconds, 0, 0);
}

bool app_sensor_configure(app_sensor *sensor, const app_attributes *wishes) {
  return wasm_sensor_config_with_attr_container(
      sensor->id, app_attributes_data(wishes), app_attributes_length(wishes));
}

void app_sensor_free(app_sensor *sensor) {
  for (app_sensor **at = &sensors; *at != NULL; at = &(*at)->next) {
    if (*at == sensor) {
      *at = sensor->next;
      wasm_sensor_close(sensor->id);
      if (sensor == reading) {
        closed = true;
      } else {
        free(sensor);
      }
      return;
    }
  }
}

SAMPAN_EXPORT(on_sensor_event)
void on_sensor_event(int32_t id, const void *container, uint32_t length) {
  app_reader reader;
  if (!app_read(&reader, container, length)) {
    return;
  }
  for (app_sensor *each = sensors; each != NULL; each = each->next) {
    if (each->id == id) {
      reading = each;
      closed = false;
      each->call(each, &reader, each->data);
      reading = NULL;
      if (closed) {
        free(each);
      }
      return;
    }
  }
}
