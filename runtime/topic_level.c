/* Levels of a topic that are integers in C. */
#include <mqbind/generated.h>

#include "digits.h"
#include "number.h"

/* One integer has one text, up to leading zeros: "-0" is none. */
static bool parse_level(struct mqb_str level, struct mqb_digits *digits)
{
    if (!mqb_digits_parse(level, digits))
        return false;
    return !digits->negative || digits->beyond || digits->magnitude != 0;
}

bool mqb_level_int(struct mqb_str level, int64_t minimum, int64_t maximum, int64_t *value)
{
    struct mqb_digits digits;
    int64_t parsed;
    if (!parse_level(level, &digits) || !mqb_digits_int64(&digits, &parsed))
        return false;
    if (parsed < minimum || parsed > maximum)
        return false;
    *value = parsed;
    return true;
}

bool mqb_level_uint(struct mqb_str level, uint64_t minimum, uint64_t maximum, uint64_t *value)
{
    struct mqb_digits digits;
    uint64_t parsed;
    if (!parse_level(level, &digits) || !mqb_digits_uint64(&digits, &parsed))
        return false;
    if (parsed < minimum || parsed > maximum)
        return false;
    *value = parsed;
    return true;
}

struct mqb_str mqb_level_from_int(int64_t value, char buf[MQB_NUMBER_BYTES])
{
    return (struct mqb_str){buf, mqb_number_write_int64(value, buf)};
}

struct mqb_str mqb_level_from_uint(uint64_t value, char buf[MQB_NUMBER_BYTES])
{
    return (struct mqb_str){buf, mqb_number_write_uint64(value, buf)};
}
