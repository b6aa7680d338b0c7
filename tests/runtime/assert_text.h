/* A view compared with a string. */
#ifndef MQB_TEST_ASSERT_TEXT_H
#define MQB_TEST_ASSERT_TEXT_H

#include <mqbind/mqbind.h>

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

static inline void assert_text(struct mqb_str text, const char *expected)
{
    assert_int_equal(text.len, strlen(expected));
    assert_memory_equal(text.ptr, expected, text.len);
}

#endif
