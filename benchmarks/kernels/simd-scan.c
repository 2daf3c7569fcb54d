// Vectors of sixteen bytes: finds quotes, backslashes and control characters, sixteen at a time.

#include <stdint.h>

#include "repeat.h"

#if defined(__wasm_simd128__)
#include <wasm_simd128.h>
#elif defined(__SSE2__)
#include <emmintrin.h>
#endif

typedef uint8_t Lanes __attribute__((vector_size(16)));

enum { SIZE = 1 << 16, PASSES = 16000 };
static Lanes text[SIZE / 16];

// The uppermost bit of each lane.
static uint32_t bits(Lanes lanes) {
#if defined(__wasm_simd128__)
    return wasm_i8x16_bitmask((v128_t)lanes);
#elif defined(__SSE2__)
    return (uint32_t)_mm_movemask_epi8((__m128i)lanes);
#else
    uint32_t result = 0;
    for (int i = 0; i < 16; i++) {
        result |= (uint32_t)(lanes[i] >> 7) << i;
    }
    return result;
#endif
}

static uint32_t run(uint32_t round) {
    uint32_t v = 99991 + round;
    for (int i = 0; i < SIZE; i++) {
        v = v * 1103515245u + 12345u;
        text[i / 16][i % 16] = (uint8_t)(v >> 25 == 5 ? '"' : v >> 25 == 6 ? '\\' : v >> 25 == 7 ? '\n' : 'a' + i % 26);
    }
    uint32_t sum = 0;
    for (int pass = 0; pass < PASSES; pass++) {
        for (uint32_t i = 0; i < SIZE / 16; i++) {
            Lanes at = text[i];
            uint32_t found = bits((Lanes)(at == '"') | (Lanes)(at == '\\') | (Lanes)(at < ' '));
            while (found) {
                uint32_t place = i * 16 + (uint32_t)__builtin_ctz(found);
                sum = sum * 31 + place;
                found &= found - 1;
            }
        }
        sum += (uint32_t)pass;
    }
    return sum;
}
