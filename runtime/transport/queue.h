/*
 * queue.h - messages in one piece of memory.
 *
 * Records lie one behind the other in the order of their arrival. When the memory ends, those that
 * remain move together: each record says first where it goes, then all links are changed, then all
 * records move. That takes time for the bytes that move, and is done only if it frees at least as
 * many, or a sixteenth of the memory; so it adds a constant for each byte that is queued.
 */
#ifndef MQB_QUEUE_H
#define MQB_QUEUE_H

#include <mqbind/queue.h>

enum mqb_queue_state {
    MQB_QUEUE_WAITING,
    MQB_QUEUE_IN_FLIGHT,
    MQB_QUEUE_ENDED,
    MQB_QUEUE_FREE, /* Not in a list. */
};

/** A message; its record (client/record.h) follows. Places count units, from 1; 0 is none. */
struct mqb_queued {
    uint32_t units; /* Of all of it. Of unused memory only these eight bytes are valid. */
    uint8_t state;
    uint8_t qos;
    uint8_t outcome;
    uint8_t reason; /* Of MQTT 5. */
    uint64_t token;
    int64_t expires_ms; /* INT64_MAX: never. */
    uint32_t record_bytes;
    uint32_t id; /* The packet id; 0 for none. */
    uint32_t next; /* In its list. */
    uint32_t previous;
    uint32_t next_token; /* In its bucket. */
    uint32_t next_id;
    uint32_t destination; /* While records move. */
    uint32_t unused;
};

void mqb_queue_init(struct mqb_queue *queue, void *memory, size_t bytes);

/** Add a message to those that wait. NULL: there is no room. */
struct mqb_queued *mqb_queue_put(struct mqb_queue *queue, const struct mqb_publish *message);
/** Whether an empty queue would have room for a record of this size. */
bool mqb_queue_could_hold(const struct mqb_queue *queue, size_t record_bytes);
/** Whether there is room for a message whose record has this size. */
bool mqb_queue_has_room(const struct mqb_queue *queue, size_t record_bytes);

/** The first message in a state, or NULL. */
struct mqb_queued *mqb_queue_first(const struct mqb_queue *queue, enum mqb_queue_state state);
/** The message behind it in its list, or NULL. */
struct mqb_queued *mqb_queue_next(const struct mqb_queue *queue, const struct mqb_queued *message);
struct mqb_queued *mqb_queue_find_token(const struct mqb_queue *queue, uint64_t token);
struct mqb_queued *mqb_queue_find_id(const struct mqb_queue *queue, uint32_t id);

/** Give it its packet id. */
void mqb_queue_set_id(struct mqb_queue *queue, struct mqb_queued *message, uint32_t id);
/** Put it at the end of another list; of an ended message only the topic remains. */
void mqb_queue_move(
    struct mqb_queue *queue,
    struct mqb_queued *message,
    enum mqb_queue_state state);
void mqb_queue_free(struct mqb_queue *queue, struct mqb_queued *message);

/** Keep it where it is, or nothing if `message` is NULL. */
void mqb_queue_pin(struct mqb_queue *queue, const struct mqb_queued *message);
/** The same for another message, for as long as another thread uses it. */
void mqb_queue_hold(struct mqb_queue *queue, const struct mqb_queued *message);

/** Its record, for storing: `record_bytes` bytes. Nothing may have viewed it before. */
const void *mqb_queue_seal(struct mqb_queued *message);
/** Copy its record to memory that is aligned for any type, and view that; false if it is longer. */
bool mqb_queue_copy(
    const struct mqb_queued *message,
    void *to,
    size_t size,
    struct mqb_publish *view);
/** What was queued, as views that are valid until the queue changes. */
struct mqb_publish mqb_queue_view(struct mqb_queued *message);

#endif
