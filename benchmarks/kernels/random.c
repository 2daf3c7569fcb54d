// Random numbers: shifts and products of 64 bits, and remainders.

#include <stdint.h>

#include "repeat.h"

enum { DRAWS = 20000000, BINS = 97 };

static uint32_t run(uint32_t round) {
    uint64_t state = 88172645463325252u + round;
    uint32_t bins[BINS] = {0};
    for (int i = 0; i < DRAWS; i++) {
        state ^= state >> 12;
        state ^= state << 25;
        state ^= state >> 27;
        bins[(state * 2685821657736338717u >> 32) % BINS]++;
    }
    uint32_t sum = 0;
    for (int i = 0; i < BINS; i++) {
        sum = sum * 31 + bins[i];
    }
    return sum;
}
