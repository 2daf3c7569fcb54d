/*
 * A webhook: takes a message that its sender has signed, and keeps it as a file.
 *
 *   clang --target=wasm32-wasi -O2 -o webhook.wasm webhook.c
 *   sampan fn deploy webhook webhook.wasm --env SECRET=... --dir records::/records
 *
 * The header X-Timestamp holds the time in seconds since 1970, and X-Signature-256 holds "sha256="
 * and the HMAC-SHA-256 of that time, a dot and the body in hexadecimal digits, made with the secret.
 * What is older than five minutes is refused, and so is what has come before: nobody who has seen a
 * message can deliver it once more.
 */
#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define BLOCK 64
#define DIGEST 32
#define MAX_BODY (1 << 20)
#define MAX_AGE 300

/* ---- SHA-256 (FIPS 180-4) ---- */

typedef struct {
  uint32_t state[8];
  uint64_t length;
  uint8_t block[BLOCK];
} sha256;

/* The first 32 bits of the fractional parts of the cube roots of the first 64 primes. */
static const uint32_t K[64] = {
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
    0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
    0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
    0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
    0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
    0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
    0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
    0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2};

static uint32_t rotate(uint32_t x, int n) { return x >> n | x << (32 - n); }

static void compress(sha256 *s) {
  uint32_t w[64], v[8];
  for (int i = 0; i < 16; i++) {
    const uint8_t *b = s->block + 4 * i;
    w[i] = (uint32_t)b[0] << 24 | b[1] << 16 | b[2] << 8 | b[3];
  }
  for (int i = 16; i < 64; i++) {
    uint32_t a = rotate(w[i - 15], 7) ^ rotate(w[i - 15], 18) ^ w[i - 15] >> 3;
    uint32_t b = rotate(w[i - 2], 17) ^ rotate(w[i - 2], 19) ^ w[i - 2] >> 10;
    w[i] = w[i - 16] + a + w[i - 7] + b;
  }
  memcpy(v, s->state, sizeof v);
  for (int i = 0; i < 64; i++) {
    uint32_t e = rotate(v[4], 6) ^ rotate(v[4], 11) ^ rotate(v[4], 25);
    uint32_t choice = (v[4] & v[5]) ^ (~v[4] & v[6]);
    uint32_t t1 = v[7] + e + choice + K[i] + w[i];
    uint32_t a = rotate(v[0], 2) ^ rotate(v[0], 13) ^ rotate(v[0], 22);
    uint32_t majority = (v[0] & v[1]) ^ (v[0] & v[2]) ^ (v[1] & v[2]);
    memmove(v + 1, v, 7 * sizeof *v);
    v[4] += t1;
    v[0] = t1 + a + majority;
  }
  for (int i = 0; i < 8; i++) s->state[i] += v[i];
}

static void begin(sha256 *s) {
  static const uint32_t initial[8] = {0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
                                      0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19};
  memcpy(s->state, initial, sizeof initial);
  s->length = 0;
}

static void add(sha256 *s, const void *data, size_t n) {
  for (const uint8_t *p = data; n-- > 0; p++) {
    s->block[s->length++ % BLOCK] = *p;
    if (s->length % BLOCK == 0) compress(s);
  }
}

static void end(sha256 *s, uint8_t digest[DIGEST]) {
  uint64_t bits = s->length * 8;
  add(s, "\x80", 1);
  while (s->length % BLOCK != BLOCK - 8) add(s, "", 1);
  for (int i = 7; i >= 0; i--) {
    uint8_t byte = (uint8_t)(bits >> 8 * i);
    add(s, &byte, 1);
  }
  for (int i = 0; i < DIGEST; i++) digest[i] = (uint8_t)(s->state[i / 4] >> (24 - i % 4 * 8));
}

/* ---- HMAC (RFC 2104) ---- */

static void hmac(const char *key, const char *time, const uint8_t *data, size_t n,
                 uint8_t digest[DIGEST]) {
  uint8_t pad[BLOCK] = {0};
  size_t length = strlen(key);
  sha256 s;
  if (length > BLOCK) {
    begin(&s);
    add(&s, key, length);
    end(&s, pad);
  } else {
    memcpy(pad, key, length);
  }
  for (int i = 0; i < BLOCK; i++) pad[i] ^= 0x36;
  begin(&s);
  add(&s, pad, BLOCK);
  add(&s, time, strlen(time));
  add(&s, ".", 1);
  add(&s, data, n);
  end(&s, digest);
  for (int i = 0; i < BLOCK; i++) pad[i] ^= 0x36 ^ 0x5c;
  begin(&s);
  add(&s, pad, BLOCK);
  add(&s, digest, DIGEST);
  end(&s, digest);
}

/* ---- the webhook ---- */

static int answer(const char *status, const char *text) {
  printf("Status: %s\nContent-Type: text/plain\n\n%s\n", status, text);
  return 0;
}

static int is_signed(const char *signature, const uint8_t digest[DIGEST]) {
  char expected[7 + 2 * DIGEST + 1] = "sha256=";
  for (int i = 0; i < DIGEST; i++) sprintf(expected + 7 + 2 * i, "%02x", digest[i]);
  if (strlen(signature) != sizeof expected - 1) return 0;
  int different = 0; /* takes as long for a wrong signature as for a right one */
  for (size_t i = 0; i < sizeof expected; i++) different |= signature[i] ^ expected[i];
  return !different;
}

int main(void) {
  const char *method = getenv("REQUEST_METHOD");
  const char *secret = getenv("SECRET");
  const char *signature = getenv("HTTP_X_SIGNATURE_256");
  const char *stamp = getenv("HTTP_X_TIMESTAMP");
  if (!secret) return answer("500 Internal Server Error", "no secret is set");
  if (!method || strcmp(method, "POST")) return answer("405 Method Not Allowed", "expected POST");

  uint8_t *body = malloc(MAX_BODY + 1);
  size_t length = fread(body, 1, MAX_BODY + 1, stdin);
  if (length > MAX_BODY) return answer("413 Content Too Large", "expected at most 1 MiB");

  uint8_t digest[DIGEST];
  hmac(secret, stamp ? stamp : "", body, length, digest);
  if (!stamp || !signature || !is_signed(signature, digest)) {
    fprintf(stderr, "refused a message of %zu bytes\n", length);
    return answer("401 Unauthorized", "the signature is missing or wrong");
  }
  long long age = (long long)time(NULL) - atoll(stamp);
  if (age > MAX_AGE || age < -MAX_AGE) return answer("401 Unauthorized", "the message is too old");

  char name[64] = "/records/";
  for (int i = 0; i < 16; i++) sprintf(name + 9 + 2 * i, "%02x", digest[i]);
  FILE *record = fopen(name, "wbx"); /* of two at once, one makes the file */
  if (!record && errno == EEXIST) return answer("409 Conflict", "the message has come before");
  if (!record) {
    perror(name);
    return answer("500 Internal Server Error", "the record cannot be written");
  }
  size_t written = fwrite(body, 1, length, record);
  if (fclose(record) || written != length) {
    perror(name);
    remove(name);
    return answer("500 Internal Server Error", "the record cannot be written");
  }
  return answer("201 Created", name);
}
