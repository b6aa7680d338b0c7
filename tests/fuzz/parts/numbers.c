/*
 * Numbers: what is one, its value as an integer and as a double, and the text of a double, against
 * the C library. The first byte says what the rest is.
 */
#include "json/digits.h"
#include "json/number.h"
#include "json/number_writer.h"
#include "json/scanner.h"
#include "mqbind_fuzz.h"
#include "target.h"

#include <errno.h>
#include <math.h>

const struct fuzz_schema fuzz_schema;

static void check_integers(struct mqb_str number)
{
    char text[FUZZ_INTEGER_BYTES];
    int64_t as_signed = 42;
    uint64_t as_unsigned = 42;
    const enum mqb_status signed_status = mqb_number_int64(number, &as_signed);
    const enum mqb_status unsigned_status = mqb_number_uint64(number, &as_unsigned);
    if (!fuzz_json_integer(number, text)) {
        FUZZ_CHECK(signed_status == MQB_ERR_TYPE && unsigned_status == MQB_ERR_TYPE);
        return;
    }
    errno = 0;
    const long long one = strtoll(text, NULL, 10);
    const bool is_signed = text[0] != '\0' && errno == 0;
    FUZZ_CHECK(
        is_signed ? signed_status == MQB_OK && as_signed == one : signed_status == MQB_ERR_LIMIT);
    errno = 0;
    const unsigned long long other = strtoull(text, NULL, 10);
    const bool is_unsigned = text[0] != '\0' && text[0] != '-' && errno == 0;
    FUZZ_CHECK(
        is_unsigned ? unsigned_status == MQB_OK && as_unsigned == other
                    : unsigned_status == MQB_ERR_LIMIT);
}

static uint64_t bits_of(double value)
{
    uint64_t bits;
    memcpy(&bits, &value, sizeof bits);
    return bits;
}

static void check_number(struct mqb_str text)
{
    const struct fuzz_json *root;
    const bool is_number = fuzz_json_parse(text, 0, &root) == FUZZ_JSON_VALID &&
                           root->text.len == text.len && root->type == FUZZ_JSON_NUMBER;
    FUZZ_CHECK(mqb_json_is_number(text) == is_number);
    if (!is_number || text.len > 600)
        return;
    check_integers(text);
    char copy[601];
    memcpy(copy, text.ptr, text.len);
    copy[text.len] = '\0';
    const double expected = strtod(copy, NULL);
    double value = 42;
    const enum mqb_status status = mqb_number_double(text, &value);
    FUZZ_CHECK((status == MQB_OK) == (isinf(expected) == 0));
    FUZZ_CHECK(status == MQB_OK ? bits_of(value) == bits_of(expected) : status == MQB_ERR_LIMIT);
    double brief;
    if (mqb_number_short(text, &brief))
        FUZZ_CHECK(bits_of(brief) == bits_of(expected));
}

/* True if so few digits read back: those that the C library rounds to, or their neighbours. */
static bool reads_back(double value, int digits)
{
    char text[64];
    snprintf(text, sizeof text, "%.*e", digits - 1, value);
    char *const power = strchr(text, 'e');
    const int exponent = atoi(power + 1) - (digits - 1);
    *power = '\0';
    if (digits > 1)
        memmove(strchr(text, '.'), strchr(text, '.') + 1, strlen(strchr(text, '.')));
    const long long rounded = strtoll(text, NULL, 10);
    for (long long each = rounded - 1; each <= rounded + 1; each++) {
        snprintf(text, sizeof text, "%llde%d", each, exponent);
        if (bits_of(strtod(text, NULL)) == bits_of(value))
            return true;
    }
    return false;
}

/* The digits of a number, without zeros at either end. */
static int count_digits(const char *text)
{
    int count = 0;
    int zeros = 0;
    for (; *text != '\0' && *text != 'e'; text++) {
        if (*text < '0' || *text > '9')
            continue;
        zeros = *text == '0' ? zeros + (count != 0) : 0;
        count += count != 0 || *text != '0';
    }
    return count - zeros;
}

/* As few digits as read back, and among those the nearest to the value. */
static void check_written(double value)
{
    char text[MQB_NUMBER_BYTES + 1];
    char rounded[64];
    const size_t len = mqb_number_write_double(value, text);
    if (isnan(value) || isinf(value)) {
        FUZZ_CHECK(len == 0);
        return;
    }
    FUZZ_CHECK(len > 0 && len <= MQB_NUMBER_BYTES);
    text[len] = '\0';
    const struct mqb_str written = {text, len};
    FUZZ_CHECK(mqb_json_is_number(written));
    FUZZ_CHECK(strpbrk(text, ".e") != NULL);
    FUZZ_CHECK(bits_of(strtod(text, NULL)) == bits_of(value));
    const int digits = count_digits(text);
    if (digits > 1)
        FUZZ_CHECK(!reads_back(value, digits - 1));
    if (digits > 0) {
        snprintf(rounded, sizeof rounded, "%.*e", digits - 1, value);
        if (bits_of(strtod(rounded, NULL)) == bits_of(value))
            FUZZ_CHECK(fuzz_json_same_decimal(written, mqb_str_from(rounded)));
    }
}

static void check_digits(struct mqb_str text)
{
    struct mqb_digits digits;
    size_t at = text.len != 0 && text.ptr[0] == '-';
    bool valid = text.len > at;
    for (; at < text.len; at++)
        valid = valid && text.ptr[at] >= '0' && text.ptr[at] <= '9';
    FUZZ_CHECK(mqb_digits_parse(text, &digits) == valid);
    if (!valid || text.len > 600)
        return;
    char copy[601];
    memcpy(copy, text.ptr, text.len);
    copy[text.len] = '\0';
    int64_t value = 42;
    errno = 0;
    const long long expected = strtoll(copy, NULL, 10);
    const bool fits = errno == 0;
    FUZZ_CHECK(mqb_digits_int64(&digits, &value) == fits);
    FUZZ_CHECK(value == (fits ? expected : 42));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct bytes bytes = {data, size};
    const unsigned kind = take_byte(&bytes) % 3;
    if (kind == 2) {
        double value = 0;
        memcpy(&value, bytes.at, bytes.left < sizeof value ? bytes.left : sizeof value);
        check_written(value);
        return 0;
    }
    const struct mqb_str text = take_rest(&bytes);
    if (kind == 0)
        check_number(text);
    else
        check_digits(text);
    give_back(text);
    return 0;
}
