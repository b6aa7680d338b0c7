/*
 * number_writer.h - C numbers as JSON, exact, without the C library or its locale.
 *
 * Writers return the length of the text; there is no NUL.
 */
#ifndef MQB_NUMBER_WRITER_H
#define MQB_NUMBER_WRITER_H

#include <mqbind/mqbind.h>

size_t mqb_number_write_int64(int64_t value, char buf[MQB_NUMBER_BYTES]);
size_t mqb_number_write_uint64(uint64_t value, char buf[MQB_NUMBER_BYTES]);

/**
 * The shortest text that reads back to the same bits, and the nearest to the value among the
 * shortest. There is always a point or an exponent: "42.0", "3.7", "1e300", "-0.0". Values from
 * 1e-5 up to, but not including, 1e16 have no exponent. 0 for NaN and infinities.
 */
size_t mqb_number_write_double(double value, char buf[MQB_NUMBER_BYTES]);

#endif
