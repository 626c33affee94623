#define _GNU_SOURCE
#include "floor.h"

#include <errno.h>
#include <fcntl.h>
#include <lmdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define TRY(call)                \
    do {                         \
        int code_ = (call);      \
        if (code_) return code_; \
    } while (0)

static double now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + (double)time.tv_nsec * 1e-9;
}

static uint64_t big_endian(const void *bytes) {
    uint64_t value;
    memcpy(&value, bytes, 8);
    return __builtin_bswap64(value);
}

static uint64_t little_endian(const uint8_t *bytes) {
    uint64_t value;
    memcpy(&value, bytes, 8);
    return value;
}

static int open_environment(const char *path, unsigned flags, MDB_env **env) {
    TRY(mdb_env_create(env));
    TRY(mdb_env_set_maxdbs(*env, 16));
    TRY(mdb_env_set_mapsize(*env, (size_t)1 << 40));
    return mdb_env_open(*env, path, MDB_NOTLS | flags, 0600);
}

// A table's rows, copied one behind the other.
struct rows {
    uint8_t *bytes;
    uint64_t *ends;  // of key and value, alternating
    uint64_t count;
};

static void forget(struct rows *rows) {
    free(rows->bytes);
    free(rows->ends);
}

static int load(MDB_txn *txn, const char *name, struct rows *rows) {
    MDB_dbi table;
    MDB_stat stat;
    MDB_cursor *cursor;
    MDB_val key, value;
    memset(rows, 0, sizeof *rows);
    TRY(mdb_dbi_open(txn, name, 0, &table));
    TRY(mdb_stat(txn, table, &stat));
    rows->ends = malloc(stat.ms_entries * 16 + 16);
    TRY(mdb_cursor_open(txn, table, &cursor));
    uint64_t used = 0, room = 0;
    int code;
    while ((code = mdb_cursor_get(cursor, &key, &value, MDB_NEXT)) == 0) {
        if (used + key.mv_size + value.mv_size > room) {
            room = room ? room * 2 : (uint64_t)1 << 26;
            rows->bytes = realloc(rows->bytes, room);
            if (!rows->bytes) return ENOMEM;
        }
        memcpy(rows->bytes + used, key.mv_data, key.mv_size);
        rows->ends[rows->count * 2] = used += key.mv_size;
        memcpy(rows->bytes + used, value.mv_data, value.mv_size);
        rows->ends[rows->count * 2 + 1] = used += value.mv_size;
        rows->count++;
    }
    mdb_cursor_close(cursor);
    return code == MDB_NOTFOUND ? 0 : code;
}

static inline void row(const struct rows *rows, uint64_t index, MDB_val *key, MDB_val *value) {
    uint64_t start = index ? rows->ends[index * 2 - 1] : 0, middle = rows->ends[index * 2];
    *key = (MDB_val){middle - start, rows->bytes + start};
    *value = (MDB_val){rows->ends[index * 2 + 1] - middle, rows->bytes + middle};
}

// The loop itself.
static int append(MDB_env *env, const struct rows *entries, const struct rows *blobs, uint32_t per_commit, struct floor_run *run) {
    MDB_txn *txn;
    MDB_dbi entry_table, blob_table = 0;
    MDB_val key, value;
    TRY(mdb_txn_begin(env, NULL, 0, &txn));
    TRY(mdb_dbi_open(txn, "entries", MDB_CREATE, &entry_table));
    if (blobs) TRY(mdb_dbi_open(txn, "sealed", MDB_CREATE, &blob_table));
    TRY(mdb_txn_commit(txn));

    uint64_t blob = 0;
    double start = now();
    for (uint64_t entry = 0; entry < entries->count;) {
        TRY(mdb_txn_begin(env, NULL, 0, &txn));
        for (uint32_t n = 0; n < per_commit && entry < entries->count; n++, entry++) {
            row(entries, entry, &key, &value);
            TRY(mdb_put(txn, entry_table, &key, &value, MDB_APPEND));
            run->bytes += key.mv_size + value.mv_size;
            uint64_t position = big_endian(key.mv_data);
            while (blobs && blob < blobs->count) {
                row(blobs, blob, &key, &value);
                if (big_endian(key.mv_data) != position) break;
                TRY(mdb_put(txn, blob_table, &key, &value, MDB_APPEND));
                run->bytes += key.mv_size + value.mv_size;
                blob++;
            }
        }
        TRY(mdb_txn_commit(txn));
    }
    run->seconds = now() - start;
    run->events = entries->count;
    run->blobs = blob;
    return 0;
}

int floor_append(const char *source, const char *target, int with_blobs, uint32_t per_commit, struct floor_run *run) {
    MDB_env *env;
    MDB_txn *txn;
    struct rows entries, blobs;
    memset(run, 0, sizeof *run);
    TRY(open_environment(source, MDB_RDONLY, &env));
    TRY(mdb_txn_begin(env, NULL, MDB_RDONLY, &txn));
    TRY(load(txn, "entries", &entries));
    if (with_blobs) TRY(load(txn, "sealed", &blobs));
    mdb_txn_abort(txn);
    mdb_env_close(env);

    TRY(open_environment(target, 0, &env));
    int code = append(env, &entries, with_blobs ? &blobs : NULL, per_commit, run);
    mdb_env_close(env);
    forget(&entries);
    if (with_blobs) forget(&blobs);
    return code;
}

// Opens a log for reading and a cursor over its entries.
static int open_log(const char *log, MDB_env **env, MDB_txn **txn, MDB_cursor **cursor) {
    MDB_dbi table;
    TRY(open_environment(log, MDB_RDONLY, env));
    TRY(mdb_txn_begin(*env, NULL, MDB_RDONLY, txn));
    TRY(mdb_dbi_open(*txn, "entries", 0, &table));
    return mdb_cursor_open(*txn, table, cursor);
}

static int close_log(MDB_env *env, MDB_txn *txn, MDB_cursor *cursor, int code) {
    mdb_cursor_close(cursor);
    mdb_txn_abort(txn);
    mdb_env_close(env);
    return code == MDB_NOTFOUND ? 0 : code;
}

int floor_scan(const char *log, struct floor_run *run, uint64_t *sum) {
    MDB_env *env;
    MDB_txn *txn;
    MDB_cursor *cursor;
    MDB_val key, value;
    memset(run, 0, sizeof *run);
    *sum = 0;
    TRY(open_log(log, &env, &txn, &cursor));
    int code;
    double start = now();
    while ((code = mdb_cursor_get(cursor, &key, &value, MDB_NEXT)) == 0) {
        *sum += little_endian(value.mv_data);
        run->bytes += key.mv_size + value.mv_size;
        run->events++;
    }
    run->seconds = now() - start;
    return close_log(env, txn, cursor, code);
}

static uint64_t mixed(uint64_t value) {
    value ^= value >> 33;
    value *= 0xff51afd7ed558ccdULL;
    value ^= value >> 33;
    value *= 0xc4ceb9fe1a85ec53ULL;
    return value ^ value >> 33;
}

// Offsets of the fact header: docs/reference/on-disk-format.md.
enum { AT_TYPE = 0, AT_OCCURRED = 16, AT_RECORDED = 24, AT_ID_HASH = 32, AT_UNIT = 44 };

int floor_digest(const char *log, uint64_t *events, uint64_t *group_commits, uint64_t *digest) {
    MDB_env *env;
    MDB_txn *txn;
    MDB_cursor *cursor;
    MDB_val key, value;
    uint64_t recorded = 0;
    *events = *group_commits = *digest = 0;
    TRY(open_log(log, &env, &txn, &cursor));
    int code;
    while ((code = mdb_cursor_get(cursor, &key, &value, MDB_NEXT)) == 0) {
        const uint8_t *header = value.mv_data;
        if (little_endian(header + AT_RECORDED) != recorded) ++*group_commits;
        recorded = little_endian(header + AT_RECORDED);
        // Type and revision stand in bytes 2–7 of the first word, the assignment in bytes 4–5 of the last; flags depend on grouping.
        uint64_t kind = little_endian(header + AT_TYPE) >> 16, assignment = little_endian(header + AT_UNIT) >> 32 & 0xffff;
        uint64_t type = kind & 0xffff;
        // Genesis and rulebook are stamped by the wall clock.
        if (type < 64 || type == 124 || type == 125) continue;
        *digest += mixed(little_endian(header + AT_ID_HASH) ^ mixed(little_endian(header + AT_OCCURRED) ^ mixed(kind << 16 | assignment)));
        ++*events;
    }
    return close_log(env, txn, cursor, code);
}

static int by_size(const void *left, const void *right) {
    double a = *(const double *)left, b = *(const double *)right;
    return (a > b) - (a < b);
}

int floor_fsync(const char *directory, uint32_t count, double *median) {
    char path[4096], page[4096] = {1};
    snprintf(path, sizeof path, "%s/fsync-probe", directory);
    int file = open(path, O_CREAT | O_TRUNC | O_WRONLY, 0600);
    if (file < 0) return errno;
    double *times = malloc(count * sizeof *times);
    for (uint32_t n = 0; n < count; n++) {
        double start = now();
        if (pwrite(file, page, sizeof page, 0) != sizeof page || fdatasync(file)) return errno;
        times[n] = now() - start;
    }
    qsort(times, count, sizeof *times, by_size);
    *median = times[count / 2];
    free(times);
    close(file);
    unlink(path);
    return 0;
}
