/* A ring of messages that are never split: `wrap` is the end of the last one before the wrap. */
#include "transport/loopback_ring.h"

#include <string.h>

#include <mqbind/detail/memory.h>

#include "client/record.h"

/* Precedes the record of each queued message. */
struct entry {
    const struct mqb_loopback_peer *sender;
    size_t bytes; /* Of all of it. */
};

/* Records follow, which may be aligned more strictly than pointers. */
#define ENTRY_BYTES ((sizeof(struct entry) + MQB_RECORD_ALIGN - 1U) & ~(MQB_RECORD_ALIGN - 1U))

void mqb_loopback_set_memory(struct mqb_loopback *broker, void *memory, size_t bytes)
{
    const size_t gap = (MQB_RECORD_ALIGN - (uintptr_t)memory % MQB_RECORD_ALIGN) % MQB_RECORD_ALIGN;
    if (!memory || bytes <= gap)
        return;
    broker->memory = (char *)memory + gap;
    broker->bytes = bytes - gap;
    mqb_memory_unpoison(broker->memory, broker->bytes);
}

/* Room for `bytes` bytes in one piece, or NULL. */
static char *claim_ring(struct mqb_loopback *broker, size_t bytes)
{
    if (broker->queued == 0)
        broker->head = broker->tail = broker->wrap = 0;
    bool wrapped = broker->wrap != 0;
    size_t end = wrapped ? broker->head : broker->bytes;
    if (bytes > end - broker->tail) {
        if (wrapped || bytes > broker->head)
            return NULL;
        broker->wrap = broker->tail;
        broker->tail = 0;
    }
    char *room = broker->memory + broker->tail;
    mqb_memory_unpoison(room, bytes);
    broker->tail += bytes;
    return room;
}

bool mqb_loopback_put(const struct mqb_loopback_peer *sender, const struct mqb_publish *message)
{
    struct mqb_loopback *broker = sender->broker;
    if (message->payload.len > broker->bytes || !mqb_record_fits(message))
        return false;
    const size_t record_bytes = mqb_record_bytes(message);
    const size_t gap = (MQB_RECORD_ALIGN - record_bytes % MQB_RECORD_ALIGN) % MQB_RECORD_ALIGN;
    const struct entry entry = {.sender = sender, .bytes = ENTRY_BYTES + record_bytes + gap};
    char *room = claim_ring(broker, entry.bytes);
    if (!room)
        return false;
    memcpy(room, &entry, sizeof entry);
    mqb_record_write(message, room + ENTRY_BYTES);
    broker->queued++;
    return true;
}

const struct mqb_loopback_peer *mqb_loopback_look(
    const struct mqb_loopback *broker,
    struct mqb_publish *message)
{
    struct entry entry;
    char *room = broker->memory + broker->head;
    memcpy(&entry, room, sizeof entry);
    mqb_record_read(room + ENTRY_BYTES, message);
    return entry.sender;
}

void mqb_loopback_release(struct mqb_loopback *broker)
{
    struct entry entry;
    memcpy(&entry, broker->memory + broker->head, sizeof entry);
    mqb_memory_poison(broker->memory + broker->head, entry.bytes);
    broker->queued--;
    broker->head += entry.bytes;
    if (broker->wrap != 0 && broker->head == broker->wrap)
        broker->head = broker->wrap = 0;
}
