/*
 * cmocka.h - as much of cmocka as the C tests use, for a machine that has no cmocka. The first
 * assertion that fails ends the program.
 */
#ifndef TESTS_FOREIGN_CMOCKA_H
#define TESTS_FOREIGN_CMOCKA_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef int (*fixture_function)(void **state);

struct CMUnitTest {
    const char *name;
    void (*run)(void **state);
    fixture_function set_up;
    fixture_function tear_down;
};

#define cmocka_unit_test_setup_teardown(test, set_up, tear_down)                                   \
    {                                                                                              \
#test, test, set_up, tear_down                                                             \
    }
#define cmocka_unit_test_setup(test, set_up) cmocka_unit_test_setup_teardown(test, set_up, NULL)
#define cmocka_unit_test(test) cmocka_unit_test_setup_teardown(test, NULL, NULL)
#define cmocka_run_group_tests(tests, set_up, tear_down)                                           \
    cmocka_run(tests, sizeof(tests) / sizeof((tests)[0]))

static int cmocka_run(const struct CMUnitTest *tests, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        void *state = NULL;
        printf("[ RUN      ] %s\n", tests[i].name);
        if (tests[i].set_up != NULL && tests[i].set_up(&state) != 0)
            return 1;
        tests[i].run(&state);
        if (tests[i].tear_down != NULL && tests[i].tear_down(&state) != 0)
            return 1;
        printf("[       OK ] %s\n", tests[i].name);
    }
    return 0;
}

#define fail_msg(...) (printf(__VA_ARGS__), cmocka_fail("fail_msg()", __FILE__, __LINE__))
#define assert_true(holds) cmocka_assert(holds, #holds, __FILE__, __LINE__)
#define assert_false(holds) assert_true(!(holds))
#define assert_null(pointer) assert_true((pointer) == NULL)
#define assert_non_null(pointer) assert_true((pointer) != NULL)
#define assert_ptr_equal(a, b) assert_true((a) == (b))
#define assert_int_equal(a, b) assert_true((long long)(a) == (long long)(b))
#define assert_in_range(value, low, high) assert_true((value) >= (low) && (value) <= (high))
#define assert_string_equal(a, b) assert_true(strcmp(a, b) == 0)
#define assert_string_not_equal(a, b) assert_true(strcmp(a, b) != 0)
#define assert_memory_equal(a, b, len) assert_true(memcmp(a, b, len) == 0)

static inline void cmocka_fail(const char *what, const char *file, int line)
{
    printf("\n%s:%d: %s\n", file, line, what);
    exit(1);
}

static inline void cmocka_assert(bool holds, const char *what, const char *file, int line)
{
    if (!holds)
        cmocka_fail(what, file, line);
}

#endif
