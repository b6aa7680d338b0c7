/* What the first pass of the profile `speed` has out of line. */
#include <mqbind/detail/reader.h>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

#include "compiler.h"
#include "json/bytes.h"
#include "json/number.h"
#include "json/scanner.h"
#include "payload/reader.h"
#include "scratch.h"

/* ---- The pass ---- */

MQB_RARE void mqb_fast_restart(struct mqb_reader *r)
{
    struct mqb_scratch *scratch = r->scratch;
    scratch->used = r->scratch_used;
    scratch->reserved = r->scratch_reserved;
    mqb_reader_open(r, r->json, scratch);
    r->fresh = false;
}

/* ---- Strings ---- */

/* Beyond ASCII, escapes, errors. */
MQB_RARE static const char *pass_rare_text(const char *at, const char *end)
{
    bool escapes = false;
    const char *behind = mqb_json_pass_string(at - 1, end, &escapes);
    return behind == NULL || escapes ? NULL : behind - 1;
}

#if defined(__SSE2__)

/* A bit for each of 16 bytes that is not plain. */
static inline unsigned special_of_sixteen(const char *at)
{
    const __m128i bytes = _mm_loadu_si128((const __m128i *)(const void *)at);
    const __m128i quotes = _mm_cmpeq_epi8(bytes, _mm_set1_epi8('"'));
    const __m128i escapes = _mm_cmpeq_epi8(bytes, _mm_set1_epi8('\\'));
    const __m128i others = _mm_cmplt_epi8(bytes, _mm_set1_epi8(' '));
    return (unsigned)_mm_movemask_epi8(_mm_or_si128(_mm_or_si128(quotes, escapes), others));
}

static inline const char *pass_plain_bytes(const char *at, const char *end)
{
    for (; end - at >= 16; at += 16) {
        const unsigned special = special_of_sixteen(at);
        if (special != 0)
            return at + (unsigned)__builtin_ctz(special);
    }
    return mqb_bytes_plain(at, end);
}

#else

static inline const char *pass_plain_bytes(const char *at, const char *end)
{
    return mqb_bytes_plain(at, end);
}

#endif

const char *mqb_fast_blanks(const char *at, const char *end)
{
    at = mqb_bytes_indent(at, end);
    return mqb_byte_may_be_blank(*at) ? mqb_bytes_blanks(at, end) : at;
}

const char *mqb_fast_text(const char *at, const char *end)
{
    const char *quote = pass_plain_bytes(at, end);
    if (quote != end && *quote == '"')
        return quote;
    return pass_rare_text(at, end);
}

struct mqb_fast_chosen mqb_fast_find(
    const char *at,
    const char *end,
    const struct mqb_choices *choices)
{
    const struct mqb_fast_chosen none = {NULL, 0};
    const char *quote = at == end || *at != '"' ? NULL : mqb_fast_text(at + 1, end);
    if (quote == NULL)
        return none;
    const struct mqb_str text = {at + 1, (size_t)(quote - at) - 1};
    for (size_t i = 0; i < choices->count; i++) {
        if (mqb_bytes_equal(text, choices->items[i].text))
            return (struct mqb_fast_chosen){quote + 1, choices->items[i].value};
    }
    return none;
}

/* ---- Numbers ---- */

/* Of so many digits, no two decimals are the same double. */
#define DISTINCT_DIGITS 15

/* A decimal without an exponent. */
struct digits {
    uint64_t value; /* Without the point. */
    unsigned decimals;
};

/* Past the digits at `at`, of which there is one at least; else NULL. */
static inline const char *pass_digits(const char *at, const char *end, uint64_t *digits)
{
    const char *behind = mqb_bytes_number(at, end, digits);
    return behind == at ? NULL : behind;
}

/* Past the decimal at `at`; NULL if it has an exponent or too many digits, or is no number. */
static inline const char *pass_decimal(const char *at, const char *end, struct digits *digits)
{
    const char *whole = pass_digits(at, end, &digits->value);
    if (whole == NULL || (*at == '0' && whole - at > 1))
        return NULL;
    const char *behind = *whole == '.' ? pass_digits(whole + 1, end, &digits->value) : whole;
    if (behind == NULL || (*behind | 0x20) == 'e')
        return NULL;
    digits->decimals = behind == whole ? 0 : (unsigned)(behind - whole) - 1;
    return behind - at - (behind != whole) > DISTINCT_DIGITS ? NULL : behind;
}

struct mqb_fast_decimal mqb_fast_number(const char *at, const char *end)
{
    struct mqb_fast_decimal number = {NULL, 0};
    struct digits digits = {0, 0};
    const bool negative = at != end && *at == '-';
    const char *behind = MQB_SHORT_DECIMALS ? pass_decimal(at + negative, end, &digits) : NULL;
    if (behind == NULL || !mqb_number_divide(digits.value, digits.decimals, &number.value))
        return number;
    number.at = behind;
    if (negative)
        number.value = -number.value;
    return number;
}

/* ---- Arrays ---- */

void *mqb_fast_array(
    struct mqb_fast *f,
    struct mqb_reader *r,
    struct mqb_fast_list *list,
    size_t size,
    size_t most)
{
    *list = (struct mqb_fast_list){.size = size};
    mqb_fast_enter(f, r);
    if (f->at == f->end)
        return NULL;
    f->at = mqb_fast_next(f->at, f->end);
    if (*f->at != '[' || f->at + 1 == f->end || r->depth >= MQB_DEPTH_MAX) {
        mqb_fast_leave(f);
        return NULL;
    }
    r->depth++;
    f->at = mqb_fast_next(f->at + 1, f->end);
    if (*f->at == ']')
        return NULL;
    char *items = mqb_scratch_front(r->scratch, _Alignof(union mqb_anything));
    const size_t room = items == NULL ? 0 : mqb_scratch_free(r->scratch) / size;
    list->most = room < most ? room : most;
    return items;
}

void mqb_fast_array_end(struct mqb_fast *f, struct mqb_fast_list *list)
{
    struct mqb_scratch *scratch = f->r->scratch;
    if (f->at != f->end && *f->at == ']') {
        f->at++;
        f->r->depth--;
        scratch->used += list->count * list->size;
        MQB_SCRATCH_ASSERT(scratch);
        mqb_scratch_note(scratch, 0);
    }
    f->r->at = f->at;
}
