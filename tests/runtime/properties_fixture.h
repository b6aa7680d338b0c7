/* The two sides of tests/cases/properties on a loopback. */
#ifndef MQB_TEST_PROPERTIES_FIXTURE_H
#define MQB_TEST_PROPERTIES_FIXTURE_H

#include <mqbind/detail/memory.h>
#include <mqbind/loopback.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "properties_asker.h"
#include "properties_teller.h"

#define CALLS 4
#define KEPT 4
#define INBOX "askers/7/inbox"

/* A request that waits to be answered: copies, as the handler's views die. */
struct request {
    char response_topic[64];
    char correlation_data[64];
    size_t correlation_data_len;
};

struct fixture {
    struct mqb_loopback broker;
    struct mqb_loopback_peer peers[2];
    struct mqb_client clients[2];
    struct properties_asker asker;
    struct properties_teller teller;
    struct mqb_call calls[CALLS];
    char memory[1024];
    char scratch[2][1024];
    char send_buffer[2][256];
    struct request requests[KEPT];
    size_t request_count;
    char replies[KEPT][40]; /**< "tag: status text" */
    size_t reply_count;
    char reported[160]; /**< What on_error got last. */
    size_t published;
    struct mqb_publish last; /**< What the transport below was given. */
    bool send_inside;
};

/* ---- What sides are given ---- */

static inline void on_error(void *user, struct mqb_str topic, const struct mqb_error *error)
{
    struct fixture *f = user;
    char text[120];
    mqb_error_format(error, text, sizeof text);
    snprintf(f->reported, sizeof f->reported, "%.*s: %s", (int)topic.len, topic.ptr, text);
}

static inline enum mqb_status on_ask(
    struct properties_teller *teller,
    struct mqb_str response_topic,
    struct mqb_str correlation_data,
    const struct properties_ask *message)
{
    struct fixture *f = teller->user;
    struct request *request = &f->requests[f->request_count++];
    (void)message;
    assert_true(response_topic.len < sizeof request->response_topic);
    assert_true(correlation_data.len <= sizeof request->correlation_data);
    memcpy(request->response_topic, response_topic.ptr, response_topic.len);
    request->response_topic[response_topic.len] = '\0';
    memcpy(request->correlation_data, correlation_data.ptr, correlation_data.len);
    request->correlation_data_len = correlation_data.len;
    return MQB_OK;
}

static inline enum mqb_status answer(struct fixture *f, size_t place, const char *text)
{
    const struct request *request = &f->requests[place];
    const struct properties_told answer = {.text = mqb_str_from(text)};
    return properties_teller_send_told(
        &f->teller, mqb_str_from(request->response_topic),
        (struct mqb_str){request->correlation_data, request->correlation_data_len}, &answer);
}

static inline void on_reply(
    struct properties_asker *asker,
    void *user,
    enum mqb_status status,
    const struct properties_asker_ask_reply *reply)
{
    struct fixture *f = asker->user;
    const struct mqb_str text = reply && reply->told ? reply->told->text : MQB_STR("");
    snprintf(
        f->replies[f->reply_count++], sizeof f->replies[0], "%s: %s %.*s", (const char *)user,
        mqb_status_text(status), (int)text.len, text.ptr);
}

static inline enum mqb_status call(struct fixture *f, char *tag)
{
    const struct properties_ask ask = {.about = MQB_STR("rain")};
    return properties_asker_call_ask(&f->asker, &ask, 100, on_reply, tag);
}

static inline struct mqb_client_config config_of(struct fixture *f, size_t place)
{
    return (struct mqb_client_config){
        .transport = mqb_loopback_join(&f->broker, &f->peers[place], &f->clients[place]),
        .scratch = f->scratch[place],
        .scratch_bytes = sizeof f->scratch[place],
        .send_buffer = f->send_buffer[place],
        .send_buffer_bytes = sizeof f->send_buffer[place],
        .calls = place == 0 ? f->calls : NULL,
        .call_count = place == 0 ? CALLS : 0,
        .seed = place == 0 ? "a seed of the asker's" : NULL,
        .seed_bytes = place == 0 ? 21 : 0,
        .on_error = on_error,
        .user = f,
    };
}

static inline int set_up(void **state)
{
    static struct fixture fixture;
    static const struct properties_asker_handlers asker_handlers;
    static const struct properties_teller_handlers teller_handlers = {.ask = on_ask};
    struct fixture *f = &fixture;
    mqb_memory_unpoison(f, sizeof *f);
    memset(f, 0, sizeof *f);
    memset(f->send_buffer, 'x', sizeof f->send_buffer);
    mqb_loopback_init(&f->broker, f->memory, sizeof f->memory);
    for (size_t i = 0; i < 2; i++) {
        const struct mqb_client_config config = config_of(f, i);
        mqb_client_init(&f->clients[i], &config);
        mqb_client_tick(&f->clients[i], 1000);
    }
    f->asker = (struct properties_asker){
        .client = &f->clients[0],
        .handlers = &asker_handlers,
        .answers_topic = MQB_STR(INBOX),
        .user = f,
    };
    f->teller = (struct properties_teller){
        .client = &f->clients[1],
        .handlers = &teller_handlers,
        .user = f,
    };
    assert_int_equal(properties_asker_bind(&f->asker), MQB_OK);
    assert_int_equal(properties_teller_bind(&f->teller), MQB_OK);
    *state = f;
    return 0;
}

#endif
