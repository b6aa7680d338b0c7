/*
 * list.h - what quicktype's C expects of c-list, which no registry has: a list that is walked.
 */
#ifndef TESTS_BENCH_LIST_H
#define TESTS_BENCH_LIST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdlib.h>

struct list_item {
    struct list_item *next;
    void *data;
};

struct list {
    struct list_item *first;
    struct list_item *last;
    struct list_item *current;
};

typedef struct list list_t;

static inline list_t *list_create(bool copied, void (*release)(void *))
{
    (void)copied;
    (void)release;
    return calloc(1, sizeof(struct list));
}

static inline void list_add_tail(list_t *list, void *data, size_t size)
{
    struct list_item *item = calloc(1, sizeof *item);

    (void)size;
    if (item == NULL)
        abort();
    item->data = data;
    if (list->last)
        list->last->next = item;
    else
        list->first = item;
    list->last = item;
}

static inline void *list_get_next(list_t *list)
{
    if (list->current)
        list->current = list->current->next;
    return list->current ? list->current->data : NULL;
}

static inline void *list_get_head(list_t *list)
{
    list->current = list->first;
    return list->first ? list->first->data : NULL;
}

static inline void list_release(list_t *list)
{
    while (list->first) {
        struct list_item *item = list->first;

        list->first = item->next;
        free(item);
    }
    free(list);
}

#endif
