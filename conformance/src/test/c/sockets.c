/*
 * sockets: a program that uses the network.
 *
 *   sockets serve FAMILY          prints the port it listens at, echoes one connection
 *   sockets ask HOST PORT TEXT    connects to a host by name or number, sends, prints the answer
 *   sockets datagrams PORT TEXT   sends a datagram to 127.0.0.1, prints what comes back
 *   sockets poll                  prints the port, waits by poll() and read() for three lines
 *
 * The exit code is the first errno that was met.
 */
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "sockets.h"

static void need(const char *what, int error) {
  if (error != 0) {
    printf("%s: %d\n", what, error);
    exit(error);
  }
}

static address_t loopback(int family, int port) {
  address_t address;
  memset(&address, 0, sizeof address);
  address.kind = (uint32_t) family;
  if (family == FAMILY_V4) {
    address.v4.octets[0] = 127;
    address.v4.octets[3] = 1;
  } else {
    address.v6.groups[7] = 1;
  }
  *port_of(&address) = (uint16_t) port;
  return address;
}

static int listener(int family) {
  int fd;
  need("open", sock_open(-1, family, TYPE_STREAM, &fd));
  need("reuse", sock_set_reuse_addr(fd, 1));
  address_t address = loopback(family, 0);
  need("bind", sock_bind(fd, &address));
  need("listen", sock_listen(fd, 5));
  need("local", sock_addr_local(fd, &address));
  printf("%d\n", *port_of(&address));
  fflush(stdout);
  return fd;
}

static int serve(int family) {
  int fd = listener(family);
  int peer;
  need("accept", sock_accept(fd, 0, &peer));
  char buffer[1000];
  size_t total = 0;
  for (;;) {
    range_t in = {buffer, sizeof buffer};
    size_t received;
    uint16_t flags;
    need("recv", sock_recv(peer, &in, 1, 0, &received, &flags));
    if (received == 0) {
      break;
    }
    range_t out[2] = {{buffer, received / 2}, {buffer + received / 2, received - received / 2}};
    size_t sent;
    need("send", sock_send(peer, out, 2, 0, &sent));
    total += sent;
  }
  need("shutdown", sock_shutdown(peer, 2));
  close(peer);
  close(fd);
  printf("%zu bytes\n", total);
  return 0;
}

static int ask(const char *host, const char *port, char *text) {
  hints_t hints = {TYPE_STREAM, FAMILY_ANY, 1};
  resolved_t found[8];
  size_t count;
  need("resolve", sock_addr_resolve(host, port, &hints, found, 8, &count));
  for (size_t i = 0; i < count && i < 8; i++) {
    int fd;
    need("open", sock_open(-1, (int) found[i].address.kind, TYPE_STREAM, &fd));
    sock_set_tcp_no_delay(fd, 1);
    int error = sock_connect(fd, &found[i].address);
    if (error != 0) {
      close(fd);
      if (i + 1 == count) {
        need("connect", error);
      }
      continue;
    }
    need("write", write(fd, text, strlen(text)) != (ssize_t) strlen(text));
    need("shutdown", sock_shutdown(fd, 2));
    char buffer[100];
    ssize_t length;
    while ((length = read(fd, buffer, sizeof buffer)) > 0) {
      fwrite(buffer, 1, (size_t) length, stdout);
    }
    close(fd);
    return length < 0;
  }
  return 1;
}

static int datagrams(int port, char *text) {
  int fd;
  need("open", sock_open(-1, FAMILY_V4, TYPE_DATAGRAM, &fd));
  address_t to = loopback(FAMILY_V4, port);
  range_t out = {text, strlen(text)};
  size_t count;
  need("send", sock_send_to(fd, &out, 1, 0, &to, &count));
  need("timeout", sock_set_recv_timeout(fd, 10000000));
  char buffer[100];
  range_t in = {buffer, sizeof buffer};
  address_t from;
  need("recv", sock_recv_from(fd, &in, 1, 0, &from, &count));
  printf("%.*s from %d\n", (int) count, buffer, *port_of(&from) == port);
  return 0;
}

static int wait_by_poll(void) {
  int fd = listener(FAMILY_V4);
  int peer = -1;
  int lines = 0;
  while (lines < 3) {
    struct pollfd wanted = {.fd = peer < 0 ? fd : peer, .events = POLLRDNORM};
    if (poll(&wanted, 1, 10000) != 1) {
      return 1;
    }
    if (peer < 0) {
      need("accept", sock_accept(fd, 0, &peer));
      continue;
    }
    char buffer[100];
    ssize_t length = read(peer, buffer, sizeof buffer);
    if (length <= 0) {
      return 2;
    }
    for (ssize_t i = 0; i < length; i++) {
      lines += buffer[i] == '\n';
    }
    fwrite(buffer, 1, (size_t) length, stdout);
  }
  return 0;
}

int main(int argc, char **argv) {
  if (argc == 3 && strcmp(argv[1], "serve") == 0) {
    return serve(atoi(argv[2]));
  } else if (argc == 5 && strcmp(argv[1], "ask") == 0) {
    return ask(argv[2], argv[3], argv[4]);
  } else if (argc == 4 && strcmp(argv[1], "datagrams") == 0) {
    return datagrams(atoi(argv[2]), argv[3]);
  } else if (argc == 2 && strcmp(argv[1], "poll") == 0) {
    return wait_by_poll();
  }
  return 64;
}
