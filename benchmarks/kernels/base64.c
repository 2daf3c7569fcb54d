// Base64 there and back: table look-ups on bytes.

#include <stdint.h>

#include "repeat.h"

enum { SIZE = 3 << 20, PASSES = 20 };
static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
static uint8_t plain[SIZE], text[SIZE / 3 * 4], back[SIZE], values[256];

static void encode(void) {
    uint8_t *out = text;
    for (uint32_t i = 0; i < SIZE; i += 3) {
        uint32_t v = (uint32_t)plain[i] << 16 | (uint32_t)plain[i + 1] << 8 | plain[i + 2];
        *out++ = (uint8_t)alphabet[v >> 18];
        *out++ = (uint8_t)alphabet[v >> 12 & 63];
        *out++ = (uint8_t)alphabet[v >> 6 & 63];
        *out++ = (uint8_t)alphabet[v & 63];
    }
}

static void decode(void) {
    uint8_t *out = back;
    for (uint32_t i = 0; i < sizeof text; i += 4) {
        uint32_t v = (uint32_t)values[text[i]] << 18 | (uint32_t)values[text[i + 1]] << 12 |
                     (uint32_t)values[text[i + 2]] << 6 | values[text[i + 3]];
        *out++ = (uint8_t)(v >> 16);
        *out++ = (uint8_t)(v >> 8);
        *out++ = (uint8_t)v;
    }
}

static uint32_t run(uint32_t round) {
    uint32_t sum = 0;
    for (uint8_t i = 0; i < 64; i++) {
        values[(uint8_t)alphabet[i]] = i;
    }
    for (uint32_t i = 0; i < SIZE; i++) {
        plain[i] = (uint8_t)(i * 131 + (i >> 7) + round);
    }
    for (int pass = 0; pass < PASSES; pass++) {
        encode();
        decode();
        for (uint32_t i = 0; i < SIZE; i++) {
            plain[i] = (uint8_t)(back[i] + pass);
        }
        sum = sum * 33 + text[(uint32_t)pass * 4099 % sizeof text] + back[SIZE - 1];
    }
    return sum;
}
