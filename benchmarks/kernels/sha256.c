// SHA-256 of a buffer: rotations and additions of 32 bits.

#include <math.h>
#include <stdint.h>
#include <string.h>

#include "repeat.h"

enum { SIZE = 18 << 20 };
static uint8_t data[SIZE];
static uint32_t constants[64], hash[8];

// The constants are the first 32 bits of the fractions of cube roots and square roots of primes.
static void find_constants(void) {
    uint32_t start[8];
    int found = 0;
    for (uint32_t p = 2; found < 64; p++) {
        int prime = 1;
        for (uint32_t d = 2; d * d <= p; d++) {
            prime &= p % d != 0;
        }
        if (prime) {
            double root = cbrt((double)p);
            constants[found] = (uint32_t)((root - floor(root)) * 4294967296.0);
            if (found < 8) {
                root = sqrt((double)p);
                start[found] = (uint32_t)((root - floor(root)) * 4294967296.0);
            }
            found++;
        }
    }
    memcpy(hash, start, sizeof hash);
}

static uint32_t rotate(uint32_t x, int by) {
    return x >> by | x << (32 - by);
}

static void add_block(const uint8_t *p) {
    uint32_t w[64], v[8];
    for (int i = 0; i < 16; i++, p += 4) {
        w[i] = (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
    }
    for (int i = 16; i < 64; i++) {
        uint32_t x = w[i - 15], y = w[i - 2];
        w[i] = w[i - 16] + w[i - 7] + (rotate(x, 7) ^ rotate(x, 18) ^ x >> 3) +
               (rotate(y, 17) ^ rotate(y, 19) ^ y >> 10);
    }
    memcpy(v, hash, sizeof v);
    for (int i = 0; i < 64; i++) {
        uint32_t a = v[0], e = v[4];
        uint32_t t = v[7] + (rotate(e, 6) ^ rotate(e, 11) ^ rotate(e, 25)) +
                     ((e & v[5]) ^ (~e & v[6])) + constants[i] + w[i];
        uint32_t u = (rotate(a, 2) ^ rotate(a, 13) ^ rotate(a, 22)) +
                     ((a & v[1]) ^ (a & v[2]) ^ (v[1] & v[2]));
        v[7] = v[6];
        v[6] = v[5];
        v[5] = e;
        v[4] = v[3] + t;
        v[3] = v[2];
        v[2] = v[1];
        v[1] = a;
        v[0] = t + u;
    }
    for (int i = 0; i < 8; i++) {
        hash[i] += v[i];
    }
}

static uint32_t run(uint32_t round) {
    find_constants();
    for (uint32_t i = 0; i < SIZE; i++) {
        data[i] = (uint8_t)(i * 31 + (i >> 8) + round);
    }
    for (uint32_t i = 0; i < SIZE; i += 64) {
        add_block(data + i);
    }
    return hash[0] ^ hash[7];
}
