// The Mandelbrot set: doubles in a tight loop with an early exit.

#include <stdint.h>

#include "repeat.h"

enum { SIZE = 700, LIMIT = 200 };

static uint32_t run(uint32_t round) {
    uint32_t sum = 0;
    double shift = (double)(round % 32) * 1e-4;
    for (int py = 0; py < SIZE; py++) {
        for (int px = 0; px < SIZE; px++) {
            double cx = -2.0 + 2.6 * px / SIZE + shift, cy = -1.3 + 2.6 * py / SIZE;
            double x = 0, y = 0;
            uint32_t n = 0;
            while (n < LIMIT) {
                double xx = x * x, yy = y * y;
                if (xx + yy > 4) {
                    break;
                }
                y = 2 * x * y + cy;
                x = xx - yy + cx;
                n++;
            }
            sum = sum * 3 + n;
        }
    }
    return sum;
}
