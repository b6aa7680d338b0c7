/*
 * writer.h - declarations shared by the files of the writer.
 */
#ifndef MQB_WRITER_H
#define MQB_WRITER_H

#include <mqbind/detail/writer.h>

#include "compiler.h"

/** Keep the first error. */
void mqb_writer_fail(struct mqb_writer *w, enum mqb_status status, const char *rule, size_t offset);

/** The rule that a duplicate name breaks. */
extern const char mqb_writer_rule_twice[];

/** Write bytes, or count them if they do not fit. */
void mqb_writer_put(struct mqb_writer *w, const char *ptr, size_t len);

/** A value comes next. */
static inline void mqb_writer_next(struct mqb_writer *w)
{
    w->value = w->at;
    w->value_beyond = w->beyond;
}

/** mqb_writer_init(), in place. */
MQB_INLINE void mqb_writer_begin(struct mqb_writer *w, char *buf, size_t cap)
{
    char *const start = cap != 0 ? buf : w->shown;
    w->at = start;
    w->easy = cap < MQB_NUMBER_BYTES ? start : start + (cap - MQB_NUMBER_BYTES + 1);
    w->end = start + cap;
    w->buf = start;
    w->value = start;
    w->depth = 0;
    w->beyond = 0;
    w->value_beyond = 0;
    w->spent = 0;
    w->source_end = NULL;
    w->limit = NULL;
    w->drafted = SIZE_MAX;
    w->distinct = false;
    w->drafting = false;
    w->text = 0;
    w->open = 0;
    w->held_count = 0;
    w->before = ',';
    w->status = MQB_OK;
}

#endif
