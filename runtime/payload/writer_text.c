#include "payload/writer_text.h"

#include "json/scanner.h"
#include "json/skip.h"
#include "json/text.h"
#include "json/utf8.h"
#include "payload/spelled.h"
#include "payload/writer.h"

const char mqb_writer_rule_utf8[] = "must be UTF-8";
static const char rule_another_type[] = "must not read as another type";

void mqb_writer_put_bare(struct mqb_writer *w, struct mqb_str text)
{
    if (text.len != 0 && !mqb_utf8_valid(text)) {
        mqb_writer_refuse(w, mqb_writer_rule_utf8);
        return;
    }
    mqb_writer_put(w, text.ptr, text.len);
    mqb_writer_check(w, !mqb_text_spells(text, w->text), rule_another_type);
}

/* The string in it, piece by piece: it has no place without escapes. */
static void put_unescaped(struct mqb_writer *w, struct mqb_str raw)
{
    struct mqb_json_cursor cursor = {.raw = raw};
    for (int byte = mqb_json_cursor_next(&cursor); byte >= 0;
         byte = mqb_json_cursor_next(&cursor)) {
        const char piece = (char)byte;
        mqb_writer_put(w, &piece, 1);
    }
}

void mqb_writer_put_spelled(struct mqb_writer *w, struct mqb_str json)
{
    struct mqb_json_scan scan;
    const enum mqb_status status = mqb_json_scan(json, MQB_DEPTH_MAX, &scan);
    if (status != MQB_OK) {
        mqb_writer_fail(w, status, scan.rule, 0);
        return;
    }
    const size_t start = mqb_json_blanks(json, 0);
    struct mqb_str text = {json.ptr + start, mqb_json_value_end(json, start) - start};
    if (text.ptr[0] != '"') {
        mqb_writer_put(w, text.ptr, text.len);
        if (!mqb_text_spells(text, w->text))
            mqb_writer_fail(w, MQB_ERR_TYPE, "must be a value that text can spell", 0);
        return;
    }
    const bool escaped = mqb_json_text_escaped(text);
    text = (struct mqb_str){text.ptr + 1, text.len - 2};
    if (!escaped) {
        mqb_writer_put_bare(w, text);
        return;
    }
    put_unescaped(w, text);
    text = (struct mqb_str){w->buf, mqb_writer_mark(w)};
    mqb_writer_check(w, w->beyond != 0 || !mqb_text_spells(text, w->text), rule_another_type);
}
