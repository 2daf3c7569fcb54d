// Compresses and restores: LZ77 matches in a window of 32 KiB, then canonical Huffman codes.
//
//   squeeze c [IN [OUT]]     compress
//   squeeze d [IN [OUT]]     restore
//   squeeze t [IN]           compress and restore in memory, compare, print both sizes
//
// IN and OUT are standard input and output when left out or "-".
//
// Form: "SQZ1", size (4 bytes), checksum (4 bytes), blocks. A block starts with one bit "last" and
// the code lengths, 4 bits each; 0 is a symbol that is not used. Bits fill bytes from below.

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    WINDOW = 1 << 15,
    HASH_SIZE = 1 << 14,
    CHAIN_MAX = 48,
    MATCH_MIN = 4,
    MATCH_MAX = MATCH_MIN + 255,
    TOKENS_MAX = 1 << 14,
    LENGTH_CLASSES = 9,   // 0, 1, 2-3, 4-7, ... 128-255
    DISTANCE_CLASSES = 16,
    END = 256 + LENGTH_CLASSES,
    SYMBOLS = END + 1,
    CODE_MAX = 15
};

static void die(const char *message) {
    fprintf(stderr, "squeeze: %s\n", message);
    exit(1);
}

// ---------------------------------------------------------------- bytes and bits

typedef struct {
    uint8_t *data;
    size_t size, capacity;
} Bytes;

static void push(Bytes *b, uint8_t value) {
    if (b->size == b->capacity) {
        b->capacity = b->capacity ? b->capacity * 2 : 4096;
        b->data = realloc(b->data, b->capacity);
        if (!b->data) {
            die("out of memory");
        }
    }
    b->data[b->size++] = value;
}

static void push32(Bytes *b, uint32_t value) {
    for (int i = 0; i < 4; i++) {
        push(b, (uint8_t)(value >> 8 * i));
    }
}

typedef struct {
    Bytes *out;
    uint32_t bits;
    int count;
} BitWriter;

static void put_bits(BitWriter *w, uint32_t value, int count) {
    w->bits |= value << w->count;
    w->count += count;
    while (w->count >= 8) {
        push(w->out, (uint8_t)w->bits);
        w->bits >>= 8;
        w->count -= 8;
    }
}

static void flush_bits(BitWriter *w) {
    if (w->count > 0) {
        push(w->out, (uint8_t)w->bits);
    }
    w->bits = 0;
    w->count = 0;
}

typedef struct {
    const Bytes *in;
    size_t at;
    uint32_t bits;
    int count;
} BitReader;

static uint32_t get_bits(BitReader *r, int count) {
    while (r->count < count) {
        if (r->at == r->in->size) {
            die("unexpected end of compressed data");
        }
        r->bits |= (uint32_t)r->in->data[r->at++] << r->count;
        r->count += 8;
    }
    uint32_t value = r->bits & ((1u << count) - 1);
    r->bits >>= count;
    r->count -= count;
    return value;
}

static uint32_t checksum(const uint8_t *data, size_t size) {
    uint32_t a = 1, b = 0;
    for (size_t i = 0; i < size; i++) {
        a = (a + data[i]) % 65521;
        b = (b + a) % 65521;
    }
    return b << 16 | a;
}

// Values are sent as their class (the number of significant bits) and the bits below the highest.
static int class_of(uint32_t value) {
    int n = 0;
    for (; value; value >>= 1) {
        n++;
    }
    return n;
}

// ---------------------------------------------------------------- Huffman codes

// Finds a length for every used symbol by joining the two lightest trees until one is left. Where
// that makes a code too long, the weights are flattened and it is done again.
static void code_lengths(const uint32_t *weights, int n, uint8_t *lengths) {
    uint32_t flat[SYMBOLS];
    memcpy(flat, weights, (size_t)n * sizeof *flat);
    for (;;) {
        uint32_t weight[2 * SYMBOLS];
        int parent[2 * SYMBOLS], alive[SYMBOLS], living = 0, nodes = n;
        memset(lengths, 0, (size_t)n);
        for (int i = 0; i < n; i++) {
            if (flat[i]) {
                weight[i] = flat[i];
                parent[i] = -1;
                alive[living++] = i;
            }
        }
        if (living == 1) {
            lengths[alive[0]] = 1;
            return;
        }
        while (living > 1) {
            int pair[2];
            for (int k = 0; k < 2; k++) {
                int best = 0;
                for (int i = 1; i < living; i++) {
                    if (weight[alive[i]] < weight[alive[best]]) {
                        best = i;
                    }
                }
                pair[k] = alive[best];
                alive[best] = alive[--living];
            }
            weight[nodes] = weight[pair[0]] + weight[pair[1]];
            parent[nodes] = -1;
            parent[pair[0]] = parent[pair[1]] = nodes;
            alive[living++] = nodes++;
        }
        int longest = 0;
        for (int i = 0; i < n; i++) {
            if (flat[i]) {
                int length = 0;
                for (int p = parent[i]; p >= 0; p = parent[p]) {
                    length++;
                }
                lengths[i] = (uint8_t)length;
                longest = length > longest ? length : longest;
            }
        }
        if (longest <= CODE_MAX) {
            return;
        }
        for (int i = 0; i < n; i++) {
            flat[i] = flat[i] ? flat[i] / 4 + 1 : 0;
        }
    }
}

// Codes of one length are consecutive numbers in the order of the symbols. Reversed, because the
// first bit of a code is sent first.
static void assign_codes(const uint8_t *lengths, int n, uint16_t *codes) {
    uint32_t code = 0;
    for (int length = 1; length <= CODE_MAX; length++) {
        for (int i = 0; i < n; i++) {
            if (lengths[i] == length) {
                uint32_t reversed = 0;
                for (int b = 0; b < length; b++) {
                    reversed |= (code >> b & 1) << (length - 1 - b);
                }
                codes[i] = (uint16_t)reversed;
                code++;
            }
        }
        code <<= 1;
    }
}

typedef struct {
    uint16_t count[CODE_MAX + 1];
    uint16_t symbols[SYMBOLS];
} Decoder;

static void make_decoder(const uint8_t *lengths, int n, Decoder *d) {
    uint16_t start[CODE_MAX + 2] = {0};
    memset(d->count, 0, sizeof d->count);
    for (int i = 0; i < n; i++) {
        d->count[lengths[i]]++;
    }
    d->count[0] = 0;
    for (int length = 1; length <= CODE_MAX; length++) {
        start[length + 1] = (uint16_t)(start[length] + d->count[length]);
    }
    for (int i = 0; i < n; i++) {
        if (lengths[i]) {
            d->symbols[start[lengths[i]]++] = (uint16_t)i;
        }
    }
}

static int get_symbol(BitReader *r, const Decoder *d) {
    int code = 0, first = 0, index = 0;
    for (int length = 1; length <= CODE_MAX; length++) {
        code |= (int)get_bits(r, 1);
        int count = d->count[length];
        if (code - first < count) {
            return d->symbols[index + code - first];
        }
        index += count;
        first = (first + count) << 1;
        code <<= 1;
    }
    die("bad code in compressed data");
    return 0;
}

// ---------------------------------------------------------------- compressing

typedef struct {
    uint16_t length;  // 0: a literal
    uint16_t value;   // the literal, or the distance less one
} Token;

static void write_block(BitWriter *w, const Token *tokens, int n, int last) {
    uint32_t weights[SYMBOLS] = {0}, distance_weights[DISTANCE_CLASSES] = {0};
    uint8_t lengths[SYMBOLS], distance_lengths[DISTANCE_CLASSES];
    uint16_t codes[SYMBOLS] = {0}, distance_codes[DISTANCE_CLASSES] = {0};
    weights[END] = 1;
    for (int i = 0; i < n; i++) {
        if (tokens[i].length) {
            weights[256 + class_of(tokens[i].length - MATCH_MIN)]++;
            distance_weights[class_of(tokens[i].value)]++;
        } else {
            weights[tokens[i].value]++;
        }
    }
    code_lengths(weights, SYMBOLS, lengths);
    code_lengths(distance_weights, DISTANCE_CLASSES, distance_lengths);
    assign_codes(lengths, SYMBOLS, codes);
    assign_codes(distance_lengths, DISTANCE_CLASSES, distance_codes);

    put_bits(w, (uint32_t)last, 1);
    for (int i = 0; i < SYMBOLS; i++) {
        put_bits(w, lengths[i], 4);
    }
    for (int i = 0; i < DISTANCE_CLASSES; i++) {
        put_bits(w, distance_lengths[i], 4);
    }
    for (int i = 0; i < n; i++) {
        if (!tokens[i].length) {
            put_bits(w, codes[tokens[i].value], lengths[tokens[i].value]);
            continue;
        }
        uint32_t extra = tokens[i].length - MATCH_MIN;
        int class = class_of(extra);
        put_bits(w, codes[256 + class], lengths[256 + class]);
        if (class > 1) {
            put_bits(w, extra - (1u << (class - 1)), class - 1);
        }
        class = class_of(tokens[i].value);
        put_bits(w, distance_codes[class], distance_lengths[class]);
        if (class > 1) {
            put_bits(w, tokens[i].value - (1u << (class - 1)), class - 1);
        }
    }
    put_bits(w, codes[END], lengths[END]);
}

typedef struct {
    const uint8_t *data;
    size_t size;
    int32_t head[HASH_SIZE];
    int32_t previous[WINDOW];
} Matcher;

static uint32_t hash_at(const uint8_t *p) {
    uint32_t v = (uint32_t)p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 | (uint32_t)p[3] << 24;
    return v * 2654435761u >> 18;
}

static void remember(Matcher *m, size_t at) {
    if (at + MATCH_MIN <= m->size) {
        uint32_t h = hash_at(m->data + at);
        m->previous[at & (WINDOW - 1)] = m->head[h];
        m->head[h] = (int32_t)at;
    }
}

static int longest_match(const Matcher *m, size_t at, int *distance) {
    int best = 0;
    if (at + MATCH_MIN > m->size) {
        return 0;
    }
    int limit = m->size - at < MATCH_MAX ? (int)(m->size - at) : MATCH_MAX;
    int32_t candidate = m->head[hash_at(m->data + at)];
    for (int steps = 0; candidate >= 0 && steps < CHAIN_MAX; steps++) {
        size_t gap = at - (size_t)candidate;
        if (gap > WINDOW - 1) {
            break;
        }
        int length = 0;
        while (length < limit && m->data[(size_t)candidate + (size_t)length] == m->data[at + (size_t)length]) {
            length++;
        }
        if (length > best) {
            best = length;
            *distance = (int)gap;
            if (length == limit) {
                break;
            }
        }
        int32_t older = m->previous[candidate & (WINDOW - 1)];
        // A slot that was overwritten leads forward: the chain ends there.
        if (older >= candidate) {
            break;
        }
        candidate = older;
    }
    return best >= MATCH_MIN ? best : 0;
}

static Bytes compress(const uint8_t *data, size_t size) {
    Bytes out = {0};
    for (int i = 0; i < 4; i++) {
        push(&out, (uint8_t) "SQZ1"[i]);
    }
    push32(&out, (uint32_t)size);
    push32(&out, checksum(data, size));

    Matcher *m = malloc(sizeof *m);
    Token *tokens = malloc(TOKENS_MAX * sizeof *tokens);
    if (!m || !tokens) {
        die("out of memory");
    }
    m->data = data;
    m->size = size;
    memset(m->head, 0xff, sizeof m->head);
    memset(m->previous, 0xff, sizeof m->previous);

    BitWriter w = {&out, 0, 0};
    int n = 0;
    for (size_t at = 0; at < size;) {
        int distance = 0, later = 0;
        int length = longest_match(m, at, &distance);
        remember(m, at);
        // A longer match that starts one byte later is worth a literal.
        if (length && length < 32 && longest_match(m, at + 1, &later) > length) {
            length = 0;
        }
        if (length) {
            tokens[n++] = (Token){(uint16_t)length, (uint16_t)(distance - 1)};
            for (int i = 1; i < length; i++) {
                remember(m, at + (size_t)i);
            }
            at += (size_t)length;
        } else {
            tokens[n++] = (Token){0, data[at++]};
        }
        if (n == TOKENS_MAX) {
            write_block(&w, tokens, n, at == size);
            n = 0;
        }
    }
    if (n > 0 || size == 0) {
        write_block(&w, tokens, n, 1);
    }
    flush_bits(&w);
    free(m);
    free(tokens);
    return out;
}

// ---------------------------------------------------------------- restoring

static uint32_t get32(const uint8_t *p) {
    return (uint32_t)p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 | (uint32_t)p[3] << 24;
}

static uint32_t get_class_value(BitReader *r, int class) {
    return class < 2 ? (uint32_t)class : (1u << (class - 1)) + get_bits(r, class - 1);
}

static Bytes restore(const Bytes *in) {
    if (in->size < 12 || memcmp(in->data, "SQZ1", 4) != 0) {
        die("not a squeezed file");
    }
    size_t size = get32(in->data + 4);
    Bytes out = {0};
    BitReader r = {in, 12, 0, 0};
    int last = 0;
    while (!last) {
        uint8_t lengths[SYMBOLS], distance_lengths[DISTANCE_CLASSES];
        Decoder symbols, distances;
        last = (int)get_bits(&r, 1);
        for (int i = 0; i < SYMBOLS; i++) {
            lengths[i] = (uint8_t)get_bits(&r, 4);
        }
        for (int i = 0; i < DISTANCE_CLASSES; i++) {
            distance_lengths[i] = (uint8_t)get_bits(&r, 4);
        }
        make_decoder(lengths, SYMBOLS, &symbols);
        make_decoder(distance_lengths, DISTANCE_CLASSES, &distances);
        for (int symbol; (symbol = get_symbol(&r, &symbols)) != END;) {
            if (symbol < 256) {
                push(&out, (uint8_t)symbol);
            } else {
                uint32_t length = get_class_value(&r, symbol - 256) + MATCH_MIN;
                uint32_t distance = get_class_value(&r, get_symbol(&r, &distances)) + 1;
                if (distance > out.size) {
                    die("match before the start");
                }
                for (; length > 0; length--) {
                    push(&out, out.data[out.size - distance]);
                }
            }
            if (out.size > size) {
                die("more data than announced");
            }
        }
    }
    if (out.size != size || checksum(out.data, size) != get32(in->data + 8)) {
        die("checksum mismatch");
    }
    return out;
}

// ---------------------------------------------------------------- command

static Bytes read_all(const char *name) {
    Bytes b = {0};
    FILE *in = strcmp(name, "-") == 0 ? stdin : fopen(name, "rb");
    if (!in) {
        perror(name);
        exit(1);
    }
    for (int c; (c = getc(in)) != EOF;) {
        push(&b, (uint8_t)c);
    }
    if (in != stdin) {
        fclose(in);
    }
    return b;
}

static void write_all(const char *name, const Bytes *b) {
    FILE *out = strcmp(name, "-") == 0 ? stdout : fopen(name, "wb");
    if (!out) {
        perror(name);
        exit(1);
    }
    if (fwrite(b->data, 1, b->size, out) != b->size || fflush(out) != 0) {
        perror(name);
        exit(1);
    }
    if (out != stdout) {
        fclose(out);
    }
}

int main(int argc, char **argv) {
    if (argc < 2 || argc > 4 || strlen(argv[1]) != 1 || !strchr("cdt", argv[1][0])) {
        fputs("usage: squeeze c|d|t [IN [OUT]]\n", stderr);
        return 2;
    }
    Bytes in = read_all(argc > 2 ? argv[2] : "-");
    const char *target = argc > 3 ? argv[3] : "-";
    if (argv[1][0] == 'd') {
        Bytes out = restore(&in);
        write_all(target, &out);
        return 0;
    }
    Bytes out = compress(in.data, in.size);
    if (argv[1][0] == 'c') {
        write_all(target, &out);
        return 0;
    }
    Bytes back = restore(&out);
    int same = back.size == in.size && (in.size == 0 || memcmp(back.data, in.data, in.size) == 0);
    printf("%zu -> %zu %s\n", in.size, out.size, same ? "same" : "DIFFERENT");
    return !same;
}
