/*
 * writer.h - what the files of the writer share.
 */
#ifndef MQB_WRITER_H
#define MQB_WRITER_H

#include <mqbind/payload.h>

/** Keep the first error. */
void mqb_writer_fail(struct mqb_writer *w, enum mqb_status status, const char *rule, size_t offset);

/** What a second name breaks. */
extern const char mqb_writer_rule_twice[];

/** Write bytes, or count them where they do not fit. */
void mqb_writer_put(struct mqb_writer *w, const char *ptr, size_t len);

/** A value comes next. */
static inline void mqb_writer_next(struct mqb_writer *w)
{
    w->value = w->at;
    w->value_beyond = w->beyond;
}

#endif
