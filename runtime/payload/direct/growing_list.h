/*
 * growing_list.h - the list that grows at the front of the scratch memory.
 */
#ifndef MQB_GROWING_LIST_H
#define MQB_GROWING_LIST_H

#include <mqbind/detail/reader.h>

/** Set list->total, from the current item and those that follow. */
void mqb_direct_count_total(const struct mqb_reader *r, struct mqb_list *list);

#endif
