// Sieve of Eratosthenes: byte stores with a stride, then a count.
//
// Prints a checksum; the argument says how often to do it.

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

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

int main(int argc, char **argv) {
    int repetitions = argc > 1 ? atoi(argv[1]) : 1;
    uint32_t checksum = 0;
    for (int i = 0; i < repetitions; i++) {
        checksum = checksum * 31 + run((uint32_t)i);
    }
    printf("%08x\n", checksum);
    return 0;
}
