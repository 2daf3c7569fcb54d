// Numbers between types: rounding, truncation, and the bits of doubles.

#include <math.h>
#include <stdint.h>
#include <string.h>

#include "repeat.h"

enum { N = 4096, PASSES = 13000 };
static double values[N];
static int32_t whole[N];

static uint32_t run(uint32_t round) {
    uint32_t v = 12345 + round;
    for (int i = 0; i < N; i++) {
        v = v * 1664525u + 1013904223u;
        values[i] = (double)(int32_t)v / 4096;
    }
    uint64_t sum = 0;
    for (int pass = 0; pass < PASSES; pass++) {
        for (int i = 0; i < N; i++) {
            whole[i] = (int32_t)values[i];
        }
        for (int i = 0; i < N; i++) {
            double fraction = values[i] - (double)whole[i];
            uint64_t bits;
            memcpy(&bits, &fraction, sizeof bits);
            sum += (uint64_t)((int64_t)(fraction * 1048576)) ^ (bits >> 40);
        }
        values[pass % N] += (double)(uint32_t)(sum & 1023) / 64;
    }
    return (uint32_t)(sum ^ sum >> 32);
}
