// Quicksort of integers, own code: compares, swaps, recursion.

#include <stdint.h>

#include "repeat.h"

enum { N = 1000000 };
static int32_t numbers[N];

static uint32_t state;

static uint32_t next_random(void) {
    state ^= state << 13;
    state ^= state >> 17;
    state ^= state << 5;
    return state;
}

static void sort(int32_t *from, int32_t *to) {
    while (to - from > 12) {
        int32_t *middle = from + (to - from) / 2, *low = from, *high = to;
        int32_t a = *from, b = *middle, c = *to;
        int32_t pivot = a < b ? (b < c ? b : a < c ? c : a) : (a < c ? a : b < c ? c : b);
        while (low <= high) {
            while (*low < pivot) {
                low++;
            }
            while (*high > pivot) {
                high--;
            }
            if (low <= high) {
                int32_t swap = *low;
                *low++ = *high;
                *high-- = swap;
            }
        }
        // The smaller part by recursion, so that the stack stays shallow.
        if (high - from < to - low) {
            sort(from, high);
            from = low;
        } else {
            sort(low, to);
            to = high;
        }
    }
    for (int32_t *p = from + 1; p <= to; p++) {
        int32_t value = *p, *q = p;
        for (; q > from && q[-1] > value; q--) {
            *q = q[-1];
        }
        *q = value;
    }
}

static uint32_t run(uint32_t round) {
    state = 2463534242u + round;
    for (int i = 0; i < N; i++) {
        numbers[i] = (int32_t)next_random();
    }
    sort(numbers, numbers + N - 1);
    uint32_t sum = 0;
    for (int i = 1; i < N; i++) {
        sum += numbers[i - 1] <= numbers[i] ? (uint32_t)numbers[i] * (uint32_t)i : 0xdeadu;
    }
    return sum;
}
