/* Sensors: "cpu" and "memory" of the machine, "sensor_test1" to try out, and what the host has. */
#ifndef SAMPAN_SENSORS_H
#define SAMPAN_SENSORS_H

#include <stdbool.h>
#include <stdint.h>

#include "sampan/attributes.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct app_sensor app_sensor;
typedef void app_sensor_handler(app_sensor *sensor, const app_reader *reading, void *data);

/*
 * Opens a sensor, which is read as often as it suggests itself.
 * NULL if there is none, the app may not use it, or has opened it already.
 */
app_sensor *app_sensor_new(
    const char *name, uint32_t instance, app_sensor_handler *handler, void *data);

/* Changes how often it is read; with 0 it is not read any more. */
bool app_sensor_interval(app_sensor *sensor, uint32_t milliseconds);

/* Gives it wishes that it knows. */
bool app_sensor_configure(app_sensor *sensor, const app_attributes *wishes);

/* Closes it, also from its own handler. */
void app_sensor_free(app_sensor *sensor);

#ifdef __cplusplus
}
#endif
#endif
