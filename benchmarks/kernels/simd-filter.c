// A filter of 64 taps over a signal, in vectors of four floats.

#include <stdint.h>
#include <string.h>

#include "repeat.h"

typedef float Lanes __attribute__((vector_size(16)));

enum { SAMPLES = 1 << 20, TAPS = 64, PASSES = 9 };
static float in[SAMPLES + TAPS], out[SAMPLES], taps[TAPS];

static Lanes load(const float *from) {
    Lanes lanes;
    memcpy(&lanes, from, sizeof lanes);
    return lanes;
}

static uint32_t run(uint32_t round) {
    for (int i = 0; i < TAPS; i++) {
        taps[i] = (float)(i % 9 - 4) / 16;
    }
    for (uint32_t i = 0; i < SAMPLES + TAPS; i++) {
        in[i] = (float)((i * 37 + round) % 255) / 8 - 16;
    }
    for (int pass = 0; pass < PASSES; pass++) {
        for (int i = 0; i < SAMPLES; i += 8) {
            Lanes low = {0}, high = {0};
            for (int k = 0; k < TAPS; k++) {
                Lanes tap = {taps[k], taps[k], taps[k], taps[k]};
                low += load(in + i + k) * tap;
                high += load(in + i + k + 4) * tap;
            }
            memcpy(out + i, &low, sizeof low);
            memcpy(out + i + 4, &high, sizeof high);
        }
        memcpy(in, out, sizeof out);
    }
    double total = 0;
    for (int i = 0; i < SAMPLES; i++) {
        total += out[i] * (float)(i % 5);
    }
    return (uint32_t)(int64_t)(total * 16);
}
