// Counts lines, words and bytes of its files (or of standard input) and names the commonest words.
//
//   wordcount [-n N] [FILE...]      N: how many words to name, 5 by default
//
// A word is a run of letters, digits and apostrophes; capitals do not matter.

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct Word {
    struct Word *next;
    unsigned long count;
    unsigned hash;
    char text[];
} Word;

typedef struct {
    unsigned long lines, words, bytes;
} Totals;

static Word **buckets;
static size_t bucket_count = 64, word_count;

static void *allocate(size_t size) {
    void *p = malloc(size);
    if (!p) {
        fputs("wordcount: out of memory\n", stderr);
        exit(2);
    }
    return p;
}

static void grow(void) {
    size_t bigger = bucket_count * 2;
    Word **fresh = allocate(bigger * sizeof *fresh);
    memset(fresh, 0, bigger * sizeof *fresh);
    for (size_t i = 0; i < bucket_count; i++) {
        for (Word *w = buckets[i], *next; w; w = next) {
            next = w->next;
            w->next = fresh[w->hash & (bigger - 1)];
            fresh[w->hash & (bigger - 1)] = w;
        }
    }
    free(buckets);
    buckets = fresh;
    bucket_count = bigger;
}

static void count_word(const char *text, size_t length) {
    unsigned hash = 2166136261u;
    for (size_t i = 0; i < length; i++) {
        hash = (hash ^ (unsigned char)text[i]) * 16777619u;
    }
    for (Word *w = buckets[hash & (bucket_count - 1)]; w; w = w->next) {
        if (w->hash == hash && strncmp(w->text, text, length) == 0 && !w->text[length]) {
            w->count++;
            return;
        }
    }
    if (++word_count > bucket_count) {
        grow();
    }
    Word *w = allocate(sizeof *w + length + 1);
    w->count = 1;
    w->hash = hash;
    memcpy(w->text, text, length);
    w->text[length] = 0;
    w->next = buckets[hash & (bucket_count - 1)];
    buckets[hash & (bucket_count - 1)] = w;
}

static Totals count_stream(FILE *in) {
    Totals totals = {0, 0, 0};
    char word[256];
    size_t length = 0;
    int c;
    do {
        c = getc(in);
        if (c != EOF) {
            totals.bytes++;
            totals.lines += c == '\n';
        }
        if (c != EOF && (isalnum(c) || c == '\'')) {
            // A longer run counts as several words rather than as one cut short.
            if (length == sizeof word) {
                count_word(word, length);
                totals.words++;
                length = 0;
            }
            word[length++] = (char)tolower(c);
        } else if (length > 0) {
            count_word(word, length);
            totals.words++;
            length = 0;
        }
    } while (c != EOF);
    return totals;
}

static void print_totals(Totals t, const char *name) {
    printf("%8lu %8lu %8lu%s%s\n", t.lines, t.words, t.bytes, *name ? " " : "", name);
}

static int commoner(const void *a, const void *b) {
    const Word *x = *(Word *const *)a, *y = *(Word *const *)b;
    if (x->count != y->count) {
        return x->count > y->count ? -1 : 1;
    }
    return strcmp(x->text, y->text);
}

static void print_commonest(size_t wanted, unsigned long words) {
    Word **all = allocate((word_count + 1) * sizeof *all);
    size_t n = 0;
    for (size_t i = 0; i < bucket_count; i++) {
        for (Word *w = buckets[i]; w; w = w->next) {
            all[n++] = w;
        }
    }
    qsort(all, n, sizeof *all, commoner);
    for (size_t i = 0; i < n && i < wanted; i++) {
        printf("%8lu %s (%.1f%%)\n", all[i]->count, all[i]->text,
               100.0 * (double)all[i]->count / (double)words);
    }
    free(all);
}

int main(int argc, char **argv) {
    size_t wanted = 5;
    int first = 1, status = 0;
    if (argc > 2 && strcmp(argv[1], "-n") == 0) {
        wanted = strtoul(argv[2], NULL, 10);
        first = 3;
    }
    buckets = allocate(bucket_count * sizeof *buckets);
    memset(buckets, 0, bucket_count * sizeof *buckets);
    Totals sum = {0, 0, 0};
    if (first == argc) {
        sum = count_stream(stdin);
        print_totals(sum, "");
    }
    for (int i = first; i < argc; i++) {
        FILE *in = fopen(argv[i], "rb");
        if (!in) {
            fprintf(stderr, "wordcount: %s: %s\n", argv[i], strerror(errno));
            status = 1;
            continue;
        }
        Totals t = count_stream(in);
        fclose(in);
        print_totals(t, argv[i]);
        sum.lines += t.lines;
        sum.words += t.words;
        sum.bytes += t.bytes;
    }
    if (argc - first > 1) {
        print_totals(sum, "total");
    }
    printf("%zu different words\n", word_count);
    print_commonest(wanted, sum.words);
    return status;
}
