/* Calls: requests that wait for their replies, each for so long. */
#include "client/calls.h"

#include "client/call_table.h"
#include "client/next.h"
#include "client/publish.h"
#include "client/random.h"
#include "client/report.h"
#include "client/topic_counters.h"

static enum mqb_status seed_ids(struct mqb_client *client)
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
    mqb_call_table_init(client);
    return seed_ids(client);
}

/* ---- The end of a call ---- */

static uint64_t *counter_of(struct mqb_counters *counters, enum mqb_status status)
{
    switch (status) {
    case MQB_OK:
        return &counters->calls_replied;
    case MQB_ERR_TIMEOUT:
        return &counters->calls_timed_out;
    case MQB_ERR_CANCELLED:
        return &counters->calls_cancelled;
    default:
        return &counters->calls_lost;
    }
}

/*
 * The entry is freed before on_reply runs, which may begin a call: copy what is needed. A request
 * that is still in a queue must not be carried out after its call has failed.
 */
static void end_call(
    struct mqb_client *client,
    struct mqb_call *call,
    enum mqb_status status,
    const void *reply)
{
    const struct mqb_call ended = *call;
    mqb_call_take_out(client, call);
    (*counter_of(&client->counters, status))++;
    if (status != MQB_OK)
        mqb_client_withdraw(client, ended.token);
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
        if (mqb_call_is_sent(call) && call->number <= last)
            end_call(client, call, MQB_ERR_TRANSPORT, NULL);
    }
}

void mqb_calls_end_request(struct mqb_client *client, uint64_t token, enum mqb_status status)
{
    struct mqb_call *call = mqb_call_find_token(client, token);
    if (call)
        end_call(client, call, status, NULL);
}

/* The newest call is first in the list of its binding, and ends last. */
void mqb_calls_cancel(struct mqb_client *client, struct mqb_binding *binding)
{
    struct mqb_call *ending = NULL;
    while (binding->calls) {
        struct mqb_call *call = binding->calls;
        mqb_call_drop(call);
        if (mqb_call_is_sent(call))
            mqb_call_push(&ending, call);
    }
    while (ending)
        end_call(client, ending, MQB_ERR_TRANSPORT, NULL);
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
    return now_ms > client->tick_ms ? now_ms : client->tick_ms;
}

/* Calls begun by an on_reply have higher numbers and stay, so that this loop ends. */
void mqb_client_tick(struct mqb_client *client, uint64_t now_ms)
{
    if (!client)
        return;
    const uint64_t last = client->last_call;
    if (client->tick_ms < now_ms)
        client->tick_ms = now_ms;
    struct mqb_call *call = mqb_call_first_due(client);
    while (call && call->deadline_ms <= now_ms && call->number <= last) {
        end_call(client, call, MQB_ERR_TIMEOUT, NULL);
        call = mqb_call_first_due(client);
    }
}

uint64_t mqb_client_due_ms(const struct mqb_client *client, uint64_t now_ms)
{
    const struct mqb_call *first = client ? mqb_call_first_due(client) : NULL;
    if (!first)
        return UINT64_MAX;
    return first->deadline_ms > now_ms ? first->deadline_ms - now_ms : 0;
}

/* ---- From its request to its reply ---- */

static enum mqb_status refuse_unseeded(struct mqb_error *error)
{
    const char *rule = "call ids require entropy from the transport, or a seed";
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
    return mqb_call_find(client, key) != NULL;
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
    if (mqb_call_find(client, key))
        return mqb_client_refuse(
            MQB_ERR_DUPLICATE, "a call with the same key is already waiting", error);
    if (client->free_call == 0)
        return mqb_client_refuse(MQB_ERR_LIMIT, "too many calls are waiting", error);
    if (!client->random.seeded)
        return refuse_unseeded(error);
    if (client->next_capture)
        return mqb_client_refuse(MQB_ERR_VALUE, "a request cannot be captured", error);
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
        mqb_client_reset_next(client);
        mqb_client_report(client, mqb_str_from(address->text), &error);
        mqb_client_count_sent(client, address, status, 0);
        return status;
    }
    const uint64_t now_ms = tell_time(client);
    const uint64_t left_ms = UINT64_MAX - now_ms;
    struct mqb_call *call = mqb_call_put_in(client, key, request->binding);
    call->deadline_ms = now_ms + (request->timeout_ms < left_ms ? request->timeout_ms : left_ms);
    call->finish = request->finish;
    call->on_reply = request->on_reply;
    call->side = request->side;
    call->user = request->user;
    client->counters.calls++;
    client->next_expiry_s = request->timeout_ms / 1000U + (request->timeout_ms % 1000U != 0);
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
    struct mqb_call *call = mqb_call_find(client, key);
    client->next_expiry_s = 0;
    if (!call || mqb_call_is_sent(call))
        return sent;
    if (sent == MQB_OK) {
        mqb_call_set_sent(client, call, client->accepted_token);
        return MQB_OK;
    }
    mqb_call_take_out(client, call);
    client->counters.calls--;
    return sent;
}

bool mqb_call_reply(struct mqb_client *client, const struct mqb_call_key *key, const void *reply)
{
    struct mqb_call *call = mqb_call_find(client, key);
    if (!call)
        return false;
    end_call(client, call, MQB_OK, reply);
    return true;
}

enum mqb_status mqb_inbound_refuse_reply(const struct mqb_inbound *inbound)
{
    return mqb_client_refuse(MQB_ERR_NO_CALL, "no call is waiting for this reply", inbound->error);
}
