// The largest singular value of an infinite matrix, cut off: divisions in nested loops.

#include <math.h>
#include <stdint.h>

#include "repeat.h"

enum { N = 560, STEPS = 38 };
static double u[N], v[N], w[N];

static double element(int i, int j) { return 1.0 / (double)((i + j) * (i + j + 1) / 2 + i + 1); }

static void times(const double *from, double *to, int transposed) {
    for (int i = 0; i < N; i++) {
        double sum = 0;
        for (int j = 0; j < N; j++) {
            sum += (transposed ? element(j, i) : element(i, j)) * from[j];
        }
        to[i] = sum;
    }
}

static uint32_t run(uint32_t round) {
    for (int i = 0; i < N; i++) {
        u[i] = 1 + (double)(round % 16) / 64;
    }
    for (int step = 0; step < STEPS; step++) {
        times(u, w, 0);
        times(w, v, 1);
        times(v, w, 0);
        times(w, u, 1);
    }
    double both = 0, square = 0;
    for (int i = 0; i < N; i++) {
        both += u[i] * v[i];
        square += v[i] * v[i];
    }
    return (uint32_t)(sqrt(both / square) * 1e9);
}
