/*
 * Sockets for preview 1 guests, as small as these tests need them: the imports of the socket
 * extension, and the structures that they take.
 */
#ifndef SOCKETS_H
#define SOCKETS_H

#include <stddef.h>
#include <stdint.h>

#define WASI(name) \
  __attribute__((import_module("wasi_snapshot_preview1"), import_name(#name)))

enum { FAMILY_V4 = 0, FAMILY_V6 = 1, FAMILY_ANY = 2 };
enum { TYPE_ANY = -1, TYPE_DATAGRAM = 0, TYPE_STREAM = 1 };

typedef struct {
  uint32_t kind;
  union {
    struct {
      uint8_t octets[4];
      uint16_t port;
    } v4;
    struct {
      uint16_t groups[8];
      uint16_t port;
    } v6;
  };
} address_t;

typedef struct {
  address_t address;
  int32_t type;
} resolved_t;

typedef struct {
  int32_t type;
  int32_t family;
  uint8_t enabled;
} hints_t;

typedef struct {
  void *bytes;
  size_t length;
} range_t;

_Static_assert(sizeof(address_t) == 24, "address");
_Static_assert(sizeof(resolved_t) == 28, "resolved");
_Static_assert(sizeof(hints_t) == 12, "hints");

WASI(sock_open) int sock_open(int pool, int family, int type, int *fd);
WASI(sock_bind) int sock_bind(int fd, const address_t *address);
WASI(sock_connect) int sock_connect(int fd, const address_t *address);
WASI(sock_listen) int sock_listen(int fd, int backlog);
WASI(sock_accept) int sock_accept(int fd, int flags, int *accepted);
WASI(sock_shutdown) int sock_shutdown(int fd, int how);
WASI(sock_addr_local) int sock_addr_local(int fd, address_t *address);
WASI(sock_addr_remote) int sock_addr_remote(int fd, address_t *address);
WASI(sock_addr_resolve)
int sock_addr_resolve(const char *host, const char *service, const hints_t *hints,
                      resolved_t *found, size_t capacity, size_t *count);
WASI(sock_recv)
int sock_recv(int fd, const range_t *ranges, size_t count, int flags, size_t *received,
              uint16_t *received_flags);
WASI(sock_send)
int sock_send(int fd, const range_t *ranges, size_t count, int flags, size_t *sent);
WASI(sock_recv_from)
int sock_recv_from(int fd, const range_t *ranges, size_t count, int flags, address_t *from,
                   size_t *received);
WASI(sock_send_to)
int sock_send_to(int fd, const range_t *ranges, size_t count, int flags, const address_t *to,
                 size_t *sent);
WASI(sock_set_reuse_addr) int sock_set_reuse_addr(int fd, int on);
WASI(sock_set_tcp_no_delay) int sock_set_tcp_no_delay(int fd, int on);
WASI(sock_set_recv_timeout) int sock_set_recv_timeout(int fd, uint64_t micros);

static inline uint16_t *port_of(address_t *address) {
  return address->kind == FAMILY_V4 ? &address->v4.port : &address->v6.port;
}

#endif
