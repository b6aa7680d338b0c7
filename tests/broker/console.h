/*
 * console.h - how a program talks to the test that drives it: commands are lines on standard
 * input, and what happens is a JSON object a line on standard output.
 */
#ifndef CONSOLE_H
#define CONSOLE_H

#include "connection.h"

/** Longest line of a command. */
#define CONSOLE_LINE_BYTES 100000

/* ---- Events: begin, members, end ---- */

void console_begin(const char *event);
void console_text(const char *key, struct mqb_str text);
/** `json` must be JSON and have no line break. */
void console_json(const char *key, struct mqb_str json);
void console_hex(const char *key, struct mqb_str bytes);
void console_number(const char *key, uint64_t value);
void console_end(void);

/** An event with a status and nothing else. */
void console_status(const char *event, enum mqb_status status);
void console_connection(const char *event, const test_connection_status *status);
void console_error(struct mqb_str topic, const struct mqb_error *error);

/* ---- Commands ---- */

/**
 * Serve the connection, and obey each line that comes, until `obey` returns false, the input ends,
 * or CONNECTION(stop)() is called. With `edges` it waits for changes of the socket only.
 */
void console_serve(test_connection *served, bool edges, bool (*obey)(char *line));

/** How often console_serve() has gone round. */
uint64_t console_turns(void);
/** How often it waited for as long as the library wanted, and nothing happened. */
uint64_t console_idle_turns(void);

/** The most filters that it subscribed to in one step. */
uint64_t console_most_subscribes(void);

/** How long the longest step took. */
uint64_t console_longest_turn_us(void);
/** The time, from any start. */
uint64_t console_now_us(void);

#endif
