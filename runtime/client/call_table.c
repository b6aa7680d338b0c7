/*
 * Pending calls, in the caller's array. Each entry serves four purposes: it is a call, the head of
 * a bucket in two hash tables that find calls by key and by the token of the request, and a slot of
 * a heap that finds the call with the earliest deadline. Links are indices plus 1; 0 means none.
 */
#include "client/call_table.h"

#include <string.h>

#include "json/hash.h"

/* ---- Buckets ---- */

void mqb_call_table_init(struct mqb_client *client)
{
    struct mqb_call *calls = client->config.calls;
    if (!calls)
        client->config.call_count = 0;
    const size_t count = client->config.call_count;
    for (size_t i = 0; i < count; i++) {
        calls[i].bucket = 0;
        calls[i].token_bucket = 0;
        calls[i].next = i + 1 < count ? i + 2 : 0;
        calls[i].number = 0;
        calls[i].slot = 0;
    }
    client->free_call = count != 0;
}

/* The head of the bucket of a key. It needs no secret: peers do not choose what is in the table. */
static size_t *find_bucket(const struct mqb_client *client, const char *key, size_t len)
{
    const uint64_t hash = mqb_hash_bytes(0, key, len) >> 32;
    return &client->config.calls[hash % client->config.call_count].bucket;
}

static bool has_call_key(const struct mqb_call *call, const struct mqb_call_key *key)
{
    return call->key_bytes == key->len && memcmp(call->key, key->bytes, key->len) == 0;
}

struct mqb_call *mqb_call_find(const struct mqb_client *client, const struct mqb_call_key *key)
{
    if (client->waiting == 0 || key->len > MQB_CALL_KEY_BYTES)
        return NULL;
    size_t place = *find_bucket(client, key->bytes, key->len);
    while (place != 0) {
        struct mqb_call *call = &client->config.calls[place - 1];
        if (has_call_key(call, key))
            return call;
        place = call->next;
    }
    return NULL;
}

/* ---- The heap of calls whose requests are sent; the earliest deadline is on top ---- */

/* With equal deadlines, the call begun first. */
static bool is_sooner(const struct mqb_call *a, const struct mqb_call *b)
{
    return a->deadline_ms != b->deadline_ms ? a->deadline_ms < b->deadline_ms
                                            : a->number < b->number;
}

/* Slots count from 1: the children of `slot` are 2 * slot and 2 * slot + 1. */
static struct mqb_call *in_slot(const struct mqb_client *client, size_t slot)
{
    return &client->config.calls[client->config.calls[slot - 1].timed - 1];
}

struct mqb_call *mqb_call_first_due(const struct mqb_client *client)
{
    return client->timed != 0 ? in_slot(client, 1) : NULL;
}

static void put_in_slot(struct mqb_client *client, size_t slot, struct mqb_call *call)
{
    struct mqb_call *calls = client->config.calls;
    calls[slot - 1].timed = (size_t)(call - calls) + 1;
    call->slot = slot;
}

/* Put the call into the slot or an ancestor; calls that are due later move down. */
static void move_up(struct mqb_client *client, size_t slot, struct mqb_call *call)
{
    while (slot > 1 && is_sooner(call, in_slot(client, slot / 2))) {
        put_in_slot(client, slot, in_slot(client, slot / 2));
        slot /= 2;
    }
    put_in_slot(client, slot, call);
}

/* Put the call into the slot or a descendant; calls that are due sooner move up. */
static void move_down(struct mqb_client *client, size_t slot, struct mqb_call *call)
{
    while (slot <= client->timed / 2) {
        size_t below = 2 * slot;
        if (below < client->timed && is_sooner(in_slot(client, below + 1), in_slot(client, below)))
            below++;
        if (!is_sooner(in_slot(client, below), call))
            break;
        put_in_slot(client, slot, in_slot(client, below));
        slot = below;
    }
    put_in_slot(client, slot, call);
}

static void start_timer(struct mqb_client *client, struct mqb_call *call)
{
    client->timed++;
    move_up(client, client->timed, call);
}

/* The last call of the heap fills the gap. */
static void stop_timer(struct mqb_client *client, struct mqb_call *call)
{
    const size_t gap = call->slot;
    struct mqb_call *last = in_slot(client, client->timed);
    client->timed--;
    call->slot = 0;
    if (last == call)
        return;
    if (is_sooner(last, call))
        move_up(client, gap, last);
    else
        move_down(client, gap, last);
}

/* ---- Lists of calls by side, so that unbinding a side does not visit calls of others ---- */

void mqb_call_push(struct mqb_call **list, struct mqb_call *call)
{
    call->behind = *list;
    call->at = list;
    if (*list)
        (*list)->at = &call->behind;
    *list = call;
}

void mqb_call_drop(struct mqb_call *call)
{
    if (!call->at)
        return;
    *call->at = call->behind;
    if (call->behind)
        call->behind->at = call->at;
    call->at = NULL;
}

/* ---- Beginning and end ---- */

/* ---- Tokens of those that are sent ---- */

static size_t *token_head(const struct mqb_client *client, uint64_t token)
{
    return &client->config.calls[token % client->config.call_count].token_bucket;
}

static void keep_token(struct mqb_client *client, struct mqb_call *call, uint64_t token)
{
    size_t *head = token_head(client, token);
    call->token = token;
    call->next_token = *head;
    *head = (size_t)(call - client->config.calls) + 1;
}

static void drop_token(struct mqb_client *client, const struct mqb_call *call)
{
    size_t *link = token_head(client, call->token);
    while (&client->config.calls[*link - 1] != call)
        link = &client->config.calls[*link - 1].next_token;
    *link = call->next_token;
}

struct mqb_call *mqb_call_find_token(const struct mqb_client *client, uint64_t token)
{
    size_t place = client->waiting != 0 ? *token_head(client, token) : 0;
    while (place != 0 && client->config.calls[place - 1].token != token)
        place = client->config.calls[place - 1].next_token;
    return place != 0 ? &client->config.calls[place - 1] : NULL;
}

void mqb_call_set_sent(struct mqb_client *client, struct mqb_call *call, uint64_t token)
{
    start_timer(client, call);
    keep_token(client, call, token);
}

struct mqb_call *mqb_call_put_in(
    struct mqb_client *client,
    const struct mqb_call_key *key,
    struct mqb_binding *binding)
{
    const size_t place = client->free_call;
    struct mqb_call *call = &client->config.calls[place - 1];
    size_t *head = find_bucket(client, key->bytes, key->len);
    client->free_call = call->next;
    call->next = *head;
    *head = place;
    mqb_call_push(&binding->calls, call);
    client->waiting++;

    call->number = ++client->last_call;
    call->slot = 0;
    call->key_bytes = key->len;
    memcpy(call->key, key->bytes, key->len);
    return call;
}

void mqb_call_take_out(struct mqb_client *client, struct mqb_call *call)
{
    struct mqb_call *calls = client->config.calls;
    const size_t place = (size_t)(call - calls) + 1;
    size_t *link = find_bucket(client, call->key, call->key_bytes);
    while (*link != place)
        link = &calls[*link - 1].next;
    *link = call->next;
    if (mqb_call_is_sent(call)) {
        stop_timer(client, call);
        drop_token(client, call);
    }
    mqb_call_drop(call);
    call->next = client->free_call;
    call->number = 0;
    client->free_call = place;
    client->waiting--;
}
