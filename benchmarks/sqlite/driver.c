// SQLite with a database in memory: inserts, selects by index, joins, updates, aggregates, text.
//
// SQLite is built without an operating system, so that native code and guest do the same: all that
// it asks for is answered here, and nothing is ever written to a file.

#include <stdint.h>
#include <string.h>

#include "repeat.h"
#include "sqlite3.h"

static int no_file(sqlite3_vfs *vfs, sqlite3_filename name, sqlite3_file *file, int flags, int *out) {
    (void)vfs, (void)name, (void)flags, (void)out;
    file->pMethods = NULL;
    return SQLITE_CANTOPEN;
}

static int no_access(sqlite3_vfs *vfs, const char *name, int flags, int *out) {
    (void)vfs, (void)name, (void)flags;
    *out = 0;
    return SQLITE_OK;
}

static int no_delete(sqlite3_vfs *vfs, const char *name, int sync) {
    (void)vfs, (void)name, (void)sync;
    return SQLITE_OK;
}

static int full_name(sqlite3_vfs *vfs, const char *name, int size, char *out) {
    (void)vfs;
    sqlite3_snprintf(size, out, "%s", name);
    return SQLITE_OK;
}

// Always the same, so that the results are too.
static int random_bytes(sqlite3_vfs *vfs, int size, char *out) {
    (void)vfs;
    memset(out, 42, (size_t)size);
    return size;
}

static int no_sleep(sqlite3_vfs *vfs, int microseconds) {
    (void)vfs;
    return microseconds;
}

static int current_time(sqlite3_vfs *vfs, double *days) {
    (void)vfs;
    *days = 2460000.5;
    return SQLITE_OK;
}

int sqlite3_os_init(void) {
    static sqlite3_vfs vfs = {.iVersion = 1,
                              .szOsFile = sizeof(sqlite3_file),
                              .mxPathname = 64,
                              .zName = "none",
                              .xOpen = no_file,
                              .xDelete = no_delete,
                              .xAccess = no_access,
                              .xFullPathname = full_name,
                              .xRandomness = random_bytes,
                              .xSleep = no_sleep,
                              .xCurrentTime = current_time};
    return sqlite3_vfs_register(&vfs, 1);
}

int sqlite3_os_end(void) { return SQLITE_OK; }

static sqlite3 *database;
static uint32_t checksum;

static void check(int result, int wanted) {
    if (result != wanted) {
        fprintf(stderr, "sqlite: %s\n", sqlite3_errmsg(database));
        exit(1);
    }
}

static void execute(const char *sql) { check(sqlite3_exec(database, sql, NULL, NULL, NULL), SQLITE_OK); }

static sqlite3_stmt *prepare(const char *sql) {
    sqlite3_stmt *statement;
    check(sqlite3_prepare_v2(database, sql, -1, &statement, NULL), SQLITE_OK);
    return statement;
}

// Runs a statement to its end; all that it yields goes into the checksum.
static void drain(sqlite3_stmt *statement) {
    int result;
    while ((result = sqlite3_step(statement)) == SQLITE_ROW) {
        for (int i = 0; i < sqlite3_column_count(statement); i++) {
            const unsigned char *text = sqlite3_column_text(statement, i);
            for (; text && *text; text++) {
                checksum = checksum * 31 + *text;
            }
        }
    }
    check(result, SQLITE_DONE);
    check(sqlite3_reset(statement), SQLITE_OK);
}

static void query(const char *sql) {
    sqlite3_stmt *statement = prepare(sql);
    drain(statement);
    sqlite3_finalize(statement);
}

enum { CUSTOMERS = 2000, ORDERS = 30000, LOOKUPS = 20000 };

static void fill(uint32_t round) {
    uint32_t v = 2463534242u + round;
    execute("BEGIN");
    sqlite3_stmt *insert = prepare("INSERT INTO customer VALUES (?1, printf('customer %05d', ?2), ?3)");
    for (int i = 0; i < CUSTOMERS; i++) {
        sqlite3_bind_int(insert, 1, i);
        sqlite3_bind_int(insert, 2, i * 7919 % CUSTOMERS);
        sqlite3_bind_int(insert, 3, i % 17);
        drain(insert);
    }
    sqlite3_finalize(insert);
    insert = prepare("INSERT INTO purchase (customer, amount, price, note) VALUES (?1, ?2, ?3, ?4)");
    for (int i = 0; i < ORDERS; i++) {
        char note[32];
        v = v * 1664525u + 1013904223u;
        sqlite3_snprintf(sizeof note, note, "note %u of %d", v >> 20, i);
        sqlite3_bind_int(insert, 1, (int)(v >> 8) % CUSTOMERS);
        sqlite3_bind_int(insert, 2, (int)(v >> 28));
        sqlite3_bind_double(insert, 3, (v >> 16) / 64.0);
        sqlite3_bind_text(insert, 4, note, -1, SQLITE_TRANSIENT);
        drain(insert);
    }
    sqlite3_finalize(insert);
    execute("COMMIT");
}

static uint32_t run(uint32_t round) {
    checksum = round;
    check(sqlite3_open(":memory:", &database), SQLITE_OK);
    execute("CREATE TABLE customer (id INTEGER PRIMARY KEY, name TEXT, region INTEGER);"
            "CREATE TABLE purchase (id INTEGER PRIMARY KEY, customer INTEGER, amount INTEGER, price REAL, note TEXT);"
            "CREATE INDEX by_customer ON purchase (customer);");
    fill(round);
    execute("CREATE INDEX by_name ON customer (name)");

    sqlite3_stmt *lookup = prepare("SELECT c.region, sum(p.amount), max(p.note) FROM customer c"
                                   " JOIN purchase p ON p.customer = c.id WHERE c.name = printf('customer %05d', ?1)");
    for (int i = 0; i < LOOKUPS; i++) {
        sqlite3_bind_int(lookup, 1, (int)((uint32_t)i * 2654435761u >> 8) % CUSTOMERS);
        drain(lookup);
    }
    sqlite3_finalize(lookup);

    execute("BEGIN; UPDATE purchase SET amount = amount + 1, note = note || '!' WHERE customer % 5 = 2;"
            "DELETE FROM purchase WHERE price < 20; COMMIT");
    query("SELECT c.region, count(*), sum(p.amount * p.price), avg(length(p.note)) FROM purchase p"
          " JOIN customer c ON c.id = p.customer GROUP BY c.region ORDER BY 3 DESC");
    query("SELECT substr(note, 1, 7) AS start, count(*), min(id) FROM purchase WHERE note LIKE '%9%'"
          " GROUP BY start ORDER BY 2 DESC, start LIMIT 20");
    query("WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 20000)"
          " SELECT sum(i * i % 7), group_concat(i % 10, '') FROM n WHERE i % 3 = 0");
    query("SELECT name, (SELECT count(*) FROM purchase p WHERE p.customer = c.id AND p.amount > 8) AS many"
          " FROM customer c ORDER BY many DESC, name LIMIT 10");
    check(sqlite3_close(database), SQLITE_OK);
    return checksum;
}
