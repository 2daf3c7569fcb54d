// Fibonacci by recursion: nothing but calls.
//
// Prints a checksum; the argument says how often to do it.

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

static uint32_t fib(uint32_t n) {
    return n < 2 ? n : fib(n - 1) + fib(n - 2);
}

// Read anew in each round, or a compiler would call once and remember.
static volatile uint32_t depth = 38;

static uint32_t run(uint32_t round) {
    return fib(depth) + fib(20 + round % 4);
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
