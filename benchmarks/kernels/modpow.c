// Miller-Rabin with 64-bit numbers: multiplication, division and remainder.

#include <stdint.h>

#include "repeat.h"

enum { CANDIDATES = 520000 };

static uint64_t power(uint64_t base, uint64_t exponent, uint64_t modulus) {
    uint64_t result = 1;
    for (base %= modulus; exponent; exponent >>= 1) {
        if (exponent & 1) {
            result = result * base % modulus;
        }
        base = base * base % modulus;
    }
    return result;
}

static int is_prime(uint64_t n) {
    static const uint32_t witnesses[] = {2, 7, 61};
    if (n % 2 == 0 || n % 3 == 0 || n % 5 == 0) {
        return 0;
    }
    uint64_t odd = n - 1;
    int twos = 0;
    while (odd % 2 == 0) {
        odd /= 2;
        twos++;
    }
    for (int i = 0; i < 3; i++) {
        uint64_t x = power(witnesses[i], odd, n);
        int passed = x == 1 || x == n - 1;
        for (int k = 1; k < twos && !passed; k++) {
            x = x * x % n;
            passed = x == n - 1;
        }
        if (!passed) {
            return 0;
        }
    }
    return 1;
}

static uint32_t run(uint32_t round) {
    uint32_t count = 0;
    uint64_t sum = 0;
    for (uint64_t n = 4000000001u + 2 * (uint64_t)round; count < CANDIDATES; n += 2, count++) {
        if (is_prime(n)) {
            sum += n;
        }
    }
    return (uint32_t)(sum ^ sum >> 32);
}
