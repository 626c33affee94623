// A load generator for HTTP/1.1 over a Unix socket: one thread, epoll, keep-alive. (wrk speaks no Unix sockets.)
#ifndef LOAD_H
#define LOAD_H

#include <stdint.h>

struct load_run {
    double seconds;
    uint64_t answered;
    // Answers with another status than the expected one, and the first of them.
    uint64_t unexpected;
    int first_status;
    char first_body[1024];
};

// Closed loop: request i goes out on connection i % connections, as soon as the one before it on that connection is answered.
// `bytes` holds whole requests, request i ending at ends[i]. Latencies in microseconds go to latency[i], from the time of sending.
// Returns 0 or errno.
int load_closed(const char *path, int connections, const uint8_t *bytes, const uint64_t *ends, uint64_t count, int expected_status,
                uint32_t *latency, struct load_run *run);

struct load_stream {
    const uint8_t *request;
    uint64_t length;
    int status;
    // Lines of the answer, and its end.
    uint64_t lines;
    char tail[512];
};

// One request a connection, all at once, each written and read at the same time until its chunked answer has ended. Returns 0 or errno.
int load_streams(const char *path, struct load_stream *streams, int connections, double *seconds);

#endif
