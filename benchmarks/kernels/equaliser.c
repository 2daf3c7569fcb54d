// A cascade of second-order filters over a signal: each output needs the ones before.

#include <stdint.h>

#include "repeat.h"

enum { SAMPLES = 1 << 16, STAGES = 8, PASSES = 45 };
static float signal[SAMPLES];
static struct stage {
    float b0, b1, b2, a1, a2, x1, x2, y1, y2;
} stages[STAGES];

static uint32_t run(uint32_t round) {
    for (int i = 0; i < SAMPLES; i++) {
        signal[i] = (float)((i * 37 + (int)(round % 64)) % 255) / 128 - 1;
    }
    for (int s = 0; s < STAGES; s++) {
        float low = 0.1f + 0.05f * (float)s;
        stages[s] = (struct stage){.b0 = low, .b1 = low / 2, .b2 = low / 4, .a1 = -0.5f, .a2 = 0.25f};
    }
    for (int pass = 0; pass < PASSES; pass++) {
        for (int i = 0; i < SAMPLES; i++) {
            float x = signal[i];
            for (int s = 0; s < STAGES; s++) {
                struct stage *f = &stages[s];
                float y = f->b0 * x + f->b1 * f->x1 + f->b2 * f->x2 - f->a1 * f->y1 - f->a2 * f->y2;
                f->x2 = f->x1;
                f->x1 = x;
                f->y2 = f->y1;
                f->y1 = y;
                x = y;
            }
            signal[i] = x + signal[i] / 2;
        }
    }
    float total = 0;
    for (int i = 0; i < SAMPLES; i++) {
        total += signal[i] * (float)(i % 5);
    }
    return (uint32_t)(int32_t)(total * 16);
}
