#define _GNU_SOURCE
#include "load.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

// Nothing answered for so long: the run has failed.
#define TIMEOUT_MS 60000

static double now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + (double)time.tv_nsec * 1e-9;
}

static int connect_to(const char *path) {
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    if (strlen(path) >= sizeof address.sun_path) {
        errno = ENAMETOOLONG;
        return -1;
    }
    strcpy(address.sun_path, path);
    int file = socket(AF_UNIX, SOCK_STREAM, 0);
    if (file < 0) return -1;
    if (connect(file, (struct sockaddr *)&address, sizeof address) || fcntl(file, F_SETFL, O_NONBLOCK)) {
        close(file);
        return -1;
    }
    return file;
}

// An answer being read. Only what servers of this benchmark send: Content-Length or chunked.
struct answer {
    char head[8192];
    uint32_t head_bytes;
    int in_body, status, is_chunked, in_chunk_line, is_last_chunk;
    uint64_t left;
    char line[32];
    uint32_t line_bytes;
};

// All but the bytes of the head.
static void begin(struct answer *answer) { memset(&answer->head_bytes, 0, sizeof *answer - sizeof answer->head); }

static const char *field(const struct answer *answer, const char *name) {
    const char *found = strcasestr(answer->head, name);
    return found ? found + strlen(name) : NULL;
}

typedef void body_part(void *context, const char *bytes, uint64_t count);

// Takes bytes; returns how many belong to this answer, and whether it is complete. -1: no HTTP.
static int64_t take(struct answer *answer, const char *bytes, uint64_t count, int *is_done, body_part *part, void *context) {
    uint64_t used = 0;
    *is_done = 0;
    while (used < count && !answer->in_body) {
        if (answer->head_bytes + 1 >= sizeof answer->head) return -1;
        answer->head[answer->head_bytes++] = bytes[used++];
        answer->head[answer->head_bytes] = 0;
        if (answer->head_bytes >= 4 && !memcmp(answer->head + answer->head_bytes - 4, "\r\n\r\n", 4)) {
            const char *length = field(answer, "\r\ncontent-length:");
            answer->is_chunked = field(answer, "\r\ntransfer-encoding: chunked") != NULL;
            if (sscanf(answer->head, "HTTP/1.1 %d", &answer->status) != 1 || (!length && !answer->is_chunked)) return -1;
            answer->left = length ? strtoull(length, NULL, 10) : 0;
            answer->in_body = 1;
            answer->in_chunk_line = answer->is_chunked;
        }
    }
    if (!answer->in_body) return (int64_t)used;
    while (1) {
        if (!answer->in_chunk_line) {
            uint64_t here = count - used < answer->left ? count - used : answer->left;
            if (here && !(answer->is_chunked && answer->left <= 2)) {
                // The line feed after a chunk is counted into it.
                uint64_t data = answer->is_chunked && here > answer->left - 2 ? answer->left - 2 : here;
                part(context, bytes + used, data);
            }
            used += here;
            answer->left -= here;
            if (answer->left) return (int64_t)used;
            if (!answer->is_chunked || answer->is_last_chunk) {
                *is_done = 1;
                return (int64_t)used;
            }
            answer->in_chunk_line = 1;
        }
        char byte = 0;
        while (used < count && byte != '\n') {
            byte = bytes[used++];
            if (answer->line_bytes < sizeof answer->line - 1) answer->line[answer->line_bytes++] = byte;
        }
        if (byte != '\n') return (int64_t)used;
        answer->line[answer->line_bytes] = 0;
        uint64_t size = strtoull(answer->line, NULL, 16);
        answer->line_bytes = 0;
        answer->in_chunk_line = 0;
        answer->is_last_chunk = size == 0;
        answer->left = size + 2;
    }
}

// MARK: closed loop

struct client {
    int file, number;
    uint64_t next, sent;  // request under way, bytes of it written
    double started;
    struct answer answer;
    char body[1024];
    uint32_t body_bytes;
};

static void keep(void *context, const char *bytes, uint64_t count) {
    struct client *client = context;
    uint64_t room = sizeof client->body - 1 - client->body_bytes;
    if (count > room) count = room;
    memcpy(client->body + client->body_bytes, bytes, count);
    client->body_bytes += (uint32_t)count;
}

static int send_on(struct client *client, const uint8_t *bytes, const uint64_t *ends) {
    uint64_t start = client->next ? ends[client->next - 1] : 0, length = ends[client->next] - start;
    while (client->sent < length) {
        ssize_t sent = send(client->file, bytes + start + client->sent, length - client->sent, MSG_NOSIGNAL);
        if (sent < 0) return errno == EAGAIN ? 0 : errno;
        client->sent += (uint64_t)sent;
    }
    return 0;
}

static int begin_request(struct client *client, const uint8_t *bytes, const uint64_t *ends) {
    client->sent = 0;
    client->body_bytes = 0;
    begin(&client->answer);
    client->started = now();
    return send_on(client, bytes, ends);
}

int load_closed(const char *path, int connections, const uint8_t *bytes, const uint64_t *ends, uint64_t count, int expected_status,
                uint32_t *latency, struct load_run *run) {
    static char buffer[65536];
    memset(run, 0, sizeof *run);
    int poll = epoll_create1(0), open = 0, code = 0;
    struct client *clients = calloc((size_t)connections, sizeof *clients);
    for (int n = 0; n < connections; n++) {
        clients[n] = (struct client){.file = connect_to(path), .number = n, .next = (uint64_t)n};
        if (clients[n].file < 0) return errno;
        struct epoll_event event = {.events = EPOLLIN | EPOLLOUT | EPOLLET, .data.ptr = &clients[n]};
        if (epoll_ctl(poll, EPOLL_CTL_ADD, clients[n].file, &event)) return errno;
    }
    double start = now();
    for (int n = 0; n < connections && !code; n++) {
        if (clients[n].next >= count) continue;
        open++;
        code = begin_request(&clients[n], bytes, ends);
    }
    while (open && !code) {
        struct epoll_event events[128];
        int ready = epoll_wait(poll, events, 128, TIMEOUT_MS);
        if (ready == 0) code = ETIMEDOUT;
        if (ready < 0 && errno != EINTR) code = errno;
        for (int n = 0; n < ready && !code; n++) {
            struct client *client = events[n].data.ptr;
            if (client->next >= count) continue;
            if (events[n].events & EPOLLOUT) code = send_on(client, bytes, ends);
            while (!code) {
                ssize_t got = recv(client->file, buffer, sizeof buffer, 0);
                if (got < 0 && errno == EAGAIN) break;
                if (got <= 0) {
                    code = got == 0 ? ECONNRESET : errno;
                    break;
                }
                int is_done;
                int64_t used = take(&client->answer, buffer, (uint64_t)got, &is_done, keep, client);
                if (used != got) code = EPROTO;
                if (!is_done) continue;
                latency[client->next] = (uint32_t)((now() - client->started) * 1e6);
                run->answered++;
                if (client->answer.status != expected_status && run->unexpected++ == 0) {
                    run->first_status = client->answer.status;
                    memcpy(run->first_body, client->body, client->body_bytes);
                }
                client->next += (uint64_t)connections;
                if (client->next >= count) {
                    open--;
                    break;
                }
                code = begin_request(client, bytes, ends);
            }
        }
    }
    run->seconds = now() - start;
    for (int n = 0; n < connections; n++) close(clients[n].file);
    free(clients);
    close(poll);
    return code;
}

// MARK: streams

struct talker {
    int file, is_done;
    uint64_t sent;
    struct answer answer;
    struct load_stream *stream;
    uint32_t tail_bytes;
};

static void count_lines(void *context, const char *bytes, uint64_t count) {
    struct talker *talker = context;
    for (uint64_t n = 0; n < count; n++) talker->stream->lines += bytes[n] == '\n';
    const uint32_t room = sizeof talker->stream->tail - 1;
    if (count > room) {
        bytes += count - room;
        count = room;
    }
    if (talker->tail_bytes + count > room) {
        uint32_t drop = talker->tail_bytes + (uint32_t)count - room;
        memmove(talker->stream->tail, talker->stream->tail + drop, talker->tail_bytes - drop);
        talker->tail_bytes -= drop;
    }
    memcpy(talker->stream->tail + talker->tail_bytes, bytes, count);
    talker->tail_bytes += (uint32_t)count;
    talker->stream->tail[talker->tail_bytes] = 0;
}

int load_streams(const char *path, struct load_stream *streams, int connections, double *seconds) {
    static char buffer[262144];
    int poll = epoll_create1(0), open = connections, code = 0;
    struct talker *talkers = calloc((size_t)connections, sizeof *talkers);
    for (int n = 0; n < connections; n++) {
        talkers[n].file = connect_to(path);
        talkers[n].stream = &streams[n];
        if (talkers[n].file < 0) return errno;
    }
    double start = now();
    for (int n = 0; n < connections; n++) {
        struct epoll_event event = {.events = EPOLLIN | EPOLLOUT, .data.ptr = &talkers[n]};
        if (epoll_ctl(poll, EPOLL_CTL_ADD, talkers[n].file, &event)) return errno;
    }
    while (open && !code) {
        struct epoll_event events[64];
        int ready = epoll_wait(poll, events, 64, TIMEOUT_MS);
        if (ready == 0) code = ETIMEDOUT;
        if (ready < 0 && errno != EINTR) code = errno;
        for (int n = 0; n < ready && !code; n++) {
            struct talker *talker = events[n].data.ptr;
            if (talker->is_done) continue;
            if (events[n].events & EPOLLOUT) {
                uint64_t left = talker->stream->length - talker->sent;
                ssize_t sent = send(talker->file, talker->stream->request + talker->sent, left < 65536 ? left : 65536, MSG_NOSIGNAL);
                if (sent < 0 && errno != EAGAIN) code = errno;
                if (sent > 0) talker->sent += (uint64_t)sent;
                if (talker->sent == talker->stream->length) {
                    struct epoll_event event = {.events = EPOLLIN, .data.ptr = talker};
                    epoll_ctl(poll, EPOLL_CTL_MOD, talker->file, &event);
                }
            }
            if (!(events[n].events & (EPOLLIN | EPOLLHUP))) continue;
            ssize_t got = recv(talker->file, buffer, sizeof buffer, 0);
            if (got < 0 && errno == EAGAIN) continue;
            if (got <= 0) {
                code = got == 0 ? ECONNRESET : errno;
                break;
            }
            int is_done;
            if (take(&talker->answer, buffer, (uint64_t)got, &is_done, count_lines, talker) != got) code = EPROTO;
            talker->stream->status = talker->answer.status;
            if (is_done) {
                talker->is_done = 1;
                open--;
                epoll_ctl(poll, EPOLL_CTL_DEL, talker->file, NULL);
            }
        }
    }
    *seconds = now() - start;
    for (int n = 0; n < connections; n++) close(talkers[n].file);
    free(talkers);
    close(poll);
    return code;
}
