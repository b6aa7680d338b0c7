/*
 * places.h - members of a union's objects for which some forms have no place.
 */
#ifndef MQB_PLACES_H
#define MQB_PLACES_H

#include <mqbind/detail/reader.h>

/** Whether a member, by its number, is kept beside the `form` (from 1). */
bool mqb_is_beside(const struct mqb_beside *beside, int form, size_t member);

#endif
