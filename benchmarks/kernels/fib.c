// Fibonacci by recursion: nothing but calls.

#include <stdint.h>

#include "repeat.h"

static uint32_t fib(uint32_t n) {
    return n < 2 ? n : fib(n - 1) + fib(n - 2);
}

// Read anew in each round, or a compiler would call once and remember.
static volatile uint32_t depth = 38;

static uint32_t run(uint32_t round) {
    return fib(depth) + fib(20 + round % 4);
}
