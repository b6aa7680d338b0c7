/*
 * reader_maps.h - objects with any members.
 */
#ifndef MQB_READER_MAPS_H
#define MQB_READER_MAPS_H

#include <mqbind/detail/reader.h>

/** Consume an object with any members, entry by entry. */
struct mqb_map mqb_reader_any_map(struct mqb_reader *r);

#endif
