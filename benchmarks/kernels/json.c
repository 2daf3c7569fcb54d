// A tokenizer for JSON: builds a document, then reads strings, numbers and nesting.

#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "repeat.h"

enum { SIZE = 10 << 20, PASSES = 4 };
static char document[SIZE + 128];

static uint32_t build(uint32_t round) {
    char *out = document;
    *out++ = '[';
    for (uint32_t i = round; out < document + SIZE; i++) {
        out += sprintf(out, "{\"id\": %u, \"name\": \"item \\\"%u\\\"\", \"price\": -%u.%02ue1, \"on\": %s},\n", i,
                       i * 7919, i % 1000, i % 100, i % 3 ? "true" : "null");
        // Most of the document repeats its beginning: building it is not what is measured.
        if (out - document > 1 << 16) {
            uint32_t block = (uint32_t)(out - document - 1);
            while (out + block < document + SIZE) {
                memcpy(out, document + 1, block);
                out += block;
            }
            break;
        }
    }
    memcpy(out, "{}]", 4);
    return (uint32_t)(out - document + 3);
}

static uint32_t scan(uint32_t length, uint32_t seed) {
    const char *p = document, *end = p + length;
    uint32_t sum = 0, depth = 0, tokens = 0;
    while (p < end) {
        char c = *p++;
        switch (c) {
            case ' ': case '\n': case '\t': case '\r': case ',': case ':':
                continue;
            case '{': case '[':
                depth++;
                break;
            case '}': case ']':
                sum += depth--;
                break;
            case '"': {
                uint32_t hash = seed;
                while (*p != '"') {
                    if (*p == '\\') {
                        p++;
                    }
                    hash = hash * 33 + (uint8_t)*p++;
                }
                p++;
                sum ^= hash;
                break;
            }
            case 't': case 'f': case 'n':
                while (*p >= 'a' && *p <= 'z') {
                    p++;
                }
                sum += (uint8_t)c;
                break;
            default: {
                double value = 0, scale = 1;
                int negative = c == '-';
                if (!negative) {
                    value = c - '0';
                }
                while (*p >= '0' && *p <= '9') {
                    value = value * 10 + (*p++ - '0');
                }
                if (*p == '.') {
                    for (p++; *p >= '0' && *p <= '9'; p++) {
                        scale /= 10;
                        value += scale * (*p - '0');
                    }
                }
                if (*p == 'e') {
                    for (int n = *++p - '0'; n > 0; n--) {
                        value *= 10;
                    }
                    p++;
                }
                sum += (uint32_t)(int32_t)(negative ? -value : value);
            }
        }
        tokens++;
    }
    return sum + tokens * 7 + depth;
}

static uint32_t run(uint32_t round) {
    uint32_t length = build(round), sum = 0;
    for (uint32_t pass = 0; pass < PASSES; pass++) {
        sum = sum * 31 + scan(length, 5381 + pass);
    }
    return sum;
}
