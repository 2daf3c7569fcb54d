// Calls through a table of function pointers, chosen by the data.

#include <stdint.h>

#include "repeat.h"

enum { LENGTH = 4096, PASSES = 4500 };
typedef uint32_t (*Step)(uint32_t, uint32_t);

static uint32_t s_add(uint32_t a, uint32_t b) { return a + b; }
static uint32_t s_sub(uint32_t a, uint32_t b) { return a - b; }
static uint32_t s_xor(uint32_t a, uint32_t b) { return a ^ b; }
static uint32_t s_mul(uint32_t a, uint32_t b) { return a * (b | 1); }
static uint32_t s_rot(uint32_t a, uint32_t b) { return a << (b & 15) | a >> (32 - (b & 15)) % 32; }
static uint32_t s_and(uint32_t a, uint32_t b) { return a + (a & b); }
static uint32_t s_shr(uint32_t a, uint32_t b) { return a ^ a >> (1 + b % 7); }
static uint32_t s_not(uint32_t a, uint32_t b) { return ~a + b * 3; }

static Step steps[] = {s_add, s_sub, s_xor, s_mul, s_rot, s_and, s_shr, s_not};
static uint8_t script[LENGTH];

static uint32_t run(uint32_t round) {
    uint32_t v = 12345 + round;
    // Runs of equal choices, as a program has that works on similar objects.
    for (uint32_t i = 0; i < LENGTH; i++) {
        script[i] = (uint8_t)((i / 8 * 2654435761u >> 20 ^ i / 64) & 7);
    }
    for (uint32_t p = 0; p < PASSES; p++) {
        for (uint32_t i = 0; i < LENGTH; i++) {
            v = steps[script[i]](v, i + p);
        }
    }
    return v;
}
