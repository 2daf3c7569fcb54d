// Planets under gravity: doubles, divisions, square roots in small loops.

#include <math.h>
#include <stdint.h>

#include "repeat.h"

enum { BODIES = 5, STEPS = 580000 };
typedef struct {
    double x, y, z, vx, vy, vz, mass;
} Body;
// Aligned, as the native code is a quarter slower where a pair of fields lies in two cache lines.
static Body bodies[BODIES] __attribute__((aligned(64)));

static double energy(void) {
    double e = 0;
    for (int i = 0; i < BODIES; i++) {
        const Body *b = &bodies[i];
        e += 0.5 * b->mass * (b->vx * b->vx + b->vy * b->vy + b->vz * b->vz);
        for (int k = i + 1; k < BODIES; k++) {
            double dx = b->x - bodies[k].x, dy = b->y - bodies[k].y, dz = b->z - bodies[k].z;
            e -= b->mass * bodies[k].mass / sqrt(dx * dx + dy * dy + dz * dz);
        }
    }
    return e;
}

static void advance(double dt) {
    for (int i = 0; i < BODIES; i++) {
        Body *a = &bodies[i];
        for (int k = i + 1; k < BODIES; k++) {
            Body *b = &bodies[k];
            double dx = a->x - b->x, dy = a->y - b->y, dz = a->z - b->z;
            double square = dx * dx + dy * dy + dz * dz;
            double pull = dt / (square * sqrt(square));
            a->vx -= dx * b->mass * pull;
            a->vy -= dy * b->mass * pull;
            a->vz -= dz * b->mass * pull;
            b->vx += dx * a->mass * pull;
            b->vy += dy * a->mass * pull;
            b->vz += dz * a->mass * pull;
        }
    }
    for (int i = 0; i < BODIES; i++) {
        Body *b = &bodies[i];
        b->x += dt * b->vx;
        b->y += dt * b->vy;
        b->z += dt * b->vz;
    }
}

static uint32_t run(uint32_t round) {
    for (int i = 0; i < BODIES; i++) {
        double far = 1 + 3.0 * i, speed = i == 0 ? 0 : 6.0 / sqrt(far);
        bodies[i] = (Body){far, 0.1 * i, 0.05 * i * i, 0.01 * i, speed, 0.02 * i,
                           i == 0 ? 36 : 0.03 / (i + (double)(round % 8))};
    }
    for (int i = 0; i < STEPS; i++) {
        advance(0.0005);
    }
    return (uint32_t)(int64_t)(energy() * 1e6);
}
