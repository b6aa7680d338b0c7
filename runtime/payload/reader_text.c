/* Payloads that are text. */
#include <mqbind/detail/reader.h>

#include <limits.h>

#include "json/utf8.h"
#include "payload/reader.h"
#include "payload/spelled.h"

/* The first byte that is not part of valid UTF-8. */
static size_t valid_bytes(struct mqb_str text)
{
    const char *const end = text.ptr + text.len;
    const char *at = text.ptr;
    while (at != end) {
        const size_t sequence = mqb_utf8_sequence(at, (size_t)(end - at));
        if (sequence == 0)
            break;
        at += sequence;
    }
    return (size_t)(at - text.ptr);
}

/* Nothing is left to read but the string, which has no place in the text. */
static void open_bare(struct mqb_reader *r, struct mqb_str text, struct mqb_scratch *scratch)
{
    *r = (struct mqb_reader){
        .json = text,
        .scratch = scratch,
        .scratch_used = scratch->used,
        .scratch_reserved = scratch->reserved,
#ifdef MQB_PARSER_DIRECT
        .at = text.ptr + text.len,
        .end = text.ptr + text.len,
#endif
        .bare = true,
    };
    if (text.len > INT_MAX)
        mqb_reader_fail(r, MQB_ERR_LIMIT, mqb_rule_long, 0);
    else if (!mqb_utf8_valid(text))
        mqb_reader_fail(r, MQB_ERR_VALUE, "must be UTF-8", valid_bytes(text));
}

void mqb_reader_open_text(
    struct mqb_reader *r,
    unsigned types,
    struct mqb_str text,
    struct mqb_scratch *scratch)
{
    if (text.len == 0)
        text.ptr = "";
    if (mqb_text_spells(text, types))
        mqb_reader_open(r, text, scratch);
    else
        open_bare(r, text, scratch);
}
