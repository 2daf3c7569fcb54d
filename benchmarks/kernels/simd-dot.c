// Vectors of four floats: a * x + y over arrays, and dot products.

#include <stdint.h>

#include "repeat.h"

typedef float Lanes __attribute__((vector_size(16)));

enum { N = 4096, PASSES = 150000 };
static Lanes x[N / 4], y[N / 4];

static uint32_t run(uint32_t round) {
    for (int i = 0; i < N; i++) {
        x[i / 4][i % 4] = (float)(i % 13 - 6) / 8;
        y[i / 4][i % 4] = (float)((i + (int)(round % 16)) % 7);
    }
    double total = 0;
    for (int pass = 0; pass < PASSES; pass++) {
        float factor = (float)(pass % 5 - 2) / 16;
        Lanes scale = {factor, factor, factor, factor}, even = {0}, odd = {0};
        for (int i = 0; i < N / 4; i += 2) {
            y[i] += scale * x[i];
            y[i + 1] += scale * x[i + 1];
            even += x[i] * y[i];
            odd += x[i + 1] * y[i + 1];
        }
        even += odd;
        total += even[0] + even[1] + even[2] + even[3];
    }
    return (uint32_t)(int64_t)(total * 16);
}
