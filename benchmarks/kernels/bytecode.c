// A bytecode interpreter: one big switch in a loop.

#include <stdint.h>

#include "repeat.h"

enum Op {
    PUSH, POP, DUP, SWAP, OVER, ADD, SUB, MUL, DIV, MOD, AND, OR, XOR, SHL, SHR, NEG, NOT, INC, DEC, EQ,
    NE, LT, LE, GT, GE, GET, SET, LOAD, STORE, JUMP, JUMP_IF, JUMP_UNLESS, CALL, RETURN, MIN, MAX, HALT
};
enum { LAST = 22000 };

// For each x up to LAST: how many steps of "halve if even, else three times and one" lead to 1?
// Adds the counts up, and mixes them into a table of 64 cells. Jumps go to the position named.
static const uint8_t program[] = {
    /*  0 */ PUSH, 1, SET, 1,                              // x = 1
    /*  4 */ GET, 1, GET, 0, GT, JUMP_IF, 45,              // until x > argument:
    /* 11 */ GET, 1, CALL, 48,                             //   steps(x)
    /* 15 */ GET, 2, ADD, SET, 2,                          //   sum = sum + steps
    /* 20 */ GET, 1, PUSH, 63, AND, DUP, LOAD,             //   address, cell
    /* 27 */ PUSH, 5, SHL, GET, 1, XOR,                    //   (cell << 5) ^ x
    /* 33 */ GET, 2, ADD, SWAP, STORE,                     //   table[address] = that + sum
    /* 38 */ GET, 1, INC, SET, 1, JUMP, 4,                 //   x = x + 1
    /* 45 */ GET, 2, HALT,                                 // result: sum
    /* 48 */ SET, 3, PUSH, 0, SET, 4,                      // steps: n = argument, count = 0
    /* 54 */ GET, 3, PUSH, 1, LE, JUMP_IF, 90,             // until n <= 1:
    /* 61 */ GET, 3, PUSH, 1, AND, JUMP_IF, 75,            //   even?
    /* 68 */ GET, 3, PUSH, 1, SHR, JUMP, 81,               //     n >> 1
    /* 75 */ GET, 3, PUSH, 3, MUL, INC,                    //     or n * 3 + 1
    /* 81 */ SET, 3, GET, 4, INC, SET, 4, JUMP, 54,        //   n = that, count = count + 1
    /* 90 */ GET, 4, RETURN,                               // result: count
};

static uint32_t table[64], stack[64], locals[8];

static uint32_t interpret(uint32_t argument) {
    const uint8_t *pc = program;
    uint32_t *top = stack;   // the free slot above the topmost value
    uint32_t t;
    const uint8_t *calls[8], **call = calls;
    locals[0] = argument;
    for (int i = 1; i < 8; i++) {
        locals[i] = 0;
    }
    for (;;) {
        switch ((enum Op)*pc++) {
            case PUSH: *top++ = *pc++; break;
            case POP: top--; break;
            case DUP: *top = top[-1]; top++; break;
            case SWAP: t = top[-1]; top[-1] = top[-2]; top[-2] = t; break;
            case OVER: *top = top[-2]; top++; break;
            case ADD: top--; top[-1] += *top; break;
            case SUB: top--; top[-1] -= *top; break;
            case MUL: top--; top[-1] *= *top; break;
            case DIV: top--; top[-1] = *top ? top[-1] / *top : 0; break;
            case MOD: top--; top[-1] = *top ? top[-1] % *top : 0; break;
            case AND: top--; top[-1] &= *top; break;
            case OR: top--; top[-1] |= *top; break;
            case XOR: top--; top[-1] ^= *top; break;
            case SHL: top--; top[-1] <<= *top & 31; break;
            case SHR: top--; top[-1] >>= *top & 31; break;
            case NEG: top[-1] = 0 - top[-1]; break;
            case NOT: top[-1] = !top[-1]; break;
            case INC: top[-1]++; break;
            case DEC: top[-1]--; break;
            case EQ: top--; top[-1] = top[-1] == *top; break;
            case NE: top--; top[-1] = top[-1] != *top; break;
            case LT: top--; top[-1] = top[-1] < *top; break;
            case LE: top--; top[-1] = top[-1] <= *top; break;
            case GT: top--; top[-1] = top[-1] > *top; break;
            case GE: top--; top[-1] = top[-1] >= *top; break;
            case GET: *top++ = locals[*pc++ & 7]; break;
            case SET: locals[*pc++ & 7] = *--top; break;
            case LOAD: top[-1] = table[top[-1] & 63]; break;
            case STORE: top -= 2; table[top[1] & 63] = top[0]; break;
            case JUMP: pc = program + *pc; break;
            case JUMP_IF: pc = *--top ? program + *pc : pc + 1; break;
            case JUMP_UNLESS: pc = *--top ? pc + 1 : program + *pc; break;
            case CALL: *call++ = pc + 1; pc = program + *pc; break;
            case RETURN: pc = *--call; break;
            case MIN: top--; top[-1] = top[-1] < *top ? top[-1] : *top; break;
            case MAX: top--; top[-1] = top[-1] > *top ? top[-1] : *top; break;
            case HALT: return top[-1];
        }
    }
}

static uint32_t run(uint32_t round) {
    uint32_t sum = interpret(LAST + round % 8);
    for (int i = 0; i < 64; i++) {
        sum = sum * 31 + table[i];
    }
    return sum;
}
