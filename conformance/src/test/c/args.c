// Shows what the host gives a program, and ends as it is told.
//
//   args [ANY...]       prints arguments and environment, tries clocks and random numbers
//   args exit N         ends with status N        args trap      ends by a trap
//   args echo           copies standard input     args err TEXT  writes TEXT to standard error
//   args spin           never ends                args eat       allocates until it cannot, then 9
//   args deep           recurses without end      args sleep MS  sleeps

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

extern char **environ;

static int by_name(const void *a, const void *b) {
    return strcmp(*(char *const *)a, *(char *const *)b);
}

static void check(const char *what, int good) {
    printf("%s: %s\n", what, good ? "good" : "BAD");
}

static double seconds(clockid_t clock) {
    struct timespec t;
    if (clock_gettime(clock, &t) != 0) {
        return -1;
    }
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void sleep_ms(long ms) {
    struct timespec t = {ms / 1000, ms % 1000 * 1000000};
    nanosleep(&t, NULL);
}

static void show_everything(int argc, char **argv) {
    printf("%d arguments\n", argc);
    for (int i = 1; i < argc; i++) {
        printf("  [%s]\n", argv[i]);
    }
    int n = 0;
    while (environ && environ[n]) {
        n++;
    }
    printf("%d variables\n", n);
    qsort(environ, (size_t)n, sizeof *environ, by_name);
    for (int i = 0; i < n; i++) {
        printf("  [%s]\n", environ[i]);
    }

    double before = seconds(CLOCK_MONOTONIC);
    sleep_ms(20);
    double slept = seconds(CLOCK_MONOTONIC) - before;
    check("sleep of 20 ms", slept >= 0.019 && slept < 10);
    check("wall clock", seconds(CLOCK_REALTIME) > 1.6e9);
    struct timespec r = {-1, -1};
    check("resolution", clock_getres(CLOCK_MONOTONIC, &r) == 0 && r.tv_sec == 0 && r.tv_nsec >= 1);

    unsigned char a[64] = {0}, b[64] = {0};
    int asked = getentropy(a, sizeof a) == 0 && getentropy(b, sizeof b) == 0;
    int seen[256] = {0}, different = 0;
    for (size_t i = 0; i < sizeof a; i++) {
        different += !seen[a[i]]++;
    }
    check("random", asked && memcmp(a, b, sizeof a) != 0 && different > 20);
}

static volatile unsigned sink;

static unsigned recurse(unsigned n) {
    volatile unsigned here[16];
    here[n % 16] = n;
    sink += here[n % 16];
    return recurse(n + 1) + here[(n + 1) % 16];
}

int main(int argc, char **argv) {
    const char *what = argc > 1 ? argv[1] : "";
    if (strcmp(what, "exit") == 0 && argc > 2) {
        printf("leaving with %s\n", argv[2]);
        exit(atoi(argv[2]));
    }
    if (strcmp(what, "trap") == 0) {
        puts("before the trap");
        fflush(stdout);
        __builtin_trap();
    }
    if (strcmp(what, "echo") == 0) {
        for (int c; (c = getchar()) != EOF;) {
            putchar(c);
        }
        return 0;
    }
    if (strcmp(what, "err") == 0 && argc > 2) {
        fprintf(stderr, "%s\n", argv[2]);
        return 0;
    }
    if (strcmp(what, "spin") == 0) {
        for (;;) {
            sink++;
        }
    }
    if (strcmp(what, "eat") == 0) {
        size_t total = 0;
        for (char *p; (p = malloc(1 << 20)); total++) {
            memset(p, 1, 1 << 20);
            sink += (unsigned)p[17];
        }
        printf("no more after %s\n", total > 0 ? "some" : "none");
        return 9;
    }
    if (strcmp(what, "deep") == 0) {
        return (int)recurse(0);
    }
    if (strcmp(what, "sleep") == 0 && argc > 2) {
        sleep_ms(atol(argv[2]));
        return 0;
    }
    show_everything(argc, argv);
    return 0;
}
