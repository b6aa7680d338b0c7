/* Where the transport over libmosquitto has random bytes from, and what is left if there are none.
 */
#include <mqbind/detail/side.h>
#include <mqbind/mosquitto.h>

#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>
#include <sys/types.h>

#include <cmocka.h>

/* ---- The system's functions, in place of which the linker puts these ---- */

int __real_open(const char *path, int flags, ...);
ssize_t __real_read(int fd, void *bytes, size_t count);
int __real_getentropy(void *bytes, size_t count);
int __wrap_open(const char *path, int flags, ...);
ssize_t __wrap_read(int fd, void *bytes, size_t count);
int __wrap_getentropy(void *bytes, size_t count);

static bool has_call;
static bool has_device;
static bool reads_whole;
static size_t opened;
static int device = -1;

int __wrap_getentropy(void *bytes, size_t count)
{
    if (has_call)
        return __real_getentropy(bytes, count);
    errno = ENOSYS;
    return -1;
}

/* Other files are those of a build that measures what is covered. */
int __wrap_open(const char *path, int flags, ...)
{
    va_list arguments;
    va_start(arguments, flags);
    const unsigned mode = (flags & O_CREAT) != 0 ? va_arg(arguments, unsigned) : 0;
    va_end(arguments);
    if (strcmp(path, "/dev/urandom") != 0)
        return __real_open(path, flags, mode);
    opened++;
    device = has_device ? __real_open(path, flags) : -1;
    return device;
}

ssize_t __wrap_read(int fd, void *bytes, size_t count)
{
    return __real_read(fd, bytes, fd != device || reads_whole ? count : count - 1);
}

static int set_up(void **state)
{
    (void)state;
    has_call = has_device = reads_whole = true;
    device = -1;
    opened = 0;
    return 0;
}

static bool is_zero(const char *bytes, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (bytes[i] != 0)
            return false;
    }
    return true;
}

/* Two fills of 32 bytes differ, and leave what is behind alone. */
static void assert_random(void)
{
    static struct mqb_mosquitto mosquitto;
    const struct mqb_transport transport = mqb_mosquitto_transport(&mosquitto);
    char bytes[2][64] = {{0}, {0}};
    for (size_t i = 0; i < 2; i++) {
        assert_true(transport.entropy(transport.context, bytes[i], 32));
        assert_true(is_zero(bytes[i] + 32, 32));
        for (size_t part = 0; part < 32; part += 8)
            assert_false(is_zero(bytes[i] + part, 8));
    }
    assert_memory_not_equal(bytes[0], bytes[1], 32);
}

static void the_system_gives_random_bytes(void **state)
{
    (void)state;
    assert_random();
    assert_int_equal(opened, 0);
}

static void an_old_system_gives_them_through_a_device(void **state)
{
    (void)state;
    has_call = false;
    assert_random();
    assert_int_equal(opened, 2);
}

/* The status of a call that could otherwise be begun, which mqb_client_init() knows before. */
static enum mqb_status call(void)
{
    static struct mqb_mosquitto mosquitto;
    static struct mqb_client client;
    static struct mqb_call calls[1];
    static char scratch[100];
    static const struct mqb_router router = {.routes = NULL};
    static const struct mqb_address address = {"a", NULL, 0};
    const struct mqb_client_config config = {
        .transport = mqb_mosquitto_transport(&mosquitto),
        .scratch = scratch,
        .scratch_bytes = sizeof scratch,
        .calls = calls,
        .call_count = 1,
    };
    struct mqb_binding binding = {.client = &client, .router = &router};
    struct mqb_call_key key;
    const enum mqb_status status = mqb_client_init(&client, &config);
    assert_int_equal(mqb_binding_add(&binding), MQB_OK);
    mqb_call_key_init(&key, NULL, 0);
    const struct mqb_call_request request = {.binding = &binding};
    assert_int_equal(mqb_call_begin(&client, &address, &key, &request), status);
    return status;
}

static void without_random_bytes_there_are_no_calls(void **state)
{
    (void)state;
    assert_int_equal(call(), MQB_OK);
    has_call = false;
    assert_int_equal(call(), MQB_OK);
    reads_whole = false;
    assert_int_equal(call(), MQB_ERR_VALUE);
    reads_whole = true;
    has_device = false;
    assert_int_equal(call(), MQB_ERR_VALUE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(the_system_gives_random_bytes, set_up),
        cmocka_unit_test_setup(an_old_system_gives_them_through_a_device, set_up),
        cmocka_unit_test_setup(without_random_bytes_there_are_no_calls, set_up),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
