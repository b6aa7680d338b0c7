/* Values of any kind, which are skipped or kept as JSON. */
#include "payload/direct/any_value.h"

#include "compiler.h"
#include "json/duplicate_names.h"
#include "json/scanner.h"
#include "json/simple_value.h"
#include "payload/engine.h"
#include "payload/reader.h"
#include "payload/reader_memory.h"

MQB_RARE const char *mqb_direct_pass_container(struct mqb_reader *r, const char *at)
{
    struct mqb_names names;
    const size_t levels = MQB_DEPTH_MAX - r->depth;
    if (!MQB_SMALL) {
        const char *simple = mqb_json_pass_simple(at, r->end, levels < 3 ? (unsigned)levels : 3);
        if (simple != NULL)
            return simple;
    }
    mqb_names_begin(&names, r->json, r->scratch, 0);
    at = mqb_json_pass_value(at, r->end, levels, &names);
    if (names.full)
        mqb_reader_no_space(r);
    else if (at == NULL)
        mqb_direct_break(r);
    else if (names.twice != SIZE_MAX)
        mqb_reader_twice(r, names.twice);
    return r->status == MQB_OK ? at : NULL;
}

void mqb_reader_skip(struct mqb_reader *r)
{
    const char *at = mqb_direct_value(r);
    if (at == NULL)
        return;
    if (*at == '{' || *at == '[')
        at = mqb_direct_pass_container(r, at);
    else
        at = mqb_direct_pass_scalar(at, r->end);
    mqb_direct_move(r, at);
}

struct mqb_json mqb_reader_json(struct mqb_reader *r)
{
    const size_t mark = mqb_reader_mark(r);
    if (r->bare)
        return mqb_reader_quoted(r);
    mqb_reader_skip(r);
    if (r->status != MQB_OK)
        return (struct mqb_json){NULL, 0};
    const struct mqb_str text = mqb_reader_span(r, mark);
    return (struct mqb_json){text.ptr, text.len};
}
