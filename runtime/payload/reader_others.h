/*
 * reader_others.h - which members of an object have no field.
 */
#ifndef MQB_READER_OTHERS_H
#define MQB_READER_OTHERS_H

#include <mqbind/detail/reader.h>

/** Whether an object that was read may have any of the others. */
bool mqb_reader_has_others(const struct mqb_reader *r, const struct mqb_others *others);

/**
 * Whether a member of it, the known one or their count, is one of the others. list->key becomes its
 * name, which is `raw` before it is unescaped.
 */
bool mqb_reader_is_other(
    struct mqb_reader *r,
    struct mqb_list *list,
    const struct mqb_others *others,
    size_t member,
    struct mqb_str raw);

#endif
