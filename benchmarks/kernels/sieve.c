// Sieve of Eratosthenes: byte stores with a stride, then a count.

#include <stdint.h>
#include <string.h>

#include "repeat.h"

enum { N = 25000000 };
static uint8_t composite[N + 1];

static uint32_t run(uint32_t round) {
    uint32_t limit = N - round % 16, count = 0;
    memset(composite, 0, sizeof composite);
    for (uint32_t i = 2; i * i <= limit; i++) {
        if (!composite[i]) {
            for (uint32_t k = i * i; k <= limit; k += i) {
                composite[k] = 1;
            }
        }
    }
    for (uint32_t i = 2; i <= limit; i++) {
        count += !composite[i];
    }
    return count;
}
