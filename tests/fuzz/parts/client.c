/*
 * The whole client: two sides of a protocol with calls and properties, at a broker in memory. The
 * input is a script: each step says what happens next, and with which bytes.
 *
 * Whatever happens, each call ends once, and the counters add up.
 */
#include "target.h"

#include <mqbind/loopback.h>

#include "properties_asker.h"
#include "properties_teller.h"

#define CALLS 4
#define OUTCOMES 512

struct station {
    struct mqb_client client;
    struct mqb_loopback_peer peer;
    struct mqb_call calls[CALLS];
    char scratch[512];
    char send_buffer[512];
};

static struct {
    struct bytes script;
    struct mqb_loopback broker;
    char queue[4096];
    struct station asking;
    struct station telling;
    struct properties_asker asker;
    struct properties_teller teller;
    uint64_t now_ms;
    unsigned depth; /* Of actions inside handlers. */
    size_t begun;
    unsigned char ended[OUTCOMES];
} world;

static void act(void);

static unsigned next(void)
{
    return take_byte(&world.script);
}

/* A handler does something, and takes the message or refuses it. At the script's end it rests. */
static enum mqb_status react(void)
{
    if (world.depth < 3 && next() % 4 == 1) {
        world.depth++;
        act();
        world.depth--;
    }
    return next() % 8 == 1 ? (enum mqb_status)(next() % 20) : MQB_OK;
}

static void end_call(void *user, enum mqb_status status, const void *reply)
{
    unsigned char *const ended = user;
    FUZZ_CHECK(*ended == 0);
    *ended = 1;
    FUZZ_CHECK((reply != NULL) == (status == MQB_OK));
    FUZZ_CHECK(status == MQB_OK || status == MQB_ERR_TIMEOUT || status == MQB_ERR_TRANSPORT);
    react();
}

/* ---- Handlers ---- */

static enum mqb_status on_told(
    struct properties_asker *asker,
    struct mqb_str topic,
    struct mqb_str data,
    const struct properties_told *message)
{
    FUZZ_CHECK(asker == &world.asker && topic.len != 0 && data.len != 0 && message != NULL);
    return react();
}

static enum mqb_status on_unknown(
    struct properties_asker *asker,
    struct mqb_str topic,
    struct mqb_str data,
    const struct properties_unknown *message)
{
    FUZZ_CHECK(asker == &world.asker && topic.len != 0 && data.len != 0 && message != NULL);
    return react();
}

static enum mqb_status on_poked(
    struct properties_asker *asker,
    struct mqb_str topic,
    const struct properties_poked *message)
{
    FUZZ_CHECK(asker == &world.asker && topic.len != 0 && message != NULL);
    return react();
}

static enum mqb_status on_number(
    struct properties_asker *asker,
    struct mqb_str unit,
    struct mqb_str value,
    struct mqb_str data,
    const int64_t *message)
{
    FUZZ_CHECK(asker == &world.asker && unit.len != 0 && value.len != 0 && data.len != 0);
    FUZZ_CHECK(message != NULL);
    return react();
}

static enum mqb_status on_ask(
    struct properties_teller *teller,
    struct mqb_str topic,
    struct mqb_str data,
    const struct properties_ask *message)
{
    const struct properties_told told = {.text = message->about};
    const struct properties_unknown unknown = {.reason = message->about};
    const unsigned answers = next() % 4;
    for (unsigned i = 0; i < answers; i++) {
        if (next() % 2 == 0)
            properties_teller_send_told(teller, topic, data, &told);
        else
            properties_teller_send_unknown(teller, topic, data, &unknown);
    }
    return react();
}

static enum mqb_status on_poke(
    struct properties_teller *teller,
    struct mqb_str topic,
    const struct properties_poke *message)
{
    const struct properties_poked poked = {.n = message->n + (next() % 8 == 0)};
    if (message->n < 1000000 && next() % 4 != 0)
        properties_teller_send_poked(teller, topic, &poked);
    return react();
}

static enum mqb_status on_count(
    struct properties_teller *teller,
    struct mqb_str unit,
    struct mqb_str data,
    const int64_t *message)
{
    if (next() % 4 != 0)
        properties_teller_send_number(teller, unit, data, data, message);
    return react();
}

static const struct properties_asker_handlers asker_handlers = {
    .told = on_told,
    .unknown = on_unknown,
    .poked = on_poked,
    .number = on_number,
};
static const struct properties_teller_handlers teller_handlers = {
    .ask = on_ask,
    .poke = on_poke,
    .count = on_count,
};

static void on_error(void *user, struct mqb_str topic, const struct mqb_error *error)
{
    char line[512];
    (void)user;
    FUZZ_CHECK(error->status != MQB_OK && error->rule != NULL);
    mqb_error_format(error, line, sizeof line);
    for (size_t i = 0; i < topic.len; i++)
        line[i % sizeof line] = topic.ptr[i];
    if (next() % 8 == 1)
        react();
}

/* ---- Calls ---- */

static void on_ask_reply(
    struct properties_asker *asker,
    void *user,
    enum mqb_status status,
    const struct properties_asker_ask_reply *reply)
{
    FUZZ_CHECK(asker == &world.asker);
    if (reply != NULL)
        FUZZ_CHECK((reply->told != NULL) != (reply->unknown != NULL));
    end_call(user, status, reply);
}

static void on_poke_reply(
    struct properties_asker *asker,
    void *user,
    enum mqb_status status,
    const struct properties_poked *reply)
{
    FUZZ_CHECK(asker == &world.asker);
    end_call(user, status, reply);
}

static void on_count_reply(
    struct properties_asker *asker,
    void *user,
    enum mqb_status status,
    const int64_t *reply)
{
    FUZZ_CHECK(asker == &world.asker);
    end_call(user, status, reply);
}

static void call(void)
{
    const struct mqb_str text = take_text(&world.script, next() % 24);
    const struct properties_ask ask = {.about = text};
    const struct properties_poke poke = {.n = next() % 4};
    const int64_t count = (int64_t)next();
    const uint32_t timeout_ms = next() % 64;
    const unsigned kind = next() % 3;
    enum mqb_status status = MQB_ERR_LIMIT;
    if (world.begun == OUTCOMES) {
        give_back(text);
        return;
    }
    const size_t place = world.begun++;
    unsigned char *const ended = &world.ended[place];
    *ended = 0;
    if (kind == 0)
        status = properties_asker_call_ask(&world.asker, &ask, timeout_ms, on_ask_reply, ended);
    else if (kind == 1)
        status = properties_asker_call_poke(&world.asker, &poke, timeout_ms, on_poke_reply, ended);
    else
        status = properties_asker_call_count(
            &world.asker, text, &count, timeout_ms, on_count_reply, ended);
    if (status != MQB_OK) {
        FUZZ_CHECK(*ended == 0);
        *ended = 1;
    }
    give_back(text);
}

/* ---- Steps ---- */

static struct mqb_str take_topic(void)
{
    static const struct mqb_str known[] = {
        MQB_STR("questions"),          MQB_STR("answers/1"),   MQB_STR("response/1"),
        MQB_STR("counts/m"),           MQB_STR("numbers/m/0"), MQB_STR("counts"),
        MQB_STR("$share/g/questions"),
    };
    const unsigned kind = next() % 10;
    if (kind < sizeof known / sizeof known[0]) {
        char *const block = take_block(known[kind].ptr, known[kind].len);
        return (struct mqb_str){block, known[kind].len};
    }
    return take_text(&world.script, next() % 32);
}

/* What a peer that keeps no rule puts on the wire. */
static void receive(struct station *station)
{
    const struct mqb_str topic = take_topic();
    const struct mqb_str response = next() % 2 == 0 ? take_topic() : take_text(&world.script, 0);
    const struct mqb_str data = take_text(&world.script, next() % 20);
    const struct mqb_str payload = take_text(&world.script, next() % 64);
    const struct mqb_publish message = {
        .topic = topic,
        .payload = payload,
        .qos = (int)(next() % 3),
        .properties.response_topic = response,
        .properties.correlation_data = data,
    };
    mqb_client_receive(&station->client, &message);
    give_back(payload);
    give_back(data);
    give_back(response);
    give_back(topic);
}

static void tick(void)
{
    world.now_ms += next() % 32;
    mqb_client_tick(&world.asking.client, world.now_ms);
    const uint64_t due_ms = mqb_client_due_ms(&world.asking.client, world.now_ms);
    /* Inside a handler, a call whose request is being sent waits and is not due. */
    if (world.depth == 0)
        FUZZ_CHECK((due_ms == UINT64_MAX) == (world.asking.client.waiting == 0));
}

static void rebind(void)
{
    if (next() % 2 == 0) {
        properties_asker_unbind(&world.asker);
        properties_asker_bind(&world.asker);
    } else {
        properties_teller_unbind(&world.teller);
        properties_teller_bind(&world.teller);
    }
}

static void act(void)
{
    switch (next() % 8) {
    case 0:
    case 1:
        call();
        break;
    case 2:
        receive(&world.asking);
        break;
    case 3:
        receive(&world.telling);
        break;
    case 4:
        tick();
        break;
    case 5:
        rebind();
        break;
    case 6:
        if (next() % 4 == 0)
            mqb_client_cancel_calls(&world.asking.client);
        break;
    default:
        mqb_loopback_run(&world.broker);
        break;
    }
}

/* ---- Set-up and accounts ---- */

static void open_station(struct station *station)
{
    static const char seed[] = "the same in every run: not a secret, but long enough";
    const struct mqb_client_config config = {
        .seed = seed,
        .seed_bytes = sizeof seed,
        .transport = mqb_loopback_join(&world.broker, &station->peer, &station->client),
        .scratch = station->scratch,
        .scratch_bytes = sizeof station->scratch,
        .send_buffer = station->send_buffer,
        .send_buffer_bytes = sizeof station->send_buffer,
        .max_payload_bytes = 200,
        .calls = station->calls,
        .call_count = CALLS,
        .on_error = on_error,
    };
    mqb_client_init(&station->client, &config);
}

static void check_accounts(const struct mqb_client *client)
{
    const struct mqb_counters *const counters = &client->counters;
    uint64_t received = 0;
    uint64_t sent = 0;
    for (size_t i = 0; i < MQB_STATUS_COUNT; i++) {
        received += counters->received_by_status[i];
        sent += counters->sent_by_status[i];
    }
    FUZZ_CHECK(received == counters->received && sent == counters->sent);
    FUZZ_CHECK(
        counters->calls == counters->calls_replied + counters->calls_timed_out +
                               counters->calls_lost + client->waiting);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    memset(&world, 0, sizeof world);
    world.script = (struct bytes){data, size < 2048 ? size : 2048};
    mqb_loopback_init(&world.broker, world.queue, sizeof world.queue);
    open_station(&world.asking);
    open_station(&world.telling);
    world.asker = (struct properties_asker){
        .client = &world.asking.client,
        .handlers = &asker_handlers,
        .answers_topic = MQB_STR("answers/1"),
        .response_topic = MQB_STR("response/1"),
    };
    world.teller = (struct properties_teller){
        .client = &world.telling.client,
        .handlers = &teller_handlers,
    };
    FUZZ_CHECK(properties_asker_bind(&world.asker) == MQB_OK);
    FUZZ_CHECK(properties_teller_bind(&world.teller) == MQB_OK);
    while (world.script.left != 0)
        act();
    while (mqb_loopback_run(&world.broker) != 0)
        continue;
    check_accounts(&world.asking.client);
    check_accounts(&world.telling.client);

    world.now_ms += 1000;
    mqb_client_tick(&world.asking.client, world.now_ms);
    FUZZ_CHECK(world.asking.client.waiting == 0);
    check_accounts(&world.asking.client);
    for (size_t i = 0; i < world.begun; i++)
        FUZZ_CHECK(world.ended[i] == 1);
    return 0;
}
