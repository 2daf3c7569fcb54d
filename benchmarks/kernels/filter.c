// A filter over samples: single-precision multiply and add.

#include <stdint.h>
#include <string.h>

#include "repeat.h"

enum { SAMPLES = 1 << 20, TAPS = 64, PASSES = 5 };
static float in[SAMPLES + TAPS], out[SAMPLES], taps[TAPS];

static uint32_t run(uint32_t round) {
    for (int i = 0; i < TAPS; i++) {
        taps[i] = (float)(i % 9 - 4) / 16;
    }
    for (uint32_t i = 0; i < SAMPLES + TAPS; i++) {
        in[i] = (float)((i * 37 + round) % 255) / 8 - 16;
    }
    for (int pass = 0; pass < PASSES; pass++) {
        for (int i = 0; i < SAMPLES; i++) {
            float sum = 0;
            for (int k = 0; k < TAPS; k++) {
                sum += in[i + k] * taps[k];
            }
            out[i] = sum;
        }
        memcpy(in, out, sizeof out);
    }
    double total = 0;
    for (int i = 0; i < SAMPLES; i++) {
        total += out[i] * (float)(i % 5);
    }
    return (uint32_t)(int64_t)(total * 16);
}
