/* NULL where a connection is needed is refused, or does nothing. */
#include <mqbind/mosquitto.h>

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static void a_connection_needs_settings(void **state)
{
    static struct mqb_mosquitto mosquitto;
    const struct mqb_mosquitto_settings settings = {.client = NULL};
    (void)state;
    assert_int_equal(mqb_mosquitto_init(NULL, &settings), MQB_ERR_ARGUMENT);
    assert_int_equal(mqb_mosquitto_init(&mosquitto, NULL), MQB_ERR_ARGUMENT);
    assert_int_equal(mqb_mosquitto_init(&mosquitto, &settings), MQB_ERR_VALUE);
    mqb_mosquitto_close(&mosquitto);
}

static void without_a_connection_nothing_happens(void **state)
{
    (void)state;
    assert_null(mqb_mosquitto_transport(NULL).publish);
    assert_int_equal(mqb_mosquitto_run(NULL), MQB_ERR_ARGUMENT);
    assert_false(mqb_mosquitto_step(NULL, 0));
    assert_int_equal(mqb_mosquitto_socket(NULL), -1);
    assert_false(mqb_mosquitto_want_write(NULL));
    assert_in_range(mqb_mosquitto_due_ms(NULL), 0, 1000);
    assert_int_equal(mqb_mosquitto_get_status(NULL).state, MQB_MOSQUITTO_IDLE);
    assert_string_equal(mqb_mosquitto_get_status(NULL).host, "");
    assert_int_equal(mqb_mosquitto_set_credentials(NULL, "user", "word"), MQB_ERR_ARGUMENT);
    mqb_mosquitto_reconnect(NULL);
    assert_int_equal(mqb_mosquitto_wake_fd(NULL), -1);
    assert_false(mqb_mosquitto_want_read(NULL));
    mqb_mosquitto_stop(NULL);
    mqb_mosquitto_wake(NULL);
    mqb_mosquitto_close(NULL);
}

static void before_init_there_is_nothing_to_stop(void **state)
{
    static struct mqb_mosquitto mosquitto;
    (void)state;
    mqb_mosquitto_stop(&mosquitto);
    mqb_mosquitto_wake(&mosquitto);
    assert_int_equal(mqb_mosquitto_wake_fd(&mosquitto), -1);
}

/* As if the application had another MQB_MOSQUITTO_QUEUE_BYTES. */
static void both_must_have_the_same_limits(void **state)
{
    static struct mqb_mosquitto mosquitto;
    struct mqb_client client;
    const struct mqb_mosquitto_settings settings = {.client = &client};
    (void)state;
    const size_t size = sizeof mosquitto - sizeof mosquitto.memory[0];
    assert_int_equal(mqb_mosquitto_init_as(size, &mosquitto, &settings), MQB_ERR_BUILD);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_connection_needs_settings),
        cmocka_unit_test(without_a_connection_nothing_happens),
        cmocka_unit_test(before_init_there_is_nothing_to_stop),
        cmocka_unit_test(both_must_have_the_same_limits),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
