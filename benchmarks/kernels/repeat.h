// The main function of every program that is measured here. The argument says how often to run.
//
// Prints to standard output a line per repetition with its checksum, and to standard error one line
// with the microseconds of each. The guest takes the time itself, so that it means the same
// everywhere: the work, without the start of a process or a virtual machine. After the third
// repetition none begins later than ten seconds from the start: what is that slow is slow enough.

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

// One repetition: some work on data that depend on the round, and a checksum of its results. Kept
// out of main, as an engine may be unable to replace the code of a function that runs: what that
// costs is shown by the build that is inlined into one function, and not everywhere.
__attribute__((noinline)) static uint32_t run(uint32_t round);

static int64_t nanoseconds(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * (int64_t)1000000000 + now.tv_nsec;
}

int main(int argc, char **argv) {
    enum { MOST = 1000, LEAST = 3 };
    uint32_t times[MOST], checksums[MOST];
    int repetitions = argc > 1 ? atoi(argv[1]) : 1;
    if (repetitions < 1 || repetitions > MOST) {
        return 2;
    }
    int64_t end = nanoseconds() + 10 * (int64_t)1000000000;
    int done = 0;
    while (done < repetitions && (done < LEAST || nanoseconds() < end)) {
        int64_t begin = nanoseconds();
        // Volatile, so that no compiler moves the work past the clock.
        volatile uint32_t checksum = run((uint32_t)done);
        times[done] = (uint32_t)((nanoseconds() - begin) / 1000);
        checksums[done++] = checksum;
    }
    for (int i = 0; i < done; i++) {
        printf("%08x\n", checksums[i]);
    }
    fprintf(stderr, "microseconds");
    for (int i = 0; i < done; i++) {
        fprintf(stderr, " %u", times[i]);
    }
    fprintf(stderr, "\n");
    return 0;
}
