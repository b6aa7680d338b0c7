/* Messages of the probe: what it prints of those received, and special ones to send. */
#include "console.h"
#include "probe.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

/* ---- Received ---- */

static uint32_t adler32(struct mqb_str bytes)
{
    uint32_t a = 1;
    uint32_t b = 0;
    for (size_t i = 0; i < bytes.len; i++) {
        a = (a + (unsigned char)bytes.ptr[i]) % 65521;
        b = (b + a) % 65521;
    }
    return b << 16 | a;
}

static void print_properties(const struct mqb_publish *message)
{
    const struct mqb_properties *properties = &message->properties;
    console_text("topic", message->topic);
    printf(", \"duplicate\": %d, \"is_text\": %d", message->duplicate, properties->is_text);
    console_number("expiry_s", properties->expiry_s);
    console_text("content_type", properties->content_type);
    printf(", \"user\": {\"count\": %zu", properties->user_count);
    for (size_t i = 0; i < properties->user_count; i++) {
        char name[20];
        snprintf(
            name, sizeof name, "%.*s", (int)properties->user[i].name.len,
            properties->user[i].name.ptr);
        console_text(name, properties->user[i].value);
    }
    printf("}");
}

void probe_print_message(struct mqb_str what, const char *side)
{
    const struct mqb_publish *message = mqb_client_message(&probe_client);
    const struct mqb_str payload = message->payload;
    console_begin("message");
    console_text("what", what);
    console_text("binding", mqb_str_from(side));
    console_text("text", (struct mqb_str){payload.ptr, payload.len < 60 ? payload.len : 60});
    printf(", \"bytes\": %zu, \"adler32\": %" PRIu32, payload.len, adler32(payload));
    printf(", \"qos\": %d, \"retain\": %d", message->qos, message->retain);
    print_properties(message);
    console_end();
}

/* ---- Sent ---- */

void probe_print_sent(enum mqb_status status)
{
    console_begin("sent");
    console_text("status", mqb_str_from(mqb_status_text(status)));
    console_number("token", mqb_client_last_token(&probe_client));
    console_end();
}

void probe_publish_with(const char *expiry, const char *content_type, const char *names)
{
    struct mqb_user_property user[40];
    struct mqb_properties properties = {
        .content_type = mqb_str_from(content_type),
        .user = user,
        .expiry_s = (uint32_t)strtoul(expiry, NULL, 10),
        .is_text = true,
    };
    for (; names && names[properties.user_count]; properties.user_count++)
        user[properties.user_count] =
            (struct mqb_user_property){{names + properties.user_count, 1}, mqb_str_from(expiry)};
    mqb_client_set_properties(&probe_client, &properties);
    probe_print_sent(probe_send(MQB_STR("with"), MQB_STR("text"), 1));
}

void probe_publish_retained(const char *what, const char *text)
{
    const struct mqb_str level = mqb_str_from(what);
    struct mqb_outbound outbound;
    mqb_outbound_begin(&outbound, &probe_client, &probe_out_address, &level);
    mqb_writer_bytes(&outbound.writer, mqb_str_from(text));
    probe_print_sent(mqb_outbound_send(&outbound, 1, true));
}

void probe_publish_bytes(int qos, const char *what, const char *count)
{
    static char bytes[PROBE_SEND_BYTES];
    const struct mqb_str payload = {bytes, strtoul(count, NULL, 10)};
    for (size_t i = 0; i < payload.len; i++)
        bytes[i] = (char)('a' + i % 23);
    probe_print_sent(probe_send(mqb_str_from(what), payload, qos));
}
