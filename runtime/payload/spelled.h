/*
 * spelled.h - values that payloads spell that are text.
 */
#ifndef MQB_SPELLED_H
#define MQB_SPELLED_H

#include <mqbind/detail/constraint.h>

/**
 * True if the text is a JSON value of one of `types`, possibly between blanks. `types` are bits;
 * those of strings, objects and arrays make no difference.
 */
bool mqb_text_spells(struct mqb_str text, unsigned types);

#endif
