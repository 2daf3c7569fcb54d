// Product of two matrices of doubles, with the inner loop along the rows.

#include <stdint.h>

#include "repeat.h"

enum { N = 600 };
static double a[N][N], b[N][N], c[N][N];

static uint32_t run(uint32_t round) {
    for (int i = 0; i < N; i++) {
        for (int k = 0; k < N; k++) {
            a[i][k] = (double)((i * 7 + k * 3 + (int)round) % 17) - 8;
            b[i][k] = (double)((i * 5 + k * 11) % 13) - 6;
            c[i][k] = 0;
        }
    }
    for (int i = 0; i < N; i++) {
        for (int k = 0; k < N; k++) {
            double x = a[i][k];
            for (int j = 0; j < N; j++) {
                c[i][j] += x * b[k][j];
            }
        }
    }
    double sum = 0;
    for (int i = 0; i < N; i++) {
        for (int j = 0; j < N; j++) {
            sum += c[i][j] * (double)((i + j) % 7);
        }
    }
    return (uint32_t)(int64_t)sum;
}
