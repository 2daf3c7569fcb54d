// Vectors of eight 16-bit integers: lays a picture over another by its opacity.

#include <stdint.h>

#include "repeat.h"

typedef uint16_t Lanes __attribute__((vector_size(16)));
typedef int16_t Mask __attribute__((vector_size(16)));

enum { N = 16384, PASSES = 24000 };
static Lanes below[N / 8], above[N / 8], opacity[N / 8];

static uint32_t run(uint32_t round) {
    uint32_t v = 2463534242u + round;
    for (int i = 0; i < N; i++) {
        v = v * 1664525u + 1013904223u;
        below[i / 8][i % 8] = (uint16_t)(v >> 24);
        above[i / 8][i % 8] = (uint16_t)(v >> 16 & 255);
        opacity[i / 8][i % 8] = (uint16_t)(v >> 8 & 255);
    }
    uint32_t sum = 0;
    for (int pass = 0; pass < PASSES; pass++) {
        uint16_t limit = (uint16_t)(200 + pass % 50);
        Lanes most = {limit, limit, limit, limit, limit, limit, limit, limit};
        for (int i = 0; i < N / 8; i++) {
            Lanes mixed = above[i] * opacity[i] + below[i] * (255 - opacity[i]) + 128;
            mixed = (mixed + (mixed >> 8)) >> 8;
            Lanes brighter = (Lanes)((Mask)mixed > (Mask)most);
            mixed = (most & brighter) | (mixed & ~brighter);
            below[i] = mixed;
            above[i] = (above[i] + mixed + 3) & 255;
        }
        sum = sum * 31 + below[pass % (N / 8)][pass % 8];
    }
    return sum;
}
