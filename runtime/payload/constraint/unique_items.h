/*
 * unique_items.h - whether the items of an array differ.
 */
#ifndef MQB_UNIQUE_ITEMS_H
#define MQB_UNIQUE_ITEMS_H

#include "payload/constraint/check.h"

/** True if no two items of an array are equal. */
bool mqb_check_unique(struct mqb_check *check, struct mqb_json array);

#endif
