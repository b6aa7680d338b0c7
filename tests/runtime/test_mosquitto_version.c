/* Whether MQTT 5 needs to be accepted depends on the version of libmosquitto that runs. */
#include <mqbind/mosquitto.h>

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

static int version;

/* Takes the place of libmosquitto's. */
int mosquitto_lib_version(int *major, int *minor, int *revision);
int mosquitto_lib_version(int *major, int *minor, int *revision)
{
    (void)major;
    (void)minor;
    (void)revision;
    return version;
}

static enum mqb_status init_with(int protocol, bool allow_abort)
{
    static struct mqb_mosquitto mosquitto;
    static struct mqb_client client;
    const struct mqb_mosquitto_settings settings = {
        .client = &client, .protocol = protocol, .allow_abort = allow_abort};
    const enum mqb_status status = mqb_mosquitto_init(&mosquitto, &settings);
    if (status != MQB_OK)
        assert_non_null(strstr(mqb_mosquitto_get_status(&mosquitto).reason, "allow_abort"));
    mqb_mosquitto_close(&mosquitto);
    return status;
}

static void an_old_library_must_be_accepted_for_mqtt_5(void **state)
{
    (void)state;
    version = 2000999;
    assert_int_equal(init_with(5, false), MQB_ERR_VALUE);
    assert_int_equal(init_with(5, true), MQB_OK);
    assert_int_equal(init_with(4, false), MQB_OK);
}

static void a_new_one_need_not(void **state)
{
    (void)state;
    version = 2001000;
    assert_int_equal(init_with(5, false), MQB_OK);
    assert_int_equal(init_with(5, true), MQB_OK);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_old_library_must_be_accepted_for_mqtt_5),
        cmocka_unit_test(a_new_one_need_not),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
