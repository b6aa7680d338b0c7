/*
 * writer_text.h - strings and open values of a payload that is text.
 */
#ifndef MQB_WRITER_TEXT_H
#define MQB_WRITER_TEXT_H

#include <mqbind/detail/writer.h>

/** The rule that a string breaks which is not valid UTF-8. */
extern const char mqb_writer_rule_utf8[];

/** Write a string as it stands. The receiver must not read it as another value. */
void mqb_writer_put_bare(struct mqb_writer *w, struct mqb_str text);

/** Write a scalar, which is JSON, as the text that spells it. */
void mqb_writer_put_spelled(struct mqb_writer *w, struct mqb_str json);

#endif
