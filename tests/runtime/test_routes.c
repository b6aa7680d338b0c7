/* Routes whose topic the binding gives, and routes that share topics. */
#include <mqbind/detail/side.h>

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#define SCRATCH_BYTES 512

struct side {
    struct mqb_binding binding;
    struct mqb_binding_link links[3];
    struct mqb_str values[3];
    unsigned calls[3]; /* By route. */
    enum mqb_status verdicts[3];
    struct mqb_str level; /* The last parameter. */
};

struct fixture {
    struct mqb_client client;
    struct side side;
    char scratch[SCRATCH_BYTES];
    char send_buffer[64];
    unsigned errors;
    struct mqb_error error;
    char filters[128];
};

static enum mqb_status take(struct mqb_binding *binding, struct mqb_inbound *in, size_t route)
{
    struct side *side = binding->side;
    side->calls[route]++;
    side->level = in->parameters[0];
    in->error->offset = route;
    return side->verdicts[route];
}

static enum mqb_status take_first(struct mqb_binding *binding, struct mqb_inbound *in)
{
    return take(binding, in, 0);
}

static enum mqb_status take_second(struct mqb_binding *binding, struct mqb_inbound *in)
{
    return take(binding, in, 1);
}

static enum mqb_status take_third(struct mqb_binding *binding, struct mqb_inbound *in)
{
    return take(binding, in, 2);
}

static bool wanted(const struct mqb_binding *binding)
{
    (void)binding;
    return true;
}

static const struct mqb_parameter dynamic_topic = {.name = "t", .multi_level = true, .bound = true};
static const struct mqb_parameter *const dynamic[] = {&dynamic_topic};
static const struct mqb_address dynamic_address = {"{}", dynamic, 1};
static const uint8_t places[] = {0, 1, 2};
static const struct mqb_route dynamic_routes[] = {
    {.address = &dynamic_address,
     .values = places,
     .key = 1,
     .receive = take_first,
     .wanted = wanted,
     .dynamic = true},
    {.address = &dynamic_address,
     .values = places + 1,
     .key = 2,
     .receive = take_second,
     .wanted = wanted,
     .dynamic = true},
    {.address = &dynamic_address,
     .values = places + 2,
     .key = 3,
     .receive = take_third,
     .wanted = wanted,
     .dynamic = true},
};

static void walk_dynamic(struct mqb_match *walk, const char *at)
{
    mqb_match_rest(walk, &at, 0);
    for (size_t route = 0; route < 3; route++)
        mqb_match_route(walk, at, route);
}

static const uint32_t dynamic_keys[] = {1, 2, 4};
static const struct mqb_router dynamic_router = {
    .routes = dynamic_routes,
    .walk = walk_dynamic,
    .keys = dynamic_keys,
    .route_count = 3,
    .value_count = 3,
    .key_count = 3,
};

static enum mqb_status subscribe(void *context, const char *filter, int qos)
{
    struct fixture *f = context;
    (void)qos;
    strncat(f->filters, filter, sizeof f->filters - strlen(f->filters) - 2);
    strcat(f->filters, " ");
    return MQB_OK;
}

static void on_error(void *user, struct mqb_str topic, const struct mqb_error *error)
{
    struct fixture *f = user;
    (void)topic;
    f->errors++;
    f->error = *error;
}

static int set_up(void **state)
{
    static struct fixture f;
    mqb_memory_unpoison(&f, sizeof f);
    memset(&f, 0, sizeof f);
    const struct mqb_client_config config = {
        .transport = {.context = &f, .subscribe = subscribe},
        .scratch = f.scratch,
        .scratch_bytes = sizeof f.scratch,
        .send_buffer = f.send_buffer,
        .send_buffer_bytes = sizeof f.send_buffer,
        .on_error = on_error,
        .user = &f,
    };
    mqb_client_init(&f.client, &config);
    *state = &f;
    return 0;
}

static enum mqb_status bind(struct fixture *f, const struct mqb_router *router)
{
    f->side.binding = (struct mqb_binding){
        .client = &f->client,
        .router = router,
        .values = f->side.values,
        .links = f->side.links,
        .side = &f->side,
    };
    return mqb_binding_add(&f->side.binding);
}

static enum mqb_status receive(struct fixture *f, const char *topic)
{
    const struct mqb_publish message = {.topic = mqb_str_from(topic), .payload = MQB_STR("1")};
    memset(f->side.calls, 0, sizeof f->side.calls);
    return mqb_client_receive(&f->client, &message);
}

static void bind_dynamic(struct fixture *f)
{
    f->side.values[0] = MQB_STR("a/b");
    f->side.values[1] = MQB_STR("a/b");
    f->side.values[2] = MQB_STR("c");
    assert_int_equal(bind(f, &dynamic_router), MQB_OK);
}

static void a_topic_given_to_several_routes_is_tried_with_each(void **state)
{
    struct fixture *f = *state;
    bind_dynamic(f);
    assert_string_equal(f->filters, "a/b a/b c ");
    f->side.verdicts[0] = MQB_ERR_TYPE;
    assert_int_equal(receive(f, "a/b"), MQB_OK);
    assert_int_equal(f->side.calls[0], 1);
    assert_int_equal(f->side.calls[1], 1);
    assert_int_equal(f->side.calls[2], 0);
    assert_int_equal(f->errors, 0);
    assert_true(mqb_str_equal(f->side.level, MQB_STR("a/b")));
    assert_int_equal(f->client.counters.received_by_status[MQB_OK], 1);
}

static void the_first_route_that_takes_it_is_the_last_tried(void **state)
{
    struct fixture *f = *state;
    bind_dynamic(f);
    assert_int_equal(receive(f, "a/b"), MQB_OK);
    assert_int_equal(f->side.calls[1], 0);
    f->side.verdicts[0] = MQB_ERR_HANDLER;
    assert_int_equal(receive(f, "a/b"), MQB_ERR_HANDLER);
    assert_int_equal(f->side.calls[1], 0);
    assert_int_equal(f->errors, 1);
}

static void of_several_refusals_the_first_is_reported(void **state)
{
    struct fixture *f = *state;
    bind_dynamic(f);
    f->side.verdicts[0] = MQB_ERR_NO_CALL;
    f->side.verdicts[1] = MQB_ERR_TYPE;
    assert_int_equal(receive(f, "a/b"), MQB_ERR_NO_CALL);
    assert_int_equal(f->errors, 1);
    assert_int_equal(f->error.status, MQB_ERR_NO_CALL);
    assert_true(f->error.offset == MQB_NO_OFFSET);
    /* A handler's refusal is not hidden by another message's. */
    f->side.verdicts[1] = MQB_ERR_HANDLER;
    assert_int_equal(receive(f, "a/b"), MQB_ERR_HANDLER);
    assert_int_equal(f->error.offset, 1);
}

static void no_other_topic_reaches_a_route_whose_topic_is_given(void **state)
{
    struct fixture *f = *state;
    bind_dynamic(f);
    assert_int_equal(receive(f, "a"), MQB_ERR_NO_ROUTE);
    assert_int_equal(receive(f, "a/b/c"), MQB_ERR_NO_ROUTE);
    f->side.values[2] = (struct mqb_str){NULL, 0};
    assert_int_equal(receive(f, "c"), MQB_ERR_NO_ROUTE);
}

static void a_binding_gives_what_it_must(void **state)
{
    struct fixture *f = *state;
    assert_int_equal(bind(f, &dynamic_router), MQB_ERR_TOPIC);
    assert_string_equal(f->error.rule, "a topic parameter must not be empty");
    f->side.values[0] = MQB_STR("a/#");
    assert_int_equal(bind(f, &dynamic_router), MQB_ERR_TOPIC);
    assert_string_equal(f->filters, "");
}

static void walk_alike(struct mqb_match *walk, const char *at)
{
    if (!mqb_match_text(walk, &at, "n/", 2))
        return;
    mqb_match_level(walk, &at, 0);
    mqb_match_route(walk, at, 0);
    mqb_match_route(walk, at, 1);
}

static void the_route_whose_parameters_fit_goes_first(void **state)
{
    static const struct mqb_parameter one = {
        .name = "x", .max_length = 1, .rule = "x must have at most 1 characters"};
    static const struct mqb_parameter two = {
        .name = "x", .max_length = 2, .rule = "x must have at most 2 characters"};
    static const struct mqb_parameter *const first[] = {&one};
    static const struct mqb_parameter *const second[] = {&two};
    static const struct mqb_address short_address = {"n/{}", first, 1};
    static const struct mqb_address long_address = {"n/{}", second, 1};
    static const struct mqb_route routes[] = {
        {.address = &short_address, .values = places, .receive = take_first, .wanted = wanted},
        {.address = &long_address, .values = places, .receive = take_second, .wanted = wanted},
    };
    static const struct mqb_router router = {
        .routes = routes, .walk = walk_alike, .route_count = 2, .value_count = 1};
    struct fixture *f = *state;
    assert_int_equal(bind(f, &router), MQB_OK);
    assert_int_equal(receive(f, "n/a"), MQB_OK);
    assert_int_equal(f->side.calls[0], 1);
    assert_int_equal(receive(f, "n/ab"), MQB_OK);
    assert_int_equal(f->side.calls[1], 1);
    assert_true(mqb_str_equal(f->side.level, MQB_STR("ab")));
    assert_int_equal(receive(f, "n/abc"), MQB_ERR_TOPIC);
    assert_string_equal(f->error.rule, "x must have at most 1 characters");
}

/* A topic that is of one address is not of another for who wants other values of the first. */
static void the_values_of_a_binding_do_not_change_what_a_topic_means(void **state)
{
    static const struct mqb_parameter x = {.name = "x"};
    static const struct mqb_parameter *const any[] = {&x};
    static const struct mqb_address address = {"n/{}", any, 1};
    static const struct mqb_route routes[] = {
        {.address = &address, .values = places, .receive = take_first, .wanted = wanted},
        {.address = &address, .values = places + 1, .receive = take_second, .wanted = wanted},
    };
    static const struct mqb_router router = {
        .routes = routes, .walk = walk_alike, .route_count = 2, .value_count = 2};
    struct fixture *f = *state;
    f->side.values[0] = MQB_STR("2");
    assert_int_equal(bind(f, &router), MQB_OK);
    assert_int_equal(receive(f, "n/1"), MQB_ERR_NO_ROUTE);
    assert_int_equal(f->side.calls[1], 0);
    assert_int_equal(receive(f, "n/2"), MQB_OK);
    assert_int_equal(f->side.calls[0], 1);
}

static void walk_literal_or_dynamic(struct mqb_match *walk, const char *at)
{
    const char *const start = at;
    if (mqb_match_text(walk, &at, "n/1", 3))
        mqb_match_route(walk, at, 0);
    at = start;
    mqb_match_rest(walk, &at, 0);
    mqb_match_route(walk, at, 1);
}

static void a_topic_that_is_given_is_of_no_other_address(void **state)
{
    static const struct mqb_address literal = {"n/1", NULL, 0};
    static const struct mqb_route routes[] = {
        {.address = &literal, .receive = take_first, .wanted = wanted},
        {.address = &dynamic_address,
         .values = places,
         .receive = take_second,
         .wanted = wanted,
         .dynamic = true},
    };
    static const struct mqb_router router = {
        .routes = routes, .walk = walk_literal_or_dynamic, .route_count = 2, .value_count = 1};
    struct fixture *f = *state;
    f->side.values[0] = MQB_STR("n/1");
    assert_int_equal(bind(f, &router), MQB_ERR_TOPIC);
    assert_string_equal(f->error.rule, "the topic would reach the handler of another address");
    assert_string_equal(f->filters, "");
    f->side.values[0] = MQB_STR("n/2");
    assert_int_equal(bind(f, &router), MQB_OK);
    assert_int_equal(receive(f, "n/2"), MQB_OK);
    assert_int_equal(f->side.calls[1], 1);
}

static void no_filter_starts_with_a_dollar_of_a_parameter(void **state)
{
    struct fixture *f = *state;
    f->side.values[0] = MQB_STR("$share/group/n");
    f->side.values[1] = MQB_STR("a");
    f->side.values[2] = MQB_STR("a");
    assert_int_equal(bind(f, &dynamic_router), MQB_ERR_TOPIC);
    assert_string_equal(f->error.rule, "a topic parameter must not start a topic with \"$\"");
    f->side.values[0] = MQB_STR("a/$share");
    assert_int_equal(bind(f, &dynamic_router), MQB_OK);
}

static void what_is_no_json_message_is_raw(void **state)
{
    struct fixture *f = *state;
    struct mqb_error error = {.status = MQB_OK};
    struct mqb_reader r;
    mqb_reader_open(&r, MQB_STR("{"), &f->client.scratch);
    assert_true(mqb_reader_close_raw(&r, &error));
    assert_int_equal(error.status, MQB_OK);
    mqb_reader_open(&r, MQB_STR("1"), &f->client.scratch);
    assert_true(mqb_reader_close_raw(&r, &error));
    struct mqb_scratch none = mqb_scratch_from(NULL, 0);
    mqb_reader_open(&r, MQB_STR("[1]"), &none);
    assert_false(mqb_reader_close_raw(&r, &error));
    assert_int_equal(error.status, MQB_ERR_SPACE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(a_topic_given_to_several_routes_is_tried_with_each, set_up),
        cmocka_unit_test_setup(the_first_route_that_takes_it_is_the_last_tried, set_up),
        cmocka_unit_test_setup(of_several_refusals_the_first_is_reported, set_up),
        cmocka_unit_test_setup(no_other_topic_reaches_a_route_whose_topic_is_given, set_up),
        cmocka_unit_test_setup(a_binding_gives_what_it_must, set_up),
        cmocka_unit_test_setup(the_route_whose_parameters_fit_goes_first, set_up),
        cmocka_unit_test_setup(the_values_of_a_binding_do_not_change_what_a_topic_means, set_up),
        cmocka_unit_test_setup(a_topic_that_is_given_is_of_no_other_address, set_up),
        cmocka_unit_test_setup(no_filter_starts_with_a_dollar_of_a_parameter, set_up),
        cmocka_unit_test_setup(what_is_no_json_message_is_raw, set_up),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
