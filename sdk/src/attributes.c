#include "sampan/attributes.h"

#include "sampan/libc.h"

/* The types of values, with the numbers that stand for them. */
enum {
  INT8 = 0,
  INT16 = 1,
  INT32 = 2,
  INT64 = 3,
  UINT8 = 4,
  UINT16 = 5,
  UINT32 = 6,
  UINT64 = 7,
  FLOAT = 10,
  DOUBLE = 11,
  BOOLEAN = 12,
  STRING = 13,
  BYTES = 14
};

enum { FLAGS = 2, MAX_TEXT = 0xfffe, MAX_COUNT = 0xffff };

/* Numbers are little endian, as memory is; but they lie anywhere in it. */
static uint16_t get16(const uint8_t *at) {
  uint16_t value;
  memcpy(&value, at, 2);
  return value;
}

static uint32_t get32(const uint8_t *at) {
  uint32_t value;
  memcpy(&value, at, 4);
  return value;
}

static void put16(uint8_t *at, uint32_t value) {
  uint16_t number = (uint16_t)value;
  memcpy(at, &number, 2);
}

/* ---- a look at one attribute ---- */

typedef struct {
  const char *key;
  uint8_t type;
  const uint8_t *value;
  /* of the value alone, without the length before it */
  uint32_t length;
  /* the first byte behind the attribute */
  uint32_t end;
} attribute;

/* Where the attributes begin; 0 if the head is none. */
static uint32_t first(const app_reader *in) {
  if (in->length < 10 || (in->data[0] & 3) != 0) {
    return 0;
  }
  uint32_t tag = get16(in->data + 6);
  uint32_t at = 8 + tag;
  if (tag == 0 || at + 2 > in->length || in->data[at - 1] != 0) {
    return 0;
  }
  return at + 2;
}

static bool look(const app_reader *in, uint32_t at, attribute *found) {
  if (at + 2 > in->length) {
    return false;
  }
  uint32_t key = get16(in->data + at);
  uint32_t type_at = at + 2 + key;
  if (key == 0 || type_at >= in->length || in->data[type_at - 1] != 0) {
    return false;
  }
  found->key = (const char *)in->data + at + 2;
  found->type = in->data[type_at];
  uint32_t value = type_at + 1;
  uint32_t length;
  switch (found->type) {
    case INT8:
    case UINT8:
    case BOOLEAN:
      length = 1;
      break;
    case INT16:
    case UINT16:
      length = 2;
      break;
    case INT32:
    case UINT32:
    case FLOAT:
      length = 4;
      break;
    case INT64:
    case UINT64:
    case DOUBLE:
      length = 8;
      break;
    case STRING:
      if (in->length - value < 2) {
        return false;
      }
      length = get16(in->data + value);
      value += 2;
      break;
    case BYTES:
      if (in->length - value < 4) {
        return false;
      }
      length = get32(in->data + value);
      value += 4;
      break;
    default:
      return false;
  }
  if (length > in->length - value) {
    return false;
  }
  if (found->type == STRING && length > 0 && in->data[value + length - 1] != 0) {
    return false;
  }
  found->value = in->data + value;
  found->length = length;
  found->end = value + length;
  return true;
}

/* ---- reading ---- */

bool app_read(app_reader *reader, const void *data, uint32_t length) {
  reader->data = data;
  reader->length = length;
  if (data == NULL || length < 6 || get32(reader->data + FLAGS) > length - FLAGS) {
    return false;
  }
  reader->length = get32(reader->data + FLAGS) + FLAGS;
  uint32_t at = first(reader);
  if (at == 0) {
    return false;
  }
  attribute each;
  for (uint32_t left = app_count(reader); left > 0; left--) {
    if (!look(reader, at, &each)) {
      return false;
    }
    at = each.end;
  }
  return true;
}

const char *app_tag(const app_reader *reader) {
  return (const char *)reader->data + 8;
}

uint32_t app_count(const app_reader *reader) {
  return get16(reader->data + first(reader) - 2);
}

const char *app_key(const app_reader *reader, uint32_t number) {
  uint32_t at = first(reader);
  attribute each;
  for (uint32_t i = 0; i < app_count(reader); i++) {
    look(reader, at, &each);
    if (i == number) {
      return each.key;
    }
    at = each.end;
  }
  return NULL;
}

static bool find(const app_reader *reader, const char *key, attribute *found) {
  uint32_t at = first(reader);
  for (uint32_t left = app_count(reader); left > 0; left--) {
    look(reader, at, found);
    if (strcmp(found->key, key) == 0) {
      return true;
    }
    at = found->end;
  }
  return false;
}

bool app_has(const app_reader *reader, const char *key) {
  attribute found;
  return find(reader, key, &found);
}

static bool is_whole(const attribute *found) {
  return found->type <= UINT64;
}

static int64_t whole(const attribute *found) {
  uint64_t bits = 0;
  memcpy(&bits, found->value, found->length);
  switch (found->type) {
    case INT8:
      return (int8_t)bits;
    case INT16:
      return (int16_t)bits;
    case INT32:
      return (int32_t)bits;
    default:
      return (int64_t)bits;
  }
}

static double fraction(const attribute *found) {
  if (found->type == FLOAT) {
    float value;
    memcpy(&value, found->value, 4);
    return value;
  }
  double value;
  memcpy(&value, found->value, 8);
  return value;
}

int64_t app_int(const app_reader *reader, const char *key, int64_t otherwise) {
  attribute found;
  if (!find(reader, key, &found)) {
    return otherwise;
  }
  if (is_whole(&found)) {
    return whole(&found);
  }
  if (found.type == FLOAT || found.type == DOUBLE) {
    double value = fraction(&found);
    /* what does not fit is no number of the wanted type */
    if (value >= -9223372036854775808.0 && value < 9223372036854775808.0) {
      return (int64_t)value;
    }
  }
  return otherwise;
}

double app_double(const app_reader *reader, const char *key, double otherwise) {
  attribute found;
  if (!find(reader, key, &found)) {
    return otherwise;
  }
  if (found.type == FLOAT || found.type == DOUBLE) {
    return fraction(&found);
  }
  if (found.type == UINT64) {
    return (double)(uint64_t)whole(&found);
  }
  return is_whole(&found) ? (double)whole(&found) : otherwise;
}

bool app_bool(const app_reader *reader, const char *key, bool otherwise) {
  attribute found;
  return find(reader, key, &found) && found.type == BOOLEAN ? *found.value != 0 : otherwise;
}

const char *app_text(const app_reader *reader, const char *key, const char *otherwise) {
  attribute found;
  if (!find(reader, key, &found) || found.type != STRING) {
    return otherwise;
  }
  return found.length == 0 ? "" : (const char *)found.value;
}

const uint8_t *app_bytes(const app_reader *reader, const char *key, uint32_t *length) {
  attribute found;
  if (!find(reader, key, &found) || found.type != BYTES) {
    *length = 0;
    return NULL;
  }
  *length = found.length;
  return found.value;
}

/* ---- writing ---- */

struct app_attributes {
  uint8_t *data;
  uint32_t length;
  uint32_t room;
};

app_attributes *app_attributes_new(const char *tag) {
  size_t tag_length = strlen(tag) + 1;
  if (tag_length > MAX_TEXT + 1) {
    return NULL;
  }
  app_attributes *made = malloc(sizeof *made);
  if (made == NULL) {
    return NULL;
  }
  made->length = 8 + (uint32_t)tag_length + 2;
  made->room = made->length + 64;
  made->data = malloc(made->room);
  if (made->data == NULL) {
    free(made);
    return NULL;
  }
  memset(made->data, 0, made->length);
  uint32_t total = made->length - FLAGS;
  memcpy(made->data + FLAGS, &total, 4);
  put16(made->data + 6, (uint32_t)tag_length);
  memcpy(made->data + 8, tag, tag_length);
  return made;
}

void app_attributes_free(app_attributes *container) {
  if (container != NULL) {
    free(container->data);
    free(container);
  }
}

const void *app_attributes_data(const app_attributes *container) {
  return container->data;
}

uint32_t app_attributes_length(const app_attributes *container) {
  return container->length;
}

static bool make_room(app_attributes *container, uint32_t more) {
  if (more > UINT32_MAX / 2 - container->length) {
    return false;
  }
  uint32_t needed = container->length + more;
  if (needed <= container->room) {
    return true;
  }
  uint32_t room = needed + needed / 2;
  uint8_t *data = realloc(container->data, room);
  if (data == NULL) {
    return false;
  }
  container->data = data;
  container->room = room;
  return true;
}

static void resize(app_attributes *container, uint32_t length, int32_t more_attributes) {
  container->length = length;
  uint32_t total = length - FLAGS;
  memcpy(container->data + FLAGS, &total, 4);
  app_reader reader = {container->data, length};
  uint8_t *count = container->data + first(&reader) - 2;
  put16(count, (uint32_t)(get16(count) + more_attributes));
}

/* Puts an attribute in: prefix bytes of its length, then the value. */
static bool set(
    app_attributes *container,
    const char *key,
    uint8_t type,
    uint32_t prefix,
    const void *value,
    uint32_t length) {
  size_t key_length = strlen(key) + 1;
  app_reader reader = {container->data, container->length};
  attribute old;
  bool replaced = find(&reader, key, &old);
  if (key_length > MAX_TEXT + 1 || (!replaced && app_count(&reader) == MAX_COUNT)) {
    return false;
  }
  uint32_t head = 2 + (uint32_t)key_length + 1 + prefix;
  if (length > UINT32_MAX / 2 - head || !make_room(container, head + length)) {
    return false;
  }
  if (replaced) {
    uint32_t from = (uint32_t)((const uint8_t *)old.key - reader.data) - 2;
    memmove(
        container->data + from, container->data + old.end, container->length - old.end);
    resize(container, container->length - (old.end - from), -1);
  }
  uint8_t *at = container->data + container->length;
  put16(at, (uint32_t)key_length);
  memcpy(at + 2, key, key_length);
  at += 2 + key_length;
  *at++ = type;
  memcpy(at, &length, prefix);
  memcpy(at + prefix, value, length);
  resize(container, container->length + head + length, 1);
  return true;
}

bool app_set_bool(app_attributes *container, const char *key, bool value) {
  uint8_t byte = value;
  return set(container, key, BOOLEAN, 0, &byte, 1);
}

#define SETTER(name, c_type, type)                                              \
  bool name(app_attributes *container, const char *key, c_type value) {         \
    return set(container, key, type, 0, &value, sizeof value);                  \
  }

SETTER(app_set_int8, int8_t, INT8)
SETTER(app_set_int16, int16_t, INT16)
SETTER(app_set_int32, int32_t, INT32)
SETTER(app_set_int64, int64_t, INT64)
SETTER(app_set_uint8, uint8_t, UINT8)
SETTER(app_set_uint16, uint16_t, UINT16)
SETTER(app_set_uint32, uint32_t, UINT32)
SETTER(app_set_uint64, uint64_t, UINT64)
SETTER(app_set_float, float, FLOAT)
SETTER(app_set_double, double, DOUBLE)

bool app_set_text(app_attributes *container, const char *key, const char *value) {
  size_t length = strlen(value) + 1;
  return length <= MAX_TEXT + 1
      && set(container, key, STRING, 2, value, (uint32_t)length);
}

bool app_set_bytes(
    app_attributes *container, const char *key, const void *value, uint32_t length) {
  return set(container, key, BYTES, 4, value, length);
}
