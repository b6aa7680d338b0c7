/* Sides that would receive what they send: which are refused, and what decides it. */
#include "client_fixture.h"

#include "client/address.h"
#include "client/topic_filter.h"

#define RETURNED "the side would receive what it sends on this topic"

static enum mqb_own_messages own;

static enum mqb_own_messages own_messages(void *context)
{
    (void)context;
    return own;
}

/* The addresses on which the side sends; the value of the second is one of the side. */
static const struct mqb_parameter bound_id = {.name = "id", .bound = true};
static const struct mqb_parameter *const bound_parameters[] = {&bound_id};
static const struct mqb_address bound_address = {"valve/{}/open", bound_parameters, 1};
static const uint8_t bound_places[] = {1};

static struct mqb_echo echo;
static const struct mqb_route route = {
    .address = &valve_open_address,
    .values = valve_open_values,
    .receive = valve_receive_open,
    .wanted = valve_wants_open,
    .echoes = &echo,
    .echo_count = 1,
};

/* Bind a side that receives from valve/`id`/open, empty for any. */
static enum mqb_status bind(struct fixture *f, const char *id, const char *group)
{
    static struct mqb_router router;
    static struct mqb_str values[2];
    router = router_of(&route);
    router.value_count = 2;
    values[0] = mqb_str_from(id);
    f->valve.binding = (struct mqb_binding){
        .client = &f->client,
        .router = &router,
        .values = values,
        .side = &f->valve,
        .group = group,
    };
    values[1] = MQB_STR("south");
    const enum mqb_status status = mqb_binding_add(&f->valve.binding);
    if (status == MQB_OK)
        assert_int_equal(mqb_binding_remove(&f->valve.binding), MQB_OK);
    else
        assert_false(mqb_binding_is_active(&f->valve.binding));
    return status;
}

static void init(struct fixture *f, enum mqb_own_messages what)
{
    struct mqb_client_config config = make_config(f);
    config.transport.own_messages = own_messages;
    own = what;
    mqb_client_init(&f->client, &config);
    echo = (struct mqb_echo){&valve_open_address, NULL};
}

static void a_side_that_receives_what_it_sends_is_not_bound(void **state)
{
    struct fixture *f = *state;
    init(f, MQB_OWN_RETURNED);
    assert_int_equal(bind(f, "", NULL), MQB_ERR_TOPIC);
    assert_reported(f, 0, "valve/{}/open: 3 : " RETURNED);
    assert_int_equal(f->client.counters.subscribe_failures, 1);
    assert_int_equal(f->record.count, 0);
    assert_int_equal(bind(f, "", "crew"), MQB_ERR_TOPIC);
    assert_reported(f, 1, "valve/{}/open: 3 : " RETURNED);
}

static void a_transport_that_says_nothing_returns_messages(void **state)
{
    struct fixture *f = *state;
    init(f, MQB_OWN_NEVER);
    f->client.config.transport.own_messages = NULL;
    assert_int_equal(bind(f, "", NULL), MQB_ERR_TOPIC);
}

static void the_transport_can_leave_them_out_except_in_groups(void **state)
{
    struct fixture *f = *state;
    init(f, MQB_OWN_LEFT_OUT);
    assert_int_equal(bind(f, "", NULL), MQB_OK);
    assert_int_equal(bind(f, "", "crew"), MQB_ERR_TOPIC);
    assert_reported(f, 0, "valve/{}/open: 3 : a group cannot be subscribed to with \"no local\"");
    /* Not even if the side sends nothing on the topic: another side may. */
    echo.address = &valve_state_address;
    assert_int_equal(bind(f, "", "crew"), MQB_ERR_TOPIC);
    init(f, MQB_OWN_NEVER);
    assert_int_equal(bind(f, "", NULL), MQB_OK);
    assert_int_equal(bind(f, "", "crew"), MQB_OK);
}

static void a_client_that_cannot_send_is_not_asked(void **state)
{
    struct fixture *f = *state;
    init(f, MQB_OWN_RETURNED);
    f->client.config.transport.publish = NULL;
    assert_int_equal(bind(f, "", NULL), MQB_OK);
    init(f, MQB_OWN_RETURNED);
    f->client.config.transport.subscribe = NULL;
    assert_int_equal(bind(f, "", NULL), MQB_OK);
    init(f, MQB_OWN_RETURNED);
    f->client.config.send_buffer_bytes = 0;
    assert_int_equal(bind(f, "", NULL), MQB_OK);
}

static void the_values_of_the_side_decide(void **state)
{
    static const struct {
        struct mqb_echo echo;
        const char *id;
        enum mqb_status status;
    } cases[] = {
        {{&valve_open_address, NULL}, "north", MQB_ERR_TOPIC},
        {{&valve_state_address, NULL}, "", MQB_OK},
        {{&valve_open_all_address, NULL}, "", MQB_ERR_TOPIC},
        {{&valve_open_all_address, NULL}, "all", MQB_ERR_TOPIC},
        {{&valve_open_all_address, NULL}, "north", MQB_OK},
        {{&bound_address, bound_places}, "", MQB_ERR_TOPIC},
        {{&bound_address, bound_places}, "south", MQB_ERR_TOPIC},
        {{&bound_address, bound_places}, "north", MQB_OK},
    };
    struct fixture *f = *state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        init(f, MQB_OWN_RETURNED);
        echo = cases[i].echo;
        assert_int_equal(bind(f, cases[i].id, NULL), cases[i].status);
    }
}

/* ---- Which addresses meet a filter: compared with every topic of three short levels ---- */

#define LEVELS 3
static const char *const address_levels[] = {"a", "ab", "{}"};
static const char *const filter_levels[] = {"a", "ab", "+"};
static const char *const topic_levels[] = {"a", "ab", "c"};

/* Write levels chosen by the digits of `number`, to base 3. Returns how many numbers there are. */
static unsigned write_levels(
    char *text,
    const char *const *levels,
    unsigned count,
    unsigned number,
    const char *last)
{
    text[0] = '\0';
    for (unsigned i = 0; i < count; i++, number /= 3)
        strcat(strcat(text, i == 0 ? "" : "/"), levels[number % 3]);
    if (last)
        strcat(strcat(text, count == 0 ? "" : "/"), last);
    return count == 0 ? 1 : count == 1 ? 3 : count == 2 ? 9 : 27;
}

/* Whether a topic of 1 to 3 levels, and as many as `least`, matches both filters. */
static bool some_topic_matches(const char *one, const char *other, unsigned least)
{
    char topic[40];
    for (unsigned count = least; count <= LEVELS; count++) {
        unsigned all = 1;
        for (unsigned number = 0; number < all; number++) {
            all = write_levels(topic, topic_levels, count, number, NULL);
            if (mqb_topic_filter_matches(mqb_str_from(one), mqb_str_from(topic)) &&
                mqb_topic_filter_matches(mqb_str_from(other), mqb_str_from(topic)))
                return true;
        }
    }
    return false;
}

static const struct mqb_parameter one_level = {.name = "x"};
static const struct mqb_parameter rest = {.name = "rest", .multi_level = true};

/* An address of `count` levels, the last of which may span several, and each filter. */
static unsigned compare(const char *text, unsigned count, bool spans)
{
    const struct mqb_parameter *parameters[LEVELS];
    const struct mqb_str values[LEVELS] = {{NULL, 0}};
    struct mqb_address address = {text, parameters, 0};
    char own_filter[40];
    char filter[40];
    unsigned compared = 0;
    for (const char *at = strchr(text, '{'); at; at = strchr(at + 1, '{'))
        parameters[address.parameter_count++] = &one_level;
    if (spans)
        parameters[address.parameter_count - 1] = &rest;
    mqb_topic_write(&address, values, own_filter, sizeof own_filter);
    for (unsigned kind = 0; kind < 2 * LEVELS; kind++) {
        const bool open = kind >= LEVELS;
        const unsigned levels = open ? kind - LEVELS : kind + 1;
        const unsigned least = open ? levels + 1 : levels;
        unsigned all = 1;
        for (unsigned number = 0; number < all; number++, compared++) {
            all = write_levels(filter, filter_levels, levels, number, open ? "#" : NULL);
            assert_int_equal(
                mqb_topic_meets(&address, values, mqb_str_from(filter)),
                some_topic_matches(own_filter, filter, least > count ? least : count));
        }
    }
    return compared;
}

static void addresses_meet_a_filter_if_some_topic_matches_both(void **state)
{
    char text[40];
    unsigned compared = 0;
    (void)state;
    for (unsigned count = 1; count <= LEVELS; count++) {
        unsigned all = 1;
        for (unsigned number = 0; number < all; number++) {
            all = write_levels(text, address_levels, count, number, NULL);
            compared += compare(text, count, false);
            if (text[strlen(text) - 1] == '}')
                compared += compare(text, count, true);
        }
    }
    assert_int_equal(compared, 2704);
}

#define TEST(name) cmocka_unit_test_setup(name, set_up)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_side_that_receives_what_it_sends_is_not_bound),
        TEST(a_transport_that_says_nothing_returns_messages),
        TEST(the_transport_can_leave_them_out_except_in_groups),
        TEST(a_client_that_cannot_send_is_not_asked),
        TEST(the_values_of_the_side_decide),
        TEST(addresses_meet_a_filter_if_some_topic_matches_both),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
