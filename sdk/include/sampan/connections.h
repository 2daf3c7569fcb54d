/* Connections by TCP, UDP and serial ports, as far as they are granted. Nothing here waits. */
#ifndef SAMPAN_CONNECTIONS_H
#define SAMPAN_CONNECTIONS_H

#include <stdbool.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct app_connection app_connection;

/*
 * Takes what comes, in pieces of at most 256 bytes. With a length of 0 the other side has closed
 * the connection; it is freed when the handler returns.
 */
typedef void app_connection_handler(
    app_connection *connection, const void *piece, uint32_t length, void *data);

/* Each of these gives NULL if it cannot be done, or is not granted. */

/* Connects to an address in numbers, such as "192.0.2.7". */
app_connection *app_connect_tcp(
    const char *address, uint16_t port, app_connection_handler *handler, void *data);

/* Receives datagrams at a port. */
app_connection *app_open_udp(uint16_t port, app_connection_handler *handler, void *data);

/* Opens a serial port, such as "/dev/ttyS2". */
app_connection *app_open_serial(
    const char *device, int32_t baud_rate, app_connection_handler *handler, void *data);

/* Where datagrams go from now on. */
bool app_udp_to(app_connection *connection, const char *address, uint16_t port);

/* The same: to whoever has sent the datagram that is just being handled. */
bool app_udp_reply(app_connection *connection);

/* Sends; gives how many bytes went, or -1. */
int32_t app_send(app_connection *connection, const void *data, uint32_t length);

/* Closes it, also from its own handler. */
void app_connection_free(app_connection *connection);

#ifdef __cplusplus
}
#endif
#endif
