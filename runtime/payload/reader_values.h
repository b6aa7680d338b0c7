/*
 * reader_values.h - choices, numbers and maps, over what an engine gives.
 */
#ifndef MQB_READER_VALUES_H
#define MQB_READER_VALUES_H

#include <mqbind/detail/reader.h>

/** Consume the next value, which must be a string that is one of the choices; NULL if not. */
const struct mqb_choice *mqb_reader_find_choice(
    struct mqb_reader *r,
    const struct mqb_choices *choices);

/* Consume a number in any notation. */
double mqb_reader_any_double(struct mqb_reader *r);
int64_t mqb_reader_any_int(
    struct mqb_reader *r,
    int64_t minimum,
    int64_t maximum,
    const char *rule);
uint64_t mqb_reader_any_uint(
    struct mqb_reader *r,
    uint64_t minimum,
    uint64_t maximum,
    const char *rule);

/** Consume an object of any members, entry by entry. */
struct mqb_map mqb_reader_any_map(struct mqb_reader *r);

#endif
