#define _POSIX_C_SOURCE 200809L
#include "mqtt.h"

#include <arpa/inet.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define KEEPALIVE_S 30
#define RETRY_MS 200

/* Types of packets, in the upper half of their first byte. */
enum { CONNECT = 1, CONNACK, PUBLISH, PUBACK, SUBSCRIBE = 8, UNSUBSCRIBE = 10, PINGREQ = 12 };

static uint64_t now_ms(void *context)
{
    struct timespec now;

    (void)context;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
}

static void lose(struct mqtt *mqtt)
{
    const bool was_online = mqtt->online;

    if (mqtt->fd >= 0)
        close(mqtt->fd);
    mqtt->fd = -1;
    mqtt->online = false;
    mqtt->have = mqtt->skip = 0; /* Half a packet is worth nothing to the next connection. */
    mqtt->next_ms = now_ms(NULL) + RETRY_MS;
    if (was_online)
        mqb_client_cancel_calls(mqtt->client);
}

/* ---- Sending ---- */

static bool send_bytes(const struct mqtt *mqtt, const void *bytes, size_t count)
{
    const char *at = bytes;

    while (count != 0) {
        const ssize_t sent = send(mqtt->fd, at, count, MSG_NOSIGNAL);
        if (sent <= 0)
            return false;
        at += sent;
        count -= (size_t)sent;
    }
    return true;
}

static size_t put_length(unsigned char *to, size_t length)
{
    size_t bytes = 0;

    do {
        to[bytes] = (unsigned char)(length & 127);
        length >>= 7;
        to[bytes++] |= length != 0 ? 128 : 0;
    } while (length != 0);
    return bytes;
}

static size_t put_uint16(unsigned char *to, size_t value)
{
    to[0] = (unsigned char)(value >> 8);
    to[1] = (unsigned char)value;
    return 2;
}

/* A packet of a head of at most 20 bytes, a string, and the rest, which may have no bytes. */
static enum mqb_status send_packet(
    struct mqtt *mqtt,
    unsigned first,
    struct mqb_str head,
    struct mqb_str string,
    struct mqb_str rest)
{
    unsigned char start[32] = {(unsigned char)first};
    size_t bytes = 1 + put_length(start + 1, head.len + 2 + string.len + rest.len);

    memcpy(start + bytes, head.ptr, head.len);
    bytes += head.len;
    bytes += put_uint16(start + bytes, string.len);
    if (send_bytes(mqtt, start, bytes) && send_bytes(mqtt, string.ptr, string.len) &&
        send_bytes(mqtt, rest.ptr, rest.len))
        return MQB_OK;
    /* The connection is lost, which the next step finds: a handler may be running now. */
    shutdown(mqtt->fd, SHUT_RDWR);
    return MQB_ERR_TRANSPORT;
}

static enum mqb_status publish(void *context, const struct mqb_publish *message)
{
    struct mqtt *mqtt = context;
    const unsigned first = PUBLISH << 4 | (message->retain ? 1U : 0U);

    if (!mqtt->online || message->qos != 0)
        return MQB_ERR_TRANSPORT;
    return send_packet(mqtt, first, MQB_STR(""), message->topic, message->payload);
}

/* Offline there is nothing to do: mqb_client_subscribe_all() follows. */
static enum mqb_status send_filter(
    struct mqtt *mqtt,
    unsigned type,
    const char *filter,
    struct mqb_str options)
{
    unsigned char id[2];

    if (!mqtt->online)
        return MQB_OK;
    mqtt->packet_id = mqtt->packet_id == UINT16_MAX ? 1 : (uint16_t)(mqtt->packet_id + 1);
    put_uint16(id, mqtt->packet_id);
    return send_packet(
        mqtt, type << 4 | 2, (struct mqb_str){(char *)id, 2}, mqb_str_from(filter), options);
}

static enum mqb_status subscribe(void *context, const char *filter, int qos)
{
    return send_filter(context, SUBSCRIBE, filter, qos == 0 ? MQB_STR("\0") : MQB_STR("\1"));
}

static enum mqb_status unsubscribe(void *context, const char *filter)
{
    return send_filter(context, UNSUBSCRIBE, filter, MQB_STR(""));
}

struct mqb_transport mqtt_transport(struct mqtt *mqtt)
{
    return (struct mqb_transport){
        .context = mqtt,
        .publish = publish,
        .subscribe = subscribe,
        .unsubscribe = unsubscribe,
        .now_ms = now_ms,
    };
}

/* ---- Receiving ---- */

static size_t uint16_at(const unsigned char *at)
{
    return (size_t)at[0] << 8 | at[1];
}

static void receive_publish(struct mqtt *mqtt, unsigned first, const char *body, size_t len)
{
    const int qos = first >> 1 & 3;
    const size_t topic_len = len < 2 ? len : uint16_at((const unsigned char *)body);
    const size_t start = 2 + topic_len + (qos != 0 ? 2 : 0);

    if (start > len) {
        lose(mqtt);
        return;
    }
    const struct mqb_publish message = {
        .topic = {body + 2, topic_len},
        .payload = {body + start, len - start},
        .qos = qos,
        .retain = (first & 1) != 0,
    };
    mqb_client_receive(mqtt->client, &message);
    if (qos == 1) {
        const char ack[] = {(char)(PUBACK << 4), 2, body[start - 2], body[start - 1]};
        send_bytes(mqtt, ack, sizeof ack);
    }
}

static void receive_packet(struct mqtt *mqtt, unsigned first, const unsigned char *body, size_t len)
{
    switch (first >> 4) {
    case CONNACK:
        mqtt->online = len == 2 && body[1] == 0;
        if (mqtt->online)
            mqb_client_subscribe_all(mqtt->client);
        else
            lose(mqtt);
        break;
    case PUBLISH:
        receive_publish(mqtt, first, (const char *)body, len);
        break;
    default: /* SUBACK, UNSUBACK and PINGRESP. */
        break;
    }
}

/* Bytes of the packet's first byte and length; 0 if they have not all come. */
static size_t read_head(const struct mqtt *mqtt, size_t *length)
{
    *length = 0;
    for (size_t i = 1; i < mqtt->have && i <= 4; i++) {
        *length |= (size_t)(mqtt->packet[i] & 127) << (7 * (i - 1));
        if (mqtt->packet[i] < 128)
            return i + 1;
    }
    return 0;
}

static void forget(struct mqtt *mqtt, size_t bytes)
{
    mqtt->have -= bytes;
    memmove(mqtt->packet, mqtt->packet + bytes, mqtt->have);
}

/* Handle the packet if it is whole. False if it is not. */
static bool take_packet(struct mqtt *mqtt)
{
    size_t length;
    const size_t head = read_head(mqtt, &length);

    if (head == 0 && mqtt->have > 4)
        lose(mqtt);
    if (head == 0)
        return false;
    if (head + length > sizeof mqtt->packet) {
        mqtt->dropped++;
        mqtt->skip = head + length - mqtt->have;
        mqtt->have = 0;
        return false;
    }
    if (head + length > mqtt->have)
        return false;
    receive_packet(mqtt, mqtt->packet[0], mqtt->packet + head, length);
    if (mqtt->fd >= 0)
        forget(mqtt, head + length);
    return mqtt->fd >= 0;
}

static void receive_some(struct mqtt *mqtt)
{
    const ssize_t got =
        recv(mqtt->fd, mqtt->packet + mqtt->have, sizeof mqtt->packet - mqtt->have, 0);

    if (got <= 0) {
        lose(mqtt);
        return;
    }
    mqtt->have += (size_t)got;
    const size_t skipped = mqtt->skip < mqtt->have ? mqtt->skip : mqtt->have;
    mqtt->skip -= skipped;
    forget(mqtt, skipped);
    while (take_packet(mqtt)) {
    }
}

/* ---- The loop ---- */

static void start_connection(struct mqtt *mqtt)
{
    const struct sockaddr_in address = {
        .sin_family = AF_INET,
        .sin_port = htons(mqtt->port),
        .sin_addr.s_addr = htonl(INADDR_LOOPBACK),
    };
    const struct mqb_str head = MQB_STR("\0\4MQTT\4\2\0\36"); /* A clean session, 30 s. */

    mqtt->fd = socket(AF_INET, SOCK_STREAM, 0);
    mqtt->next_ms = now_ms(NULL) + KEEPALIVE_S * 1000 / 2;
    if (mqtt->fd < 0 || connect(mqtt->fd, (const struct sockaddr *)&address, sizeof address) != 0 ||
        send_packet(mqtt, CONNECT << 4, head, mqb_str_from(mqtt->client_id), MQB_STR("")) != MQB_OK)
        lose(mqtt);
}

static void do_what_is_due(struct mqtt *mqtt)
{
    static const char ping[] = {(char)(PINGREQ << 4), 0};

    if (now_ms(NULL) < mqtt->next_ms)
        return;
    if (mqtt->fd < 0) {
        start_connection(mqtt);
        return;
    }
    mqtt->next_ms = now_ms(NULL) + KEEPALIVE_S * 1000 / 2;
    if (!send_bytes(mqtt, ping, sizeof ping))
        lose(mqtt);
}

void mqtt_init(struct mqtt *mqtt)
{
    mqtt->fd = -1;
    mqtt->next_ms = now_ms(NULL);
}

static int least(int timeout_ms, uint64_t due_ms)
{
    return due_ms < (uint64_t)timeout_ms ? (int)due_ms : timeout_ms;
}

void mqtt_step(struct mqtt *mqtt, int timeout_ms)
{
    do_what_is_due(mqtt);
    const uint64_t now = now_ms(NULL);
    struct pollfd in = {.fd = mqtt->fd, .events = POLLIN};

    timeout_ms = least(timeout_ms, mqtt->next_ms > now ? mqtt->next_ms - now : 0);
    timeout_ms = least(timeout_ms, mqb_client_due_ms(mqtt->client, now));
    if (poll(&in, 1, timeout_ms) > 0)
        receive_some(mqtt);
    mqb_client_tick(mqtt->client, now_ms(NULL));
}
