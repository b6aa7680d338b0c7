/*
 * hashtable.h - what quicktype's C expects of c-hashtable, which no registry has. Short chains in a
 * few buckets, each entry in one allocation with its name.
 */
#ifndef TESTS_BENCH_HASHTABLE_H
#define TESTS_BENCH_HASHTABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#define HASHTABLE_BUCKETS 16

struct hashtable_entry {
    struct hashtable_entry *next;
    void *data;
    char name[];
};

struct hashtable {
    size_t count;
    struct hashtable_entry *buckets[HASHTABLE_BUCKETS];
};

typedef struct hashtable hashtable_t;

static inline size_t hashtable_bucket(const char *name)
{
    size_t hash = 5381;

    for (; *name; name++)
        hash = hash * 33 + (unsigned char)*name;
    return hash % HASHTABLE_BUCKETS;
}

static inline hashtable_t *hashtable_create(size_t size, bool copied)
{
    (void)size;
    (void)copied;
    return calloc(1, sizeof(struct hashtable));
}

static inline void hashtable_add(hashtable_t *table, const char *name, void *data, size_t size)
{
    struct hashtable_entry **bucket = &table->buckets[hashtable_bucket(name)];
    struct hashtable_entry *entry = malloc(sizeof *entry + strlen(name) + 1);

    (void)size;
    if (!entry)
        abort();
    strcpy(entry->name, name);
    entry->data = data;
    entry->next = *bucket;
    *bucket = entry;
    table->count++;
}

static inline void *hashtable_lookup(hashtable_t *table, const char *name)
{
    struct hashtable_entry *entry = table->buckets[hashtable_bucket(name)];

    while (entry && strcmp(entry->name, name) != 0)
        entry = entry->next;
    return entry ? entry->data : NULL;
}

static inline size_t hashtable_get_keys(hashtable_t *table, char ***keys)
{
    size_t count = 0;

    *keys = malloc((table->count + 1) * sizeof **keys);
    if (!*keys)
        abort();
    for (size_t i = 0; i < HASHTABLE_BUCKETS; i++) {
        for (struct hashtable_entry *entry = table->buckets[i]; entry; entry = entry->next)
            (*keys)[count++] = entry->name;
    }
    return count;
}

static inline void hashtable_release(hashtable_t *table)
{
    for (size_t i = 0; i < HASHTABLE_BUCKETS; i++) {
        while (table->buckets[i]) {
            struct hashtable_entry *entry = table->buckets[i];

            table->buckets[i] = entry->next;
            free(entry);
        }
    }
    free(table);
}

#endif
