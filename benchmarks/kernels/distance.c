// Edit distance of two texts: two rows of a table, minima, branches.

#include <stdint.h>

#include "repeat.h"

enum { N = 8200 };
static uint8_t a[N], b[N];
static uint32_t row[N + 1];

static uint32_t run(uint32_t round) {
    uint32_t v = 99991 + round;
    for (int i = 0; i < N; i++) {
        v = v * 1103515245u + 12345u;
        a[i] = (uint8_t)(v >> 16 & 7);
        b[i] = v >> 28 ? a[i] : (uint8_t)(v >> 20 & 7);
    }
    for (uint32_t k = 0; k <= N; k++) {
        row[k] = k;
    }
    for (uint32_t i = 1; i <= N; i++) {
        uint32_t diagonal = row[0];
        row[0] = i;
        for (uint32_t k = 1; k <= N; k++) {
            uint32_t above = row[k], best = diagonal + (a[i - 1] != b[k - 1]);
            if (above + 1 < best) {
                best = above + 1;
            }
            if (row[k - 1] + 1 < best) {
                best = row[k - 1] + 1;
            }
            row[k] = best;
            diagonal = above;
        }
    }
    return row[N];
}
