#include "sampan/connections.h"

#include "sampan/abi.h"
#include "sampan/attributes.h"
#include "sampan/libc.h"

enum { MAX_SOURCE = 256 };

struct app_connection {
  app_connection *next;
  int32_t handle;
  app_connection_handler *call;
  void *data;
};

static app_connection *connections;

/* The one whose handler is running, and whether it is to be freed afterwards. */
static app_connection *handling;
static bool closed;

/* Opens a connection, and frees the container, which is NULL if there was no memory. */
static app_connection *open_with(
    const char *kind, app_attributes *wishes, app_connection_handler *call, void *data) {
  app_connection *made = wishes == NULL ? NULL : malloc(sizeof *made);
  if (made != NULL) {
    made->handle =
        wasm_open_connection(kind, app_attributes_data(wishes), app_attributes_length(wishes));
    if (made->handle < 0) {
      free(made);
      made = NULL;
    }
  }
  app_attributes_free(wishes);
  if (made != NULL) {
    made->call = call;
    made->data = data;
    made->next = connections;
    connections = made;
  }
  return made;
}

/* A container, or NULL if not all of it was written. */
static app_attributes *complete(app_attributes *container, bool written) {
  if (written) {
    return container;
  }
  app_attributes_free(container);
  return NULL;
}

static app_attributes *address_of(const char *address, uint16_t port) {
  app_attributes *made = app_attributes_new("");
  return complete(
      made,
      made != NULL
          && app_set_text(made, "address", address)
          && app_set_uint16(made, "port", port));
}

app_connection *app_connect_tcp(
    const char *address, uint16_t port, app_connection_handler *call, void *data) {
  return open_with("TCP", address_of(address, port), call, data);
}

app_connection *app_open_udp(uint16_t port, app_connection_handler *call, void *data) {
  app_attributes *wishes = app_attributes_new("");
  bool written = wishes != NULL && app_set_uint16(wishes, "bind port", port);
  return open_with("UDP", complete(wishes, written), call, data);
}

app_connection *app_open_serial(
    const char *device, int32_t baud_rate, app_connection_handler *call, void *data) {
  app_attributes *wishes = app_attributes_new("");
  bool written = wishes != NULL
      && app_set_text(wishes, "device", device)
      && app_set_int32(wishes, "baudrate", baud_rate);
  return open_with("UART", complete(wishes, written), call, data);
}

bool app_udp_to(app_connection *connection, const char *address, uint16_t port) {
  app_attributes *wishes = address_of(address, port);
  bool done = wishes != NULL
      && wasm_config_connection(
          connection->handle, app_attributes_data(wishes), app_attributes_length(wishes));
  app_attributes_free(wishes);
  return done;
}

bool app_udp_reply(app_connection *connection) {
  uint8_t source[MAX_SOURCE];
  int32_t length = sampan_connection_source(connection->handle, source, sizeof source);
  return length > 0 && wasm_config_connection(connection->handle, source, (uint32_t)length);
}

int32_t app_send(app_connection *connection, const void *data, uint32_t length) {
  return wasm_send_on_connection(connection->handle, data, length);
}

void app_connection_free(app_connection *connection) {
  for (app_connection **at = &connections; *at != NULL; at = &(*at)->next) {
    if (*at == connection) {
      *at = connection->next;
      wasm_close_connection(connection->handle);
      if (connection == handling) {
        closed = true;
      } else {
        free(connection);
      }
      return;
    }
  }
}

SAMPAN_EXPORT(on_connection_data)
void on_connection_data(int32_t handle, const void *piece, uint32_t length) {
  for (app_connection *each = connections; each != NULL; each = each->next) {
    if (each->handle == handle) {
      handling = each;
      closed = false;
      each->call(each, piece, length, each->data);
      if (length == 0) {
        app_connection_free(each);
      }
      handling = NULL;
      if (closed) {
        free(each);
      }
      return;
    }
  }
}
