#include "sampan/messages.h"

#include "sampan/abi.h"
#include "sampan/libc.h"
#include "sampan/timers.h"

enum { VERSION = 1, REQUEST_HEAD = 18, RESPONSE_HEAD = 16, MAX_URL = 0xfffe };

/* ---- packing; numbers are big endian ---- */

static void put(uint8_t *at, int bytes, uint32_t value) {
  for (int i = bytes - 1; i >= 0; i--) {
    at[i] = (uint8_t)value;
    value >>= 8;
  }
}

static uint32_t get(const uint8_t *at, int bytes) {
  uint32_t value = 0;
  for (int i = 0; i < bytes; i++) {
    value = value << 8 | at[i];
  }
  return value;
}

static bool unpack_request(app_request *request, const uint8_t *packed, uint32_t length) {
  if (length < REQUEST_HEAD || packed[0] != VERSION) {
    return false;
  }
  uint32_t url_length = get(packed + 12, 2);
  uint32_t payload_length = get(packed + 14, 4);
  if (url_length == 0
      || url_length > length - REQUEST_HEAD
      || payload_length != length - REQUEST_HEAD - url_length
      || packed[REQUEST_HEAD + url_length - 1] != 0) {
    return false;
  }
  request->action = (app_action)packed[1];
  request->format = (uint16_t)get(packed + 2, 2);
  request->id = get(packed + 4, 4);
  request->sender = get(packed + 8, 4);
  request->url = (const char *)packed + REQUEST_HEAD;
  request->payload = packed + REQUEST_HEAD + url_length;
  request->length = payload_length;
  return true;
}

/* Sends a request or an event. */
static bool post(
    app_action action,
    uint32_t id,
    const char *url,
    uint16_t format,
    const void *payload,
    uint32_t length) {
  size_t url_length = strlen(url) + 1;
  if (url_length > MAX_URL + 1 || length > INT32_MAX - REQUEST_HEAD - (uint32_t)url_length) {
    return false;
  }
  uint32_t size = REQUEST_HEAD + (uint32_t)url_length + length;
  uint8_t *packed = malloc(size);
  if (packed == NULL) {
    return false;
  }
  packed[0] = VERSION;
  packed[1] = (uint8_t)action;
  put(packed + 2, 2, format);
  put(packed + 4, 4, id);
  put(packed + 8, 4, 0); /* the host says who sends it */
  put(packed + 12, 2, (uint32_t)url_length);
  put(packed + 14, 4, length);
  memcpy(packed + REQUEST_HEAD, url, url_length);
  if (length > 0) {
    memcpy(packed + REQUEST_HEAD + url_length, payload, length);
  }
  wasm_post_request(packed, size);
  free(packed);
  return true;
}

/* ---- handlers ---- */

typedef struct handler {
  struct handler *next;
  bool event;
  app_request_handler *call;
  char url[];
} handler;

/* The newest first. */
static handler *handlers;

static bool add(const char *url, bool event, app_request_handler *call) {
  for (handler *each = handlers; each != NULL; each = each->next) {
    if (each->event == event && strcmp(each->url, url) == 0) {
      each->call = call;
      return true;
    }
  }
  size_t length = strlen(url) + 1;
  handler *made = malloc(sizeof *made + length);
  if (made == NULL) {
    return false;
  }
  made->event = event;
  made->call = call;
  memcpy(made->url, url, length);
  made->next = handlers;
  handlers = made;
  return true;
}

bool app_on(const char *url, app_request_handler *call) {
  if (!add(url, false, call)) {
    return false;
  }
  wasm_register_resource(url);
  return true;
}

bool app_subscribe(const char *topics, app_request_handler *call) {
  if (!add(topics, true, call)) {
    return false;
  }
  wasm_sub_event(topics);
  return true;
}

static bool is_resource(const char *resource, const char *url) {
  resource += *resource == '/';
  url += *url == '/';
  size_t length = strlen(resource);
  length -= length > 0 && resource[length - 1] == '/';
  if (length == 0 || strncmp(resource, url, length) != 0) {
    return false;
  }
  char behind = url[length];
  return behind == 0 || behind == '/' || behind == '?';
}

static bool matches(const char *filter, const char *topic) {
  if (*topic == '$' && (*filter == '+' || *filter == '#')) {
    return false;
  }
  while (true) {
    if (*filter == '#' && filter[1] == 0) {
      return true;
    }
    if (*filter == '+' && (filter[1] == 0 || filter[1] == '/')) {
      filter++;
      while (*topic != 0 && *topic != '/') {
        topic++;
      }
    } else {
      while (*filter != 0 && *filter != '/' && *filter == *topic) {
        filter++;
        topic++;
      }
    }
    if (*filter == 0 || *topic == 0) {
      /* "a/#" means "a", too */
      return *topic == 0 && (*filter == 0 || strcmp(filter, "/#") == 0);
    }
    if (*filter != '/' || *topic != '/') {
      return false;
    }
    filter++;
    topic++;
  }
}

SAMPAN_EXPORT(on_request) void on_request(const uint8_t *packed, uint32_t length) {
  app_request request;
  if (!unpack_request(&request, packed, length)) {
    return;
  }
  bool event = request.action == APP_EVENT;
  for (handler *each = handlers; each != NULL; each = each->next) {
    if (each->event == event
        && (event ? matches(each->url, request.url) : is_resource(each->url, request.url))) {
      each->call(&request);
      return;
    }
  }
  if (!event) {
    app_respond_text(&request, APP_NOT_FOUND, "there is nothing at this URL");
  }
}

/* ---- answering ---- */

bool app_respond(
    const app_request *request, int status, uint16_t format, const void *payload, uint32_t length) {
  if (length > INT32_MAX - RESPONSE_HEAD) {
    return false;
  }
  uint8_t *packed = malloc(RESPONSE_HEAD + length);
  if (packed == NULL) {
    return false;
  }
  packed[0] = VERSION;
  packed[1] = (uint8_t)status;
  put(packed + 2, 2, format);
  put(packed + 4, 4, request->id);
  put(packed + 8, 4, request->sender);
  put(packed + 12, 4, length);
  if (length > 0) {
    memcpy(packed + RESPONSE_HEAD, payload, length);
  }
  bool sent = wasm_response_send(packed, RESPONSE_HEAD + length);
  free(packed);
  return sent;
}

bool app_respond_text(const app_request *request, int status, const char *text) {
  return app_respond(request, status, APP_FORMAT_TEXT, text, (uint32_t)strlen(text));
}

bool app_respond_attributes(
    const app_request *request, int status, const app_attributes *container) {
  return app_respond(
      request,
      status,
      APP_FORMAT_ATTRIBUTES,
      app_attributes_data(container),
      app_attributes_length(container));
}

app_request *app_keep(const app_request *request) {
  size_t url_length = strlen(request->url) + 1;
  app_request *kept = malloc(sizeof *kept + url_length + request->length);
  if (kept != NULL) {
    char *behind = (char *)(kept + 1);
    *kept = *request;
    memcpy(behind, request->url, url_length);
    kept->url = behind;
    if (request->length > 0) {
      memcpy(behind + url_length, request->payload, request->length);
    }
    kept->payload = behind + url_length;
  }
  return kept;
}

void app_release(app_request *request) {
  free(request);
}

static bool read_payload(
    app_reader *reader, uint16_t format, const void *payload, uint32_t length) {
  return format == APP_FORMAT_ATTRIBUTES && app_read(reader, payload, length);
}

bool app_request_attributes(app_reader *reader, const app_request *request) {
  return read_payload(reader, request->format, request->payload, request->length);
}

bool app_response_attributes(app_reader *reader, const app_response *response) {
  return read_payload(reader, response->format, response->payload, response->length);
}

/* ---- asking ---- */

typedef struct question {
  struct question *next;
  uint32_t id;
  uint32_t asked;
  uint32_t patience;
  app_response_handler *call;
  void *data;
} question;

uint32_t app_patience = 5000;

static question *questions;
static uint32_t last_id;

/* One timer for all questions; it rests while there is none. */
static app_timer *patience_timer;

/* How long the first question to be given up may still wait. */
static uint32_t next_expiry(void) {
  uint32_t least = UINT32_MAX;
  for (question *each = questions; each != NULL; each = each->next) {
    uint32_t age = app_milliseconds() - each->asked;
    uint32_t left = age >= each->patience ? 0 : each->patience - age;
    least = left < least ? left : least;
  }
  return least;
}

static void set_timer(void) {
  if (questions == NULL) {
    app_timer_hold(patience_timer);
  } else {
    app_timer_restart(patience_timer, next_expiry());
  }
}

/* Takes a question out; NULL if there is none. */
static question *take(uint32_t id, bool any_expired) {
  for (question **at = &questions; *at != NULL; at = &(*at)->next) {
    question *each = *at;
    bool expired = app_milliseconds() - each->asked >= each->patience;
    if (any_expired ? expired : each->id == id) {
      *at = each->next;
      return each;
    }
  }
  return NULL;
}

static void give_up(app_timer *timer, void *data) {
  (void)timer;
  (void)data;
  for (question *late = take(0, true); late != NULL; late = take(0, true)) {
    late->call(NULL, late->data);
    free(late);
  }
  set_timer();
}

bool app_ask(
    app_action action,
    const char *url,
    uint16_t format,
    const void *payload,
    uint32_t length,
    app_response_handler *call,
    void *data) {
  if (patience_timer == NULL) {
    patience_timer = app_timer_new(app_patience, false, give_up, NULL);
    if (patience_timer == NULL) {
      return false;
    }
  }
  question *asked = malloc(sizeof *asked);
  if (asked == NULL) {
    return false;
  }
  asked->id = ++last_id;
  asked->asked = app_milliseconds();
  asked->patience = app_patience;
  asked->call = call;
  asked->data = data;
  if (!post(action, asked->id, url, format, payload, length)) {
    free(asked);
    return false;
  }
  asked->next = questions;
  questions = asked;
  set_timer();
  return true;
}

bool app_ask_attributes(
    app_action action,
    const char *url,
    const app_attributes *container,
    app_response_handler *call,
    void *data) {
  return app_ask(
      action,
      url,
      APP_FORMAT_ATTRIBUTES,
      app_attributes_data(container),
      app_attributes_length(container),
      call,
      data);
}

SAMPAN_EXPORT(on_response) void on_response(const uint8_t *packed, uint32_t length) {
  if (length < RESPONSE_HEAD
      || packed[0] != VERSION
      || get(packed + 12, 4) != length - RESPONSE_HEAD) {
    return;
  }
  question *asked = take(get(packed + 4, 4), false);
  if (asked == NULL) {
    return; /* it was given up */
  }
  app_response response = {
      .status = packed[1],
      .format = (uint16_t)get(packed + 2, 2),
      .payload = packed + RESPONSE_HEAD,
      .length = length - RESPONSE_HEAD,
  };
  set_timer();
  asked->call(&response, asked->data);
  free(asked);
}

/* ---- telling ---- */

bool app_publish(const char *topic, uint16_t format, const void *payload, uint32_t length) {
  return post(APP_EVENT, ++last_id, topic, format, payload, length);
}

bool app_publish_attributes(const char *topic, const app_attributes *container) {
  return app_publish(
      topic,
      APP_FORMAT_ATTRIBUTES,
      app_attributes_data(container),
      app_attributes_length(container));
}
