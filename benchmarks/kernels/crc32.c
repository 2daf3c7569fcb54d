// CRC-32 by table, one byte at a time: a chain of dependent loads.

#include <stdint.h>

#include "repeat.h"

enum { SIZE = 1 << 20, PASSES = 32 };
static uint8_t data[SIZE];
static uint32_t table[256];

static uint32_t run(uint32_t round) {
    for (uint32_t i = 0; i < 256; i++) {
        uint32_t c = i;
        for (int k = 0; k < 8; k++) {
            c = c & 1 ? c >> 1 ^ 0xedb88320u : c >> 1;
        }
        table[i] = c;
    }
    for (uint32_t i = 0; i < SIZE; i++) {
        data[i] = (uint8_t)(i * 17 + (i >> 9) + round);
    }
    uint32_t crc = 0xffffffffu;
    for (int pass = 0; pass < PASSES; pass++) {
        for (uint32_t i = 0; i < SIZE; i++) {
            crc = crc >> 8 ^ table[(crc ^ data[i]) & 0xff];
        }
    }
    return ~crc;
}
