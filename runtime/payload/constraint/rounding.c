#include "payload/constraint/rounding.h"

#include <string.h>

#include "json/double_bits.h"
#include "json/number.h"
#include "json/number_writer.h"
#include "payload/constraint/numbers.h"

#define KEPT_DIGITS 15
#define KEPT_EXPONENT 290

static bool is_shortest_form(const struct mqb_decimal *decimal)
{
    if (decimal->count == 0)
        return true;
    return decimal->count <= KEPT_DIGITS && decimal->exponent <= KEPT_EXPONENT &&
           decimal->exponent >= -KEPT_EXPONENT;
}

bool mqb_rounding_keeps(struct mqb_str number)
{
    const struct mqb_decimal decimal = mqb_number_decimal(number);
    return is_shortest_form(&decimal);
}

static bool is_integer(const struct mqb_decimal *decimal)
{
    return decimal->count == 0 || decimal->exponent >= 0;
}

bool mqb_rounding_keeps_integer(struct mqb_str number, double value)
{
    const struct mqb_decimal decimal = mqb_number_decimal(number);
    char buf[MQB_NUMBER_BYTES];
    uint64_t bits;
    if (!is_integer(&decimal) || decimal.exponent + (int64_t)decimal.count <= KEPT_DIGITS)
        return true;
    memcpy(&bits, &value, sizeof bits);
    if (mqb_exact_is_integer(&decimal, bits & ~MQB_DOUBLE_SIGN))
        return true;
    const struct mqb_str printed = {buf, mqb_number_write_double(value, buf)};
    return mqb_decimal_compare(number, printed) == 0;
}

struct mqb_str mqb_rounding_print(struct mqb_str number, char buf[MQB_NUMBER_BYTES])
{
    const struct mqb_decimal decimal = mqb_number_decimal(number);
    double value;
    if (is_integer(&decimal) || is_shortest_form(&decimal) ||
        mqb_number_double(number, &value) != MQB_OK)
        return number;
    return (struct mqb_str){buf, mqb_number_write_double(value, buf)};
}
