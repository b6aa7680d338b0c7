/* Objects with any members, in one pass as long as nothing in them is unusual. */
#include "compiler.h"
#include "json/bytes.h"
#include "json/duplicate_entries.h"
#include "json/duplicate_names.h"
#include "json/hash_sort.h"
#include "payload/direct/any_value.h"
#include "payload/direct/direct_reader.h"
#include "payload/engine.h"
#include "payload/reader.h"
#include "payload/reader_maps.h"
#include "scratch.h"

/* Entries that are read as long as nothing is unusual. */
struct plain_map {
    struct mqb_map_entry *first;
    struct mqb_map_entry *next;
    const char *limit; /* Where their memory ends. */
    struct mqb_hashed few[MQB_HASHED_FEW]; /* The first names. */
};

/* The contents of a container take memory after the entries. */
static inline const char *pass_entry_value(
    struct mqb_reader *r,
    const struct mqb_map_entry *entry,
    const char *at)
{
    if (at == r->end)
        return NULL;
    if (*at != '{' && *at != '[')
        return mqb_direct_pass_scalar(at, r->end);
    r->scratch->used = (size_t)((const char *)(entry + 1) - r->scratch->ptr);
    MQB_SCRATCH_ASSERT(r->scratch);
    return mqb_direct_pass_container(r, at);
}

/* Just past the member that begins with the quote at `at`; NULL if it is not plain. */
static inline const char *read_plain_entry(
    struct mqb_reader *r,
    struct plain_map *p,
    const char *at)
{
    struct mqb_map_entry *entry = p->next;
    struct mqb_str name;
    at = mqb_direct_name_at(at, r->end, &name);
    if (at == NULL || (size_t)(p->limit - (char *)entry) < sizeof(*entry))
        return NULL;
    const size_t index = (size_t)(entry - p->first);
    if (index < MQB_HASHED_FEW)
        p->few[index] = (struct mqb_hashed){mqb_name_hash(name, r->end), (uint32_t)index};
    const char *value = mqb_bytes_next(at + 1, r->end);
    at = pass_entry_value(r, entry, value);
    if (at == NULL)
        return NULL;
    entry->key = name;
    entry->value = (struct mqb_json){value, (size_t)(at - value)};
    p->next++;
    return at;
}

/* Just past the bracket that closes the object at `at`. NULL if anything in it is unusual. */
static inline const char *read_plain_entries(
    struct mqb_reader *r,
    struct plain_map *p,
    const char *at)
{
    at = mqb_direct_line(at + 1, r->end);
    if (at != r->end && *at == '}')
        return at + 1;
    for (;;) {
        at = read_plain_entry(r, p, at);
        if (at == NULL)
            return NULL;
        at = mqb_direct_line(at, r->end);
        if (at == r->end || *at != ',')
            return at != r->end && *at == '}' ? at + 1 : NULL;
        at = mqb_direct_line(at + 1, r->end);
    }
}

MQB_RARE static bool are_few_distinct(struct plain_map *p, size_t count)
{
    const struct mqb_entries entries = {p->first, sizeof(*p->first), count};
    const struct mqb_distinct names = {.items = p->few, .count = count};
    size_t patience = SIZE_MAX;
    mqb_hashed_sort(p->few, count);
    return mqb_entries_repeated(&entries, &names, &patience) == count;
}

/* The first names have already been hashed. */
MQB_RARE static bool are_many_distinct(const struct mqb_reader *r, const struct plain_map *p)
{
    const size_t count = (size_t)(p->next - p->first);
    struct mqb_names names;
    mqb_names_begin(&names, r->json, r->scratch, count);
    for (size_t i = 0; i < count; i++) {
        const struct mqb_str name = p->first[i].key;
        const uint32_t hash = i < MQB_HASHED_FEW ? p->few[i].hash : mqb_name_hash(name, r->end);
        if (!mqb_names_push(r->scratch, hash, (size_t)(name.ptr - r->json.ptr) - 1))
            return false;
    }
    mqb_names_end(&names);
    return names.twice == SIZE_MAX;
}

/* The names are compared at the end. */
static inline bool are_distinct(const struct mqb_reader *r, struct plain_map *p)
{
    const size_t count = (size_t)(p->next - p->first);
    if (count > MQB_HASHED_FEW)
        return are_many_distinct(r, p);
    return mqb_hashed_differ(p->few, count) || are_few_distinct(p, count);
}

/* False, and nothing was done, if anything in the object is unusual. */
static bool read_plain_map(struct mqb_reader *r, const char *start, struct mqb_map *map)
{
    struct mqb_scratch *scratch = r->scratch;
    const size_t reserved = scratch->reserved;
    const size_t used = scratch->used;
    struct mqb_map_entry *entries = mqb_scratch_front(scratch, _Alignof(struct mqb_map_entry));
    struct plain_map p; /* The hashes are set as names are read. */
    p.first = entries;
    p.next = entries;
    p.limit = entries == NULL ? NULL : mqb_scratch_end(scratch);
    const char *at = entries == NULL ? NULL : read_plain_entries(r, &p, start);
    const size_t count = (size_t)(p.next - entries);
    if (at != NULL)
        scratch->used = count == 0 ? used : (size_t)((char *)p.next - scratch->ptr);
    MQB_SCRATCH_ASSERT(scratch);
    if (at == NULL || !are_distinct(r, &p)) {
        scratch->used = used;
        scratch->reserved = reserved;
        return false;
    }
    *map = (struct mqb_map){count == 0 ? NULL : entries, count};
    mqb_scratch_note(scratch, 0);
    scratch->reserved = reserved;
    r->value = (size_t)(start - r->json.ptr);
    r->at = at;
    return true;
}

struct mqb_map mqb_reader_map(struct mqb_reader *r)
{
    const char *start = mqb_bytes_next(r->at, r->end);
    struct mqb_map map;
    if (start == r->end || *start != '{' || r->depth == MQB_DEPTH_MAX)
        return mqb_reader_any_map(r);
    mqb_direct_settle(r);
    if (r->status != MQB_OK)
        return (struct mqb_map){NULL, 0};
    r->depth++;
    const bool read = read_plain_map(r, start, &map);
    r->depth--;
    return read ? map : mqb_reader_any_map(r);
}
