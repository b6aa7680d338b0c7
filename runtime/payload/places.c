#include "payload/places.h"

bool mqb_is_beside(const struct mqb_beside *beside, int form, size_t member)
{
    const size_t end = beside->ends[form - 1];
    for (size_t i = form == 1 ? 0 : beside->ends[form - 2]; i < end; i++) {
        if (beside->places[i] == member || beside->places[i] == beside->members->count)
            return false;
    }
    return true;
}
