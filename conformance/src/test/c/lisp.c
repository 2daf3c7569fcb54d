// A small Lisp: closures, proper tail calls, strings, a mark-and-sweep collector.
//
//   lisp FILE | lisp -e TEXT | lisp          the program: a file, the argument, standard input
//   -h CELLS before it                       size of the heap, 40000 cells by default
//
// Special forms: quote if define set! lambda let let* letrec begin cond and or while.
// An error ends the program with status 1, (exit n) with status n. Recursion in the program is
// recursion in C: give it a stack of a mebibyte.

#include <ctype.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef enum { PAIR, NUMBER, STRING, SYMBOL, PRIMITIVE, CLOSURE, CONSTANT } Type;

typedef struct Cell Cell;
typedef Cell *(*Primitive)(Cell **arguments, int count);

struct Cell {
    uint8_t type, marked, free;
    union {
        struct {
            Cell *head, *tail;
        };
        int64_t number;
        struct {
            char *text;
            size_t length;
        };
        struct {
            const char *name;
            Primitive primitive;
        };
        struct {
            Cell *parameters;   // of a closure: names . body
            Cell *environment;
        };
    };
};

// Everything that C code holds across an allocation stands on this stack, where the collector sees
// it. A function notes the height when it begins and restores it when it ends.
enum { ROOTS = 60000 };
static Cell *roots[ROOTS];
static int root_count;

static Cell *heap, *free_list, *symbols, *globals;
static size_t heap_size = 40000, collections;
static Cell nil_cell = {.type = CONSTANT}, true_cell = {.type = CONSTANT};
#define NIL (&nil_cell)
#define TRUE (&true_cell)

static Cell *s_quote, *s_if, *s_define, *s_set, *s_lambda, *s_let, *s_let_star, *s_letrec, *s_begin,
    *s_cond, *s_else, *s_and, *s_or, *s_while;

static void fail(const char *format, ...) {
    va_list arguments;
    fflush(stdout);
    fputs("lisp: ", stderr);
    va_start(arguments, format);
    vfprintf(stderr, format, arguments);
    va_end(arguments);
    fputc('\n', stderr);
    exit(1);
}

static Cell *keep(Cell *c) {
    if (root_count == ROOTS) {
        fail("too deep");
    }
    return roots[root_count++] = c;
}

// ---------------------------------------------------------------- heap

// Lists are followed in a loop; only the heads recurse.
static void mark(Cell *c) {
    while (c && !c->marked) {
        c->marked = 1;
        if (c->type == PAIR) {
            mark(c->head);
            c = c->tail;
        } else if (c->type == CLOSURE) {
            mark(c->parameters);
            c = c->environment;
        } else {
            return;
        }
    }
}

static void collect(void) {
    collections++;
    mark(symbols);
    mark(globals);
    for (int i = 0; i < root_count; i++) {
        mark(roots[i]);
    }
    free_list = NULL;
    for (size_t i = 0; i < heap_size; i++) {
        Cell *c = &heap[i];
        if (c->marked) {
            c->marked = 0;
            continue;
        }
        if (!c->free && (c->type == STRING || c->type == SYMBOL)) {
            free(c->text);
        }
        c->free = 1;
        c->tail = free_list;
        free_list = c;
    }
    nil_cell.marked = true_cell.marked = 0;
}

static Cell *new_cell(Type type) {
    if (!free_list) {
        collect();
        if (!free_list) {
            fail("out of memory: all %zu cells are in use", heap_size);
        }
    }
    Cell *c = free_list;
    free_list = c->tail;
    c->type = (uint8_t)type;
    c->free = 0;
    return c;
}

static Cell *cons(Cell *head, Cell *tail) {
    int height = root_count;
    keep(head);
    keep(tail);
    Cell *c = new_cell(PAIR);
    c->head = head;
    c->tail = tail;
    root_count = height;
    return c;
}

static Cell *number(int64_t n) {
    Cell *c = new_cell(NUMBER);
    c->number = n;
    return c;
}

static Cell *text_cell(Type type, const char *text, size_t length) {
    char *copy = malloc(length + 1);
    if (!copy) {
        fail("out of memory for a string");
    }
    memcpy(copy, text, length);
    copy[length] = 0;
    Cell *c = new_cell(type);
    c->text = copy;
    c->length = length;
    return c;
}

static Cell *symbol(const char *name, size_t length) {
    for (Cell *s = symbols; s != NIL; s = s->tail) {
        if (s->head->length == length && memcmp(s->head->text, name, length) == 0) {
            return s->head;
        }
    }
    symbols = cons(text_cell(SYMBOL, name, length), symbols);
    return symbols->head;
}

// ---------------------------------------------------------------- reading

static const char *at, *end;
static int line = 1;

static void skip_blanks(void) {
    while (at < end && (isspace((unsigned char)*at) || *at == ';')) {
        if (*at == ';') {
            while (at < end && *at != '\n') {
                at++;
            }
        } else if (*at++ == '\n') {
            line++;
        }
    }
}

static Cell *read_string(void) {
    char *buffer = malloc((size_t)(end - at) + 1);
    size_t n = 0;
    while (at < end && *at != '"') {
        char c = *at++;
        if (c == '\\' && at < end) {
            c = *at++;
            c = c == 'n' ? '\n' : c == 't' ? '\t' : c;
        }
        line += c == '\n';
        buffer[n++] = c;
    }
    if (at == end) {
        fail("line %d: string without end", line);
    }
    at++;
    Cell *result = text_cell(STRING, buffer, n);
    free(buffer);
    return result;
}

static Cell *read_form(void);

static Cell *read_list(void) {
    int height = root_count, opened = line;
    Cell *first = NIL, *last = NIL;
    int slot = root_count;
    keep(NIL);
    for (;;) {
        skip_blanks();
        if (at == end) {
            fail("line %d: list without end", opened);
        }
        if (*at == ')') {
            at++;
            break;
        }
        if (*at == '.' && at + 1 < end && isspace((unsigned char)at[1]) && last != NIL) {
            at++;
            last->tail = read_form();
            skip_blanks();
            if (at == end || *at++ != ')') {
                fail("line %d: ')' expected after the dotted tail", line);
            }
            break;
        }
        Cell *next = cons(read_form(), NIL);
        if (first == NIL) {
            first = roots[slot] = next;
        } else {
            last->tail = next;
        }
        last = next;
    }
    root_count = height;
    return first;
}

static Cell *read_form(void) {
    skip_blanks();
    if (at == end) {
        fail("line %d: unexpected end", line);
    }
    if (*at == '(') {
        at++;
        return read_list();
    }
    if (*at == ')') {
        fail("line %d: ')' without '('", line);
    }
    if (*at == '\'') {
        at++;
        return cons(s_quote, cons(read_form(), NIL));
    }
    if (*at == '"') {
        at++;
        return read_string();
    }
    const char *start = at;
    while (at < end && !isspace((unsigned char)*at) && !strchr("()'\";", *at)) {
        at++;
    }
    char *stop;
    if (isdigit((unsigned char)*start) || ((*start == '-' || *start == '+') && at - start > 1)) {
        int64_t value = strtoll(start, &stop, 10);
        if (stop == at) {
            return number(value);
        }
    }
    if (at - start == 2 && start[0] == '#' && (start[1] == 't' || start[1] == 'f')) {
        return start[1] == 't' ? TRUE : NIL;
    }
    return symbol(start, (size_t)(at - start));
}

// ---------------------------------------------------------------- printing

static void print(const Cell *c, int quoted) {
    switch (c->type) {
        case NUMBER:
            printf("%lld", (long long)c->number);
            break;
        case STRING:
            if (quoted) {
                putchar('"');
                for (size_t i = 0; i < c->length; i++) {
                    if (c->text[i] == '\n') {
                        fputs("\\n", stdout);
                    } else {
                        if (c->text[i] == '"' || c->text[i] == '\\') {
                            putchar('\\');
                        }
                        putchar(c->text[i]);
                    }
                }
                putchar('"');
                break;
            }
            fwrite(c->text, 1, c->length, stdout);
            break;
        case SYMBOL:
            fputs(c->text, stdout);
            break;
        case PRIMITIVE:
            printf("#<primitive %s>", c->name);
            break;
        case CLOSURE:
            fputs("#<closure>", stdout);
            break;
        case CONSTANT:
            fputs(c == NIL ? "()" : "#t", stdout);
            break;
        case PAIR:
            putchar('(');
            print(c->head, quoted);
            for (c = c->tail; c->type == PAIR; c = c->tail) {
                putchar(' ');
                print(c->head, quoted);
            }
            if (c != NIL) {
                fputs(" . ", stdout);
                print(c, quoted);
            }
            putchar(')');
            break;
    }
}

// ---------------------------------------------------------------- evaluating

// An environment is a list of frames, a frame a list of (name . value); the last one is `globals`,
// kept apart so that definitions reach every closure.
static Cell *lookup(Cell *name, Cell *environment) {
    for (; environment != NIL; environment = environment->tail) {
        for (Cell *f = environment->head; f != NIL; f = f->tail) {
            if (f->head->head == name) {
                return f->head;
            }
        }
    }
    for (Cell *g = globals; g != NIL; g = g->tail) {
        if (g->head->head == name) {
            return g->head;
        }
    }
    return NULL;
}

static void define_global(Cell *name, Cell *value) {
    for (Cell *g = globals; g != NIL; g = g->tail) {
        if (g->head->head == name) {
            g->head->tail = value;
            return;
        }
    }
    globals = cons(cons(name, value), globals);
}

static int list_length(const Cell *c) {
    int n = 0;
    for (; c->type == PAIR; c = c->tail) {
        n++;
    }
    return n;
}

static void expect_form(Cell *form, int least) {
    if (list_length(form) < least) {
        fail("%s: %d parts expected, found %d", form->head->text, least - 1, list_length(form) - 1);
    }
}

static void expect_name(const Cell *form, const Cell *name) {
    if (name->type != SYMBOL) {
        fail("%s: name expected", form->head->text);
    }
}

static Cell *closure(Cell *parameters_and_body, Cell *environment) {
    int height = root_count;
    keep(parameters_and_body);
    keep(environment);
    Cell *c = new_cell(CLOSURE);
    c->parameters = parameters_and_body;
    c->environment = environment;
    root_count = height;
    return c;
}

// A frame for `names`, filled with `count` values; a name after the dot takes the rest as a list.
static Cell *bind(Cell *names, Cell **values, int count) {
    int height = root_count, slot = root_count, i = 0;
    Cell *given = names;
    keep(NIL);
    for (; names->type == PAIR; names = names->tail) {
        if (i == count) {
            fail("%d arguments expected, found %d", list_length(given), count);
        }
        roots[slot] = cons(cons(names->head, values[i++]), roots[slot]);
    }
    if (names->type == SYMBOL) {
        int rest = root_count;
        keep(NIL);
        for (int k = count; k > i;) {
            roots[rest] = cons(values[--k], roots[rest]);
        }
        roots[slot] = cons(cons(names, roots[rest]), roots[slot]);
    } else if (i != count) {
        fail("%d arguments expected, found %d", i, count);
    }
    Cell *frame = roots[slot];
    root_count = height;
    return frame;
}

static int depth;

static Cell *eval(Cell *form, Cell *environment) {
    int height = root_count;
    if (++depth > 3000) {
        fail("too deep");
    }
    // Two slots that follow the loop below: what is evaluated, and where.
    keep(form);
    keep(environment);
    Cell *result;
    for (;;) {
        roots[height] = form;
        roots[height + 1] = environment;
        root_count = height + 2;
        if (form->type == SYMBOL) {
            Cell *binding = lookup(form, environment);
            if (!binding) {
                fail("unknown name: %s", form->text);
            }
            result = binding->tail;
            break;
        }
        if (form->type != PAIR) {
            result = form;
            break;
        }
        Cell *op = form->head;
        if (op == s_quote) {
            expect_form(form, 2);
            result = form->tail->head;
            break;
        }
        if (op == s_if) {
            expect_form(form, 3);
            Cell *branches = form->tail->tail;
            if (eval(form->tail->head, environment) == NIL) {
                branches = branches->tail;
            }
            if (branches->type != PAIR) {
                result = NIL;
                break;
            }
            form = branches->head;
            continue;
        }
        if (op == s_define) {
            expect_form(form, 3);
            Cell *target = form->tail->head;
            if (target->type == PAIR) {
                Cell *body = cons(target->tail, form->tail->tail);
                result = closure(body, environment);
                target = target->head;
            } else {
                result = eval(form->tail->tail->head, environment);
            }
            keep(result);
            expect_name(form, target);
            if (environment == NIL) {
                define_global(target, result);
            } else {
                environment->head = cons(cons(target, result), environment->head);
            }
            result = target;
            break;
        }
        if (op == s_set) {
            expect_form(form, 3);
            result = eval(form->tail->tail->head, environment);
            expect_name(form, form->tail->head);
            Cell *binding = lookup(form->tail->head, environment);
            if (!binding) {
                fail("set!: unknown name: %s", form->tail->head->text);
            }
            binding->tail = result;
            break;
        }
        if (op == s_lambda) {
            expect_form(form, 3);
            result = closure(form->tail, environment);
            break;
        }
        if (op == s_let || op == s_let_star || op == s_letrec) {
            expect_form(form, 3);
            Cell *inner = cons(NIL, environment);
            keep(inner);
            for (Cell *b = form->tail->head; b->type == PAIR; b = b->tail) {
                if (list_length(b->head) != 2) {
                    fail("%s: (name value) expected", op->text);
                }
                expect_name(form, b->head->head);
                Cell *value = eval(b->head->tail->head, op == s_let ? environment : inner);
                inner->head = cons(cons(b->head->head, value), inner->head);
            }
            environment = inner;
            form = cons(s_begin, form->tail->tail);
            continue;
        }
        if (op == s_begin) {
            Cell *body = form->tail;
            if (body->type != PAIR) {
                result = NIL;
                break;
            }
            for (; body->tail->type == PAIR; body = body->tail) {
                eval(body->head, environment);
            }
            form = body->head;
            continue;
        }
        if (op == s_cond) {
            Cell *clause = form->tail;
            while (clause->type == PAIR) {
                if (clause->head->type != PAIR) {
                    fail("cond: clause expected");
                }
                if (clause->head->head == s_else ||
                    eval(clause->head->head, environment) != NIL) {
                    break;
                }
                clause = clause->tail;
            }
            if (clause->type != PAIR) {
                result = NIL;
                break;
            }
            form = cons(s_begin, clause->head->tail);
            continue;
        }
        if (op == s_and || op == s_or) {
            Cell *part = form->tail;
            if (part->type != PAIR) {
                result = op == s_and ? TRUE : NIL;
                break;
            }
            result = NULL;
            for (; part->tail->type == PAIR; part = part->tail) {
                Cell *value = eval(part->head, environment);
                if ((value == NIL) == (op == s_and)) {
                    result = value;
                    break;
                }
            }
            if (result) {
                break;
            }
            form = part->head;
            continue;
        }
        if (op == s_while) {
            expect_form(form, 2);
            while (eval(form->tail->head, environment) != NIL) {
                for (Cell *body = form->tail->tail; body->type == PAIR; body = body->tail) {
                    eval(body->head, environment);
                }
            }
            result = NIL;
            break;
        }

        int first = root_count, count = 0;
        for (Cell *part = form; part->type == PAIR; part = part->tail) {
            keep(eval(part->head, environment));
            count++;
        }
        Cell *function = roots[first];
        count--;
        if (function->type == PRIMITIVE) {
            result = function->primitive(&roots[first + 1], count);
            break;
        }
        if (function->type != CLOSURE) {
            fail("not a function%s%s", form->head->type == SYMBOL ? ": " : "",
                 form->head->type == SYMBOL ? form->head->text : "");
        }
        Cell *frame = bind(function->parameters->head, &roots[first + 1], count);
        environment = keep(cons(frame, function->environment));
        form = cons(s_begin, function->parameters->tail);
    }
    root_count = height;
    depth--;
    return result;
}

// ---------------------------------------------------------------- primitives

static void expect_count(const char *name, int count, int wanted) {
    if (count != wanted) {
        fail("%s: %d arguments expected, found %d", name, wanted, count);
    }
}

static int64_t to_number(const char *name, const Cell *c) {
    if (c->type != NUMBER) {
        fail("%s: number expected", name);
    }
    return c->number;
}

static Cell *to_type(const char *name, Cell *c, Type type, const char *what) {
    if (c->type != type) {
        fail("%s: %s expected", name, what);
    }
    return c;
}

static Cell *truth(int yes) {
    return yes ? TRUE : NIL;
}

static Cell *p_add(Cell **a, int n) {
    uint64_t sum = 0;
    for (int i = 0; i < n; i++) {
        sum += (uint64_t)to_number("+", a[i]);
    }
    return number((int64_t)sum);
}

static Cell *p_subtract(Cell **a, int n) {
    uint64_t sum = n > 0 ? (uint64_t)to_number("-", a[0]) : 0;
    if (n == 1) {
        return number((int64_t)(0 - sum));
    }
    for (int i = 1; i < n; i++) {
        sum -= (uint64_t)to_number("-", a[i]);
    }
    return number((int64_t)sum);
}

static Cell *p_multiply(Cell **a, int n) {
    uint64_t product = 1;
    for (int i = 0; i < n; i++) {
        product *= (uint64_t)to_number("*", a[i]);
    }
    return number((int64_t)product);
}

static int64_t divisor(const char *name, Cell **a, int n) {
    expect_count(name, n, 2);
    int64_t by = to_number(name, a[1]);
    if (by == 0) {
        fail("%s: division by zero", name);
    }
    return by;
}

static Cell *p_quotient(Cell **a, int n) {
    int64_t by = divisor("quotient", a, n), x = to_number("quotient", a[0]);
    return number(by == -1 ? (int64_t)(0 - (uint64_t)x) : x / by);
}

static Cell *p_remainder(Cell **a, int n) {
    int64_t by = divisor("remainder", a, n), x = to_number("remainder", a[0]);
    return number(by == -1 ? 0 : x % by);
}

#define COMPARISON(function, op)                                             \
    static Cell *function(Cell **a, int n) {                                 \
        for (int i = 0; i + 1 < n; i++) {                                    \
            if (!(to_number(#op, a[i]) op to_number(#op, a[i + 1]))) {       \
                return NIL;                                                  \
            }                                                                \
        }                                                                    \
        return TRUE;                                                         \
    }
COMPARISON(p_less, <)
COMPARISON(p_greater, >)
COMPARISON(p_at_most, <=)
COMPARISON(p_at_least, >=)
COMPARISON(p_same_number, ==)

static Cell *p_cons(Cell **a, int n) {
    expect_count("cons", n, 2);
    return cons(a[0], a[1]);
}

static Cell *p_car(Cell **a, int n) {
    expect_count("car", n, 1);
    return to_type("car", a[0], PAIR, "pair")->head;
}

static Cell *p_cdr(Cell **a, int n) {
    expect_count("cdr", n, 1);
    return to_type("cdr", a[0], PAIR, "pair")->tail;
}

static Cell *p_set_car(Cell **a, int n) {
    expect_count("set-car!", n, 2);
    return to_type("set-car!", a[0], PAIR, "pair")->head = a[1];
}

static Cell *p_list(Cell **a, int n) {
    int height = root_count, slot = root_count;
    keep(NIL);
    while (n > 0) {
        roots[slot] = cons(a[--n], roots[slot]);
    }
    Cell *result = roots[slot];
    root_count = height;
    return result;
}

static Cell *p_is_null(Cell **a, int n) {
    expect_count("null?", n, 1);
    return truth(a[0] == NIL);
}

static Cell *p_is_pair(Cell **a, int n) {
    expect_count("pair?", n, 1);
    return truth(a[0]->type == PAIR);
}

static Cell *p_is_same(Cell **a, int n) {
    expect_count("eq?", n, 2);
    if (a[0]->type == NUMBER && a[1]->type == NUMBER) {
        return truth(a[0]->number == a[1]->number);
    }
    if (a[0]->type == STRING && a[1]->type == STRING) {
        return truth(a[0]->length == a[1]->length &&
                     memcmp(a[0]->text, a[1]->text, a[0]->length) == 0);
    }
    return truth(a[0] == a[1]);
}

static Cell *p_append_strings(Cell **a, int n) {
    size_t total = 0;
    for (int i = 0; i < n; i++) {
        total += to_type("string-append", a[i], STRING, "string")->length;
    }
    char *joined = malloc(total + 1);
    if (!joined) {
        fail("out of memory for a string");
    }
    size_t filled = 0;
    for (int i = 0; i < n; i++) {
        memcpy(joined + filled, a[i]->text, a[i]->length);
        filled += a[i]->length;
    }
    Cell *result = text_cell(STRING, joined, total);
    free(joined);
    return result;
}

static Cell *p_string_length(Cell **a, int n) {
    expect_count("string-length", n, 1);
    return number((int64_t)to_type("string-length", a[0], STRING, "string")->length);
}

static Cell *p_substring(Cell **a, int n) {
    expect_count("substring", n, 3);
    to_type("substring", a[0], STRING, "string");
    int64_t from = to_number("substring", a[1]), to = to_number("substring", a[2]);
    if (from < 0 || to < from || (uint64_t)to > a[0]->length) {
        fail("substring: %lld to %lld is outside a string of %zu", (long long)from, (long long)to,
             a[0]->length);
    }
    return text_cell(STRING, a[0]->text + from, (size_t)(to - from));
}

static Cell *p_number_to_string(Cell **a, int n) {
    char digits[32];
    expect_count("number->string", n, 1);
    int length = snprintf(digits, sizeof digits, "%lld",
                          (long long)to_number("number->string", a[0]));
    return text_cell(STRING, digits, (size_t)length);
}

static Cell *p_display(Cell **a, int n) {
    for (int i = 0; i < n; i++) {
        print(a[i], 0);
    }
    return NIL;
}

static Cell *p_write(Cell **a, int n) {
    for (int i = 0; i < n; i++) {
        print(a[i], 1);
    }
    return NIL;
}

static Cell *p_newline(Cell **a, int n) {
    (void)a;
    expect_count("newline", n, 0);
    putchar('\n');
    return NIL;
}

static Cell *p_error(Cell **a, int n) {
    fail("%s", n > 0 && a[0]->type == STRING ? a[0]->text : "error");
    return NIL;
}

static Cell *p_exit(Cell **a, int n) {
    exit(n > 0 ? (int)to_number("exit", a[0]) : 0);
}

static Cell *p_collections(Cell **a, int n) {
    (void)a;
    expect_count("collections", n, 0);
    return number((int64_t)collections);
}

static const struct {
    const char *name;
    Primitive function;
} primitives[] = {
    {"+", p_add}, {"-", p_subtract}, {"*", p_multiply}, {"quotient", p_quotient},
    {"remainder", p_remainder}, {"<", p_less}, {">", p_greater}, {"<=", p_at_most},
    {">=", p_at_least}, {"=", p_same_number}, {"cons", p_cons}, {"car", p_car}, {"cdr", p_cdr},
    {"set-car!", p_set_car}, {"list", p_list}, {"null?", p_is_null}, {"not", p_is_null},
    {"pair?", p_is_pair}, {"eq?", p_is_same}, {"equal?", p_is_same},
    {"string-append", p_append_strings}, {"string-length", p_string_length},
    {"substring", p_substring}, {"number->string", p_number_to_string}, {"display", p_display},
    {"write", p_write}, {"newline", p_newline}, {"error", p_error}, {"exit", p_exit},
    {"collections", p_collections},
};

static Cell *name_of(const char *text) {
    return symbol(text, strlen(text));
}

static void set_up(void) {
    heap = calloc(heap_size, sizeof *heap);
    if (!heap) {
        fail("out of memory for the heap");
    }
    symbols = globals = NIL;
    for (size_t i = heap_size; i-- > 0;) {
        heap[i].free = 1;
        heap[i].tail = free_list;
        free_list = &heap[i];
    }
    s_quote = name_of("quote");
    s_if = name_of("if");
    s_define = name_of("define");
    s_set = name_of("set!");
    s_lambda = name_of("lambda");
    s_let = name_of("let");
    s_let_star = name_of("let*");
    s_letrec = name_of("letrec");
    s_begin = name_of("begin");
    s_cond = name_of("cond");
    s_else = name_of("else");
    s_and = name_of("and");
    s_or = name_of("or");
    s_while = name_of("while");
    for (size_t i = 0; i < sizeof primitives / sizeof *primitives; i++) {
        Cell *c = new_cell(PRIMITIVE);
        c->name = primitives[i].name;
        c->primitive = primitives[i].function;
        keep(c);
        define_global(name_of(c->name), c);
        root_count--;
    }
}

// ---------------------------------------------------------------- command

static char *read_all(FILE *in, size_t *length) {
    size_t capacity = 4096;
    char *text = malloc(capacity);
    *length = 0;
    for (size_t n; (n = fread(text + *length, 1, capacity - *length, in)) > 0;) {
        *length += n;
        if (*length == capacity && !(text = realloc(text, capacity *= 2))) {
            fail("out of memory for the program");
        }
    }
    return text;
}

int main(int argc, char **argv) {
    int i = 1;
    if (i + 1 < argc && strcmp(argv[i], "-h") == 0) {
        heap_size = strtoul(argv[i + 1], NULL, 10);
        i += 2;
    }
    set_up();
    size_t length;
    if (i + 1 < argc && strcmp(argv[i], "-e") == 0) {
        at = argv[i + 1];
        length = strlen(at);
    } else if (i < argc) {
        FILE *in = fopen(argv[i], "rb");
        if (!in) {
            perror(argv[i]);
            return 1;
        }
        at = read_all(in, &length);
        fclose(in);
    } else {
        at = read_all(stdin, &length);
    }
    end = at + length;
    for (;;) {
        skip_blanks();
        if (at == end) {
            return 0;
        }
        eval(read_form(), NIL);
    }
}
