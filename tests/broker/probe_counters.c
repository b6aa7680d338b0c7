/* The counters of the probe, of its connection and its client. */
#include "console.h"
#include "probe.h"

static uint64_t received_sum(void)
{
    uint64_t sum = 0;
    for (size_t i = 0; i < MQB_STATUS_COUNT; i++)
        sum += probe_client.counters.received_by_status[i];
    return sum;
}

void probe_print_counters(const char *event)
{
    const test_connection *c = &probe_connection;
    const struct mqb_queue_counters *q = &c->counters.messages;
    const struct {
        const char *name;
        uint64_t value;
    } counts[] = {
        {"connects", c->counters.connects},
        {"resumed", c->counters.resumed},
        {"connect_failures", c->counters.connect_failures},
        {"disconnects", c->counters.disconnects},
        {"publishes", q->accepted},
        {"queued", q->queued},
        {"sent", q->sent},
        {"confirmed", q->confirmed},
        {"publishes_refused", q->refused},
        {"dropped", q->dropped},
        {"expired", q->expired},
        {"cancelled", q->cancelled},
        {"rejected", q->rejected},
        {"subscribes", c->counters.subscribes},
        {"granted", c->counters.granted},
        {"subscribes_refused", c->counters.subscribes_refused},
        {"subscribes_lost", c->counters.subscribes_lost},
        {"subscribing", CONNECTION(get_status)(&probe_connection).subscribing},
        {"most_subscribes_in_a_turn", console_most_subscribes()},
        {"slow_handlers", c->counters.slow_handlers},
        {"pending", CONNECTION(get_status)(&probe_connection).pending},
        {"received", probe_client.counters.received},
        {"received_sum", received_sum()},
        {"received_ok", probe_client.counters.received_by_status[MQB_OK]},
        {"subscribe_failures", probe_client.counters.subscribe_failures},
        {"calls", probe_client.counters.calls},
        {"calls_replied", probe_client.counters.calls_replied},
        {"calls_timed_out", probe_client.counters.calls_timed_out},
        {"calls_lost", probe_client.counters.calls_lost},
        {"calls_cancelled", probe_client.counters.calls_cancelled},
        {"right_replies", probe_right_replies},
        {"wrong_replies", probe_wrong_replies},
        {"turns", console_turns()},
        {"longest_turn_us", console_longest_turn_us()},
        {"idle_turns", console_idle_turns()},
    };
    console_begin(event);
    for (size_t i = 0; i < sizeof counts / sizeof counts[0]; i++)
        console_number(counts[i].name, counts[i].value);
    probe_own_counters();
    console_end();
}
