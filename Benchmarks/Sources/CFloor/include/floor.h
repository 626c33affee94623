// The floor under every row: what a few lines of C over liblmdb do with the same bytes, and a reader that knows the log's layout.
//
// All functions open a closed log (LMDB allows one environment a process), return 0 or an LMDB/errno code, and time only their loop.
#ifndef FLOOR_H
#define FLOOR_H

#include <stdint.h>

struct floor_run {
    uint64_t events;
    uint64_t blobs;
    // Bytes of keys and values put or read.
    uint64_t bytes;
    double seconds;
};

// Reads entries (and sealed blobs) of the log at `source` into memory, then puts them into a new environment at `target`,
// MDB_APPEND, default sync, `per_commit` entries a transaction.
int floor_append(const char *source, const char *target, int with_blobs, uint32_t per_commit, struct floor_run *run);

// One cursor over all entries in order, 8 bytes of each value read.
int floor_scan(const char *log, struct floor_run *run, uint64_t *sum);

// Events of cases and sources, and a digest of them that no order, key, clock or position changes: the same events give the same number.
// Entries of one group commit have one recordedtime, so that groups can be counted too.
int floor_digest(const char *log, uint64_t *events, uint64_t *group_commits, uint64_t *digest);

// Writes and fdatasyncs a 4 KiB page `count` times; the median in seconds.
int floor_fsync(const char *directory, uint32_t count, double *median);

#endif
