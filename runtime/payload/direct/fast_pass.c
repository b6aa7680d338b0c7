/* What the first pass of the profile `speed` has out of line. */
#include <mqbind/detail/reader.h>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

#include "compiler.h"
#include "json/bytes.h"
#include "json/number.h"
#include "json/scanner.h"
#include "payload/direct/values.h"
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

/* ---- Numbers ---- */

/* Of so many digits, no two decimals are the same double. */
#define DISTINCT_DIGITS 15

struct mqb_fast_decimal mqb_fast_number(const char *at, const char *end)
{
    struct mqb_fast_decimal number = {NULL, 0};
    double value;
    const bool negative = at != end && *at == '-';
    const char *behind =
        MQB_SHORT_DECIMALS ? mqb_direct_pass_short(at + negative, end, &value) : NULL;
    if (behind == NULL || behind - at > DISTINCT_DIGITS)
        return number;
    number.at = behind;
    number.value = negative ? -value : value;
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
    if (!mqb_fast_open(f, r, '[') || *f->at == ']')
        return NULL;
    char *items = mqb_scratch_front(r->scratch, _Alignof(union mqb_anything));
    const size_t room = items == NULL ? 0 : mqb_scratch_free(r->scratch) / size;
    list->most = room < most ? room : most;
    return items;
}

void mqb_fast_array_end(struct mqb_fast *f, struct mqb_fast_list *list)
{
    struct mqb_scratch *scratch = f->r->scratch;
    if (f->at != f->end && mqb_fast_shut(f, ']')) {
        scratch->used += list->count * list->size;
        MQB_SCRATCH_ASSERT(scratch);
        mqb_scratch_note(scratch, 0);
    }
    f->r->at = f->at;
}
