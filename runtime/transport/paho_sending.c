/*
 * Messages wait in the outbox, and only as many are handed over as may be in flight. What paho had
 * when a connection broke is taken back and sent again on the next one.
 */
#define _POSIX_C_SOURCE 200809L
#include "transport/paho_sending.h"

#include "transport/announced.h"
#include "transport/outbox.h"
#include "transport/paho_state.h"
#include "transport/paho_threads.h"
#include "transport/posix_clock.h"
#include "transport/posix_pipe.h"

const char *mqb_paho_refusal(void *context, const struct mqb_publish *message)
{
    const struct mqb_paho *p = context;
    if (!p->is_open || !mqb_paho_is_online(p))
        return NULL;
    const struct mqb_announced_limit *limit = mqb_announced_limit_of(&p->limits, message);
    return limit ? limit->rule : NULL;
}

enum mqb_status mqb_paho_publish(void *context, const struct mqb_publish *message)
{
    struct mqb_paho *p = context;
    if (!p->is_open)
        return MQB_ERR_TRANSPORT;
    if (mqb_paho_refusal(p, message)) {
        p->counters.messages.rejected++;
        return MQB_ERR_TRANSPORT;
    }
    /* Otherwise it cannot move, and may split the room that there is. */
    if (p->is_handing && p->holds && mqb_paho_wait_for_done(p, MQB_PAHO_SEND))
        mqb_paho_send_done(p);
    const enum mqb_status status =
        mqb_outbox_put(&p->outbox, message, mqb_posix_now(), mqb_paho_is_online(p));
    mqb_posix_write_byte(p->wake);
    return status;
}

bool mqb_paho_withdraw(void *context, uint64_t token)
{
    struct mqb_paho *p = context;
    return p->is_open && mqb_outbox_withdraw(&p->outbox, token);
}

bool mqb_paho_send_next(struct mqb_paho *p)
{
    if (p->take_back)
        mqb_outbox_take_back(&p->outbox);
    p->take_back = false;
    const int64_t now_ms = mqb_posix_now();
    struct mqb_queued *queued = mqb_outbox_next(&p->outbox, now_ms, p->limits.in_flight_max);
    if (!queued)
        return false;
    p->holds = !mqb_queue_copy(queued, p->sending, sizeof p->sending, &p->command.message);
    if (p->holds)
        p->command.message = mqb_queue_view(queued);
    p->command.message.properties.expiry_s = mqb_outbox_seconds_left(queued, now_ms);
    const struct mqb_announced_limit *limit =
        mqb_announced_limit_of(&p->limits, &p->command.message);
    if (limit) {
        mqb_outbox_end(&p->outbox, queued, MQB_OUTCOME_REFUSED, (uint8_t)limit->reason);
        return true;
    }
    mqb_outbox_set_in_flight(&p->outbox, queued);
    if (p->holds)
        mqb_queue_hold(&p->outbox.queue, queued);
    p->is_handing = true;
    p->handing_token = queued->token;
    mqb_paho_command(p, MQB_PAHO_SEND);
    return true;
}

/* What paho gave up when the connection broke is sent again on the next one. */
static void end_message(struct mqb_paho *p, struct mqb_queued *queued, int value)
{
    if (value >= 0)
        p->doublings = 0;
    if (value == 0)
        mqb_outbox_end(&p->outbox, queued, MQB_OUTCOME_CONFIRMED, 0);
    else if (value > 0)
        mqb_outbox_end(&p->outbox, queued, MQB_OUTCOME_REFUSED, (uint8_t)value);
}

/* The answer can come before what paho returned. */
void mqb_paho_send_done(struct mqb_paho *p)
{
    struct mqb_queued *queued = mqb_queue_find_token(&p->outbox.queue, p->handing_token);
    p->is_handing = false;
    p->holds = false;
    mqb_queue_hold(&p->outbox.queue, NULL);
    if (p->command.rc != 0)
        mqb_outbox_end(&p->outbox, queued, MQB_OUTCOME_DROPPED, 0);
    else if (queued->qos == 0)
        mqb_outbox_end(&p->outbox, queued, MQB_OUTCOME_SENT, 0);
    else if (p->early_sent_id == p->command.id)
        end_message(p, queued, p->early_sent_value);
    else
        mqb_queue_set_id(&p->outbox.queue, queued, p->command.id);
    p->early_sent_id = 0;
}

void mqb_paho_send_answered(struct mqb_paho *p, uint32_t id, int value)
{
    struct mqb_queued *queued = mqb_queue_find_id(&p->outbox.queue, id);
    if (queued) {
        end_message(p, queued, value);
    } else if (p->is_handing) {
        p->early_sent_id = id;
        p->early_sent_value = value;
    }
}
