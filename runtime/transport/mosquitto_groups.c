#include "transport/mosquitto_groups.h"

#include <string.h>

#include "transport/posix_clock.h"
#include "transport/posix_entropy.h"

#define PROBE_GROUP "$share/mqbind-"
#define PROBE_GROUP_BYTES (sizeof PROBE_GROUP - 1)
/* Of the random digits that the group and the message have. */
#define MARK_BYTES (MQB_MOSQUITTO_MARK_BYTES - 1)
#define PROBE_TOPIC_MAX (MQB_MOSQUITTO_FILTER_BYTES - PROBE_GROUP_BYTES - MARK_BYTES - 2)

const char *mqb_mosquitto_groups_rule(const struct mqb_mosquitto_settings *s)
{
    if (!s->groups_topic)
        return NULL;
    if (strlen(s->groups_topic) > PROBE_TOPIC_MAX)
        return "groups_topic is longer than MQB_MOSQUITTO_FILTER_BYTES allows";
    if (s->groups_topic[0] == '$' || mosquitto_pub_topic_check(s->groups_topic) != MOSQ_ERR_SUCCESS)
        return "groups_topic must be a topic without wildcards";
    return s->groups_ms < 0 ? "groups_ms must not be negative" : NULL;
}

/* Nobody else must be in the group: the message would reach one of its members. */
static bool draw_mark(char mark[MQB_MOSQUITTO_MARK_BYTES])
{
    unsigned char bytes[MARK_BYTES / 2];
    if (!mqb_posix_entropy(NULL, bytes, sizeof bytes))
        return false;
    for (size_t i = 0; i < MARK_BYTES; i++)
        mark[i] = "0123456789abcdef"[bytes[i / 2] >> (i % 2 * 4) & 15U];
    mark[MARK_BYTES] = '\0';
    return true;
}

static void write_probe_filter(
    const struct mqb_mosquitto *m,
    char filter[MQB_MOSQUITTO_FILTER_BYTES])
{
    memcpy(filter, PROBE_GROUP, PROBE_GROUP_BYTES);
    memcpy(filter + PROBE_GROUP_BYTES, m->probe.mark, MARK_BYTES);
    filter[PROBE_GROUP_BYTES + MARK_BYTES] = '/';
    strcpy(filter + PROBE_GROUP_BYTES + MARK_BYTES + 1, m->settings.groups_topic);
}

/* The probe has its result. */
static void end_probe(struct mqb_mosquitto *m, enum mqb_mosquitto_groups groups)
{
    char filter[MQB_MOSQUITTO_FILTER_BYTES];
    if (m->probe.granted) {
        write_probe_filter(m, filter);
        mosquitto_unsubscribe(m->mosq, NULL, filter);
    }
    m->probe.active = false;
    m->groups = groups;
    if (m->settings.on_groups)
        m->settings.on_groups(m->settings.user, groups);
}

void mqb_mosquitto_groups_begin(struct mqb_mosquitto *m)
{
    char filter[MQB_MOSQUITTO_FILTER_BYTES];
    m->groups = m->limits.no_groups ? MQB_MOSQUITTO_GROUPS_ABSENT : MQB_MOSQUITTO_GROUPS_UNKNOWN;
    if (!m->settings.groups_topic)
        return;
    memset(&m->probe, 0, sizeof m->probe);
    m->probe.active = true;
    m->probe.due_ms = mqb_posix_now() + m->settings.groups_ms;
    if (m->limits.no_groups) {
        end_probe(m, MQB_MOSQUITTO_GROUPS_ABSENT);
        return;
    }
    if (!draw_mark(m->probe.mark))
        return;
    write_probe_filter(m, filter);
    mosquitto_subscribe(m->mosq, &m->probe.mid, filter, 1);
}

bool mqb_mosquitto_groups_answered(struct mqb_mosquitto *m, int mid, bool granted)
{
    struct mqb_mosquitto_probe *probe = &m->probe;
    if (!probe->active || probe->mid == 0 || probe->mid != mid)
        return false;
    probe->mid = 0;
    probe->granted = granted;
    if (granted)
        mosquitto_publish(
            m->mosq, NULL, m->settings.groups_topic, (int)MARK_BYTES, probe->mark, 1, false);
    else
        end_probe(m, MQB_MOSQUITTO_GROUPS_ABSENT);
    return true;
}

bool mqb_mosquitto_groups_received(struct mqb_mosquitto *m, const struct mosquitto_message *message)
{
    const char *topic = m->settings.groups_topic;
    if (!topic || message->payloadlen != (int)MARK_BYTES || strcmp(message->topic, topic) != 0 ||
        memcmp(message->payload, m->probe.mark, MARK_BYTES) != 0)
        return false;
    if (m->probe.active)
        end_probe(m, MQB_MOSQUITTO_GROUPS_SERVED);
    return true;
}

void mqb_mosquitto_groups_tick(struct mqb_mosquitto *m)
{
    if (m->probe.active && mqb_posix_now() >= m->probe.due_ms)
        end_probe(m, MQB_MOSQUITTO_GROUPS_UNKNOWN);
}

void mqb_mosquitto_groups_end(struct mqb_mosquitto *m)
{
    m->probe.active = false;
}
