/*
 * All that an app needs. It has a function on_init, which registers handlers and returns; from then
 * on the handlers are called, one after the other.
 *
 *   #include "sampan/app.h"
 *
 *   static void hello(const app_request *request) {
 *     app_respond_text(request, APP_CONTENT, "hello");
 *   }
 *
 *   APP_INIT { app_on("hello", hello); }
 */
#ifndef SAMPAN_APP_H
#define SAMPAN_APP_H

#include "sampan/abi.h"
#include "sampan/attributes.h"
#include "sampan/connections.h"
#include "sampan/libc.h"
#include "sampan/messages.h"
#include "sampan/sensors.h"
#include "sampan/timers.h"

/* Begins the app. */
#define APP_INIT SAMPAN_EXPORT(on_init) void on_init(void)

/* Ends the app; it need not have that. */
#define APP_DESTROY SAMPAN_EXPORT(on_destroy) void on_destroy(void)

#endif
