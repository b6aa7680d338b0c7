/*
 * reader_values.h - choices and numbers from their JSON text. After an error the text has no `ptr`,
 * and these functions do nothing and return NULL or 0.
 */
#ifndef MQB_READER_VALUES_H
#define MQB_READER_VALUES_H

#include <mqbind/detail/reader.h>

/** The choice that the raw string `raw`, read last, represents; NULL, with an error, if none. */
const struct mqb_choice *mqb_reader_find_choice(
    struct mqb_reader *r,
    struct mqb_str raw,
    const struct mqb_choices *choices);

/** True if `text` begins with a number, with a point or an exponent if `decimal`, else without. */
bool mqb_reader_is_written(struct mqb_str text, bool decimal);

/**
 * A number of at most that many bytes without an exponent is the shortest form of its double, or an
 * integer that its double equals, unless it exceeds 2^53.
 */
#define MQB_KEPT_BYTES 16

/* The number that `text`, read last, represents in any notation; 0, with an error, if none. */
double mqb_reader_convert_double(struct mqb_reader *r, struct mqb_str text);
int64_t mqb_reader_convert_int(
    struct mqb_reader *r,
    struct mqb_str text,
    int64_t minimum,
    int64_t maximum,
    const char *rule);
uint64_t mqb_reader_convert_uint(
    struct mqb_reader *r,
    struct mqb_str text,
    uint64_t minimum,
    uint64_t maximum,
    const char *rule);

/**
 * Refuse an integer that is out of range. A bound of the schema is a rule; without one, the range
 * of the C type is the bound, and exceeding it is a limit of this build.
 */
void mqb_reader_refuse_range(struct mqb_reader *r, bool at_end_of_type, const char *rule);

#endif
