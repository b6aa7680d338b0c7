#define _POSIX_C_SOURCE 200809L
#include "console.h"

#include <inttypes.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/epoll.h>
#include <unistd.h>

/* ---- Events ---- */

void console_begin(const char *event)
{
    printf("{\"event\": \"%s\"", event);
}

static void print_string(struct mqb_str text)
{
    putchar('"');
    for (size_t i = 0; i < text.len; i++) {
        unsigned char byte = (unsigned char)text.ptr[i];
        if (byte < ' ' || byte > '~' || byte == '"' || byte == '\\')
            printf("\\u%04x", byte);
        else
            putchar(byte);
    }
    putchar('"');
}

void console_text(const char *key, struct mqb_str text)
{
    printf(", ");
    print_string(mqb_str_from(key));
    printf(": ");
    print_string(text);
}

void console_json(const char *key, struct mqb_str json)
{
    printf(", \"%s\": %.*s", key, (int)json.len, json.ptr);
}

void console_hex(const char *key, struct mqb_str bytes)
{
    printf(", \"%s\": \"", key);
    for (size_t i = 0; i < bytes.len; i++)
        printf("%02x", (unsigned char)bytes.ptr[i]);
    putchar('"');
}

void console_number(const char *key, uint64_t value)
{
    printf(", \"%s\": %" PRIu64, key, value);
}

void console_end(void)
{
    puts("}");
    fflush(stdout);
}

void console_status(const char *event, enum mqb_status status)
{
    console_begin(event);
    console_text("status", mqb_str_from(mqb_status_text(status)));
    console_end();
}

void console_connection(const char *event, const test_connection_status *status)
{
    console_begin(event);
    console_text("state", mqb_str_from(CONNECTION(state_text)(status->state)));
    console_text("reason", mqb_str_from(status->reason));
#ifndef MQB_TEST_PAHO
    console_text("host", mqb_str_from(status->host));
    console_number("port", (uint64_t)status->port);
    console_number("attempts", status->attempts);
#endif
    console_number("retry_ms", (uint64_t)status->retry_ms);
    console_number("pending", status->pending);
    console_number("subscribed", status->subscribed);
    console_end();
}

void console_error(struct mqb_str topic, const struct mqb_error *error)
{
    console_begin("error");
    console_text("topic", topic);
    console_text("status", mqb_str_from(mqb_status_text(error->status)));
    console_text("path", mqb_str_from(error->path));
    console_text("rule", mqb_str_from(error->rule));
    console_number("offset", error->offset);
    console_end();
}

/* ---- Commands ---- */

/* The lines that are there; false at the end of input and when a command ends it all. */
static bool read_commands(bool (*obey)(char *line))
{
    static char buf[CONSOLE_LINE_BYTES];
    static size_t len;
    const ssize_t got = read(STDIN_FILENO, buf + len, sizeof buf - 1 - len);
    if (got <= 0)
        return false;
    len += (size_t)got;
    buf[len] = '\0';
    char *line = buf;
    for (char *end = strchr(line, '\n'); end; end = strchr(line, '\n')) {
        *end = '\0';
        if (!obey(line))
            return false;
        line = end + 1;
    }
    len -= (size_t)(line - buf);
    memmove(buf, line, len);
    return true;
}

static uint64_t turns;
static uint64_t idle_turns;

uint64_t console_turns(void)
{
    return turns;
}

static uint64_t most_subscribes;

uint64_t console_most_subscribes(void)
{
    return most_subscribes;
}

static uint64_t longest_turn_us;

uint64_t console_longest_turn_us(void)
{
    return longest_turn_us;
}

static bool step(test_connection *served)
{
    const uint64_t before = served->counters.subscribes;
    const uint64_t start_us = console_now_us();
    const bool running = CONNECTION(step)(served, 0);
    const uint64_t turn_us = console_now_us() - start_us;
    if (turn_us > longest_turn_us)
        longest_turn_us = turn_us;
    const uint64_t subscribes = served->counters.subscribes - before;
    if (subscribes > most_subscribes)
        most_subscribes = subscribes;
    return running;
}

uint64_t console_idle_turns(void)
{
    return idle_turns;
}

/* Whether there is input. */
static bool wait_for_levels(const test_connection *served)
{
    struct pollfd polls[3] = {
        {.fd = STDIN_FILENO, .events = POLLIN},
        {.fd = CONNECTION(wake_fd)(served), .events = POLLIN},
        {.fd = CONNECTION(socket)(served)},
    };
    if (CONNECTION(want_read)(served))
        polls[2].events |= POLLIN;
    if (CONNECTION(want_write)(served))
        polls[2].events |= POLLOUT;
    if (poll(polls, 3, CONNECTION(due_ms)(served)) == 0)
        idle_turns++;
    return polls[0].revents != 0;
}

static void watch(int epoll, int fd, uint32_t events)
{
    struct epoll_event event = {.events = events, .data.fd = fd};
    epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &event); /* Fails if it is watched already. */
}

static bool wait_for_edges(const test_connection *served)
{
    static int epoll = -1;
    struct epoll_event events[3];
    bool has_input = false;
    if (epoll < 0)
        epoll = epoll_create1(EPOLL_CLOEXEC);
    watch(epoll, STDIN_FILENO, EPOLLIN);
    watch(epoll, CONNECTION(wake_fd)(served), EPOLLIN);
    watch(epoll, CONNECTION(socket)(served), EPOLLIN | EPOLLOUT | (uint32_t)EPOLLET);
    const int count = epoll_wait(epoll, events, 3, CONNECTION(due_ms)(served));
    if (count == 0)
        idle_turns++;
    for (int i = 0; i < count; i++)
        has_input |= events[i].data.fd == STDIN_FILENO;
    return has_input;
}

void console_serve(test_connection *served, bool edges, bool (*obey)(char *line))
{
    while (step(served)) {
        turns++;
        const bool has_input = edges ? wait_for_edges(served) : wait_for_levels(served);
        if (has_input && !read_commands(obey))
            return;
    }
}
