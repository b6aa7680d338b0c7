/* Members without a field: those that the schema does not name, or whose value does not fit. */
#include "payload/reader_others.h"

#include "payload/places.h"
#include "payload/reader_memory.h"

static bool has_bit(const uint32_t *bits, size_t member)
{
    return bits != NULL && (bits[member / 32] >> member % 32 & 1) != 0;
}

static bool has_misfits(const struct mqb_others *others)
{
    uint32_t any = 0;
    if (others->misfits == NULL)
        return false;
    for (size_t word = 0; word < MQB_SEEN_WORDS(others->object->members->count); word++)
        any |= others->misfits[word];
    return any != 0;
}

bool mqb_reader_has_others(const struct mqb_reader *r, const struct mqb_others *others)
{
#ifdef MQB_PARSER_DIRECT
    const size_t unknown = others->object->names;
#else
    const size_t unknown = others->object->unknown;
#endif
    return r->status == MQB_OK &&
           ((others->unknown && unknown != 0) || others->beside != NULL || has_misfits(others));
}

bool mqb_reader_is_other(
    struct mqb_reader *r,
    struct mqb_list *list,
    const struct mqb_others *others,
    size_t member,
    struct mqb_str raw)
{
    const struct mqb_members *members = others->object->members;
    if (member != members->count) {
        list->key = members->names[member];
        return has_bit(others->misfits, member) ||
               (others->beside != NULL && mqb_is_beside(others->beside, others->form, member));
    }
    if (!others->unknown)
        return false;
    list->key = mqb_reader_unescape(r, raw);
    return others->pattern == NULL || mqb_pattern_matches(others->pattern, list->key);
}
