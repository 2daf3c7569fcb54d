// Linked lists and trees on the heap: malloc, free, pointers.

#include <stdint.h>
#include <stdlib.h>

#include "repeat.h"

enum { NODES = 100000, TREES = 12, DEPTH = 15 };
typedef struct Node {
    struct Node *left, *right;
    uint32_t value;
} Node;

static Node *node(uint32_t value, Node *left, Node *right) {
    Node *n = malloc(sizeof *n);
    if (!n) {
        exit(2);
    }
    *n = (Node){left, right, value};
    return n;
}

static Node *tree(uint32_t value, int depth) {
    return depth == 0 ? node(value, NULL, NULL)
                      : node(value, tree(value * 2, depth - 1), tree(value * 2 + 1, depth - 1));
}

static uint32_t sum_and_free(Node *n) {
    if (!n) {
        return 0;
    }
    uint32_t sum = n->value + sum_and_free(n->left) * 3 + sum_and_free(n->right);
    free(n);
    return sum;
}

// Merge sort of a list linked by `right`.
static Node *sort(Node *list, uint32_t length) {
    if (length < 2) {
        if (list) {
            list->right = NULL;
        }
        return list;
    }
    Node *middle = list;
    for (uint32_t i = 0; i < length / 2; i++) {
        middle = middle->right;
    }
    Node *b = sort(middle, length - length / 2), *a = sort(list, length / 2);
    Node first, *last = &first;
    while (a && b) {
        Node **smaller = a->value <= b->value ? &a : &b;
        last = last->right = *smaller;
        *smaller = (*smaller)->right;
    }
    last->right = a ? a : b;
    return first.right;
}

static uint32_t run(uint32_t round) {
    uint32_t sum = 0, i = 0;
    for (int t = 0; t < TREES; t++) {
        sum = sum * 31 + sum_and_free(tree(round + (uint32_t)t, DEPTH));
    }
    Node *list = NULL;
    for (i = 0; i < NODES; i++) {
        list = node((i + round) * 2654435761u >> 7, NULL, list);
    }
    list = sort(list, NODES);
    for (i = 0; list; i++) {
        Node *next = list->right;
        sum += list->value ^ i;
        free(list);
        list = next;
    }
    return sum;
}
