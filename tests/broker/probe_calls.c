/* The calls of the probe: single ones, and many at once. */
#include "console.h"
#include "probe.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

size_t probe_right_replies;
size_t probe_wrong_replies;

typedef void on_reply_function(enum mqb_status status, const struct mqb_str *reply);

static void on_reply(enum mqb_status status, const struct mqb_str *reply)
{
    console_begin("reply");
    console_text("status", mqb_str_from(mqb_status_text(status)));
    console_text("text", reply ? *reply : mqb_str_from(""));
    console_end();
}

static void finish(const struct mqb_call *call, enum mqb_status status, const void *reply)
{
    ((on_reply_function *)call->on_reply)(status, reply);
}

static void make_key(struct mqb_call_key *key, struct mqb_str what)
{
    mqb_call_key_init(key, probe_side, 1);
    mqb_call_key_add_string(key, what);
}

void probe_call(struct mqb_str what, uint32_t timeout_ms)
{
    const struct mqb_call_request request = {
        .timeout_ms = timeout_ms,
        .finish = finish,
        .on_reply = (void (*)(void))on_reply,
        .binding = &probe_binding,
        .side = probe_side,
    };
    struct mqb_call_key key;
    make_key(&key, what);
    enum mqb_status status = mqb_call_begin(&probe_client, &probe_out_address, &key, &request);
    if (status == MQB_OK)
        status = mqb_call_mark_sent(&probe_client, &key, probe_send(what, MQB_STR("?"), 1));
    console_begin("called");
    console_text("status", mqb_str_from(mqb_status_text(status)));
    console_number("token", mqb_client_last_token(&probe_client));
    console_number("due_ms", (uint64_t)CONNECTION(due_ms)(&probe_connection));
    console_end();
}

bool probe_take_reply(struct mqb_str what, struct mqb_str payload)
{
    struct mqb_call_key key;
    make_key(&key, what);
    return mqb_call_reply(&probe_client, &key, &payload);
}

/* ---- Many calls at once: "ID CALLER NUMBER", answered by the same ---- */

static char caller[20];

static void finish_one_of_many(
    const struct mqb_call *call,
    enum mqb_status status,
    const void *reply)
{
    const struct mqb_str *text = reply;
    char mine[60];
    const int len = snprintf(mine, sizeof mine, " %s %zu", caller, (size_t)(uintptr_t)call->user);
    if (status != MQB_OK)
        return;
    const size_t from = text->len - (text->len < (size_t)len ? text->len : (size_t)len);
    if (mqb_str_equal((struct mqb_str){text->ptr + from, text->len - from}, mqb_str_from(mine)))
        probe_right_replies++;
    else
        probe_wrong_replies++;
}

static void make_key_of_many(struct mqb_call_key *key, int64_t id)
{
    mqb_call_key_init(key, probe_side, 2);
    mqb_call_key_add_int(key, id);
}

static enum mqb_status call_one_of_many(size_t number)
{
    const struct mqb_call_request request = {
        .timeout_ms = 60000,
        .finish = finish_one_of_many,
        .binding = &probe_binding,
        .side = probe_side,
        .user = (void *)(uintptr_t)number,
    };
    struct mqb_call_key key;
    char text[60];
    const int64_t id = (int64_t)mqb_client_next_call_id(&probe_client, 1, INT64_MAX);
    snprintf(text, sizeof text, "%" PRId64 " %s %zu", id, caller, number);
    make_key_of_many(&key, id);
    const enum mqb_status status =
        mqb_call_begin(&probe_client, &probe_out_address, &key, &request);
    if (status != MQB_OK)
        return status;
    return mqb_call_mark_sent(
        &probe_client, &key, probe_send(MQB_STR("ask"), mqb_str_from(text), 1));
}

void probe_call_many(const char *count, const char *name)
{
    const size_t all = strtoul(count, NULL, 10);
    enum mqb_status status = MQB_OK;
    snprintf(caller, sizeof caller, "%s", name);
    for (size_t i = 0; i < all && status == MQB_OK; i++)
        status = call_one_of_many(i);
    console_status("called", status);
}

enum mqb_status probe_receive_one_of_many(const struct mqb_inbound *inbound)
{
    const struct mqb_str payload = inbound->message->payload;
    struct mqb_call_key key;
    char text[60];
    snprintf(text, sizeof text, "%.*s", (int)payload.len, payload.ptr);
    make_key_of_many(&key, strtoll(text, NULL, 10));
    return mqb_call_reply(&probe_client, &key, &payload) ? MQB_OK
                                                         : mqb_inbound_refuse_reply(inbound);
}
