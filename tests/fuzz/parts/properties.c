/*
 * The properties of MQTT 5: a list of any of them, made by libmosquitto, comes to the transport
 * with a message. The linker hands libmosquitto's calls to the functions here that begin with
 * __wrap_, so that there is no broker.
 */
#include "client/topic.h"
#include "target.h"
#include "transport/mosquitto_traffic.h"
#include "transport/outbox.h"

#include <mosquitto.h>
#include <mqtt_protocol.h>

#include "properties_teller.h"

typedef void message_callback(
    struct mosquitto *mosq,
    void *context,
    const struct mosquitto_message *message,
    const mosquitto_property *properties);

static message_callback *deliver;

void __wrap_mosquitto_message_v5_callback_set(struct mosquitto *mosq, message_callback *callback);
void __wrap_mosquitto_message_v5_callback_set(struct mosquitto *mosq, message_callback *callback)
{
    (void)mosq;
    deliver = callback;
}

/* ---- What arrives ---- */

static struct {
    struct mqb_str topic; /* The first of the list, as it was put in. */
    struct mqb_str data;
    unsigned handled;
} arrived;

static void check_text(struct mqb_str found, struct mqb_str expected)
{
    FUZZ_CHECK(found.len == expected.len && memcmp(found.ptr, expected.ptr, found.len) == 0);
}

static enum mqb_status on_ask(
    struct properties_teller *teller,
    struct mqb_str topic,
    struct mqb_str data,
    const struct properties_ask *message)
{
    (void)teller;
    (void)message;
    check_text(topic, arrived.topic);
    check_text(data, arrived.data);
    arrived.handled++;
    return MQB_OK;
}

static enum mqb_status on_poke(
    struct properties_teller *teller,
    struct mqb_str topic,
    const struct properties_poke *message)
{
    (void)teller;
    (void)message;
    check_text(topic, arrived.topic);
    arrived.handled++;
    return MQB_OK;
}

static enum mqb_status on_count(
    struct properties_teller *teller,
    struct mqb_str unit,
    struct mqb_str data,
    const int64_t *message)
{
    (void)teller;
    (void)unit;
    (void)message;
    check_text(data, arrived.data);
    arrived.handled++;
    return MQB_OK;
}

static const struct properties_teller_handlers handlers = {on_ask, on_poke, on_count};

/* ---- Lists of properties ---- */

static const int strings[] = {
    MQTT_PROP_RESPONSE_TOPIC,       MQTT_PROP_CONTENT_TYPE,
    MQTT_PROP_REASON_STRING,        MQTT_PROP_ASSIGNED_CLIENT_IDENTIFIER,
    MQTT_PROP_RESPONSE_INFORMATION,
};

/* A string may hold no NUL: it would end there. */
static char *take_string(struct bytes *bytes, size_t len)
{
    const struct mqb_str text = take_text(bytes, len);
    char *const copy = malloc(text.len + 1);
    FUZZ_CHECK(copy != NULL);
    for (size_t i = 0; i < text.len; i++)
        copy[i] = text.ptr[i] != '\0' ? text.ptr[i] : 'x';
    copy[text.len] = '\0';
    give_back(text);
    return copy;
}

static void add_string(mosquitto_property **list, struct bytes *bytes)
{
    const int id = strings[take_byte(bytes) % (sizeof strings / sizeof strings[0])];
    char *const text = take_string(bytes, take_byte(bytes) % 40);
    if (mosquitto_property_add_string(list, id, text) == MOSQ_ERR_SUCCESS &&
        id == MQTT_PROP_RESPONSE_TOPIC && arrived.topic.ptr == NULL)
        arrived.topic = mqb_str_from(text);
    else
        free(text);
}

static void add_binary(mosquitto_property **list, struct bytes *bytes)
{
    const struct mqb_str data = take_text(bytes, take_byte(bytes) % 40);
    const int id =
        take_byte(bytes) % 4 == 0 ? MQTT_PROP_AUTHENTICATION_DATA : MQTT_PROP_CORRELATION_DATA;
    if (mosquitto_property_add_binary(list, id, data.ptr, (uint16_t)data.len) == MOSQ_ERR_SUCCESS &&
        id == MQTT_PROP_CORRELATION_DATA && arrived.data.ptr == NULL)
        arrived.data = data;
    else
        give_back(data);
}

static void add_other(mosquitto_property **list, struct bytes *bytes)
{
    const unsigned value = take_byte(bytes);
    switch (value % 4) {
    case 0:
        mosquitto_property_add_byte(list, MQTT_PROP_PAYLOAD_FORMAT_INDICATOR, value & 1);
        break;
    case 1:
        mosquitto_property_add_int32(list, MQTT_PROP_MESSAGE_EXPIRY_INTERVAL, value);
        break;
    case 2:
        mosquitto_property_add_varint(list, MQTT_PROP_SUBSCRIPTION_IDENTIFIER, value + 1);
        break;
    default: {
        char *const text = take_string(bytes, value % 16);
        mosquitto_property_add_string_pair(list, MQTT_PROP_USER_PROPERTY, "name", text);
        free(text);
        break;
    }
    }
}

static mosquitto_property *take_list(struct bytes *bytes)
{
    mosquitto_property *list = NULL;
    for (unsigned count = take_byte(bytes) % 6; count > 0; count--) {
        switch (take_byte(bytes) % 3) {
        case 0:
            add_string(&list, bytes);
            break;
        case 1:
            add_binary(&list, bytes);
            break;
        default:
            add_other(&list, bytes);
            break;
        }
    }
    return list;
}

/* ---- One message ---- */

static bool takes(bool wants_topic, bool wants_data)
{
    const bool has_topic = arrived.topic.len != 0 && mqb_topic_rule(arrived.topic) == NULL;
    return (!wants_topic || has_topic) && (!wants_data || arrived.data.len != 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static char questions[] = "questions";
    static char counts[] = "counts/m";
    static char scratch[512];
    static char send_buffer[512];
    static struct mqb_mosquitto transport;
    static struct mqb_client client;
    static struct properties_teller teller;
    if (deliver == NULL) {
        const struct mqb_client_config config = {
            .scratch = scratch,
            .scratch_bytes = sizeof scratch,
            .send_buffer = send_buffer,
            .send_buffer_bytes = sizeof send_buffer,
        };
        mqb_client_init(&client, &config);
        teller = (struct properties_teller){.client = &client, .handlers = &handlers};
        FUZZ_CHECK(properties_teller_bind(&teller) == MQB_OK);
        FUZZ_CHECK(mosquitto_lib_init() == MOSQ_ERR_SUCCESS);
        transport.mosq = mosquitto_new(NULL, true, &transport);
        transport.settings.client = &client;
        transport.settings.keepalive_s = 60;
        /* Nothing waits for room. */
        const struct mqb_queue_settings queue = {.when_full = MQB_DROP_OLDEST};
        mqb_outbox_init(
            &transport.outbox, &client, &transport.counters.messages, mosquitto_reason_string,
            &queue);
        mqb_mosquitto_listen(&transport);
        FUZZ_CHECK(deliver != NULL);
    }
    struct bytes bytes = {data, size};
    memset(&arrived, 0, sizeof arrived);
    const unsigned kind = take_byte(&bytes) % 4;
    mosquitto_property *list = take_list(&bytes);
    static const char *const payloads[] = {"{\"about\":\"x\"}", "{\"n\":1}", "7"};
    const bool wants_topic = kind < 2;
    const bool wants_data = kind != 1;
    const bool known = kind < 3;
    const struct mqb_str payload =
        known ? take_text(
                    &(struct bytes){(const uint8_t *)payloads[kind], strlen(payloads[kind])},
                    strlen(payloads[kind]))
              : take_rest(&bytes);
    const struct mosquitto_message message = {
        .topic = kind == 2 || kind == 3 ? counts : questions,
        .payload = (void *)(uintptr_t)payload.ptr,
        .payloadlen = (int)payload.len,
    };
    deliver(NULL, &transport, &message, list);
    if (known)
        FUZZ_CHECK(arrived.handled == takes(wants_topic, wants_data));
    else
        FUZZ_CHECK(arrived.handled <= takes(wants_topic, wants_data));
    mosquitto_property_free_all(&list);
    give_back(payload);
    give_back(arrived.topic);
    give_back(arrived.data);
    return 0;
}
