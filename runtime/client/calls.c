/*
 * Pending calls, in the caller's array. Each entry serves three purposes: it is a call, the head of
 * a bucket in a hash table that finds calls by key, and a slot of a heap that finds the call with
 * the earliest deadline. Links are indices plus 1; 0 means none.
 */
#include "client/client.h"

#include <string.h>

#include "client/random.h"

_Static_assert(
    MQB_CALL_KEY_BYTES >= sizeof(void *) + 4 + MQB_CORRELATION_BYTES,
    "no room for a key");
_Static_assert(MQB_CALL_KEY_BYTES < UINT16_MAX, "a part's length has 16 bits");

/* ---- Keys ---- */

/* Stored instead of the length of a string. */
#define INTEGER_PART UINT16_MAX

static void add(struct mqb_call_key *key, const void *bytes, size_t len)
{
    if (key->len > MQB_CALL_KEY_BYTES || len > MQB_CALL_KEY_BYTES - key->len) {
        key->len = MQB_CALL_KEY_BYTES + 1;
        return;
    }
    if (len != 0)
        memcpy(key->bytes + key->len, bytes, len);
    key->len += len;
}

void mqb_call_key_init(struct mqb_call_key *key, const void *side, uint16_t kind)
{
    key->len = 0;
    add(key, &side, sizeof side);
    add(key, &kind, sizeof kind);
}

void mqb_call_key_add_string(struct mqb_call_key *key, struct mqb_str text)
{
    const uint16_t head = (uint16_t)text.len; /* A length beyond 16 bits cannot fit. */
    add(key, &head, sizeof head);
    add(key, text.ptr, text.len);
}

void mqb_call_key_add_int(struct mqb_call_key *key, int64_t integer)
{
    const uint16_t head = INTEGER_PART;
    add(key, &head, sizeof head);
    add(key, &integer, sizeof integer);
}

void mqb_call_key_add_scalar(struct mqb_call_key *key, struct mqb_scalar scalar)
{
    if (mqb_flag_is_set(&scalar.is_text))
        mqb_call_key_add_string(key, scalar.text);
    else
        mqb_call_key_add_int(key, scalar.integer);
}

/* ---- The table ---- */

static enum mqb_status seed(struct mqb_client *client)
{
    const struct mqb_client_config *config = &client->config;
    const struct mqb_transport *transport = &config->transport;
    unsigned char bytes[MQB_SEED_BYTES];
    if (transport->entropy && transport->entropy(transport->context, bytes, sizeof bytes))
        mqb_random_seed(&client->random, bytes, sizeof bytes);
    if (config->seed && config->seed_bytes < MQB_SEED_BYTES)
        return MQB_ERR_VALUE;
    if (config->seed)
        mqb_random_seed(&client->random, config->seed, config->seed_bytes);
    return client->random.seeded || config->call_count == 0 ? MQB_OK : MQB_ERR_VALUE;
}

enum mqb_status mqb_calls_init(struct mqb_client *client)
{
    struct mqb_call *calls = client->config.calls;
    if (!calls)
        client->config.call_count = 0;
    const size_t count = client->config.call_count;
    for (size_t i = 0; i < count; i++) {
        calls[i].bucket = 0;
        calls[i].next = i + 1 < count ? i + 2 : 0;
        calls[i].number = 0;
        calls[i].slot = 0;
    }
    client->free_call = count != 0;
    return seed(client);
}

/*
 * The head of the bucket of a key, by FNV-1a. It needs no secret: peers do not choose what is in
 * the table.
 */
static size_t *find_bucket(const struct mqb_client *client, const char *key, size_t len)
{
    uint32_t hash = UINT32_C(2166136261);
    for (size_t i = 0; i < len; i++)
        hash = (hash ^ (unsigned char)key[i]) * UINT32_C(16777619);
    return &client->config.calls[hash % client->config.call_count].bucket;
}

static bool has_key(const struct mqb_call *call, const struct mqb_call_key *key)
{
    return call->key_bytes == key->len && memcmp(call->key, key->bytes, key->len) == 0;
}

static struct mqb_call *find_call(const struct mqb_client *client, const struct mqb_call_key *key)
{
    if (client->waiting == 0 || key->len > MQB_CALL_KEY_BYTES)
        return NULL;
    size_t place = *find_bucket(client, key->bytes, key->len);
    while (place != 0) {
        struct mqb_call *call = &client->config.calls[place - 1];
        if (has_key(call, key))
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

static bool is_sent(const struct mqb_call *call)
{
    return call->slot != 0;
}

/* ---- Lists of calls by side, so that unbinding a side does not visit calls of others ---- */

static void push(struct mqb_call **list, struct mqb_call *call)
{
    call->behind = *list;
    call->at = list;
    if (*list)
        (*list)->at = &call->behind;
    *list = call;
}

static void drop(struct mqb_call *call)
{
    if (!call->at)
        return;
    *call->at = call->behind;
    if (call->behind)
        call->behind->at = call->at;
    call->at = NULL;
}

/* ---- Beginning and end ---- */

static struct mqb_call *put_in(
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
    push(&binding->calls, call);
    client->waiting++;

    call->number = ++client->last_call;
    call->slot = 0;
    call->key_bytes = key->len;
    memcpy(call->key, key->bytes, key->len);
    return call;
}

static void take_out(struct mqb_client *client, struct mqb_call *call)
{
    struct mqb_call *calls = client->config.calls;
    const size_t place = (size_t)(call - calls) + 1;
    size_t *link = find_bucket(client, call->key, call->key_bytes);
    while (*link != place)
        link = &calls[*link - 1].next;
    *link = call->next;
    if (is_sent(call))
        stop_timer(client, call);
    drop(call);
    call->next = client->free_call;
    call->number = 0;
    client->free_call = place;
    client->waiting--;
}

/* The entry is freed before on_reply runs, which may begin a call: copy what is needed. */
static void end(
    struct mqb_client *client,
    struct mqb_call *call,
    enum mqb_status status,
    const void *reply)
{
    const struct mqb_call ended = *call;
    take_out(client, call);
    if (status == MQB_OK)
        client->counters.calls_replied++;
    else if (status == MQB_ERR_TIMEOUT)
        client->counters.calls_timed_out++;
    else
        client->counters.calls_lost++;
    ended.finish(&ended, status, reply);
}

/* Calls begun by an on_reply have higher numbers and stay. */
void mqb_client_cancel_calls(struct mqb_client *client)
{
    if (!client)
        return;
    const uint64_t last = client->last_call;
    for (size_t i = 0; i < client->config.call_count && client->timed != 0; i++) {
        struct mqb_call *call = &client->config.calls[i];
        if (is_sent(call) && call->number <= last)
            end(client, call, MQB_ERR_TRANSPORT, NULL);
    }
}

/* The newest call is first in the list of its binding, and ends last. */
void mqb_calls_cancel(struct mqb_client *client, struct mqb_binding *binding)
{
    struct mqb_call *ending = NULL;
    while (binding->calls) {
        struct mqb_call *call = binding->calls;
        drop(call);
        if (is_sent(call))
            push(&ending, call);
    }
    while (ending)
        end(client, ending, MQB_ERR_TRANSPORT, NULL);
}

/* ---- Time ---- */

/*
 * Never earlier than a tick: a call begun by an on_reply is not due before those that the tick
 * ends.
 */
static uint64_t tell_time(const struct mqb_client *client)
{
    const struct mqb_transport *transport = &client->config.transport;
    const uint64_t now_ms = transport->now_ms ? transport->now_ms(transport->context) : 0;
    return now_ms > client->told_ms ? now_ms : client->told_ms;
}

/* Calls begun by an on_reply have higher numbers and stay, so that this loop ends. */
void mqb_client_tick(struct mqb_client *client, uint64_t now_ms)
{
    if (!client)
        return;
    const uint64_t last = client->last_call;
    if (client->told_ms < now_ms)
        client->told_ms = now_ms;
    while (client->timed != 0) {
        struct mqb_call *call = in_slot(client, 1);
        if (call->deadline_ms > now_ms || call->number > last)
            break;
        end(client, call, MQB_ERR_TIMEOUT, NULL);
    }
}

uint64_t mqb_client_due_ms(const struct mqb_client *client, uint64_t now_ms)
{
    if (!client)
        return UINT64_MAX;
    if (client->timed == 0)
        return UINT64_MAX;
    const uint64_t first_ms = in_slot(client, 1)->deadline_ms;
    return first_ms > now_ms ? first_ms - now_ms : 0;
}

/* ---- The life of a call ---- */

static enum mqb_status refuse_unseeded(struct mqb_error *error)
{
    const char *rule = "the ids of calls need entropy of the transport, or a seed";
    return mqb_client_refuse(MQB_ERR_VALUE, rule, error);
}

/* For functions that cannot return a status. */
static bool is_seeded(struct mqb_client *client)
{
    struct mqb_error error;
    if (!client)
        return false;
    if (client->random.seeded)
        return true;
    refuse_unseeded(&error);
    mqb_client_report(client, MQB_STR(""), &error);
    return false;
}

uint64_t mqb_client_next_call_id(struct mqb_client *client, uint64_t least, uint64_t most)
{
    if (!is_seeded(client) || most < least)
        return least;
    return least + mqb_random_pick(&client->random, most - least);
}

struct mqb_str mqb_client_next_correlation(
    struct mqb_client *client,
    char buf[MQB_CORRELATION_BYTES])
{
    uint64_t bits[2] = {0, 0};
    if (is_seeded(client))
        mqb_random_draw(&client->random, bits);
    for (size_t i = 0; i < MQB_CORRELATION_BYTES; i++)
        buf[i] = "0123456789abcdef"[bits[i / 16] >> (i % 16 * 4) & 15];
    return (struct mqb_str){buf, MQB_CORRELATION_BYTES};
}

bool mqb_call_waits(const struct mqb_client *client, const struct mqb_call_key *key)
{
    return find_call(client, key) != NULL;
}

static enum mqb_status check_call(
    const struct mqb_client *client,
    const struct mqb_call_key *key,
    const struct mqb_call_request *request,
    struct mqb_error *error)
{
    if (!mqb_binding_is_active(request->binding) || request->binding->client != client)
        return mqb_client_refuse(MQB_ERR_NO_ROUTE, "no reply would reach an unbound side", error);
    if (!mqb_str_equal(request->reply_to, request->own_topic))
        return mqb_client_refuse(MQB_ERR_TOPIC, "the reply would go to a foreign topic", error);
    if (key->len > MQB_CALL_KEY_BYTES)
        return mqb_client_refuse(MQB_ERR_LIMIT, "the key of the call is too long", error);
    if (find_call(client, key))
        return mqb_client_refuse(MQB_ERR_DUPLICATE, "a call with the same key waits", error);
    if (client->free_call == 0)
        return mqb_client_refuse(MQB_ERR_LIMIT, "no more calls can wait", error);
    if (!client->random.seeded)
        return refuse_unseeded(error);
    return MQB_OK;
}

enum mqb_status mqb_call_begin(
    struct mqb_client *client,
    const struct mqb_address *address,
    const struct mqb_call_key *key,
    const struct mqb_call_request *request)
{
    struct mqb_error error;
    const enum mqb_status status = check_call(client, key, request, &error);
    if (status != MQB_OK) {
        mqb_client_report(client, mqb_str_from(address->text), &error);
        client->counters.sent++;
        client->counters.sent_by_status[status]++;
        return status;
    }
    const uint64_t now_ms = tell_time(client);
    const uint64_t left_ms = UINT64_MAX - now_ms;
    struct mqb_call *call = put_in(client, key, request->binding);
    call->deadline_ms = now_ms + (request->timeout_ms < left_ms ? request->timeout_ms : left_ms);
    call->finish = request->finish;
    call->on_reply = request->on_reply;
    call->side = request->side;
    call->user = request->user;
    client->counters.calls++;
    return MQB_OK;
}

/*
 * A call with this key that has already been sent is a different one, begun by an on_reply while
 * this one was being sent.
 */
enum mqb_status mqb_call_mark_sent(
    struct mqb_client *client,
    const struct mqb_call_key *key,
    enum mqb_status sent)
{
    struct mqb_call *call = find_call(client, key);
    if (!call || is_sent(call))
        return sent;
    if (sent == MQB_OK) {
        start_timer(client, call);
        return MQB_OK;
    }
    take_out(client, call);
    client->counters.calls--;
    return sent;
}

bool mqb_call_reply(struct mqb_client *client, const struct mqb_call_key *key, const void *reply)
{
    struct mqb_call *call = find_call(client, key);
    if (!call)
        return false;
    end(client, call, MQB_OK, reply);
    return true;
}

enum mqb_status mqb_inbound_refuse_reply(const struct mqb_inbound *inbound)
{
    return mqb_client_refuse(MQB_ERR_NO_CALL, "no call waits for this reply", inbound->error);
}
