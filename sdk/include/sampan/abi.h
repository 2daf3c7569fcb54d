/*
 * The interface between a guest and its host, as it is: what a guest may import from the module
 * "env", and what it exports. The other headers make it comfortable; include this one only if you
 * want to do without them.
 *
 * Messages are packed. Numbers in the heads of requests and responses are big endian:
 *
 *   request   u8 version = 1, u8 action, u16 format, u32 id, u32 sender, u16 length of the URL with
 *             its NUL, u32 length of the payload, URL, NUL, payload
 *   response  u8 version = 1, u8 status, u16 format, u32 id, u32 receiver, u32 length of the
 *             payload, payload
 *
 * A guest exports those of these functions that it wants to be called by:
 *
 *   on_init()                                    first of all; a trap here means: it does not start
 *   on_destroy()                                 last of all
 *   on_request(request, length)                  a request, or an event (action 6)
 *   on_response(response, length)                the answer to a request of its own
 *   on_timer_callback(timer)
 *   on_sensor_event(sensor, container, length)
 *   on_connection_data(handle, data, length)     length 0: closed by the other side
 *
 * What they are given lies in the guest's memory only until they return. The host finds room for it
 * by the malloc and free that the guest exports, or in a heap of its own behind the guest's data.
 */
#ifndef SAMPAN_ABI_H
#define SAMPAN_ABI_H

#include <stdbool.h>
#include <stdint.h>

#define SAMPAN_IMPORT(name) __attribute__((import_module("env"), import_name(#name))) extern
#define SAMPAN_EXPORT(name) __attribute__((export_name(#name)))

/* Requests under this URL, from any app, come to this app. */
SAMPAN_IMPORT(wasm_register_resource) void wasm_register_resource(const char *url);

/* Sends a request, or publishes an event. */
SAMPAN_IMPORT(wasm_post_request) void wasm_post_request(const void *request, uint32_t length);

/* Answers a request; false if the response is malformed. */
SAMPAN_IMPORT(wasm_response_send) bool wasm_response_send(const void *response, uint32_t length);

/* Events with this topic come to this app. */
SAMPAN_IMPORT(wasm_sub_event) void wasm_sub_event(const char *topic);

/* Makes a timer; gives its number, or -1 if there are too many. */
SAMPAN_IMPORT(wasm_create_timer)
int32_t wasm_create_timer(uint32_t milliseconds, bool again, bool start);

/* Lets a timer rest; it can be restarted. */
SAMPAN_IMPORT(wasm_timer_cancel) void wasm_timer_cancel(int32_t timer);

SAMPAN_IMPORT(wasm_timer_destroy) void wasm_timer_destroy(int32_t timer);
SAMPAN_IMPORT(wasm_timer_restart) void wasm_timer_restart(int32_t timer, uint32_t milliseconds);

/* Milliseconds of a clock that begins anew after 49 days. */
SAMPAN_IMPORT(wasm_get_sys_tick_ms) uint32_t wasm_get_sys_tick_ms(void);

/* Opens a sensor; gives its number, or -1. */
SAMPAN_IMPORT(wasm_sensor_open) int32_t wasm_sensor_open(const char *name, uint32_t instance);

SAMPAN_IMPORT(wasm_sensor_config)
bool wasm_sensor_config(int32_t sensor, uint32_t milliseconds, int32_t bits, int32_t delay);

SAMPAN_IMPORT(wasm_sensor_config_with_attr_container)
bool wasm_sensor_config_with_attr_container(
    int32_t sensor, const void *container, uint32_t length);

SAMPAN_IMPORT(wasm_sensor_close) bool wasm_sensor_close(int32_t sensor);

/* Opens a connection of a kind: "TCP", "UDP" or "UART"; gives its handle, or -1. */
SAMPAN_IMPORT(wasm_open_connection)
int32_t wasm_open_connection(const char *kind, const void *container, uint32_t length);

SAMPAN_IMPORT(wasm_close_connection) void wasm_close_connection(int32_t handle);

/* Sends without waiting; gives how many bytes went, or -1. */
SAMPAN_IMPORT(wasm_send_on_connection)
int32_t wasm_send_on_connection(int32_t handle, const void *data, uint32_t length);

SAMPAN_IMPORT(wasm_config_connection)
bool wasm_config_connection(int32_t handle, const void *container, uint32_t length);

/*
 * Sampan only. Who has sent the datagram that is being handled: a container with "address" and
 * "port", as wasm_config_connection takes it. Gives its length, or -1.
 */
SAMPAN_IMPORT(sampan_connection_source)
int32_t sampan_connection_source(int32_t handle, void *container, uint32_t room);

#endif
