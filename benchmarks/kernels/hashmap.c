// Open-addressing hash map: insert, look up, remove with moved entries.

#include <stdint.h>
#include <string.h>

#include "repeat.h"

enum { BITS = 17, SLOTS = 1 << BITS, KEYS = 80000, ROUNDS = 50 };
typedef struct {
    uint64_t key;   // 0: free
    uint32_t value;
} Slot;
static Slot slots[SLOTS];

static uint32_t state;

static uint32_t next_random(void) {
    state ^= state << 13;
    state ^= state >> 17;
    state ^= state << 5;
    return state;
}

static uint32_t home(uint64_t key) {
    return (uint32_t)(key * 0x9e3779b97f4a7c15u >> (64 - BITS));
}

static Slot *find(uint64_t key) {
    uint32_t i = home(key);
    while (slots[i].key && slots[i].key != key) {
        i = (i + 1) & (SLOTS - 1);
    }
    return &slots[i];
}

static void erase(Slot *slot) {
    uint32_t gap = (uint32_t)(slot - slots);
    for (uint32_t i = (gap + 1) & (SLOTS - 1); slots[i].key; i = (i + 1) & (SLOTS - 1)) {
        // An entry may fill the gap if its home does not lie between the gap and itself.
        if (((i - home(slots[i].key)) & (SLOTS - 1)) >= ((i - gap) & (SLOTS - 1))) {
            slots[gap] = slots[i];
            gap = i;
        }
    }
    slots[gap].key = 0;
}

static uint32_t run(uint32_t round) {
    uint32_t sum = 0, entries = 0;
    memset(slots, 0, sizeof slots);
    state = 88172645u + round;
    for (int r = 0; r < ROUNDS; r++) {
        for (int i = 0; i < KEYS; i++) {
            uint64_t key = (uint64_t)(next_random() % (KEYS * 2)) * 2654435761u + 1;
            Slot *s = find(key);
            if (!s->key) {
                s->key = key;
                s->value = (uint32_t)i;
                entries++;
            } else if (r & 1) {
                sum += s->value;
                erase(s);
                entries--;
            } else {
                s->value += (uint32_t)key;
            }
            if (entries > SLOTS * 3 / 4) {
                memset(slots, 0, sizeof slots);
                entries = 0;
            }
        }
    }
    return sum + entries;
}
