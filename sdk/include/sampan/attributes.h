/*
 * Attribute containers: typed values by name, in one packed block, the payload that most apps use.
 * A writer grows as it is written to. A reader looks into a block that somebody else has packed,
 * and believes none of its lengths.
 */
#ifndef SAMPAN_ATTRIBUTES_H
#define SAMPAN_ATTRIBUTES_H

#include <stdbool.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* The format of a payload that is a container. */
#define APP_FORMAT_ATTRIBUTES 99

/* ---- writing ---- */

typedef struct app_attributes app_attributes;

/* A container without attributes; NULL if there is no memory. */
app_attributes *app_attributes_new(const char *tag);

void app_attributes_free(app_attributes *container);

/*
 * Sets an attribute, whether it was there or not. All give false if there is no memory, or the text
 * or the container would become too long; then nothing has changed.
 */
bool app_set_bool(app_attributes *container, const char *key, bool value);
bool app_set_int8(app_attributes *container, const char *key, int8_t value);
bool app_set_int16(app_attributes *container, const char *key, int16_t value);
bool app_set_int32(app_attributes *container, const char *key, int32_t value);
bool app_set_int64(app_attributes *container, const char *key, int64_t value);
bool app_set_uint8(app_attributes *container, const char *key, uint8_t value);
bool app_set_uint16(app_attributes *container, const char *key, uint16_t value);
bool app_set_uint32(app_attributes *container, const char *key, uint32_t value);
bool app_set_uint64(app_attributes *container, const char *key, uint64_t value);
bool app_set_float(app_attributes *container, const char *key, float value);
bool app_set_double(app_attributes *container, const char *key, double value);
bool app_set_text(app_attributes *container, const char *key, const char *value);
bool app_set_bytes(
    app_attributes *container, const char *key, const void *value, uint32_t length);

/* The packed block; valid until the container is changed or freed. */
const void *app_attributes_data(const app_attributes *container);
uint32_t app_attributes_length(const app_attributes *container);

/* ---- reading ---- */

typedef struct {
  const uint8_t *data;
  uint32_t length;
} app_reader;

/* Begins to read a block; false if it is no container. */
bool app_read(app_reader *reader, const void *data, uint32_t length);

/* The tag; it lies in the block. */
const char *app_tag(const app_reader *reader);

/* How many attributes there are. */
uint32_t app_count(const app_reader *reader);

/* The key of the attribute of a number, from 0; NULL if there are not so many. */
const char *app_key(const app_reader *reader, uint32_t number);

bool app_has(const app_reader *reader, const char *key);

/*
 * An attribute, or the value behind if there is none of that name and sort. Numbers of all types
 * become the wanted one.
 */
int64_t app_int(const app_reader *reader, const char *key, int64_t otherwise);
double app_double(const app_reader *reader, const char *key, double otherwise);
bool app_bool(const app_reader *reader, const char *key, bool otherwise);

/* A text, which lies in the block. */
const char *app_text(const app_reader *reader, const char *key, const char *otherwise);

/* Bytes, which lie in the block; NULL if there are none. */
const uint8_t *app_bytes(const app_reader *reader, const char *key, uint32_t *length);

#ifdef __cplusplus
}
#endif
#endif
