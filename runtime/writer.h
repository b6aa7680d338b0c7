/*
 * writer.h - what the files of the writer share.
 */
#ifndef MQB_WRITER_H
#define MQB_WRITER_H

#include <mqbind/payload.h>

/** Keep the first error. */
void mqb_writer_fail(struct mqb_writer *w, enum mqb_status status, const char *rule, size_t offset);

/** Write bytes, or count them where they do not fit. */
void mqb_writer_put(struct mqb_writer *w, const char *ptr, size_t len);

/** Start a value; false after an error. */
static inline bool mqb_writer_begin(struct mqb_writer *w)
{
    if (w->status != MQB_OK)
        return false;
    w->value = w->len;
    return true;
}

#endif
