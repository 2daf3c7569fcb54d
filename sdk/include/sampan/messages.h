/*
 * Requests, responses and events. An app registers handlers by URLs; a request comes to the newest
 * handler whose URL is the request's, or the beginning of it up to a '/' or '?'. One '/' at the
 * beginning does not count. A request that no handler takes is answered with 4.04.
 */
#ifndef SAMPAN_MESSAGES_H
#define SAMPAN_MESSAGES_H

#include <stdbool.h>
#include <stdint.h>

#include "sampan/attributes.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef enum { APP_GET = 1, APP_POST = 2, APP_PUT = 3, APP_DELETE = 4, APP_EVENT = 6 } app_action;

/* Statuses of responses: the class times 32, plus the detail. */
typedef enum {
  APP_CREATED = 65,
  APP_DELETED = 66,
  APP_CHANGED = 68,
  APP_CONTENT = 69,
  APP_BAD_REQUEST = 128,
  APP_FORBIDDEN = 131,
  APP_NOT_FOUND = 132,
  APP_WRONG_METHOD = 133,
  APP_FAILED = 160,
  APP_UNAVAILABLE = 163,
  APP_TIMEOUT = 164
} app_status;

#define APP_FORMAT_TEXT 0
#define APP_FORMAT_BYTES 42
#define APP_FORMAT_JSON 50

/* A request that has come; it is there until its handler returns, unless it is kept. */
typedef struct {
  app_action action;
  uint16_t format;
  uint32_t id;
  uint32_t sender;
  const char *url;
  const void *payload;
  uint32_t length;
} app_request;

typedef void app_request_handler(const app_request *request);

/* Handles requests for a URL; also those of other apps that do not name this app. */
bool app_on(const char *url, app_request_handler *handler);

/* Answers. */
bool app_respond(
    const app_request *request, int status, uint16_t format, const void *payload, uint32_t length);
bool app_respond_text(const app_request *request, int status, const char *text);
bool app_respond_attributes(
    const app_request *request, int status, const app_attributes *container);

/* A copy of a request, to be answered later; NULL if there is no memory. */
app_request *app_keep(const app_request *request);
void app_release(app_request *request);

/* Reads a request's payload as a container; false if it is none. */
bool app_request_attributes(app_reader *reader, const app_request *request);

/* An answer to a request of this app. */
typedef struct {
  int status;
  uint16_t format;
  const void *payload;
  uint32_t length;
} app_response;

/* Takes an answer, or NULL if there was none in time. */
typedef void app_response_handler(const app_response *response, void *data);

/* How long an answer is waited for, in milliseconds; 5000 unless it is set. */
extern uint32_t app_patience;

/*
 * Asks another app: "/app/NAME/URL", or the URL of a resource that somebody has registered. False
 * if there is no memory or no timer; then the handler is not called.
 */
bool app_ask(
    app_action action,
    const char *url,
    uint16_t format,
    const void *payload,
    uint32_t length,
    app_response_handler *handler,
    void *data);

bool app_ask_attributes(
    app_action action,
    const char *url,
    const app_attributes *container,
    app_response_handler *handler,
    void *data);

/* Reads a response's payload as a container; false if it is none. */
bool app_response_attributes(app_reader *reader, const app_response *response);

/* ---- events ---- */

/* Tells of something. */
bool app_publish(const char *topic, uint16_t format, const void *payload, uint32_t length);
bool app_publish_attributes(const char *topic, const app_attributes *container);

/*
 * Hears of topics: levels divided by '/', of which '+' stands for any one, and '#' at the end for
 * any number. The event is a request whose URL is the topic; it is not answered.
 */
bool app_subscribe(const char *topics, app_request_handler *handler);

#ifdef __cplusplus
}
#endif
#endif
