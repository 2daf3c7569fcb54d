// Blocks moved to and fro: memcpy, memmove and memset of many sizes.

#include <stdint.h>
#include <string.h>

#include "repeat.h"

enum { SIZE = 1 << 20, MOVES = 1400000 };
static uint8_t block[2][SIZE];

static uint32_t run(uint32_t round) {
    uint32_t v = 777 + round, sum = 0;
    for (uint32_t i = 0; i < SIZE; i++) {
        block[0][i] = (uint8_t)(i * 7 + round);
    }
    for (int i = 0; i < MOVES; i++) {
        v = v * 1664525u + 1013904223u;
        // Mostly small, sometimes large, as programs do.
        uint32_t length = v >> 28 == 0 ? v >> 8 & 0xffff : v >> 8 & 0x1ff;
        uint32_t from = (v >> 5) % (SIZE - 0x10000), to = (v >> 11) % (SIZE - 0x10000);
        switch (i & 3) {
            case 0:
                memcpy(block[1] + to, block[0] + from, length);
                break;
            case 1:
                memmove(block[0] + to, block[0] + to + (v >> 9 & 15), length);
                break;
            case 2:
                memcpy(block[0] + from, block[1] + to, length);
                break;
            default:
                memset(block[1] + from, (int)(v >> 24), length);
        }
        sum = sum * 3 + block[i & 1][to];
    }
    return sum;
}
