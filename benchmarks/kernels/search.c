// Search in a text: Horspool with a skip table, then a naive first-byte scan.

#include <stdint.h>
#include <string.h>

#include "repeat.h"

enum { SIZE = 7 << 20 };
static uint8_t text[SIZE];
static const char *const words[] = {"barnacle", "quixotic lagoon", "zz", "harbourmaster", "the tide", "xylophone"};

static uint32_t state;

static uint32_t next_random(void) {
    state ^= state << 13;
    state ^= state >> 17;
    state ^= state << 5;
    return state;
}

static void fill(uint32_t round) {
    static const char *const syllables[] = {"the ", "ti", "de ", "har", "bour ", "mast", "er ", "la",
                                            "goon ", "quix", "o", "tic ", "barn", "a", "cle ", "z"};
    uint32_t at = 0;
    state = 362436069u + round;
    while (at < SIZE) {
        for (const char *s = syllables[next_random() >> 13 & 15]; *s && at < SIZE; s++) {
            text[at++] = (uint8_t)*s;
        }
    }
}

static uint32_t horspool(const char *word) {
    uint32_t skip[256], length = (uint32_t)strlen(word), found = 0;
    for (int i = 0; i < 256; i++) {
        skip[i] = length;
    }
    for (uint32_t i = 0; i + 1 < length; i++) {
        skip[(uint8_t)word[i]] = length - 1 - i;
    }
    for (uint32_t at = 0; at + length <= SIZE; at += skip[text[at + length - 1]]) {
        uint32_t k = length;
        while (k > 0 && text[at + k - 1] == (uint8_t)word[k - 1]) {
            k--;
        }
        found += k == 0;
    }
    return found;
}

static uint32_t naive(const char *word) {
    uint32_t length = (uint32_t)strlen(word), found = 0;
    for (uint32_t at = 0; at + length <= SIZE; at++) {
        if (text[at] == (uint8_t)word[0]) {
            uint32_t k = 1;
            while (k < length && text[at + k] == (uint8_t)word[k]) {
                k++;
            }
            found += k == length;
        }
    }
    return found;
}

static uint32_t run(uint32_t round) {
    uint32_t sum = 0;
    fill(round);
    for (uint32_t i = 0; i < sizeof words / sizeof *words; i++) {
        uint32_t a = horspool(words[i]), b = i % 3 == 0 ? naive(words[i]) : a;
        sum = sum * 31 + a + (a ^ b);
    }
    return sum;
}
