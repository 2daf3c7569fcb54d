// Conway's Life on a torus: neighbours in a grid of bytes.

#include <stdint.h>

#include "repeat.h"

enum { SIZE = 512, GENERATIONS = 60 };
static uint8_t grids[2][SIZE][SIZE];

static uint32_t run(uint32_t round) {
    uint32_t v = 123456789u + round, alive = 0;
    for (int y = 0; y < SIZE; y++) {
        for (int x = 0; x < SIZE; x++) {
            v = v * 1664525u + 1013904223u;
            grids[0][y][x] = v >> 30 == 0;
        }
    }
    for (int g = 0; g < GENERATIONS; g++) {
        for (int y = 0; y < SIZE; y++) {
            const uint8_t *above = grids[g & 1][(y + SIZE - 1) % SIZE];
            const uint8_t *here = grids[g & 1][y];
            const uint8_t *below = grids[g & 1][(y + 1) % SIZE];
            for (int x = 0; x < SIZE; x++) {
                int l = (x + SIZE - 1) % SIZE, r = (x + 1) % SIZE;
                int n = above[l] + above[x] + above[r] + here[l] + here[r] + below[l] + below[x] + below[r];
                grids[~g & 1][y][x] = n == 3 || (n == 2 && here[x]);
            }
        }
    }
    for (int y = 0; y < SIZE; y++) {
        for (int x = 0; x < SIZE; x++) {
            alive = alive * 5 + grids[GENERATIONS & 1][y][x];
        }
    }
    return alive;
}
