#include "client/bindings.h"

#include "json/hash.h"

/* From this value on, none belongs to a set. */
#define SET_MAX 32

void mqb_bindings_init(struct mqb_client *client)
{
    if (!client->config.buckets)
        client->config.bucket_count = 0;
    for (size_t i = 0; i < client->config.bucket_count; i++)
        client->config.buckets[i] = NULL;
}

void mqb_binding_values(
    const struct mqb_binding *binding,
    const struct mqb_route *route,
    struct mqb_str values[MQB_PARAMETERS_MAX])
{
    for (size_t i = 0; i < route->address->parameter_count; i++)
        values[i] = binding->values[route->values[i]];
}

bool mqb_binding_is_active(const struct mqb_binding *binding)
{
    return binding->bound == binding;
}

/* ---- Sorts ---- */

static uint32_t given_values(const struct mqb_binding *binding)
{
    uint32_t given = 0;
    for (size_t i = 0; i < binding->router->value_count && i < SET_MAX; i++)
        given |= (uint32_t)(binding->values[i].len != 0) << i;
    return given;
}

static bool same_fixed(const struct mqb_binding *one, const struct mqb_binding *other)
{
    uint32_t fixed = one->router->fixed;
    for (size_t i = 0; fixed != 0; i++, fixed >>= 1) {
        if ((fixed & 1) != 0 && !mqb_str_equal(one->values[i], other->values[i]))
            return false;
    }
    return true;
}

static bool same_sort(const struct mqb_binding *one, const struct mqb_binding *other)
{
    if (one->router != other->router || one->given != other->given)
        return false;
    for (size_t i = SET_MAX; i < one->router->value_count; i++) {
        if ((one->values[i].len == 0) != (other->values[i].len == 0))
            return false;
    }
    return same_fixed(one, other);
}

/* There are few sorts: one for each side, unless its bindings leave different parameters open. */
static void add_to_sort(struct mqb_client *client, struct mqb_binding *binding)
{
    struct mqb_binding *first = client->bindings;
    while (first && !same_sort(first, binding))
        first = first->next_sort;
    binding->previous = first;
    binding->next = NULL;
    binding->next_sort = NULL;
    binding->sort = first ? first->sort : binding->number;
    if (!first) {
        binding->next_sort = client->bindings;
        client->bindings = binding;
        return;
    }
    binding->next = first->next;
    if (binding->next)
        binding->next->previous = binding;
    first->next = binding;
}

static void remove_from_sort(struct mqb_client *client, struct mqb_binding *binding)
{
    struct mqb_binding *next = binding->next;
    if (next)
        next->previous = binding->previous;
    if (binding->previous) {
        binding->previous->next = next;
        return;
    }
    struct mqb_binding **link = &client->bindings;
    while (*link != binding)
        link = &(*link)->next_sort;
    *link = next ? next : binding->next_sort;
    if (next)
        next->next_sort = binding->next_sort;
}

/* ---- Buckets ---- */

/*
 * Distributes well and needs no secret: peers do not choose what is in the buckets, and a topic is
 * compared with at most one bucket.
 */
static uint64_t hash_value(size_t place, struct mqb_str value)
{
    return mqb_hash_bytes(place, value.ptr, value.len);
}

/* The order of values in a set does not matter: routes may name them in any order. */
static uint32_t fold(size_t key, uint64_t sum)
{
    return (uint32_t)(mqb_hash_word(key, sum) >> 16);
}

static uint32_t hash_values(const struct mqb_binding *binding, size_t key)
{
    uint32_t set = binding->router->keys[key] & binding->given;
    uint64_t sum = 0;
    for (size_t i = 0; set != 0; i++, set >>= 1) {
        if ((set & 1) != 0)
            sum += hash_value(i, binding->values[i]);
    }
    return fold(key, sum);
}

static uint32_t hash_levels(
    const struct mqb_route *route,
    const struct mqb_str *levels,
    uint32_t set)
{
    uint64_t sum = 0;
    for (size_t i = 0; i < route->address->parameter_count; i++) {
        const size_t place = route->values[i];
        if (place < SET_MAX && (set >> place & 1) != 0)
            sum += hash_value(place, levels[i]);
    }
    return fold(route->key - 1U, sum);
}

static struct mqb_binding_link **bucket_of(const struct mqb_client *client, uint32_t hash)
{
    const uint64_t count = client->config.bucket_count;
    return &client->config.buckets[(size_t)(hash * count >> 32)];
}

static void add_link(struct mqb_client *client, struct mqb_binding *binding, size_t key)
{
    struct mqb_binding_link *link = &binding->links[key];
    link->binding = binding;
    link->hash = hash_values(binding, key);
    link->at = bucket_of(client, link->hash);
    link->next = *link->at;
    if (link->next)
        link->next->at = &link->next;
    *link->at = link;
}

static void remove_link(struct mqb_binding_link *link)
{
    *link->at = link->next;
    if (link->next)
        link->next->at = link->at;
}

/* A set without a value of the binding does not distinguish it from others of its sort. */
static bool has_key(const struct mqb_client *client, const struct mqb_binding *binding, size_t key)
{
    return client->config.bucket_count != 0 && (binding->router->keys[key] & binding->given) != 0;
}

void mqb_bindings_add(struct mqb_client *client, struct mqb_binding *binding)
{
    binding->bound = binding;
    binding->number = ++client->last_binding;
    binding->given = given_values(binding);
    add_to_sort(client, binding);
    for (size_t key = 0; key < binding->router->key_count; key++) {
        if (has_key(client, binding, key))
            add_link(client, binding, key);
    }
}

void mqb_bindings_remove(struct mqb_client *client, struct mqb_binding *binding)
{
    binding->bound = NULL;
    remove_from_sort(client, binding);
    for (size_t key = 0; key < binding->router->key_count; key++) {
        if (has_key(client, binding, key))
            remove_link(&binding->links[key]);
    }
}

struct mqb_binding *mqb_candidates_first(
    struct mqb_candidates *candidates,
    const struct mqb_client *client,
    struct mqb_binding *sort,
    const struct mqb_route *route,
    const struct mqb_str *levels)
{
    candidates->hashed = route->key != 0 && has_key(client, sort, route->key - 1U);
    if (!candidates->hashed) {
        candidates->binding = sort->next;
        return sort;
    }
    const uint32_t set = sort->router->keys[route->key - 1] & sort->given;
    candidates->sort = sort->sort;
    candidates->hash = hash_levels(route, levels, set);
    candidates->link = *bucket_of(client, candidates->hash);
    return mqb_candidates_next(candidates);
}

struct mqb_binding *mqb_candidates_next(struct mqb_candidates *candidates)
{
    if (!candidates->hashed) {
        struct mqb_binding *binding = candidates->binding;
        if (binding)
            candidates->binding = binding->next;
        return binding;
    }
    const struct mqb_binding_link *link = candidates->link;
    while (link && (link->hash != candidates->hash || link->binding->sort != candidates->sort))
        link = link->next;
    candidates->link = link ? link->next : NULL;
    return link ? link->binding : NULL;
}
