// An AWS that answers as fast as one thread can: HTTP/1.1 with keep-alive on 127.0.0.1, replies of fleet.c, after a
// simulated latency, under token buckets, with a region that hangs; and what it counted, at /_bench/.
//
//   /_bench/stats             counts as JSON
//   /_bench/reset             sets the counts to nothing
//   /_bench/set?NAME=VALUE&…  latency (ms), generation, churn (of 1000), throttles (1: token buckets for each service and
//                             region, at AWS's published rates where there are any), hang (a region), the fleet's sizes
#define _GNU_SOURCE
#include "fleet.h"
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

struct connection {
    int socket;
    struct text in, out;
    size_t sent;
    int64_t due;                // when the reply may go, 0: none is held
    struct connection *next;    // in the queue of held replies
    int counted;                // whether it is among those in flight
    int known;                  // whether a call of AWS came by it
};

static int64_t latency_us;
static int throttles;
static char hanging[32];
static struct connection *held_first, *held_last;
static struct text body;
static int epoll, timer;

static struct {
    long calls, throttled, connections, in_flight, most_in_flight, hung, bytes;
    int64_t first, last;
} counts;

static struct { char name[104]; long calls; } operations[256];
static int operation_count;
static struct bucket { char name[72]; double tokens; int64_t time; } buckets[1024];
static int bucket_count;

static int64_t now_us(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

// MARK: The request

static const char *header(const char *head, const char *name) {
    const char *found = strcasestr(head, name);
    return found ? found + strlen(name) : NULL;
}

static void copy_until(char *to, size_t room, const char *from, const char *ends) {
    size_t count = from ? strcspn(from, ends) : 0;
    if (count >= room) count = room - 1;
    memcpy(to, from ? from : "", count);
    to[count] = 0;
}

// S3's operations by what its query asks for; of other REST services nothing but the service matters.
static void rest_operation(struct call *call) {
    if (strcmp(call->service, "s3") || strstr(call->path, "publicAccessBlock")) {
        copy_until(call->operation, sizeof call->operation, call->path, "?");
    } else if (!call->path[1]) {
        strcpy(call->operation, "ListBuckets");
    } else {
        copy_until(call->operation, sizeof call->operation, call->query, "=&");
    }
}

static void parse(struct call *call, char *head, char *content) {
    const char *scope = header(head, "Credential=");
    const char *part = scope;
    // AssumeRole gives keys that name the account.
    if (scope && !strncmp(scope, "ASIA", 4)) copy_until(call->account, sizeof call->account, scope + 4, "/");
    for (int i = 0; part && i < 2; i++) part = (part = strchr(part, '/')) ? part + 1 : NULL;
    copy_until(call->region, sizeof call->region, part, "/");
    copy_until(call->service, sizeof call->service, part && (part = strchr(part, '/')) ? part + 1 : NULL, "/");
    const char *target = header(head, "\r\nX-Amz-Target:");
    char *path = strchr(head, ' ') + 1;
    call->body = content;
    if (target) {
        char whole[128];
        copy_until(whole, sizeof whole, target, "\r");
        const char *dot = strrchr(whole, '.');
        copy_until(call->operation, sizeof call->operation, dot ? dot + 1 : whole, "");
    } else if (!strncmp(content, "Action=", 7)) {
        copy_until(call->operation, sizeof call->operation, content + 7, "&");
    }
    char *end = strchr(path, ' ');
    if (end) *end = 0;
    char *query = strchr(path, '?');
    if (query) *query = 0;
    call->path = path;
    call->query = query ? query + 1 : "";
    if (!call->operation[0]) rest_operation(call);
}

static void count_call(const struct call *call) {
    char name[104];
    snprintf(name, sizeof name, "%s:%s", call->service, call->operation);
    counts.calls++;
    counts.last = now_us();
    if (!counts.first) counts.first = counts.last;
    for (int i = 0; i < operation_count; i++)
        if (!strcmp(operations[i].name, name)) {
            operations[i].calls++;
            return;
        }
    if (operation_count == 256) return;
    strcpy(operations[operation_count].name, name);
    operations[operation_count++].calls = 1;
}

// EC2: https://docs.aws.amazon.com/ec2/latest/devguide/ec2-api-throttling.html, non-mutating actions, here for all of them
// together. S3: https://docs.aws.amazon.com/AmazonS3/latest/userguide/optimizing-performance.html, reads of a prefix. KMS:
// https://docs.aws.amazon.com/kms/latest/developerguide/requests-per-second.html, the least of its reading operations.
// For others AWS publishes none: 20 a second.
static void rate_of(const char *service, double *rate, double *burst) {
    static const struct { const char *service; double rate, burst; } published[] = {
        {"ec2", 20, 100}, {"s3", 5500, 5500}, {"kms", 100, 100}};
    *rate = *burst = 20;
    for (size_t i = 0; i < sizeof published / sizeof *published; i++)
        if (!strcmp(published[i].service, service)) *rate = published[i].rate, *burst = published[i].burst;
}

static int is_throttled(const struct call *call) {
    if (!throttles) return 0;
    double rate, burst;
    rate_of(call->service, &rate, &burst);
    char name[72];
    snprintf(name, sizeof name, "%s/%s", call->service, call->region);
    int64_t now = now_us();
    int i = 0;
    while (i < bucket_count && strcmp(buckets[i].name, name)) i++;
    if (i == 1024) return 0;
    if (i == bucket_count) {
        strcpy(buckets[bucket_count++].name, name);
        buckets[i].tokens = burst;
        buckets[i].time = now;
    }
    double tokens = buckets[i].tokens + (double)(now - buckets[i].time) * rate / 1e6;
    buckets[i].tokens = tokens > burst ? burst : tokens;
    buckets[i].time = now;
    if (buckets[i].tokens < 1) return 1;
    buckets[i].tokens -= 1;
    return 0;
}

// MARK: Control

static void control(const char *path, const char *query) {
    if (strstr(path, "/set")) {
        char text[512];
        copy_until(text, sizeof text, query, " ");
        struct { const char *name; int *value; } numbers[] = {
            {"generation", &fleet.generation}, {"churn", &fleet.churn},     {"buckets", &fleet.buckets},
            {"roles", &fleet.roles},           {"keys", &fleet.keys},       {"topics", &fleet.topics},
            {"instances", &fleet.instances},   {"volumes", &fleet.volumes}, {"groups", &fleet.groups},
            {"regions", &fleet.regions}};
        for (char *rest = text, *pair; (pair = strsep(&rest, "&"));) {
            char *value = strchr(pair, '=');
            if (!value) continue;
            *value++ = 0;
            if (!strcmp(pair, "latency")) latency_us = atol(value) * 1000;
            if (!strcmp(pair, "throttles")) throttles = atoi(value), bucket_count = 0;
            if (!strcmp(pair, "hang")) snprintf(hanging, sizeof hanging, "%s", value);
            for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
                if (!strcmp(pair, numbers[i].name)) *numbers[i].value = atoi(value);
        }
    }
    if (strstr(path, "/reset")) {
        memset(&counts, 0, sizeof counts);
        operation_count = 0;
    }
    say(&body, "{\"calls\":%ld,\"least\":%ld,\"assets\":%ld,\"throttled\":%ld,\"hung\":%ld,\"connections\":%ld,"
               "\"mostInFlight\":%ld,\"bytes\":%ld,\"firstUs\":%ld,\"lastUs\":%ld,\"nowUs\":%ld,\"operations\":{",
        counts.calls, least_calls(), asset_count(), counts.throttled, counts.hung, counts.connections,
        counts.most_in_flight, counts.bytes, (long)counts.first, (long)counts.last, (long)now_us());
    for (int i = 0; i < operation_count; i++)
        say(&body, "%s\"%s\":%ld", i ? "," : "", operations[i].name, operations[i].calls);
    say(&body, "}}");
}

// MARK: The reply

static void flush(struct connection *c) {
    while (c->sent < c->out.count) {
        ssize_t n = send(c->socket, c->out.bytes + c->sent, c->out.count - c->sent, MSG_NOSIGNAL);
        if (n < 0) return;
        c->sent += (size_t)n;
    }
    c->out.count = c->sent = 0;
    if (c->counted) counts.in_flight--, c->counted = 0;
}

static void arm(void) {
    struct itimerspec spec = {0};
    if (held_first) {
        spec.it_value.tv_sec = held_first->due / 1000000;
        spec.it_value.tv_nsec = held_first->due % 1000000 * 1000;
    }
    timerfd_settime(timer, TFD_TIMER_ABSTIME, &spec, NULL);
}

static void hold(struct connection *c, int64_t delay) {
    c->due = now_us() + delay;
    c->next = NULL;
    if (held_last) held_last->next = c;
    held_last = c;
    if (!held_first) held_first = c, arm();
}

static void release(void) {
    int64_t now = now_us();
    while (held_first && held_first->due <= now) {
        struct connection *c = held_first;
        held_first = c->next;
        if (!held_first) held_last = NULL;
        c->due = 0;
        if (c->socket < 0) free(c); else flush(c);
    }
    arm();
}

static void respond(struct connection *c, char *head, char *content) {
    struct call call = {0};
    const char *type = "application/json";
    int status = 200;
    body.count = 0;
    parse(&call, head, content);
    int isControl = !strncmp(call.path, "/_bench/", 8);
    if (isControl) {
        control(call.path, call.query);
    } else {
        count_call(&call);
        c->counted = 1;
        if (!c->known) c->known = 1, counts.connections++;
        if (++counts.in_flight > counts.most_in_flight) counts.most_in_flight = counts.in_flight;
        if (hanging[0] && !strcmp(call.region, hanging)) {
            counts.hung++;
            return;
        }
        if (is_throttled(&call)) {
            counts.throttled++;
            status = strcmp(call.service, "s3") ? 400 : 503;
            int isJSON = header(head, "X-Amz-Target") != NULL || content[0] == '{';
            type = isJSON ? "application/x-amz-json-1.1" : "text/xml";
            say(&body, isJSON ? "{\"__type\":\"ThrottlingException\",\"message\":\"Rate exceeded\"}"
                     : status == 503 ? "<Error><Code>SlowDown</Code><Message>Please reduce your request rate.</Message></Error>"
                     : !strcmp(call.service, "ec2") ? "<Response><Errors><Error><Code>RequestLimitExceeded</Code><Message>Request limit exceeded.</Message></Error></Errors></Response>"
                     : "<ErrorResponse><Error><Code>Throttling</Code><Message>Rate exceeded</Message></Error></ErrorResponse>");
        } else {
            status = answer(&call, &body, &type);
        }
        counts.bytes += (long)body.count;
    }
    say(&c->out, "HTTP/1.1 %d X\r\nx-amz-request-id: 0A1B2C3D4E5F6071\r\nContent-Type: %s\r\nContent-Length: %zu\r\n\r\n",
        status, type, body.count);
    put(&c->out, body.bytes ? body.bytes : "", body.count);
    if (isControl || latency_us == 0) flush(c); else hold(c, latency_us);
}

static void serve(struct connection *c) {
    for (;;) {
        char *end = c->in.count ? memmem(c->in.bytes, c->in.count, "\r\n\r\n", 4) : NULL;
        if (!end) return;
        const char *length = header(c->in.bytes, "\r\nContent-Length:");
        size_t head = (size_t)(end - c->in.bytes) + 4, content = length && length < end ? (size_t)atol(length) : 0;
        if (c->in.count < head + content) return;
        char after = c->in.bytes[head + content];
        end[2] = 0;
        c->in.bytes[head + content] = 0;
        respond(c, c->in.bytes, c->in.bytes + head);
        c->in.bytes[head + content] = after;
        memmove(c->in.bytes, c->in.bytes + head + content, c->in.count - head - content);
        c->in.count -= head + content;
        c->in.bytes[c->in.count] = 0;
    }
}

static void leave(struct connection *c) {
    if (c->counted) counts.in_flight--;
    close(c->socket);
    c->socket = -1;
    free(c->in.bytes), free(c->out.bytes);
    c->in = c->out = (struct text){0};
    c->sent = 0, c->counted = 0;
    if (!c->due) free(c);
}

static void readable(struct connection *c) {
    char chunk[16384];
    for (;;) {
        ssize_t n = recv(c->socket, chunk, sizeof chunk, 0);
        if (n < 0 && errno == EAGAIN) break;
        if (n <= 0) return leave(c);
        put(&c->in, chunk, (size_t)n);
        if (n < (ssize_t)sizeof chunk) break;
    }
    serve(c);
}

static void welcome(int listener) {
    int socket;
    while ((socket = accept4(listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC)) >= 0) {
        struct connection *c = calloc(1, sizeof *c);
        if (!c) abort();
        c->socket = socket;
        setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &(int){1}, sizeof(int));
        struct epoll_event event = {.events = EPOLLIN | EPOLLOUT | EPOLLET, .data.ptr = c};
        epoll_ctl(epoll, EPOLL_CTL_ADD, socket, &event);
    }
}

int main(int count, char **arguments) {
    int listener = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK),
                                  .sin_port = htons((uint16_t)(count > 1 ? atoi(arguments[1]) : 0))};
    socklen_t size = sizeof address;
    setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &(int){1}, sizeof(int));
    if (bind(listener, (void *)&address, size) || listen(listener, 1024) ||
        getsockname(listener, (void *)&address, &size)) {
        perror("listen");
        return 1;
    }
    printf("%d\n", ntohs(address.sin_port));
    fflush(stdout);
    epoll = epoll_create1(EPOLL_CLOEXEC);
    timer = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC);
    struct epoll_event event = {.events = EPOLLIN, .data.ptr = NULL};
    epoll_ctl(epoll, EPOLL_CTL_ADD, listener, &event);
    event.data.ptr = &timer;
    epoll_ctl(epoll, EPOLL_CTL_ADD, timer, &event);
    struct epoll_event events[256];
    for (;;) {
        int n = epoll_wait(epoll, events, 256, -1);
        for (int i = 0; i < n; i++) {
            struct connection *c = events[i].data.ptr;
            if (!c) {
                welcome(listener);
            } else if ((void *)c == &timer) {
                uint64_t ticks;
                if (read(timer, &ticks, sizeof ticks) > 0) release();
            } else {
                if (events[i].events & EPOLLOUT && c->out.count && !c->due) flush(c);
                if (events[i].events & (EPOLLIN | EPOLLHUP | EPOLLERR)) readable(c);
            }
        }
    }
}
